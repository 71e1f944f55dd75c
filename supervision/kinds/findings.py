"""督导问题整改台账: what was found, by when it is to be rectified, what was done (domain.md §4.3, §8.1 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.kinds.declare import Empty, Field, Filter, Kind, State, Type
from supervision import actions
from supervision.kinds import common
from supervision.models import Finding, FindingSource, FindingState
from supervision.queries import overdue, visible_findings, within
from tenancy import clock
from tenancy.access import Access


def finding_chip(row: Mapping[str, Any]) -> dict[str, str]:
    """The mark of a finding; overdue is told in words."""
    if row["state"] == FindingState.CLOSED:
        return {"word": str(FindingState.CLOSED.label), "tone": "green", "mark": "tick"}
    if row["due_on"] < clock.today():
        return {"word": str(pgettext_lazy("state", "Overdue")), "tone": "red", "mark": "cross"}
    if row["state"] == FindingState.SUBMITTED:
        return {"word": str(FindingState.SUBMITTED.label), "tone": "indigo", "mark": "hourglass"}
    return {"word": str(_("to be rectified")), "tone": "blue", "mark": "half"}


def _create(*, access: Access, values: Mapping[str, Any]) -> Finding:
    return actions.issue_finding(access=access, **values)


def _is_closed() -> Any:
    return Case(When(state=FindingState.CLOSED, then=Value("是")), default=Value("否"), output_field=CharField())


FINDING = Kind(
    code="finding",
    one=_("finding"),
    many=_("Findings"),
    model=Finding,
    object="inspection",
    namespace="supervision",
    path="supervision/findings",
    title="督导问题整改台账",
    title_path="number",
    order=("-issued_on", "-number"),
    visible=visible_findings,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("open", _("Not closed"), lambda on: ~Q(state=FindingState.CLOSED)),
        State("issued", _("To be rectified"), lambda on: Q(state=FindingState.ISSUED)),
        State("submitted", _("To be checked"), lambda on: Q(state=FindingState.SUBMITTED)),
        State("overdue", pgettext_lazy("state", "Overdue"), overdue),
        State("more_time", _("More time asked for"), lambda on: Q(extension_until__isnull=False)),
        State("closed", _("Closed"), lambda on: Q(state=FindingState.CLOSED)),
    ),
    search=common.search("number", "content"),
    fields=(
        Field(
            key="number",
            label=_("Number"),
            in_form=True,
            fact=False,
            heading="编号",
            help=_("Leave it empty to get the next of the year."),
        ),
        common.pairing_field("inspection"),
        common.VILLAGE,
        common.TOWN,
        Field(
            key="source",
            label=_("Found by"),
            type=Type.CHOICE,
            choices=FindingSource,
            in_form=True,
            required=True,
            filter=Filter(),
            shown=False,
            heading="问题来源",
        ),
        Field(
            key="content",
            label=_("What was found"),
            in_form=True,
            required=True,
            wide=True,
            sortable=False,
            heading="存在问题",
        ),
        Field(key="issued_on", label=_("Issued on"), type=Type.DATE, in_form=True, heading="督导时间"),
        Field(key="due_on", label=_("To be rectified by"), type=Type.DATE, in_form=True, required=True, heading="整改时限"),
        Field(
            key="finding_state",
            label=_("State"),
            path="state",
            type=Type.CHOICE,
            choices=FindingState,
            fact=False,
            heading="状态",
        ),
        Field(key="measures", label=_("Measures"), shown=False, quiet=True, wide=True, sortable=False, heading="整改情况"),
        Field(key="submitted_on", label=_("Handed in on"), type=Type.DATE, shown=False, quiet=True, heading="报送整改时间"),
        Field(
            key="sent_back_because",
            label=_("Sent back because"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="退回原因",
        ),
        Field(
            key="extension_until",
            label=_("More time asked for until"),
            type=Type.DATE,
            shown=False,
            quiet=True,
            heading="申请延期至",
        ),
        Field(
            key="extension_because",
            label=_("More time asked for because"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="申请延期理由",
        ),
        Field(
            key="extension_answer",
            label=_("Answer about more time"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="延期答复",
        ),
        Field(key="is_closed", label=_("Closed?"), annotate=_is_closed, listed=False, fact=False, heading="是否销号"),
        Field(key="closed_on", label=_("Closed on"), type=Type.DATE, shown=False, quiet=True, heading="销号时间"),
        Field(key="checker", label=_("Checked by"), shown=False, quiet=True, heading="核查人"),
    ),
    create=_create,
    initial=lambda access: {"issued_on": clock.today().isoformat(), "source": FindingSource.INSPECTION},
    chip=finding_chip,
    chip_paths=("state", "due_on"),
    crumbs=common.crumbs,
    list_crumbs=common.LIST_CRUMBS,
    ledger=(
        "issued_on",
        "unit",
        "village",
        "content",
        "measures",
        "due_on",
        "submitted_on",
        "is_closed",
        "closed_on",
        "checker",
    ),
    refusals={"finding_number_once": ("number", _("This number is taken. Leave it empty to get the next."))},
    empty=Empty(_("No findings."), _("Write one down after an inspection or a check; the unit is told.")),
    create_label=_("New finding"),
    help=_("What inspections and checks found at pairings, to be rectified by a day."),
    form_help=_("The unit's liaison and group leader are told at once."),
)
