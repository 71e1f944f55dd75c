"""Parameters that narrow the API's lists. A value that is none answers 400 with the reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from django_filters.fields import IsoDateTimeField
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from lib.kinds.declare import Kind
from lib.kinds.searching import matching
from tenancy.access import Access
from units.api.serializers import OFFICE_KINDS
from units.kinds.people import PERSON
from units.kinds.villages import VILLAGE
from units.models import Post, UnitKind
from units.models.listing import ListingKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS, UnitNature
from units.queries import visible_units
from units.queries.units import on_list

LIVE, ENDED, ALL = "live", "ended", "all"
LIFE = ((LIVE, _("exists")), (ENDED, _("has ended")), (ALL, _("both")))
YES_NO = (("true", _("yes")), ("false", _("no")))


def _versions(model: type[Model]) -> QuerySet[Any]:
    """Versions of the rows of a model, of the outer query's row."""
    related: Any = model.versions.rel.related_model  # type: ignore[attr-defined]
    found: QuerySet[Any] = related.objects.filter(pgh_obj=OuterRef("pk"))
    return found


def updated_at(model: type[Model]) -> Subquery:
    """When the outer query's row was written last, by its versions."""
    return Subquery(_versions(model).order_by("-pgh_id").values("pgh_created_at")[:1])


def yes_no(label: Any, path: str) -> filters.Filter:
    """true or false; django-filter's own BooleanFilter takes anything else as if nothing had been asked."""
    return as_boolean(filters.TypedChoiceFilter(label=label, field_name=path, choices=YES_NO, coerce=lambda word: word == "true"))


def as_boolean(one: filters.Filter) -> filters.Filter:
    """Described as what it is, not as a choice of two words."""
    told: filters.Filter = extend_schema_field(OpenApiTypes.BOOL)(one)
    return told


def search(kind: Kind) -> filters.Filter:
    """A filter by name, pinyin or initials, as the pages search."""
    return filters.CharFilter(
        label=_("Name, pinyin or initials."), max_length=80, method=lambda rows, _name, typed: rows.filter(matching(kind, typed))
    )


class InstantField(IsoDateTimeField):
    """An instant of our times in UTC: PostgreSQL takes neither every offset nor every year that Python takes."""

    def clean(self, value: Any) -> datetime | None:
        found: datetime | None = super().clean(value)
        if found is None:
            return None
        if not 1900 <= found.year <= 2200:
            raise ValidationError(_("Write an instant of the years 1900 to 2200."))
        return found.astimezone(UTC)


class InstantFilter(filters.IsoDateTimeFilter):
    """A filter by an instant."""

    field_class = InstantField


class UpdatedFilters(filters.FilterSet):
    """Parameters that every list has."""

    updated_since = InstantFilter(
        label=_("Written at or after this instant, for example 2024-09-03T08:00:00+08:00."), method="since"
    )

    def since(self, rows: QuerySet[Any], name: str, instant: Any) -> QuerySet[Any]:
        return rows.filter(Exists(_versions(rows.model).filter(pgh_created_at__gte=instant)))


class _Life(UpdatedFilters):
    """Parameters of what exists for a time."""

    q = search(VILLAGE)
    state = filters.ChoiceFilter(label=_("What exists (unless told), what has ended, or both."), choices=LIFE, method="life")
    division_code = filters.CharFilter(label=_("The code, or how it begins."), max_length=12, lookup_expr="startswith")

    def life(self, rows: QuerySet[Any], name: str, word: str) -> QuerySet[Any]:
        return rows

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        word = self.form.cleaned_data.get("state") or LIVE
        return rows if word == ALL else rows.filter(ends_on__isnull=word == LIVE)


class TownFilters(_Life):
    """Parameters of the list of towns."""


class VillageFilters(_Life):
    """Parameters of the list of villages."""

    kind = filters.ChoiceFilter(label=_("Village or community."), choices=[(k.value, k.label) for k in VILLAGE_KINDS])
    town = filters.UUIDFilter(label=_("Id of the town."), field_name="parent__uid")
    designation = filters.ChoiceFilter(label=_("Stands on this list now."), choices=ListingKind.choices, method="listed_as")

    def listed_as(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        # Who may not see the lists may not find them out by asking one after another either.
        return rows.filter(on_list(kind)) if self.request.access.can("designation", "R") else rows.none()


class UnitFilters(_Life):
    """Parameters of the list of units. Without ``kind``: offices, institutions, enterprises and external partners."""

    KINDS = (UnitKind.ORGANISATION, UnitKind.EXTERNAL, UnitKind.PARTY_ORGANISATION, UnitKind.GROUP)

    kind = filters.ChoiceFilter(
        label=_("Without it: units and external partners."),
        choices=[*((kind.value, kind.label) for kind in KINDS), (ALL, _("all"))],
        method="of_kind",
    )
    town = filters.UUIDFilter(label=_("Id of the town above."), method="in_town")
    parent = filters.UUIDFilter(label=_("Id of what it belongs to."), field_name="parent__uid")
    nature = filters.ChoiceFilter(label=_("Nature."), choices=UnitNature.choices)
    is_stationed = yes_no(_("Stationed units only, or the others only."), "is_stationed")

    def of_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        return rows

    def in_town(self, rows: QuerySet[Any], name: str, town: Any) -> QuerySet[Any]:
        above = Q(parent__uid=town) | Q(parent__parent__uid=town) | Q(parent__parent__parent__uid=town)
        return rows.filter(above)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().filter_queryset(queryset)
        kind = self.form.cleaned_data.get("kind")
        if kind == ALL:
            return rows.filter(kind__in=self.KINDS)
        return rows.filter(kind__in=[kind] if kind else OFFICE_KINDS)


class PersonFilters(UpdatedFilters):
    """Parameters of the list of people."""

    q = search(PERSON)
    unit = filters.UUIDFilter(label=_("Id of a unit in which somebody holds a post now."), method="in_unit")
    post = filters.ChoiceFilter(label=_("Holds this post now."), choices=PostKind.choices, method="with_kind")

    def in_unit(self, rows: QuerySet[Any], name: str, unit: Any) -> QuerySet[Any]:
        return rows.filter(pk__in=self._posts().filter(unit__uid=unit).values("person_id"))

    def with_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        return rows.filter(pk__in=self._posts().filter(kind=kind).values("person_id"))

    def _posts(self) -> QuerySet[Post]:
        return posts_seen(self.request.access)


def posts_seen(access: Access) -> QuerySet[Post]:
    """Posts held now in units that ``access`` may read."""
    rows: QuerySet[Post] = Post.objects.filter(ends_on=None)
    if access.reach("unit", "R") is not None:
        rows = rows.filter(unit__in=visible_units(access).values("pk"))
    return rows
