"""The API's address of what is owed: cells with the records that count for them (rehearsal.md, Answers)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast, Coalesce, Concat, LPad
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions, mixins, serializers, viewsets
from rest_framework.pagination import Cursor
from rest_framework.request import Request
from rest_framework.response import Response

from activities.models import Obligation, ObligationState, PeriodKind, Rule
from activities.queries.obligations import Answer, answers_as_of, narrowed, told, visible_obligations
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages


class AskedFor(serializers.Serializer[Any]):
    """Parameters of the list."""

    pairing = serializers.UUIDField(required=False, help_text=_("Id of the pairing."))
    rule = serializers.SlugField(required=False, max_length=30, help_text=_("Code of the rule, such as labour_day."))
    to = serializers.DateField(required=False, help_text=_("Periods whose first day is this day or an earlier one."))
    as_of = serializers.DateField(
        required=False,
        help_text=_("As it stood at the end of a day: what was confirmed or voided later is not yet so."),
    )

    def get_fields(self) -> dict[str, Any]:
        # "from" is a word of Python's own.
        first = serializers.DateField(required=False, help_text=_("Periods whose first day is this day or a later one."))
        return {**super().get_fields(), "from": first}

    def validate_rule(self, code: str) -> str:
        if not Rule.objects.filter(code=code).exists():
            raise serializers.ValidationError(_t("There is no rule with this code. rules/ lists them."))
        return code


class NotCountedOut(serializers.Serializer[Any]):
    record = serializers.UUIDField(help_text=_("Id of the record."))
    why = serializers.CharField(help_text=_("A stable code: waiting, returned, voided, not_lead, elsewhere …"))


class ObligationOut(serializers.Serializer[Any]):
    pairing = serializers.UUIDField(
        allow_null=True, help_text=_("Id of the pairing; null for what a village or the county owes itself.")
    )
    rule = serializers.CharField(help_text=_("Code of the rule."))
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices)
    period = serializers.CharField(help_text=_("2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024."))
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    state = serializers.ChoiceField(choices=ObligationState.choices)
    # mypy takes it for the option of a field of the same name.
    required = serializers.IntegerField(  # type: ignore[assignment]
        help_text=_("How many are asked for.")
    )
    counted = serializers.IntegerField(help_text=_("How many count."))
    records = serializers.ListField(child=serializers.UUIDField(), help_text=_("Ids of the records that count."))
    not_counted = NotCountedOut(many=True, help_text=_("Records of the period that do not count, each with why."))
    waived_because = serializers.CharField(allow_null=True, help_text=_("Why it is waived; null when it is not."))


def _digits(path: str) -> LPad:
    return LPad(Cast(Coalesce(F(path), 0), CharField()), 19, Value("0"))


Answers = list[Answer]


class ObligationPages(CursorPages):
    """By first day, then by rule. A key of its own: hundreds of cells begin on one day."""

    ordering = ("place", "id")
    taken = 0

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        if not isinstance(queryset, list):
            place = Concat(
                Cast("starts_on", CharField()),
                _digits("rule__position"),
                _digits("rule_id"),
                _digits("pairing_id"),
                _digits("pk"),
            )
            return super().paginate_queryset(queryset.annotate(place=place), request, view)
        return self._of_list(queryset, request, view)

    def _of_list(self, rows: Sequence[Answer], request: Request, view: Any) -> list[Answer]:
        """A day of the past does not move: its pages are counted from the beginning."""
        # What the parent sets up for a queryset, over none: signer, size, address, the cursor's shape.
        super().paginate_queryset(Obligation.objects.none().annotate(place=Value("")), request, view)
        given = self.decode_cursor(request)
        start = given.offset if given is not None else 0
        size = self.get_page_size(request)
        self.n_rows, self.taken = len(rows), start + size
        self.has_next, self.has_previous = len(rows) > start + size, start > 0
        self.start = start
        return list(rows[start : start + size])

    def get_next_link(self) -> Any:
        if not self.taken:
            return super().get_next_link()
        return self.encode_cursor(Cursor(self.taken, False, None)) if self.has_next else None

    def get_previous_link(self) -> Any:
        if not self.taken:
            return super().get_previous_link()
        before = max(self.start - (self.taken - self.start), 0)
        return self.encode_cursor(Cursor(before, False, None)) if self.has_previous else None


@extend_schema_view(
    list=extend_schema(
        operation_id="obligations_list", summary=_("What is owed, and how it stands"), tags=["obligations"], parameters=[AskedFor]
    )
)
class ObligationViews(mixins.ListModelMixin, viewsets.GenericViewSet[Any]):
    """What pairings owe, period by period, each with the records that count and those that do not."""

    route_policy = RoutePolicy("members", "pairing", (("GET", "R"),))
    serializer_class = ObligationOut
    pagination_class = ObligationPages
    filter_backends = ()

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def get_queryset(self) -> QuerySet[Obligation]:
        # Only the API's description of itself asks for it: ``list`` reads by what was asked.
        return Obligation._base_manager.none()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = AskedFor(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked: dict[str, Any] = given.validated_data
        first, last = asked.get("from"), asked.get("to")
        if first and last and last < first:
            raise exceptions.ValidationError({"to": [_t("The last day lies before the first.")]})
        found = self._then(asked["as_of"], asked) if "as_of" in asked else self._now(asked)
        page = self.paginate_queryset(found)
        rows = page if "as_of" in asked else told(page)  # type: ignore[arg-type]
        return self.get_paginated_response(ObligationOut(rows, many=True).data)

    def _now(self, asked: dict[str, Any]) -> QuerySet[Obligation]:
        rows = visible_obligations(self.access)
        if "pairing" in asked:
            rows = rows.filter(pairing__uid=asked["pairing"])
        rows = narrowed(rows, asked.get("rule", ""), asked.get("from"), asked.get("to"))
        return rows.select_related("rule", "terms", "pairing")

    def _then(self, day: date, asked: dict[str, Any]) -> Answers:
        return answers_as_of(
            self.access,
            day,
            pairing=asked.get("pairing"),
            rule=asked.get("rule", ""),
            starts_from=asked.get("from"),
            starts_to=asked.get("to"),
        )
