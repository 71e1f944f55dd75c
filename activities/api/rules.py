"""Rules for programs: read with all their versions; drafting, publishing and switching."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters as filters
from django.db.models import Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.actions import rules as actions
from activities.actions.refusals import Refused
from activities.actions.terms import TERM_FIELDS
from activities.models import ActivityType, Rule, RuleTerms
from activities.queries.rule_words import asks
from activities.queries.rules import in_force, published, versions_of
from pairing.api.serializers import ProgrammeRef
from tenancy import clock
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.filters import yes_no
from units.api.views import Rows
from units.api.writing import an_object

_CONFLICTS = frozenset({"already_done", "draft_waits", "not_found"})
REFUSED = {
    409: OpenApiResponse(Problem, description=_("Another state stands against it: already_done, draft_waits, not_found.")),
    422: OpenApiResponse(Problem, description=_("The values cannot be: invalid, outside, unchanged; fields says which.")),
}


def refused(problem: Refused) -> Response:
    """A refusal: 409 for what stands against another state, 422 for values that cannot be."""
    body: dict[str, Any] = {"code": problem.code, "message": " ".join(problem.messages)}
    if hasattr(problem, "error_dict"):
        body["fields"] = problem.message_dict
    return Response(body, status=409 if problem.code in _CONFLICTS else 422)


class RuleTermsIn(serializers.ModelSerializer):
    """What a version says. Left out: as in the version in force on its first day."""

    effective_from = serializers.DateField(required=False, help_text=_("Left out: today."))

    class Meta:
        model = RuleTerms
        fields = (*TERM_FIELDS, "effective_from")


class RuleTermsOut(serializers.ModelSerializer):
    """A version of a rule."""

    id = serializers.UUIDField(source="uid")

    class Meta:
        model = RuleTerms
        fields = ("id", "number", *TERM_FIELDS, "effective_from", "effective_to", "reason", "published_at")


class RuleOut(serializers.Serializer):
    """A rule of a programme year, with its published versions, oldest first."""

    id = serializers.UUIDField(source="uid")
    programme = ProgrammeRef()
    code = serializers.CharField()
    name = serializers.CharField()
    is_active = serializers.BooleanField()
    within = serializers.CharField(help_text=_("Code of the rule whose records it shares, or empty."))
    asks = serializers.SerializerMethodField(help_text=_("What the version in force today asks, in words."))
    terms = serializers.SerializerMethodField()
    draft = serializers.SerializerMethodField(help_text=_("The version that is being drafted; told to county staff only."))

    def get_asks(self, rule: Rule) -> str:
        terms = in_force(versions_of(rule), clock.today())
        types: dict[str, str] = {one.code: one.name for one in rule.programme.types_told}  # type: ignore[attr-defined]
        return asks(terms, types) if terms else ""

    @extend_schema_field(RuleTermsOut(many=True))
    def get_terms(self, rule: Rule) -> Any:
        return RuleTermsOut(versions_of(rule), many=True).data

    @extend_schema_field(RuleTermsOut(allow_null=True))
    def get_draft(self, rule: Rule) -> Any:
        drafts: list[RuleTerms] = rule.drafts if self.context.get("sees_drafts") else []  # type: ignore[attr-defined]
        return RuleTermsOut(drafts[0]).data if drafts else None


class RulePages(CursorPages):
    """In the order of the plan."""

    ordering = ("position", "uid")


class RuleFilters(filters.FilterSet):
    """Parameters of the list of rules."""

    programme = filters.UUIDFilter(label=_("Id of the programme year."), field_name="programme__uid")
    year = filters.NumberFilter(label=_("Programme year."), field_name="programme__year", min_value=2000, max_value=2100)
    is_active = yes_no(_("In use only, or the others only."), "is_active")


def rows_of_rules() -> QuerySet[Rule]:
    """Rules with their versions and the year's types; four queries, however many."""
    rows: QuerySet[Rule] = Rule.objects.select_related("programme").prefetch_related(
        Prefetch("terms", published(), to_attr="versions_published"),
        Prefetch("terms", RuleTerms.objects.filter(published_at=None), to_attr="drafts"),
        Prefetch("programme__activity_types", ActivityType.objects.all(), to_attr="types_told"),
    )
    return rows


