"""The API's addresses of assessments: where each stands, and what it came to as far as one may see it. Read-only."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers

from assessment.models import Cycle, CycleState, Grade, UnitResult
from assessment.rights import sees_grades, sees_scores, takes_part
from assessment.stages import reached
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from units.api.serializers import Ref
from units.api.views import Rows


class ResultOut(serializers.Serializer[Any]):
    """What a unit got."""

    unit = Ref()
    grade = serializers.ChoiceField(choices=Grade.choices, source="grade_final")
    final = serializers.SerializerMethodField(help_text=_("The score; null for whoever sees grades only."))
    grade_by_score = serializers.SerializerMethodField(help_text=_("Null for whoever sees grades only."))
    limited_by_quota = serializers.SerializerMethodField(help_text=_("Null for whoever sees grades only."))

    @extend_schema_field(serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True))
    def get_final(self, row: UnitResult) -> str | None:
        return f"{row.final:.2f}" if self.context["sees_scores"] else None

    @extend_schema_field(serializers.ChoiceField(choices=Grade.choices, allow_null=True))
    def get_grade_by_score(self, row: UnitResult) -> str | None:
        return str(row.grade_by_score) if self.context["sees_scores"] else None

    @extend_schema_field(serializers.BooleanField(allow_null=True))
    def get_limited_by_quota(self, row: UnitResult) -> bool | None:
        return row.limited_by_quota if self.context["sees_scores"] else None


class AssessmentOut(serializers.Serializer[Any]):
    """One year's assessment of a programme."""

    id = serializers.UUIDField(source="uid")
    programme = serializers.UUIDField(source="programme.uid")
    year = serializers.IntegerField()
    title = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(choices=CycleState.choices)
    rubric_code = serializers.CharField(source="rubric.code")
    rubric_version = serializers.IntegerField(source="rubric.number")
    self_report_until = serializers.DateField(allow_null=True)
    public_from = serializers.DateField(allow_null=True)
    public_to = serializers.DateField(allow_null=True)
    results = serializers.SerializerMethodField(
        help_text=_("Units in administrative order. Null before publication, but for the county and its auditors.")
    )

    @extend_schema_field(ResultOut(many=True, allow_null=True))
    def get_results(self, cycle: Cycle) -> Any:
        access: Access = self.context["access"]
        if not (sees_grades(access, cycle) and reached(cycle.state, CycleState.DECISION)):
            return None
        return ResultOut(cycle.told_results, many=True, context={"sees_scores": sees_scores(access)}).data  # type: ignore[attr-defined]


class AssessmentPages(CursorPages):
    """By year, the newest first."""

    ordering = ("-year", "-uid")


@extend_schema_view(
    list=extend_schema(operation_id="assessments_list", summary=_("Assessments"), tags=["assessments"]),
    retrieve=extend_schema(operation_id="assessments_retrieve", summary=_("One assessment"), tags=["assessments"]),
)
class AssessmentViews(Rows):
    """Assessments with their stage; grades from the day of publication, scores for the county only."""

    route_policy = RoutePolicy("members", None, (), "Each role sees of assessments what the policy table says, maybe nothing.")
    model = Cycle
    serializer_class = AssessmentOut
    pagination_class = AssessmentPages

    def rows(self) -> QuerySet[Cycle]:
        if not takes_part(self.access):
            nothing: QuerySet[Cycle] = Cycle.objects.none()
            return nothing
        told = UnitResult.objects.select_related("unit").order_by("unit__pinyin", "unit_id")
        rows: QuerySet[Cycle] = Cycle.objects.select_related("programme", "rubric").prefetch_related(
            Prefetch("results", told, to_attr="told_results")
        )
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "access": None if getattr(self, "swagger_fake_view", False) else self.access}
