"""The API's addresses for units, villages, towns and people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from lib.kinds.declare import Kind
from tenancy.access import Access, RoutePolicy
from units.actions import show_phone
from units.api import filters, writing
from units.api import serializers as shapes
from units.kinds.organisations import UNIT
from units.kinds.people import PERSON
from units.kinds.villages import VILLAGE
from units.models import Person, Unit
from units.queries import visible_people, visible_towns, visible_units, visible_villages
from units.queries.units import live_lists

READ = RoutePolicy("members", "unit", (("GET", "R"),))
WRITE = RoutePolicy("members", "unit", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
_VILLAGE_EXAMPLE = {"name": "荷垌村", "town": "0b9bd0f4-6a3c-4a2b-9a55-0d2f4c1f9a10", "kind": "village"}
_REVEAL = OpenApiParameter(
    "reveal",
    OpenApiTypes.STR,
    enum=["phone"],
    description=_("phone: telephones whole instead of masked. Each look is logged."),
)


class Rows(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """A list and one row of it, by public id."""

    lookup_field = "uid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    model: ClassVar[type[Model]]

    def rows(self) -> QuerySet[Any]:
        """What the asking account may read, with what the serializer needs."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        # While the API describes itself nobody asks, and no county is in scope.
        return self.model._base_manager.none() if getattr(self, "swagger_fake_view", False) else self.rows()

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def filter_queryset(self, queryset: Any) -> Any:
        # Parameters narrow the list; one row is found whatever they say.
        return super().filter_queryset(queryset) if self.action == "list" else queryset


class WritableRows(Rows):
    """Rows that may also be made and changed, through a kind's form and actions."""

    written: ClassVar[Kind]
    input_class: ClassVar[type[serializers.Serializer]]
    change_class: ClassVar[type[serializers.Serializer]]
    # What the API calls a form field, where the two differ.
    names: ClassVar[Mapping[str, str]] = {}

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.input_class(data=writing.an_object(request.data))
        given.is_valid(raise_exception=True)
        row = writing.create(self.written, self.access, given.validated_data, self.names)
        return self._answer(row.uid, 201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = self.change_class(data=writing.an_object(request.data), partial=True)
        given.is_valid(raise_exception=True)
        row = writing.update(self.written, self.access, kwargs["id"], given.validated_data, self.names)
        return self._answer(row.uid, 200)

    def _answer(self, uid: Any, status: int) -> Response:
        row = self.get_queryset().get(uid=uid)
        return Response(self.get_serializer(row).data, status=status)


def _dated(rows: QuerySet[Any]) -> QuerySet[Any]:
    found: QuerySet[Any] = rows.select_related("parent").annotate(updated_at=filters.updated_at(rows.model))
    return found


@extend_schema_view(
    list=extend_schema(operation_id="units_list", summary=_("Units"), tags=["units"]),
    retrieve=extend_schema(operation_id="units_retrieve", summary=_("One unit"), tags=["units"]),
    create=extend_schema(
        operation_id="units_create",
        summary=_("Write a unit down"),
        tags=["units"],
        request=shapes.UnitIn,
        responses={201: shapes.UnitOut},
        examples=[OpenApiExample("unit", {"name": "高州市林业局", "nature": "administrative"}, request_only=True)],
    ),
    partial_update=extend_schema(
        operation_id="units_update", summary=_("Change a unit"), tags=["units"], request=shapes.UnitChange,
        responses={200: shapes.UnitOut},
    ),
)  # fmt: skip
class UnitViews(WritableRows):
    """Offices, institutions, enterprises, external partners; with ``kind`` also Party organisations and village groups."""

    route_policy = WRITE
    model = Unit
    serializer_class = shapes.UnitOut
    filterset_class = filters.UnitFilters
    written, input_class, change_class = UNIT, shapes.UnitIn, shapes.UnitChange

    def rows(self) -> QuerySet[Unit]:
        return _dated(visible_units(self.access).filter(kind__in=filters.UnitFilters.KINDS))


@extend_schema_view(
    list=extend_schema(operation_id="villages_list", summary=_("Villages and communities"), tags=["villages"]),
    retrieve=extend_schema(operation_id="villages_retrieve", summary=_("One village"), tags=["villages"]),
    create=extend_schema(
        operation_id="villages_create",
        summary=_("Write a village down"),
        tags=["villages"],
        request=shapes.VillageIn,
        responses={201: shapes.VillageOut},
        examples=[OpenApiExample("village", _VILLAGE_EXAMPLE, request_only=True)],
    ),
    partial_update=extend_schema(
        operation_id="villages_update", summary=_("Change a village"), tags=["villages"], request=shapes.VillageChange,
        responses={200: shapes.VillageOut},
    ),
)  # fmt: skip
class VillageViews(WritableRows):
    """Villages and communities, with town and the lists they stand on."""

    route_policy = WRITE
    model = Unit
    serializer_class = shapes.VillageOut
    filterset_class = filters.VillageFilters
    written, input_class, change_class = VILLAGE, shapes.VillageIn, shapes.VillageChange
    names = {"town": "parent"}

    def rows(self) -> QuerySet[Unit]:
        found: QuerySet[Unit] = _dated(visible_villages(self.access)).annotate(designations=live_lists())
        return found

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "sees_designations": self.access.can("designation", "R")}


