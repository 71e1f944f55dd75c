"""Waivers for programs: reading, adding, withdrawing."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.actions import waivers as actions
from activities.api.rules import REFUSED, refused
from activities.models import Waiver, WaiverScope
from pairing.api.serializers import ProgrammeRef
from pairing.models import Pairing, Programme
from pairing.queries import visible_pairings
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from units.api.filters import YES_NO, as_boolean
from units.api.serializers import Ref
from units.api.views import Rows
from units.api.writing import an_object
from units.models import Unit
from units.queries import visible_towns


class WaiverOut(serializers.Serializer):
    """Days on which nothing is asked."""

    id = serializers.UUIDField(source="uid")
    programme = ProgrammeRef()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    scope = serializers.ChoiceField(choices=WaiverScope.choices)
    town = Ref(allow_null=True)
    pairing = serializers.UUIDField(source="pairing.uid", allow_null=True, default=None)
    rules = serializers.ListField(child=serializers.CharField(), help_text=_("Codes of rules; empty: all of them."))
    reason = serializers.CharField()
    approver = serializers.CharField(allow_blank=True)
    doc_no = serializers.CharField(allow_blank=True)
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    withdrawn_because = serializers.CharField(allow_blank=True)


class WaiverIn(serializers.Serializer):
    """A waiver. ``town`` and ``pairing`` by their ids, as the scope asks."""

    programme = serializers.UUIDField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    scope = serializers.ChoiceField(choices=WaiverScope.choices, default=WaiverScope.ALL)
    town = serializers.UUIDField(required=False, allow_null=True)
    pairing = serializers.UUIDField(required=False, allow_null=True)
    rules = serializers.ListField(child=serializers.SlugField(max_length=30), required=False, max_length=50)
    reason = serializers.CharField(max_length=200)
    approver = serializers.CharField(max_length=60, required=False, allow_blank=True)
    doc_no = serializers.CharField(max_length=60, required=False, allow_blank=True)


class WaiverWithdrawIn(serializers.Serializer):
    """Why it is taken back."""

    reason = serializers.CharField(max_length=200)


class WaiverPages(CursorPages):
    """The latest first."""

    ordering = ("-starts_on", "-uid")


class WaiverFilters(filters.FilterSet):
    """Parameters of the list of waivers."""

    programme = filters.UUIDFilter(label=_("Id of the programme year."), field_name="programme__uid")
    is_live = as_boolean(
        filters.TypedChoiceFilter(
            label=_("Those that hold only, or the withdrawn only."),
            choices=YES_NO,
            coerce=lambda word: word == "true",
            field_name="withdrawn_at",
            lookup_expr="isnull",
        )
    )


def _rows() -> QuerySet[Waiver]:
    rows: QuerySet[Waiver] = Waiver.objects.select_related("programme", "town", "pairing")
    return rows


@extend_schema_view(
    list=extend_schema(operation_id="waivers_list", summary=_("Waivers"), tags=["rules"]),
    retrieve=extend_schema(operation_id="waivers_retrieve", summary=_("One waiver"), tags=["rules"]),
    create=extend_schema(
        operation_id="waivers_create",
        summary=_("Write a waiver down"),
        tags=["rules"],
        request=WaiverIn,
        responses={201: WaiverOut, **REFUSED},
        examples=[
            OpenApiExample(
                "typhoon",
                {
                    "programme": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11",
                    "starts_on": "2024-11-11",
                    "ends_on": "2024-11-17",
                    "scope": "all",
                    "reason": "台风",
                },
                request_only=True,
            )
        ],
    ),
)
class WaiverViews(Rows):
    """Days on which nothing is asked; withdrawn ones stay readable."""

    route_policy = RoutePolicy("members", "programme", (("GET", "R"), ("POST", "U")))
    model = Waiver
    serializer_class = WaiverOut
    filterset_class = WaiverFilters
    pagination_class = WaiverPages

    def rows(self) -> QuerySet[Waiver]:
        return _rows()

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = WaiverIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        programme, town, pairing = values.pop("programme"), values.pop("town", None), values.pop("pairing", None)
        facts = actions.WaiverFacts(
            programme=_found(Programme.objects.filter(uid=programme), "programme"),
            town=_found(visible_towns(self.access).filter(uid=town), "town") if town else None,
            pairing=_found(visible_pairings(self.access).filter(uid=pairing), "pairing") if pairing else None,
            **values,
        )
        try:
            waiver = actions.add_waiver(facts=facts, actor=self.access.actor)
        except actions.WaiverRefused as problem:
            return refused(problem)
        return Response(WaiverOut(_rows().get(pk=waiver.pk)).data, status=201)


def _found(rows: QuerySet[Any], name: str) -> Any:
    row: Programme | Pairing | Unit | None = rows.first()
    if row is None:
        raise serializers.ValidationError({name: [_("There is nothing with this id, or it is not open to you.")]})
    return row


class WaiverWithdraw(APIView):
    """Takes a waiver back."""

    route_policy = RoutePolicy("members", "programme", (("POST", "U"),))

    @extend_schema(
        operation_id="waivers_withdraw",
        summary=_("Take a waiver back"),
        tags=["rules"],
        request=WaiverWithdrawIn,
        responses={200: WaiverOut, **REFUSED},
        examples=[OpenApiExample("withdraw", {"reason": "误填"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = WaiverWithdrawIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        waiver: Waiver | None = Waiver.objects.filter(uid=kwargs["id"]).first()
        if waiver is None:
            raise Http404
        try:
            actions.withdraw_waiver(waiver=waiver, reason=given.validated_data["reason"], actor=access.actor)
        except actions.WaiverRefused as problem:
            return refused(problem)
        return Response(WaiverOut(_rows().get(pk=waiver.pk)).data)
