"""1+1+N for programs: households on the lists of pairings, who looks after each, and taking one off."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lib.kinds.pages.places import row_for
from pairing.actions import PairingRefused
from pairing.actions.households import HouseholdFacts, change_household, delist_household, list_household
from pairing.kinds.households import HOUSEHOLD, choosable_pairings
from pairing.models import HouseholdContact
from pairing.queries.households import visible_households
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.filters import YES_NO, as_boolean, updated_at
from units.api.serializers import Ref
from units.api.views import Rows
from units.api.writing import an_object

_CONFLICTS = frozenset({"household_twice", "wrong_state"})
_FACTS = tuple(HouseholdFacts.__dataclass_fields__)
REFUSED = {
    409: OpenApiResponse(Problem, description=_("It stands against something else: household_twice, wrong_state.")),
    422: OpenApiResponse(Problem, description=_("A rule stands against it: invalid, reason_missing, before_start, future.")),
}


class HouseholdOut(serializers.Serializer[Any]):
    """One household on the list of a pairing. It is looked after from the day on which both members were named."""

    id = serializers.UUIDField(source="uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref(source="pairing.village")
    house_no = serializers.CharField()
    householder = serializers.CharField(allow_blank=True)
    unit_member = serializers.CharField(allow_blank=True)
    village_member = serializers.CharField(allow_blank=True)
    listed_on = serializers.DateField()
    covered_from = serializers.DateField(allow_null=True)
    delisted_on = serializers.DateField(allow_null=True)
    notes = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField(allow_null=True)


class HouseholdBase(serializers.Serializer[Any]):
    """What is written of a household; no identity number, no telephone."""

    house_no = serializers.CharField(max_length=40)
    householder = serializers.CharField(max_length=40, required=False, allow_blank=True)
    unit_member = serializers.CharField(max_length=40, required=False, allow_blank=True)
    village_member = serializers.CharField(max_length=40, required=False, allow_blank=True)
    notes = serializers.CharField(max_length=200, required=False, allow_blank=True)


class HouseholdIn(HouseholdBase):
    """A household to put on the list of a pairing, named by its id."""

    pairing = serializers.UUIDField()


class HouseholdChange(HouseholdBase):
    """What changes; ``reason`` stands in the history beside it."""

    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class HouseholdDelistIn(serializers.Serializer[Any]):
    """Why it leaves the list; ``on``: the first day off it, today unless told."""

    reason = serializers.CharField(max_length=200)
    on = serializers.DateField(required=False)


class HouseholdPages(CursorPages):
    """In the order of ids."""

    ordering = ("listed_on", "uid")


def _covered(rows: QuerySet[HouseholdContact], _name: str, is_covered: bool) -> QuerySet[HouseholdContact]:
    return rows.filter(covered_from__isnull=not is_covered)


def _listed(rows: QuerySet[HouseholdContact], _name: str, is_listed: bool) -> QuerySet[HouseholdContact]:
    return rows.filter(delisted_on__isnull=is_listed)


class HouseholdFilters(filters.FilterSet):
    """Parameters of the list of households."""

    pairing = filters.UUIDFilter(label=_("Id of the pairing."), field_name="pairing__uid")
    unit = filters.UUIDFilter(label=_("Id of the unit."), field_name="pairing__unit__uid")
    village = filters.UUIDFilter(label=_("Id of the village."), field_name="pairing__village__uid")
    is_covered = as_boolean(
        filters.TypedChoiceFilter(
            label=_("Those that both members look after, or the others only."),
            choices=YES_NO,
            coerce=lambda word: word == "true",
            method=_covered,
        )
    )
    is_listed = as_boolean(
        filters.TypedChoiceFilter(
            label=_("Those on a list, or those taken off only."),
            choices=YES_NO,
            coerce=lambda word: word == "true",
            method=_listed,
        )
    )


def rows_for(access: Access) -> QuerySet[HouseholdContact]:
    """The households that one may read, as the API tells them."""
    found: QuerySet[HouseholdContact] = visible_households(access).annotate(updated_at=updated_at(HouseholdContact))
    return found


def _told(access: Access, household: HouseholdContact, status: int = 200) -> Response:
    return Response(HouseholdOut(rows_for(access).get(pk=household.pk)).data, status=status)


def _refused(problem: PairingRefused) -> Response:
    body = {"code": problem.code, "message": " ".join(problem.messages)}
    return Response(body, status=409 if problem.code in _CONFLICTS else 422)


@extend_schema_view(
    list=extend_schema(operation_id="households_list", summary=_("Households (1+1+N)"), tags=["households"]),
    retrieve=extend_schema(operation_id="households_retrieve", summary=_("One household"), tags=["households"]),
    create=extend_schema(
        operation_id="households_create",
        summary=_("Put a household on the list of a pairing"),
        tags=["households"],
        request=HouseholdIn,
        responses={201: HouseholdOut, **REFUSED},
        examples=[
            OpenApiExample(
                "household",
                {
                    "pairing": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11",
                    "house_no": "12号",
                    "householder": "户主甲",
                    "unit_member": "党员甲",
                    "village_member": "党员乙",
                },
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(
        operation_id="households_update",
        summary=_("Change what is written of a household"),
        tags=["households"],
        request=HouseholdChange,
        responses={200: HouseholdOut, **REFUSED},
    ),
)
class HouseholdViews(Rows):
    """Households that one may read."""

    route_policy = RoutePolicy("members", "household", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
    model = HouseholdContact
    serializer_class = HouseholdOut
    filterset_class = HouseholdFilters
    pagination_class = HouseholdPages

    def rows(self) -> QuerySet[HouseholdContact]:
        return rows_for(self.access)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = HouseholdIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        pairing = choosable_pairings(self.access).filter(uid=values.pop("pairing")).first()
        if pairing is None:
            raise serializers.ValidationError({"pairing": [_("There is nothing with this id, or it is not open to you.")]})
        try:
            made = list_household(pairing=pairing, facts=HouseholdFacts(**values), access=self.access)
        except PairingRefused as problem:
            return _refused(problem)
        return _told(self.access, made, 201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = HouseholdChange(data=an_object(request.data), partial=True)
        given.is_valid(raise_exception=True)
        row: HouseholdContact = row_for(HOUSEHOLD, self.access, kwargs["id"], "U")
        values = dict(given.validated_data)
        reason = values.pop("reason", "")
        facts = HouseholdFacts(**{name: values.get(name, getattr(row, name)) for name in _FACTS})
        try:
            changed = change_household(household=row, facts=facts, reason=reason, access=self.access)
        except PairingRefused as problem:
            return _refused(problem)
        return _told(self.access, changed)


class HouseholdDelist(APIView):
    """Takes a household off the list; it stays readable."""

    route_policy = RoutePolicy("members", "household", (("POST", "U"),))

    @extend_schema(
        operation_id="households_delist",
        summary=_("Take a household off the list"),
        tags=["households"],
        request=HouseholdDelistIn,
        responses={200: HouseholdOut, **REFUSED},
        examples=[OpenApiExample("delist", {"reason": "外迁"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = HouseholdDelistIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        row: HouseholdContact = row_for(HOUSEHOLD, access, kwargs["id"], "U")
        try:
            gone = delist_household(household=row, access=access, **given.validated_data)
        except PairingRefused as problem:
            return _refused(problem)
        return _told(access, gone)
