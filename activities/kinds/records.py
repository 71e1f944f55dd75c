"""The ledger of activities (结对共建活动台账): all records, in the columns that people know (domain.md §8.1, 3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activities.kinds import shares
from activities.kinds.statuses import status_chip
from activities.ledgers import ACTIVITIES
from activities.models import ActivityType, AuthorSide, PlaceKind, Record, Status
from activities.queries.records import of_units, visible_records
from lib.kinds.declare import Empty, Field, Filter, Kind, Search, State, Type
from pairing.queries import visible_pairings
from units.queries import visible_towns

GONE = (Status.VOIDED, Status.ABANDONED)


def _pairings(access: Any) -> QuerySet[Any]:
    rows = visible_pairings(access).select_related("unit", "village", "programme")
    found: QuerySet[Any] = rows.order_by("-programme__year", "village__pinyin", "unit__pinyin", "id")
    return found


DAY = Field(
    key="occurred_on", label=_("Day"), type=Type.DATE, column=ACTIVITIES.column("occurred_on"),
)  # fmt: skip
PLACE = Field(key="place", label=_("Place"), shown=False, column=ACTIVITIES.column("place"))
UNITS = Field(key="units", label=_("Unit"), annotate=shares.unit_names, sortable=False, column=ACTIVITIES.column("unit"))
VILLAGES = Field(
    key="villages", label=_("Village"), annotate=shares.village_names, sortable=False, column=ACTIVITIES.column("village")
)
TOWNS = Field(
    key="towns", label=_("Town"), annotate=shares.town_names, sortable=False, shown=False, column=ACTIVITIES.column("town")
)
TYPE = Field(
    key="type",
    label=_("Type"),
    annotate=shares.type_name,
    sort=("type",),
    filter=Filter(widget="row", rows=shares.types, where=lambda one: Q(type=one.code) | Q(also_types__contains=[one.code])),
    column=ACTIVITIES.column("type"),
)
TITLE = Field(key="title", label=_("Theme"), shown=False, wide=True, column=ACTIVITIES.column("title"))
TEXT = Field(key="text", label=_("What was done"), wide=True, sortable=False, column=ACTIVITIES.column("text"))
PARTICIPANTS = Field(
    key="participants", label=_("Participants"), shown=False, sortable=False, column=ACTIVITIES.column("participants")
)
PERSON_TIMES = Field(
    key="person_times", label=_("Person-times"), type=Type.INTEGER, total=True, column=ACTIVITIES.column("person_times")
)
LEADER = Field(key="leader_name", label=_("Led by"), shown=False, column=ACTIVITIES.column("leader"))
BENEFICIARIES = Field(key="beneficiaries", label=_("Beneficiaries"), shown=False, column=ACTIVITIES.column("beneficiaries"))
MONEY = Field(
    key="money_yuan", label=_("Money (yuan)"), type=Type.MONEY, total=True, shown=False, column=ACTIVITIES.column("money")
)
EVIDENCE = Field(key="evidence", label=_("Evidence"), shown=False, sortable=False, column=ACTIVITIES.column("evidence"))
AUTHOR = Field(
    key="author",
    label=_("Written by"),
    annotate=shares.author_name,
    sortable=False,
    shown=False,
    column=ACTIVITIES.column("reporter"),
)
NOTES = Field(key="notes", label=_("Notes"), shown=False, sortable=False, column=ACTIVITIES.column("notes"))
STATUS = Field(key="status", label=_("State"), type=Type.CHOICE, choices=Status, shown=False, heading="状态")

# Narrowing only: what they say stands in other columns.
NARROWING = (
    Field(
        key="programme",
        label=_("Programme"),
        path="programme__title",
        filter=Filter(widget="row", path="programme", rows=shares.programmes),
        shown=False,
        heading="工作方案",
    ),
    Field(
        key="town",
        label=_("Town"),
        path="pk",
        listed=False,
        sheet=False,
        fact=False,
        filter=Filter(widget="row", rows=visible_towns, where=shares.at_town),
    ),
    Field(
        key="unit",
        label=_("Unit"),
        path="pk",
        listed=False,
        sheet=False,
        fact=False,
        filter=Filter(widget="row", rows=shares.paired_units, where=lambda unit: shares.with_share(Q(pairing__unit=unit))),
    ),
    Field(
        key="village",
        label=_("Village"),
        path="pk",
        listed=False,
        sheet=False,
        fact=False,
        filter=Filter(widget="row", rows=shares.paired_villages, where=shares.at_village),
    ),
    Field(
        key="pairing",
        label=_("Pairing"),
        path="pk",
        listed=False,
        sheet=False,
        fact=False,
        filter=Filter(widget="row", rows=_pairings, where=lambda pairing: shares.with_share(Q(pairing=pairing)), folded=True),
    ),
    Field(
        key="period",
        label=_("Month or period"),
        path="occurred_on",
        listed=False,
        sheet=False,
        fact=False,
        filter=Filter(widget="period"),
    ),
    Field(
        key="is_proxy",
        label=_("Entered by proxy"),
        type=Type.YES_NO,
        shown=False,
        filter=Filter(widget="yes_no", folded=True),
        heading="上级代办",
    ),
    Field(
        key="found_untrue",
        label=_("Found untrue"),
        type=Type.YES_NO,
        shown=False,
        filter=Filter(widget="yes_no", folded=True),
        heading="查实不属实",
    ),
)
FURTHER = (
    Field(key="author_side", label=_("Written by the side"), type=Type.CHOICE, choices=AuthorSide, shown=False, heading="填报方"),
    Field(key="place_kind", label=_("Where"), type=Type.CHOICE, choices=PlaceKind, shown=False, heading="地点类别"),
    Field(key="submitted_on", label=_("Submitted on"), type=Type.DATE, shown=False, heading="提交日期"),
)
STATES = (
    State("kept", _("In force"), lambda on: ~Q(status__in=GONE)),
    State("waiting", _("Waiting for confirmation"), lambda on: Q(status=Status.SUBMITTED)),
    State("confirmed", _("Confirmed"), lambda on: Q(status=Status.CONFIRMED)),
    State("returned", _("Returned"), lambda on: Q(status=Status.RETURNED)),
    State("draft", _("Drafts"), lambda on: Q(status=Status.DRAFT)),
    State("gone", _("Void or abandoned"), lambda on: Q(status__in=GONE)),
)
SEARCH = Search(names=("title", "text", "place", "participants", "notes"), help=_("Words of the record"))


def name_of(row: Record) -> str:
    """What a record is called where it has no theme: the beginning of its sentence, else type and day."""
    short = row.title or row.text[:30]
    return short or f"{type_word(row)} {row.occurred_on.isoformat()}"


def type_word(row: Record) -> str:
    """What the programme year calls the record's type."""
    found = ActivityType.objects.filter(programme=row.programme_id, code=row.type).values_list("name", flat=True).first()
    return str(found or row.type)