@extend_schema_view(
    list=extend_schema(operation_id="towns_list", summary=_("Towns"), tags=["towns"]),
    retrieve=extend_schema(operation_id="towns_retrieve", summary=_("One town"), tags=["towns"]),
)
class TownViews(Rows):
    """Towns (镇、街道)."""

    route_policy = READ
    model = Unit
    serializer_class = shapes.TownOut
    filterset_class = filters.TownFilters

    def rows(self) -> QuerySet[Unit]:
        return _dated(visible_towns(self.access))


@extend_schema_view(
    list=extend_schema(operation_id="people_list", summary=_("People"), tags=["people"]),
    retrieve=extend_schema(operation_id="people_retrieve", summary=_("One person"), tags=["people"], parameters=[_REVEAL]),
    create=extend_schema(
        operation_id="people_create",
        summary=_("Write somebody down"),
        tags=["people"],
        request=shapes.PersonIn,
        responses={201: shapes.PersonOut},
        examples=[OpenApiExample("person", {"name": "组长甲", "phone": "13900001234"}, request_only=True)],
    ),
    partial_update=extend_schema(
        operation_id="people_update", summary=_("Change a person"), tags=["people"], request=shapes.PersonChange,
        responses={200: shapes.PersonOut},
    ),
)  # fmt: skip
class PersonViews(WritableRows):
    """People with their offices. Telephones are masked; ``?reveal=phone`` on one person shows them, and is logged."""

    route_policy = WRITE
    model = Person
    serializer_class = shapes.PersonOut
    filterset_class = filters.PersonFilters
    written, input_class, change_class = PERSON, shapes.PersonIn, shapes.PersonChange

    def rows(self) -> QuerySet[Person]:
        posts = filters.posts_seen(self.access).select_related("unit").order_by("kind", "id")
        found: QuerySet[Person] = (
            visible_people(self.access)
            .prefetch_related(Prefetch("posts", posts, to_attr="posts_now"))
            .annotate(updated_at=filters.updated_at(Person))
        )
        return found

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        person = self.get_object()
        context = dict(self.get_serializer_context())
        if wants_phone(request):
            show_phone(access=self.access, of=person)
            context["reveals_phone"] = True
        return Response(self.get_serializer_class()(person, context=context).data)


def wants_phone(request: Request) -> bool:
    """Whether telephones are asked for whole. Raises ValidationError for another word."""
    word = request.query_params.get("reveal")
    if word not in (None, "phone"):
        raise exceptions.ValidationError({"reveal": [str(_("Write phone, or leave it out."))]})
    return word == "phone"
