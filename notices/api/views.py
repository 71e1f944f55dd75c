"""The API's addresses of the inbox."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as django_filters
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from notices import actions, queries
from notices.api import serializers as shapes
from notices.models import Notice
from tenancy.access import RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api import writing
from units.api.views import Rows


class InboxPages(CursorPages):
    """Newest first."""

    ordering = ("-sent_at", "uid")


class InboxFilters(django_filters.FilterSet):
    """Which of one's own messages."""

    level = django_filters.ChoiceFilter(choices=[("0", "0"), ("1", "1")], help_text=_("0 due soon, 1 overdue."))
    unread = django_filters.BooleanFilter(field_name="read_at", lookup_expr="isnull", help_text=_("Only unread, or only read."))

    class Meta:
        model = Notice
        fields: list[str] = []


class NotAnswerable(exceptions.APIException):
    """The message was answered before, or is one that asks for no answer."""

    status_code = 409
    default_code = "already_done"


@extend_schema_view(
    list=extend_schema(operation_id="inbox_list", summary=_("One's own messages"), tags=["inbox"]),
    retrieve=extend_schema(operation_id="inbox_retrieve", summary=_("One of one's own messages"), tags=["inbox"]),
)
class InboxViews(Rows):
    """Messages to the asking account's person, newest first; what a digest holds stands beside it, with ``in_digest``."""

    route_policy = RoutePolicy("members", None, (), "one's own messages")
    model = Notice
    serializer_class = shapes.NoticeOut
    filterset_class = InboxFilters
    pagination_class = InboxPages

    def rows(self) -> QuerySet[Notice]:
        rows: QuerySet[Notice] = queries.own_notices(self.access).annotate(in_digest_uid=F("in_digest__uid"))
        return rows

    def get_serializer_context(self) -> dict[str, Any]:
        slug = "" if getattr(self, "swagger_fake_view", False) else self.access.tenant.slug
        return {**super().get_serializer_context(), "slug": slug}

    @extend_schema(
        operation_id="inbox_answer",
        summary=_("Answer a reminder"),
        tags=["inbox"],
        request=shapes.AnswerIn,
        responses={200: shapes.NoticeOut, 409: Problem},
        examples=[OpenApiExample("answer", {"text": "已知,台风后补做。", "promise_on": "2024-11-22"}, request_only=True)],
    )
    @action(detail=True, methods=["post"])
    def answer(self, request: Request, **kwargs: Any) -> Response:
        """Explain, or name the day by which it will be done; once."""
        notice = self.get_object()
        given = shapes.AnswerIn(data=writing.an_object(request.data))
        given.is_valid(raise_exception=True)
        if not queries.can_answer(notice):
            raise NotAnswerable(_t("This message was answered before, or asks for no answer."))
        try:
            actions.answer_notice(notice=notice, access=self.access, **given.validated_data)
        except actions.AlreadyAnswered:
            raise NotAnswerable(_t("This message was answered before; the first answer stands.")) from None
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(
        operation_id="inbox_read",
        summary=_("Mark a message as read"),
        tags=["inbox"],
        request=None,
        responses={200: shapes.NoticeOut},
    )
    @action(detail=True, methods=["post"])
    def read(self, request: Request, **kwargs: Any) -> Response:
        """Seen."""
        actions.read_notice(notice=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)
