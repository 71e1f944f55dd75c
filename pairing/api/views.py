"""The API's addresses for pairings and programme years."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from pairing.api import filters
from pairing.api import serializers as shapes
from pairing.kinds.pairing import PAIRING
from pairing.models import Pairing, Programme
from pairing.queries import as_of, live, visible_pairings, with_sides
from tenancy import audit, clock
from tenancy.access import RoutePolicy
from tenancy.api import CursorPages
from units.api.filters import updated_at
from units.api.views import Rows, WritableRows, wants_phone


class PairingPages(CursorPages):
    """By village, then in the order of ids."""

    ordering = ("village_pinyin", "uid")


class ProgrammePages(CursorPages):
    """Newest year first."""

    ordering = ("-year", "uid")


_REVEAL = OpenApiParameter(
    "reveal",
    OpenApiTypes.STR,
    enum=["phone"],
    description=_("phone: telephones whole instead of masked. Each look is logged."),
)
_AS_OF = OpenApiParameter(
    "as_of",
    OpenApiTypes.DATE,
    description=_("Pairings as they stood on a day: state, unit and posts of that day. Those of later are left out."),
)
_EXAMPLE = {
    "programme": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11",
    "unit": "9d9d5d0e-08c3-44c9-bb0c-0a8a6a6f7a12",
    "village": "0b9bd0f4-6a3c-4a2b-9a55-0d2f4c1f9a10",
    "starts_on": "2024-09-03",
}


@extend_schema_view(
    list=extend_schema(operation_id="pairings_list", summary=_("Pairings"), tags=["pairings"], parameters=[_AS_OF]),
    retrieve=extend_schema(
        operation_id="pairings_retrieve", summary=_("One pairing"), tags=["pairings"], parameters=[_REVEAL, _AS_OF]
    ),
    create=extend_schema(
        operation_id="pairings_create",
        summary=_("Write a pairing down"),
        tags=["pairings"],
        request=shapes.PairingIn,
        responses={201: shapes.PairingOut},
        examples=[OpenApiExample("pairing", _EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(
        operation_id="pairings_update",
        summary=_("Change a pairing"),
        tags=["pairings"],
        request=shapes.PairingChange,
        responses={200: shapes.PairingOut},
    ),
)
class PairingViews(WritableRows):
    """Who is paired with which village. ``?reveal=phone`` on one pairing shows telephones whole, and is logged."""

    route_policy = RoutePolicy("members", "pairing", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
    model = Pairing
    serializer_class = shapes.PairingOut
    filterset_class = filters.PairingFilters
    pagination_class = PairingPages
    written, input_class, change_class = PAIRING, shapes.PairingIn, shapes.PairingChange

    def rows(self) -> QuerySet[Pairing]:
        day = self._day()
        seen = visible_pairings(self.access)
        rows = with_sides(seen if day is None else as_of(day, seen), on=day or clock.today())
        found: QuerySet[Pairing] = rows.annotate(village_pinyin=F("village__pinyin"), updated_at=updated_at(Pairing))
        return found

    def _day(self) -> date | None:
        """The day asked for with ``as_of``; None for now. Raises ValidationError for what is no day."""
        typed = self.request.query_params.get("as_of")
        if self.request.method != "GET" or typed is None:
            return None
        try:
            return serializers.DateField().to_internal_value(typed)
        except serializers.ValidationError:
            raise serializers.ValidationError({"as_of": [str(_("Write the day as year-month-day, like 2024-09-03."))]}) from None

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        pairing = self.get_object()
        context = dict(self.get_serializer_context())
        if wants_phone(request):
            for post in pairing.posts_now:
                audit.append(self.access, "phone_shown", object_kind="pairing_post", object_uid=post.uid)
            context["reveals_phone"] = True
        return Response(self.get_serializer_class()(pairing, context=context).data)


@extend_schema_view(
    list=extend_schema(operation_id="programmes_list", summary=_("Programme years"), tags=["programmes"]),
    retrieve=extend_schema(operation_id="programmes_retrieve", summary=_("One programme year"), tags=["programmes"]),
)
class ProgrammeViews(Rows):
    """Programme years, newest first."""

    route_policy = RoutePolicy("members", "programme", (("GET", "R"),))
    model = Programme
    serializer_class = shapes.ProgrammeOut
    filterset_class = filters.ProgrammeFilters
    pagination_class = ProgrammePages

    def rows(self) -> QuerySet[Programme]:
        rows: QuerySet[Programme] = Programme.objects.annotate(
            n_pairings=self._live("pk"), n_units=self._live("unit"), n_villages=self._live("village")
        )
        return rows

    def _live(self, what: str) -> Coalesce:
        """How many different ``what`` the live pairings of the outer query's programme have, of those one may see."""
        seen = live(visible_pairings(self.access)).filter(programme=OuterRef("pk")).order_by().values("programme")
        return Coalesce(Subquery(seen.annotate(n=Count(what, distinct=True)).values("n")), 0)
