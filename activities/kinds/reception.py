"""接待群众来访: at the desk, as a house visit or an evening visit (A13); its ledger without who came (domain.md §8.1, 7)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from activities.kinds import records
from activities.kinds.asked import RecordKind
from activities.models import ActivityType, Carrier, Form, Record
from activities.queries.records import visible_records
from lib.kinds.declare import Empty, Field, Filter, Type

RECEPTION = RecordKind(
    code="reception",
    carrier=Carrier.RECEPTION,
    asks=("form", "visitors", "leader_present", "was_announced"),
    required=("form",),
    labels={"text": _("what was brought up and what became of it")},
)


def _receptions(access: Any) -> QuerySet[Record]:
    codes = ActivityType.objects.filter(carrier=Carrier.RECEPTION).values("code")
    rows: QuerySet[Record] = visible_records(access).filter(type__in=codes)
    return rows


# Not called "form": in the address of a list that names the file to be made of it.
FORM = Field(key="held_as", label=_("Form"), path="form", type=Type.CHOICE, choices=Form, filter=Filter(), heading="接待形式")
VISITORS = Field(key="visitors", label=_("Visitors"), type=Type.INTEGER, total=True, heading="来访人数")
LEADER_PRESENT = Field(
    key="leader_present",
    label=_("Group leader present"),
    type=Type.YES_NO,
    filter=Filter(widget="yes_no"),
    heading="组长是否到场",
)
ANNOUNCED = Field(key="was_announced", label=_("Announced beforehand"), type=Type.YES_NO, shown=False, heading="是否提前公告")

RECEPTIONS = records.ledger(
    "reception",
    one=_("reception"),
    many=_("Receptions"),
    path="receptions",
    visible=_receptions,
    title="群众来访接待登记表",
    fields=(
        records.DAY,
        records.PLACE,
        FORM,
        records.LEADER,
        LEADER_PRESENT,
        records.UNITS,
        records.VILLAGES,
        VISITORS,
        records.TEXT,
        ANNOUNCED,
        records.AUTHOR,
        records.NOTES,
        records.STATUS,
        records.TOWNS,
        *records.NARROWING,
        *records.FURTHER,
    ),
    columns=("occurred_on", "place", "held_as", "leader_name", "units", "villages", "visitors", "text", "notes"),
    empty=Empty(_("No reception written down yet."), _("Write the first one down: day, place and how many came.")),
    help=_(
        "Receptions at the desk, house visits, evening visits. Who came stands on each record's page, for those who handle it."
    ),
)