def ledger(
    code: str,
    *,
    one: Any,
    many: Any,
    path: str,
    fields: tuple[Field, ...],
    visible: Callable[[Any], QuerySet[Record]],
    title: str,
    columns: tuple[str, ...],
    **further: Any,
) -> Kind:
    """A ledger of records in its own columns; the page of a row is the record's."""
    values: dict[str, Any] = {
        "model": Record,
        "object": "record",
        "namespace": "activities",
        "within": of_units,
        "title_path": "title",
        "name_of": name_of,
        "said": {"type": type_word},
        "order": ("-occurred_on",),
        "states": STATES,
        "search": SEARCH,
        "chip": lambda found: status_chip(found["status"]),
        "chip_paths": ("status",),
        "page": "activities:record",
        "create_route": "activities:record_create",
        "create_label": _("Write one down"),
        "empty": Empty(_("Nothing written down yet."), _("Write the first one down, or import the ledger as you have it.")),
    }
    made = {**values, **further}
    return Kind(code=code, one=one, many=many, path=path, fields=fields, visible=visible, title=title, ledger=columns, **made)


RECORD = ledger(
    "record",
    one=_("record"),
    many=_("Activities"),
    path="records",
    visible=visible_records,
    title="结对共建活动台账",
    fields=(
        DAY,
        PLACE,
        UNITS,
        VILLAGES,
        TYPE,
        TITLE,
        TEXT,
        PARTICIPANTS,
        PERSON_TIMES,
        LEADER,
        BENEFICIARIES,
        MONEY,
        EVIDENCE,
        AUTHOR,
        NOTES,
        STATUS,
        TOWNS,
        *NARROWING,
        *FURTHER,
    ),
    columns=(
        "occurred_on",
        "place",
        "units",
        "villages",
        "type",
        "title",
        "text",
        "participants",
        "person_times",
        "leader_name",
        "beneficiaries",
        "money_yuan",
        "evidence",
        "author",
        "notes",
    ),
    help=_("What was done together, who confirmed it, and what waits for the other side."),
)
