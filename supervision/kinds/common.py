"""Columns that warnings and findings share: of which pairing, village, town."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Field, Filter, Search, Type
from pairing.models import Pairing
from pairing.models.pairing import LIVE_STATES
from pairing.queries import within
from units.queries import visible_organisations, visible_towns, visible_villages


def pairings_for(kind: str) -> Any:
    """The live pairings on which somebody may make one."""

    def options(access: Any) -> QuerySet[Pairing]:
        rows: QuerySet[Pairing] = Pairing.objects.filter(state__in=LIVE_STATES).select_related("unit", "village")
        reach = access.reach(kind, "C")
        rows = rows if reach is None else rows.filter(within(reach))
        return rows.order_by("-programme__year", "unit__pinyin", "village__pinyin", "id")

    return options


def pairing_field(kind: str, *, own: str = "") -> Field:
    """The unit of the pairing in a list; the pairing itself in a form.

    It leads to the pairing, or where it stands first in its list to the row's ``own`` page.
    """
    return Field(
        key="unit",
        label=_("Pairing"),
        type=Type.ROW,
        path="pairing__unit__name",
        uid="uid" if own else "pairing__uid",
        route=own or "pairing:pairing",
        fact=not own,
        sort=("pairing__unit__pinyin",),
        in_form=True,
        attribute="pairing",
        options=pairings_for(kind),
        required=True,
        filter=Filter(widget="row", path="pairing__unit", rows=visible_organisations, label=_("Unit")),
        wide=True,
        heading="结对单位",
    )


# The unit as a fact of a row whose list is led by it.
UNIT = Field(
    key="of_unit",
    label=_("Unit"),
    type=Type.ROW,
    path="pairing__unit__name",
    uid="pairing__unit__uid",
    route="units:unit",
    listed=False,
    sheet=False,
)
VILLAGE = Field(
    key="village",
    label=_("Village"),
    type=Type.ROW,
    path="pairing__village__name",
    uid="pairing__village__uid",
    route="units:village",
    sort=("pairing__village__pinyin",),
    filter=Filter(widget="row", path="pairing__village", rows=visible_villages),
    heading="村",
)
TOWN = Field(
    key="town",
    label=_("Town"),
    type=Type.ROW,
    path="pairing__village__parent__name",
    uid="pairing__village__parent__uid",
    route="units:town",
    sort=("pairing__village__parent__division_code", "pairing__village__parent__pinyin"),
    filter=Filter(widget="row", path="pairing__village__parent", rows=visible_towns),
    shown=False,
    heading="镇(街道)",
)


LIST_CRUMBS = (Crumb(_("Supervision"), "supervision:home"),)


def search(*names: str) -> Search:
    """Both sides by name, pinyin and initials; and the row's own texts."""
    sides = ("pairing__unit", "pairing__village")
    return Search(
        names=(*names, *(f"{side}__name" for side in sides)),
        pinyin=tuple(f"{side}__pinyin" for side in sides),
        initials=tuple(f"{side}__initials" for side in sides),
        help=_("Unit or village: characters, pinyin or initials"),
    )


def crumbs(row: Any) -> list[Crumb]:
    """The pairing above a row's page."""
    return [Crumb(f"{row.pairing.unit.name} — {row.pairing.village.name}", "pairing:pairing", row.pairing.uid)]
