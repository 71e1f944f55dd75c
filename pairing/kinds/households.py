"""党员联系户(1+1+N)台账: households on a pairing's list and who looks after each (domain.md §8.1, 6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Empty, Field, Filter, Kind, Search, State, Type
from pairing.actions.households import HouseholdFacts, change_household, list_household
from pairing.models import HouseholdContact, Pairing
from pairing.models.pairing import LIVE_STATES
from pairing.queries import within as of_units
from pairing.queries.households import visible_households, within
from tenancy.access import Access
from units.queries import visible_organisations, visible_towns, visible_villages


def choosable_pairings(access: Any) -> QuerySet[Pairing]:
    """The live pairings on whose list somebody may put households."""
    rows: QuerySet[Pairing] = Pairing.objects.filter(state__in=LIVE_STATES).select_related("unit", "village")
    reach = access.reach("household", "C")
    rows = rows if reach is None else rows.filter(of_units(reach))
    return rows.order_by("-programme__year", "village__pinyin", "-is_lead", "unit__pinyin", "id")


def coverage_chip(row: Mapping[str, Any]) -> dict[str, str]:
    """Whether both sides look after it."""
    if row["delisted_on"] is not None:
        return {"word": str(_("off the list")), "tone": "grey", "mark": "dash"}
    if row["covered_from"] is not None:
        return {"word": str(_("looked after")), "tone": "green", "mark": "tick"}
    return {"word": str(_("nobody named yet")), "tone": "amber", "mark": "hollow"}


def _facts(values: Mapping[str, Any]) -> HouseholdFacts:
    return HouseholdFacts(**{name: values[name] for name in HouseholdFacts.__dataclass_fields__})


def _create(*, access: Access, values: Mapping[str, Any]) -> HouseholdContact:
    return list_household(pairing=values["pairing"], facts=_facts(values), access=access)


def _update(*, access: Access, row: HouseholdContact, values: Mapping[str, Any], reason: str) -> HouseholdContact:
    if values["pairing"].pk != row.pairing_id:
        raise ValidationError({"pairing": _("A household does not move: take it off this list and put it on the other.")})
    return change_household(household=row, facts=_facts(values), reason=reason, access=access)


HOUSEHOLD = Kind(
    code="household",
    one=_("household"),
    many=_("Households (1+1+N)"),
    model=HouseholdContact,
    object="household",
    namespace="pairing",
    path="pairings/households",
    title="党员联系户(1+1+N)台账",
    title_path="house_no",
    name_of=lambda row: " ".join(part for part in (row.house_no, row.householder) if part),
    order=("pairing__village__parent__pinyin", "pairing__village__pinyin", "pairing__unit__pinyin", "id"),
    visible=visible_households,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("listed", _("On the list"), lambda on: Q(delisted_on=None)),
        State("covered", _("Looked after"), lambda on: Q(delisted_on=None, covered_from__lte=on)),
        State("uncovered", _("Somebody still to be named"), lambda on: Q(delisted_on=None, covered_from=None)),
        State("delisted", _("Off the list"), lambda on: ~Q(delisted_on=None)),
    ),
    search=Search(
        names=("house_no", "householder", "unit_member", "village_member", "pairing__village__name", "pairing__unit__name"),
        pinyin=("pairing__village__pinyin", "pairing__unit__pinyin"),
        initials=("pairing__village__initials", "pairing__unit__initials"),
        help=_("House number, name, village or unit"),
    ),
    fields=(
        Field(
            key="house_no",
            label=_("House number"),
            in_form=True,
            required=True,
            fact=False,
            heading="门牌号",
            help=_("Or another mark by which the village tells households apart. No identity card number."),
        ),
        Field(key="householder", label=_("Householder"), in_form=True, fact=False, heading="户主姓名"),
        Field(
            key="village",
            label=_("Village"),
            type=Type.ROW,
            path="pairing__village__name",
            uid="pairing__village__uid",
            route="units:village",
            sort=("pairing__village__pinyin",),
            filter=Filter(widget="row", path="pairing__village", rows=visible_villages),
            heading="村",
        ),
        Field(
            key="unit_member",
            label=_("Party member of the unit"),
            in_form=True,
            heading="结对单位党员",
            help=_("The household is looked after once both members are named."),
        ),
        Field(key="village_member", label=_("Party member of the village"), in_form=True, heading="农村党员"),
        Field(
            key="unit",
            label=_("Unit"),
            type=Type.ROW,
            path="pairing__unit__name",
            uid="pairing__unit__uid",
            route="units:unit",
            sort=("pairing__unit__pinyin",),
            filter=Filter(widget="row", path="pairing__unit", rows=visible_organisations),
            shown=False,
            heading="结对单位",
        ),
        Field(
            key="pairing",
            label=_("Pairing"),
            type=Type.ROW,
            path="pairing__unit__name",
            uid="pairing__uid",
            route="pairing:pairing",
            in_form=True,
            attribute="pairing",
            options=choosable_pairings,
            required=True,
            listed=False,
            fact=False,
            sheet=False,
            filter=Filter(widget="row", path="pairing", rows=choosable_pairings),
        ),
        Field(
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
        ),
        Field(key="listed_on", label=_("Listed on"), type=Type.DATE, shown=False, heading="建档时间"),
        Field(key="covered_from", label=_("Looked after since"), type=Type.DATE, heading="包户时间"),
        Field(key="delisted_on", label=_("Taken off the list on"), type=Type.DATE, shown=False, quiet=True, heading="移出时间"),
        Field(key="notes", label=_("Notes"), in_form=True, shown=False, quiet=True, wide=True, sortable=False, heading="备注"),
    ),
    create=_create,
    update=_update,
    refusals={
        "household_listed_once": ("house_no", _("This house number is on the list of this pairing already.")),
    },
    chip=coverage_chip,
    chip_paths=("covered_from", "delisted_on"),
    crumbs=lambda row: [Crumb(f"{row.pairing.unit.name} — {row.pairing.village.name}", "pairing:pairing", row.pairing.uid)],
    ledger=("village", "unit", "unit_member", "village_member", "householder", "house_no", "covered_from", "notes"),
    empty=Empty(_("No households yet."), _("Add them one by one, or paste the list of a pairing.")),
    create_label=_("New household"),
    help=_("One Party member of the unit and one of the village look after each household together."),
    form_help=_("House number and name only; no identity card numbers, no telephone."),
)
