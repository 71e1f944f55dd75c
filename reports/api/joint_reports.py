"""The API's addresses of quarterly joint reports: read, drafted, edited and signed by the actions of the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.models import AuthorSide
from lib.periods import period_named, period_of
from pairing.queries import visible_pairings
from reports.actions import joint_reports as actions
from reports.forms.joint_reports import LONGEST
from reports.models import JointReport, JointReportState
from reports.queries import joint_reports as queries
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.serializers import Ref
from units.api.views import Rows
from units.api.writing import an_object

# What stands against something that somebody else has done meanwhile.
_CONFLICTS = frozenset({"changed", "closed", "signed_already"})
_REFUSED = {
    409: OpenApiResponse(Problem, description=_("Somebody was faster: changed, closed, signed_already.")),
    422: OpenApiResponse(
        Problem, description=_("A rule stands against it: not_yours, not_over, not_active, one_hand, basis_missing …")
    ),
}


class JointReportPages(CursorPages):
    """The newest quarter first."""

    ordering = ("-quarter", "-uid")


class JointReportFilters(filters.FilterSet):
    """Parameters of the list."""

    pairing = filters.UUIDFilter(label=_("Id of the pairing."), field_name="pairing__uid")
    state = filters.ChoiceFilter(label=_("How far it has come."), choices=JointReportState.choices)


class JointReportOut(serializers.Serializer[Any]):
    """A quarter of a pairing in words. Signed by both it is a record."""

    id = serializers.UUIDField(source="uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref(source="pairing.village")
    quarter = serializers.SerializerMethodField(help_text=_("2024-Q4"))
    state = serializers.ChoiceField(choices=JointReportState.choices)
    text = serializers.CharField()
    footnotes = serializers.ListField(child=serializers.UUIDField(), help_text=_("Ids of the records that [1], [2] … name."))
    seen = serializers.SerializerMethodField(help_text=_("To be sent back by who edits or signs: which words were read."))
    signed_from = serializers.SerializerMethodField(help_text=_("The first day on which it may be signed."))
    unit_signed_on = serializers.DateField(allow_null=True)
    unit_signed_name = serializers.CharField(allow_blank=True)
    village_signed_on = serializers.DateField(allow_null=True)
    village_signed_name = serializers.CharField(allow_blank=True)
    record = serializers.UUIDField(source="record.uid", allow_null=True, default=None)

    @extend_schema_field(OpenApiTypes.STR)
    def get_quarter(self, row: JointReport) -> str:
        return period_of("quarter", row.quarter).code

    @extend_schema_field(OpenApiTypes.STR)
    def get_seen(self, row: JointReport) -> str:
        return queries.seen(row)

    @extend_schema_field(OpenApiTypes.DATE)
    def get_signed_from(self, row: JointReport) -> str:
        return queries.signed_from(row.pairing, row.quarter).isoformat()


class JointReportDraftIn(serializers.Serializer[Any]):
    """Which quarter of which pairing; drafted anew when there is one that is not submitted."""

    pairing = serializers.UUIDField()
    quarter = serializers.CharField(max_length=10, help_text=_("2024-Q4"))

    def validate_quarter(self, value: str) -> Any:
        try:
            span = period_named(value)
        except ValueError:
            span = None
        if span is None or span.kind != "quarter":
            raise serializers.ValidationError(_("Write the quarter as 2024-Q4."))
        return span.starts_on


class JointReportEditIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST, trim_whitespace=False)
    seen = serializers.CharField(max_length=16)


class JointReportSignIn(serializers.Serializer[Any]):
    """``side`` and ``basis`` only by who signs for a side as its superior."""

    seen = serializers.CharField(max_length=16)
    side = serializers.ChoiceField(
        choices=[(AuthorSide.UNIT.value, AuthorSide.UNIT.label), (AuthorSide.VILLAGE.value, AuthorSide.VILLAGE.label)],
        required=False,
    )
    basis = serializers.CharField(max_length=200, required=False, allow_blank=True)


def _rows(access: Access) -> QuerySet[JointReport]:
    rows: QuerySet[JointReport] = JointReport.objects.filter(pairing__in=visible_pairings(access))
    return rows.select_related("pairing__unit", "pairing__village__parent", "record")


def _done(deed: Callable[[], JointReport], access: Access, status: int = 200) -> Response:
    """The report as it is afterwards, or the refusal with its code."""
    try:
        with transaction.atomic():
            report = deed()
    except ValidationError as refused:
        code = str(getattr(refused, "code", "") or "invalid")
        body = {"code": code, "message": " ".join(refused.messages)}
        return Response(body, status=409 if code in _CONFLICTS else 422)
    return Response(JointReportOut(_rows(access).get(pk=report.pk)).data, status=status)


@extend_schema_view(
    list=extend_schema(operation_id="joint_reports_list", summary=_("Quarterly joint reports"), tags=["joint-reports"]),
    retrieve=extend_schema(operation_id="joint_reports_retrieve", summary=_("One joint report"), tags=["joint-reports"]),
)
class JointReportViews(Rows):
    """Joint reports of the pairings that one sees; POST drafts one."""

    route_policy = RoutePolicy("members", "record", (("GET", "R"), ("POST", "C")))
    model = JointReport
    serializer_class = JointReportOut
    filterset_class = JointReportFilters
    pagination_class = JointReportPages

    def rows(self) -> QuerySet[JointReport]:
        return _rows(self.access)

    @extend_schema(
        operation_id="joint_reports_draft",
        summary=_("Draft a quarter's report from both sides' confirmed records"),
        tags=["joint-reports"],
        request=JointReportDraftIn,
        responses={201: JointReportOut, **_REFUSED},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = JointReportDraftIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        rows = visible_pairings(self.access).select_related("programme", "unit", "village__parent")
        pairing = get_object_or_404(rows, uid=given.validated_data["pairing"])
        quarter = given.validated_data["quarter"]
        return _done(lambda: actions.draft_report(access=self.access, pairing=pairing, quarter=quarter), self.access, 201)


class _Step(APIView):
    route_policy = RoutePolicy("members", "record", (("POST", "C"),))

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def _report(self, uid: Any) -> JointReport:
        found: JointReport = get_object_or_404(_rows(self.access), uid=uid)
        return found


class JointReportEdit(_Step):
    """Write the text anew; signatures under the old words go."""

    @extend_schema(
        operation_id="joint_reports_edit",
        summary=_("Edit a joint report"),
        tags=["joint-reports"],
        request=JointReportEditIn,
        responses={200: JointReportOut, **_REFUSED},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = JointReportEditIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        report = self._report(kwargs["id"])
        return _done(lambda: actions.edit_report(access=self.access, report=report, **given.validated_data), self.access)


class JointReportSign(_Step):
    """Sign for one's own side; the second signature submits the report."""

    @extend_schema(
        operation_id="joint_reports_sign",
        summary=_("Sign a joint report"),
        tags=["joint-reports"],
        request=JointReportSignIn,
        responses={200: JointReportOut, **_REFUSED},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = JointReportSignIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        report = self._report(kwargs["id"])
        return _done(lambda: actions.sign_report(access=self.access, report=report, **given.validated_data), self.access)
