"""The stages of an assessment in order, and at each: what happens, who does it, what comes next (domain.md §4.5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessment.models import CycleState

ORDER: tuple[CycleState, ...] = tuple(CycleState)


@dataclass(frozen=True, slots=True)
class Stage:
    """``now``: where things stand; ``who`` acts; ``then``: what follows."""

    now: Promise
    who: Promise
    then: Promise


STAGES: Mapping[CycleState, Stage] = {
    CycleState.DRAFT: Stage(
        _("The rubric and the list of assessed pairings are being prepared."),
        _("the county administrator"),
        _("Freeze the rubric and the list. From then on neither changes."),
    ),
    CycleState.CONFIGURED: Stage(
        _("The rubric and the list are frozen."),
        _("the county administrator"),
        _("Open the self-reports and say until when."),
    ),
    CycleState.SELF_REPORT: Stage(
        _("Units look at the figures counted from the ledgers, say how they see their year, and dispute a figure by its record."),
        _("liaisons write, heads of units approve; the county answers disputes"),
        _("Close the self-reports and begin the review."),
    ),
    CycleState.REVIEW: Stage(
        _("Scorers enter what is looked at on site or on paper, line by line, with a note."),
        _("supervision teams and county staff"),
        _("Compute the scores when every figure is there."),
    ),
    CycleState.SCORED: Stage(
        _("The scores are computed. Each line explains itself."),
        _("the county administrator"),
        _("Bring grades before the leading group; or reopen the review to correct a figure."),
    ),
    CycleState.DECISION: Stage(
        _("The share of the top grade is applied. The leading group decides in its meeting."),
        _("the county administrator types in what the minutes say"),
        _("Publish grades for the period of public notice."),
    ),
    CycleState.PUBLICITY: Stage(
        _("Grades are shown to the units, in administrative order and without scores."),
        _("units may look, and dispute a figure; the county may compute again or take the notice back, with a reason"),
        _("When the period is over, close the year: everything is frozen into an archive."),
    ),
    CycleState.FINAL: Stage(
        _("The year is closed. Its archive does not change any more, whatever is corrected later."),
        _("nobody"),
        _("Take the archive away and check it: its digest and its scores can be recomputed by anybody."),
    ),
}


def reached(state: str, stage: CycleState) -> bool:
    """Whether an assessment at ``state`` is at that stage or past it."""
    return ORDER.index(CycleState(state)) >= ORDER.index(stage)


def is_public(state: str) -> bool:
    """Whether grades are no secret any more."""
    return reached(state, CycleState.PUBLICITY)
