"""A programme year for programs: the years of the floor below, and of one its types and rules too."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from activities.api.rules import RuleOut, rows_of_rules
from activities.models import ActivityType, Carrier
from pairing.api.serializers import ProgrammeOut
from pairing.api.views import ProgrammeViews as YearViews
from pairing.models import Programme


class TypeOut(serializers.Serializer[Any]):
    """A type of record of the year."""

    code = serializers.CharField()
    name = serializers.CharField()
    carrier = serializers.ChoiceField(choices=Carrier.choices)
    content_class = serializers.CharField(source="content_class.code", default="")
    is_active = serializers.BooleanField()


class ProgrammeDetailOut(ProgrammeOut):
    """A programme year with its types and its rules, in the order of the plan."""

    types = serializers.SerializerMethodField()
    rules = serializers.SerializerMethodField()

    @extend_schema_field(TypeOut(many=True))
    def get_types(self, programme: Programme) -> Any:
        rows = ActivityType.objects.filter(programme=programme).select_related("content_class").order_by("position", "id")
        return TypeOut(rows, many=True).data

    @extend_schema_field(RuleOut(many=True))
    def get_rules(self, programme: Programme) -> Any:
        rows = rows_of_rules().filter(programme=programme).order_by("position", "id")
        return RuleOut(rows, many=True, context=self.context).data


@extend_schema_view(
    list=extend_schema(operation_id="programmes_list", summary=_("Programme years"), tags=["programmes"]),
    retrieve=extend_schema(
        operation_id="programmes_retrieve",
        summary=_("One programme year with its types and rules"),
        tags=["programmes"],
        responses={200: ProgrammeDetailOut},
    ),
)
class ProgrammeViews(YearViews):
    """Programme years, newest first."""

    def get_serializer_class(self) -> Any:
        return ProgrammeDetailOut if self.action == "retrieve" else super().get_serializer_class()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "sees_drafts": self.access.can("programme", "U")}
