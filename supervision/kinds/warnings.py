"""预警: yellow and red, proposed by staff, signed by a person (domain.md §4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, State, Type
from supervision import actions
from supervision.kinds import common
from supervision.models import Warning, WarningLevel
from supervision.queries import visible_warnings, within
from tenancy.access import Access

PROPOSED = Q(signed_on=None, withdrawn_on=None)
IN_FORCE = Q(signed_on__isnull=False, withdrawn_on=None)


def level_chip(row: Mapping[str, Any]) -> dict[str, str]:
    """The mark of a warning: its colour in words and tone, and how it stands."""
    word = str(WarningLevel(row["level"]).label)
    if row["withdrawn_on"] is not None:
        return {"word": str(_("%(level)s, withdrawn")) % {"level": word}, "tone": "grey", "mark": "dash"}
    if row["signed_on"] is None:
        return {"word": str(_("%(level)s, to be signed")) % {"level": word}, "tone": "indigo", "mark": "hourglass"}
    return {"word": word, "tone": "red" if row["level"] == WarningLevel.RED else "amber", "mark": "flag"}


def name_of(row: Warning) -> str:
    """Level and unit."""
    return str(_("%(level)s warning: %(unit)s")) % {
        "level": WarningLevel(row.level).label,
        "unit": f"{row.pairing.unit.name} — {row.pairing.village.name}",
    }


def _create(*, access: Access, values: Mapping[str, Any]) -> Warning:
    return actions.propose_warning(access=access, **{**values, "level": int(values["level"] or 0)})


WARNING = Kind(
    code="warning",
    one=_("warning"),
    many=_("Warnings"),
    model=Warning,
    object="warning",
    namespace="supervision",
    path="supervision/warnings",
    title="督导预警台账",
    title_path="reason",
    name_of=name_of,
    order=("-proposed_on", "pairing__unit__pinyin"),
    visible=visible_warnings,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("kept", _("Not withdrawn"), lambda on: Q(withdrawn_on=None)),
        State("proposed", _("To be signed"), lambda on: PROPOSED),
        State("to_answer", _("To be answered"), lambda on: IN_FORCE & Q(answered_on=None)),
        State("late", _("Answer overdue"), lambda on: IN_FORCE & Q(answered_on=None, answer_due_on__lt=on)),
        State("answered", _("Answered"), lambda on: IN_FORCE & Q(answered_on__isnull=False)),
        State("withdrawn", _("Withdrawn"), lambda on: ~Q(withdrawn_on=None)),
    ),
    search=common.search("reason", "doc_no"),
    fields=(
        common.pairing_field("warning", own="supervision:warning"),
        common.UNIT,
        common.VILLAGE,
        common.TOWN,
        Field(
            key="level",
            label=_("Level"),
            type=Type.CHOICE,
            choices=WarningLevel,
            in_form=True,
            required=True,
            filter=Filter(),
            heading="级别",
        ),
        Field(
            key="reason",
            label=_("Reason"),
            in_form=True,
            required=True,
            wide=True,
            sortable=False,
            heading="预警事由",
            help=_("Which rule in which periods, or which finding. The unit reads this."),
        ),
        Field(key="doc_no", label=_("Document number"), in_form=True, shown=False, quiet=True, heading="文号"),
        Field(key="proposed_on", label=_("Proposed on"), type=Type.DATE, shown=False, heading="提出时间"),
        Field(key="signed_on", label=_("Signed on"), type=Type.DATE, heading="签发时间"),
        Field(key="signed_name", label=_("Signed by"), shown=False, quiet=True, heading="签发人"),
        Field(key="answer_due_on", label=_("Answer due on"), type=Type.DATE, heading="答复期限"),
        Field(key="answered_on", label=_("Answered on"), type=Type.DATE, heading="答复时间"),
        Field(key="answer", label=_("Answer"), shown=False, quiet=True, wide=True, sortable=False, heading="答复内容"),
        Field(
            key="withdrawn_on",
            label=_("Withdrawn on"),
            type=Type.DATE,
            shown=False,
            quiet=True,
            heading="撤回时间",
        ),
        Field(
            key="withdrawn_because",
            label=_("Withdrawn because"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="撤回原因",
        ),
    ),
    create=_create,
    chip=level_chip,
    chip_paths=("level", "signed_on", "withdrawn_on"),
    crumbs=common.crumbs,
    list_crumbs=common.LIST_CRUMBS,
    ledger=("unit", "village", "level", "reason", "signed_on", "answer_due_on", "answered_on", "answer"),
    empty=Empty(_("No warnings."), _("Staff propose one, the county's administrator signs it. A machine never does.")),
    create_label=_("Propose a warning"),
    help=_("Yellow and red warnings to units. Each is signed by a person; a withdrawn one does not count."),
    form_help=_("It is laid before the county's administrator. The unit hears of it when it is signed."),
)
