"""What a scenario asks of assessment and supervision: scores, and warnings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from activities.obligations.passing import pass_time
from activities.rehearsal.readers import Names
from activities.rehearsal.registry import Given, plays
from activities.rehearsal.stage import Stage
from assessment.models import LineState, Section
from assessment.rehearsal.cycles import cycle_of
from assessment.scoring import Scored, score, unit_results
from assessment.scoring.score import lines_of
from supervision.models import Warning

_CENT = Decimal("0.01")
_NONE: dict[str, Any] = {"items": [], "base": None, "bonus": None, "deduction": None, "final": None, "grade": None}


def _one_subject(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if ("pairing" in given) == ("unit" in given):
        yield "pairing", _("Write either pairing or unit.")


@plays("score", _one_subject)
def scores(stage: Stage, given: Given) -> dict[str, Any]:
    """The score of a pairing as it would be computed now; of a unit, the mean of its pairings. Items: those of the base.

    The grade is that of the score, vetoes applied; the share of the top grade is the group's to apply. All figures are
    empty where nothing was assessed in the year.
    """
    # By the day of the question: one asked at midnight does not wait for the sweep of two o'clock.
    pass_time()
    cycle = cycle_of(stage, given["cycle"])
    in_base = [line.code for line in lines_of(cycle.rubric) if line.group.section == Section.BASE]
    if "pairing" in given:
        found = score(cycle, pairings=[stage.pairings[given["pairing"]].pk])
        return _told(found[0], in_base) if found else dict(_NONE)
    unit = next(one.unit_id for one in stage.pairings.values() if one.unit.name == given["unit"])
    of_unit = [one for one in score(cycle) if one.unit_id == unit]
    result = next((one for one in unit_results(cycle, rubric=cycle.rubric) if one.unit_id == unit), None)
    if result is None:
        return dict(_NONE)
    return {
        "items": [_mean_item(code, of_unit) for code in in_base],
        **{name: _mean([getattr(one, name) for one in of_unit]) for name in ("base", "bonus", "deduction")},
        "final": f"{result.final:.2f}",
        "grade": result.grade_by_score,
    }


def _told(one: Scored, in_base: Sequence[str]) -> dict[str, Any]:
    return {
        "items": [
            _item(line.code, line.score, line.max_score, line.state == LineState.NOT_APPLICABLE)
            for line in one.lines
            if line.code in in_base
        ],
        **{name: f"{getattr(one, name):.2f}" for name in ("base", "bonus", "deduction", "final")},
        "grade": one.grade,
    }


def _item(code: str, points: Decimal | None, most: Decimal, is_out: bool) -> dict[str, Any]:
    return {"code": code, "score": f"{points or Decimal(0):.2f}", "max": f"{most:.2f}", "not_applicable": is_out}


def _mean_item(code: str, scored: Iterable[Scored]) -> dict[str, Any]:
    lines = [line for one in scored for line in one.lines if line.code == code]
    points = [line.score for line in lines if line.score is not None]
    return {**_item(code, None, lines[0].max_score, not points), "score": _mean(points)}


def _mean(figures: Sequence[Decimal]) -> str:
    if not figures:
        return "0.00"
    return f"{(sum(figures, Decimal(0)) / len(figures)).quantize(_CENT, ROUND_HALF_UP):.2f}"


@plays("warnings")
def warnings(stage: Stage, given: Given) -> list[dict[str, Any]]:
    """Proposed, signed and withdrawn ones, by the day they were proposed."""
    keys = {pairing.pk: key for key, pairing in stage.pairings.items()}
    rows = Warning.objects.filter(pairing__in=list(keys)).order_by("proposed_on", "id")
    if "pairing" in given:
        rows = rows.filter(pairing=stage.pairings[given["pairing"]])
    if "level" in given:
        rows = rows.filter(level=given["level"])
    return [
        {
            "pairing": keys[row.pairing_id],
            "level": row.level,
            "state": "withdrawn" if row.withdrawn_on else "signed" if row.signed_on else "proposed",
            "reasons": [row.reason],
            "proposed_on": row.proposed_on.isoformat(),
        }
        for row in rows
    ]
