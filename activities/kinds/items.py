"""What the ledgers of projects, livelihood items and courtyards share (domain.md §8.1, 4, 5 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, DecimalField, IntegerField, QuerySet, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, NullIf
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.kinds import shares
from activities.models import Item, ItemKind, ItemState
from activities.queries.items import of_units, visible_items
from lib.kinds.declare import Field, Filter, Hanging, Kind, Search, Type, Words
from units.queries import visible_towns

_TONES: dict[str, tuple[str, str]] = {
    ItemState.PLANNED: ("grey", "hollow"),
    ItemState.APPROVED: ("blue", "half"),
    ItemState.UNDER_WAY: ("blue", "half"),
    ItemState.ACCEPTED: ("green", "tick"),
    ItemState.CLOSED: ("green", "tick"),
    ItemState.STOPPED: ("grey", "dash"),
    ItemState.PAUSED: ("amber", "hourglass"),
    ItemState.PROPOSED: ("grey", "hollow"),
    ItemState.IN_PROGRESS: ("blue", "half"),
    ItemState.DONE: ("indigo", "half"),
    ItemState.FEEDBACK: ("indigo", "hourglass"),
    ItemState.GUIDED: ("blue", "half"),
    ItemState.BUILT: ("green", "tick"),
    ItemState.AWARDED: ("green", "flag"),
    ItemState.WITHDRAWN: ("grey", "dash"),
}


def item_chip(state: str, kind: str = "") -> dict[str, str]:
    """The mark of an item's state."""
    tone, mark = _TONES[state]
    return {"word": state_word(state, kind), "tone": tone, "mark": mark}


def state_word(state: str, kind: str = "") -> str:
    """A state in the words of its kind: "accepted" is finished work for a project, a yes to a request for an item."""
    if state == ItemState.ACCEPTED and kind == ItemKind.LIVELIHOOD:
        return str(_("taken on"))
    return str(ItemState(state).label)


@dataclass(frozen=True, slots=True)
class Detail:
    """A further column of a ledger, kept in ``Item.details``. ``choices``: the words it may hold; empty for free text."""

    key: str
    label: Words
    heading: str
    type: Type = Type.TEXT
    choices: tuple[str, ...] = ()
    shown: bool = False
    total: bool = False


_CASTS: Mapping[Type, Callable[[], Any]] = {
    Type.INTEGER: IntegerField,
    Type.NUMBER: lambda: DecimalField(max_digits=16, decimal_places=2),
    Type.MONEY: lambda: DecimalField(max_digits=16, decimal_places=2),
}


def _detail(one: Detail) -> Any:
    def annotate() -> Any:
        text = Cast(KT(f"details__{one.key}"), CharField())
        return Cast(NullIf(text, Value("")), _CASTS[one.type]()) if one.type in _CASTS else text

    return annotate


def detail_field(one: Detail) -> Field:
    """The column of a detail."""
    return Field(
        key=one.key,
        label=one.label,
        type=one.type,
        annotate=_detail(one),
        sortable=False,
        shown=one.shown,
        quiet=True,
        heading=one.heading,
        total=one.total,
    )


NAME = Field(key="name", label=pgettext_lazy("of a thing", "Name"), wide=True)
STATE = Field(
    key="item_state", label=_("State"), path="state", type=Type.CHOICE, choices=ItemState, shown=False, fact=False, heading="状态"
)
VILLAGE = Field(
    key="village",
    label=_("Village"),
    type=Type.ROW,
    path="village__name",
    uid="village__uid",
    route="units:village",
    sort=("village__pinyin",),
    filter=Filter(widget="row", path="village", rows=shares.paired_villages),
    heading="村",
)
TOWN = Field(
    key="town",
    label=_("Town"),
    type=Type.ROW,
    path="village__parent__name",
    uid="village__parent__uid",
    route="units:town",
    sort=("village__parent__division_code", "village__parent__pinyin"),
    filter=Filter(widget="row", path="village__parent", rows=visible_towns),
    shown=False,
    heading="镇(街道)",
)
UNIT = Field(
    key="unit",
    label=_("Unit"),
    type=Type.ROW,
    path="pairing__unit__name",
    uid="pairing__unit__uid",
    route="units:unit",
    sort=("pairing__unit__pinyin",),
    filter=Filter(widget="row", path="pairing__unit", rows=shares.paired_units),
    heading="责任单位",
)
PROGRAMME = Field(
    key="programme",
    label=_("Programme"),
    path="programme__title",
    filter=Filter(widget="row", path="programme", rows=shares.programmes),
    shown=False,
    heading="工作方案",
)
RAISED = Field(key="raised_on", label=_("Raised on"), type=Type.DATE, heading="提出时间")
PLANNED = Field(key="planned_on", label=_("To be done by"), type=Type.DATE, heading="计划完成时间")
COMPLETED = Field(key="completed_on", label=_("Done on"), type=Type.DATE, heading="实际完成时间")
MONEY = Field(key="money_yuan", label=_("Money (yuan)"), type=Type.MONEY, total=True, heading="投入资金(元)")
BENEFICIARIES = Field(key="beneficiaries", label=_("Beneficiaries"), shown=False, heading="受益户数／人数")
IN_CHARGE = Field(key="person_in_charge", label=_("Person in charge"), shown=False, heading="责任人")
DESCRIPTION = Field(key="description", label=_("Content"), shown=False, wide=True, sortable=False, heading="办理内容")
CATEGORY = Field(key="category", label=_("Category"), quiet=True, heading="类别")


def _visible(kind: ItemKind) -> Callable[[Any], QuerySet[Item]]:
    def visible(access: Any) -> QuerySet[Item]:
        rows: QuerySet[Item] = visible_items(access, kind).select_related("pairing__unit", "village__parent", "programme")
        return rows

    return visible


def item_kind(kind: ItemKind, *, details: tuple[Detail, ...] = (), **told: Any) -> Kind:
    """The ledger of one kind of item; further words as in ``Kind``."""
    values: dict[str, Any] = {
        "code": kind.value,
        "model": Item,
        "object": "item",
        "namespace": "activities",
        "visible": _visible(kind),
        "within": lambda rows, units: rows.filter(of_units(units)),
        "order": ("-raised_on", "village__pinyin"),
        "search": Search(
            names=("name", "description", "householder", "village__name", "pairing__unit__name"),
            pinyin=("village__pinyin", "pairing__unit__pinyin"),
            initials=("village__initials", "pairing__unit__initials"),
            help=_("Name, village or unit: characters, pinyin or initials"),
        ),
        "chip": lambda found: item_chip(found["state"], kind),
        "chip_paths": ("state",),
        "history": (Hanging("co_leads"),),
        "page": "activities:item",
        "create_route": f"activities:{kind.value}_new",
    }
    return Kind(**{**values, **told})
