"""A mechanism in one declaration, for the tests: places on lists (units.Listing), as a county would keep them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import include, path

from lib.kinds.declare import Empty, Field, Filter, Kind, Search, State, Type
from tenancy import audit
from tenancy.access import Access
from tenancy.kinds import routes
from tenancy.scope import because, current_tenant
from units.models import Listing
from units.models.listing import ListingKind
from units.queries import visible_villages


def _visible(access: Access) -> QuerySet[Listing]:
    found: QuerySet[Listing] = Listing.objects.filter(unit__in=visible_villages(access))
    return found


def _create(*, access: Access, values: Mapping[str, Any]) -> Listing:
    row: Listing = Listing.objects.create(tenant=current_tenant(), **values)
    audit.append(access, "throwaway_created", object_kind="throwaway", object_uid=row.uid)
    return row


def _update(*, access: Access, row: Listing, values: Mapping[str, Any], reason: str) -> Listing:
    because(reason, actor=access.actor)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


THROWAWAY = Kind(
    code="throwaway",
    one="place",
    many="places",
    model=Listing,
    object="designation",
    namespace="throwaway",
    path="throwaway",
    visible=_visible,
    within=lambda rows, units: rows.filter(Q(unit__in=units) | Q(unit__parent__in=units)),
    title_path="unit__name",
    order=("unit__pinyin",),
    states=(State("live", "live", lambda on: Q(ends_on=None)), State("ended", "ended", lambda on: ~Q(ends_on=None))),
    search=Search(names=("unit__name",), pinyin=("unit__pinyin",), initials=("unit__initials",)),
    fields=(
        Field(
            key="village", label="village", type=Type.ROW, path="unit__name", uid="unit__uid", route="units:village",
            sort=("unit__pinyin",), in_form=True, attribute="unit", options=visible_villages, heading="村",
        ),
        Field(key="kind", label="list", type=Type.CHOICE, choices=ListingKind, in_form=True, filter=Filter(), heading="名单"),
        Field(key="starts_on", label="from", type=Type.DATE, in_form=True, heading="列入日期"),
        Field(key="doc_no", label="document", in_form=True, shown=False, filter=Filter(widget="text")),
    ),
    create=_create,
    update=_update,
    refusals={"listing_once": ("kind", "stands there already")},
    empty=Empty("nothing", "write one"),
    title="名单",
)  # fmt: skip

app_name = "throwaway"
urlpatterns = [path("", include("config.urls")), path("", include((routes(THROWAWAY), "throwaway")))]
