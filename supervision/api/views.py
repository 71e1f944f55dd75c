"""The API's addresses for warnings and findings."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from supervision.models import Finding, FindingSource, FindingState, Warning, WarningLevel
from supervision.queries import visible_findings, visible_warnings
from tenancy.access import RoutePolicy
from tenancy.api import CursorPages
from units.api.serializers import Ref
from units.api.views import Rows


class WarningPages(CursorPages):
    """The newest proposal first."""

    ordering = ("-proposed_on", "-uid")


class FindingPages(CursorPages):
    """The newest finding first."""

    ordering = ("-issued_on", "-uid")


class _OfPairing(filters.FilterSet):
    pairing = filters.UUIDFilter(label=_("Id of the pairing."), field_name="pairing__uid")


class WarningFilters(_OfPairing):
    """Parameters of the list of warnings."""

    level = filters.ChoiceFilter(label=_("Yellow or red."), choices=WarningLevel.choices)


class FindingFilters(_OfPairing):
    """Parameters of the list of findings."""

    state = filters.ChoiceFilter(label=_("How far it has come."), choices=FindingState.choices)


class WarningOut(serializers.Serializer[Any]):
    """A warning to the unit of a pairing. Without ``signed_on`` it is a proposal, which only the county's staff read."""

    id = serializers.UUIDField(source="uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref(source="pairing.village")
    level = serializers.ChoiceField(choices=WarningLevel.choices)
    reason = serializers.CharField()
    doc_no = serializers.CharField(allow_blank=True)
    proposed_on = serializers.DateField()
    signed_on = serializers.DateField(allow_null=True)
    signed_name = serializers.CharField(allow_blank=True)
    answer_due_on = serializers.DateField(allow_null=True)
    answered_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)
    withdrawn_on = serializers.DateField(allow_null=True)
    withdrawn_because = serializers.CharField(allow_blank=True)


class FindingOut(serializers.Serializer[Any]):
    """A finding, to be rectified by a day."""

    id = serializers.UUIDField(source="uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref(source="pairing.village")
    number = serializers.CharField()
    source = serializers.ChoiceField(choices=FindingSource.choices)  # type: ignore[assignment]
    content = serializers.CharField()
    state = serializers.ChoiceField(choices=FindingState.choices)
    issued_on = serializers.DateField()
    due_on = serializers.DateField()
    extension_until = serializers.DateField(allow_null=True)
    extension_because = serializers.CharField(allow_blank=True)
    extension_answer = serializers.CharField(allow_blank=True)
    measures = serializers.CharField(allow_blank=True)
    submitted_on = serializers.DateField(allow_null=True)
    sent_back_because = serializers.CharField(allow_blank=True)
    closed_on = serializers.DateField(allow_null=True)
    checker = serializers.CharField(allow_blank=True)


@extend_schema_view(
    list=extend_schema(operation_id="warnings_list", summary=_("Warnings"), tags=["supervision"]),
    retrieve=extend_schema(operation_id="warnings_retrieve", summary=_("One warning"), tags=["supervision"]),
)
class WarningViews(Rows):
    """Warnings that one may read."""

    route_policy = RoutePolicy("members", "warning", (("GET", "R"),))
    model = Warning
    serializer_class = WarningOut
    filterset_class = WarningFilters
    pagination_class = WarningPages

    def rows(self) -> QuerySet[Warning]:
        return visible_warnings(self.access)


@extend_schema_view(
    list=extend_schema(operation_id="findings_list", summary=_("Findings"), tags=["supervision"]),
    retrieve=extend_schema(operation_id="findings_retrieve", summary=_("One finding"), tags=["supervision"]),
)
class FindingViews(Rows):
    """Findings that one may read."""

    route_policy = RoutePolicy("members", "inspection", (("GET", "R"),))
    model = Finding
    serializer_class = FindingOut
    filterset_class = FindingFilters
    pagination_class = FindingPages

    def rows(self) -> QuerySet[Finding]:
        return visible_findings(self.access)