def _told(access: Access, rule: Rule) -> Response:
    context = {"sees_drafts": access.can("programme", "U")}
    return Response(RuleOut(rows_of_rules().get(pk=rule.pk), context=context).data)


@extend_schema_view(
    list=extend_schema(operation_id="rules_list", summary=_("Rules"), tags=["rules"]),
    retrieve=extend_schema(operation_id="rules_retrieve", summary=_("One rule with its versions"), tags=["rules"]),
)
class RuleViews(Rows):
    """What is owed in a programme year."""

    route_policy = RoutePolicy("members", "programme", (("GET", "R"),))
    model = Rule
    serializer_class = RuleOut
    filterset_class = RuleFilters
    pagination_class = RulePages

    def rows(self) -> QuerySet[Rule]:
        return rows_of_rules()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "sees_drafts": self.access.can("programme", "U")}


class RulePublishIn(serializers.Serializer):
    """From when the draft is in force, and why."""

    effective_from = serializers.DateField()
    reason = serializers.CharField(max_length=200)


class RuleSwitchIn(serializers.Serializer):
    """Whether the rule is to be in use."""

    is_active = serializers.BooleanField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


def _draft(rule: Rule, given: dict[str, Any], access: Access) -> None:
    day = given.pop("effective_from", None)
    actions.draft_terms(rule=rule, changes=given, effective_from=day, actor=access.actor)


def _publish(rule: Rule, given: dict[str, Any], access: Access) -> None:
    actions.publish_draft(rule=rule, **given, actor=access.actor)


def _switch(rule: Rule, given: dict[str, Any], access: Access) -> None:
    actions.switch_rule(rule=rule, **given, actor=access.actor)


class RuleStep(APIView):
    """One deed with a rule: the rule as it is afterwards, or the refusal with its code."""

    input_class: ClassVar[type[serializers.Serializer]]
    run: ClassVar[Callable[..., None]]

    def answer(self, uid: Any) -> Response:
        access: Access = self.request._request.access  # type: ignore[attr-defined]
        given = self.input_class(data=an_object(self.request.data), partial=self.input_class is RuleTermsIn)
        given.is_valid(raise_exception=True)
        rule: Rule | None = Rule.objects.select_related("programme").filter(uid=uid).first()
        if rule is None:
            raise Http404
        try:
            type(self).run(rule, dict(given.validated_data), access)
        except Refused as problem:
            return refused(problem)
        return _told(access, rule)


def _step(
    code: str, right: str, shape: type[serializers.Serializer], run: Callable[..., None], summary: Any, example: dict[str, Any]
) -> type[RuleStep]:
    @extend_schema(
        operation_id=f"rules_{code}",
        summary=summary,
        tags=["rules"],
        request=shape,
        responses={200: RuleOut, **REFUSED},
        examples=[OpenApiExample(code, example, request_only=True)],
    )
    def post(self: RuleStep, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(kwargs["id"])

    told: dict[str, Any] = {
        "route_policy": RoutePolicy("members", "programme", (("POST", right),)),
        "input_class": shape,
        "run": staticmethod(run),
        "post": post,
    }
    return type(f"Rule{code.title()}", (RuleStep,), told)


_DAY = {"effective_from": "2025-01-01", "reason": "区委调整"}
STEPS: dict[str, type[RuleStep]] = {
    "terms": _step("terms", "U", RuleTermsIn, _draft, _("Draft the next version of a rule"), {"minimum": 2}),
    "publish": _step("publish", "X", RulePublishIn, _publish, _("Put the draft of a rule in force"), _DAY),
    "switch": _step("switch", "X", RuleSwitchIn, _switch, _("Put a rule to use or out of use"), {"is_active": False}),
}
