"""The API's address of a board: the figures of the page, each with the list that adds up to it."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.models import PeriodKind
from reports.forms.board import BoardForm
from reports.queries.board import Figure, Line
from tenancy.access import Access, RoutePolicy


class BoardAsked(serializers.Serializer[Any]):
    """Parameters."""

    period = serializers.CharField(
        required=False, max_length=20, help_text=_("2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024; without it this month.")
    )
    programme = serializers.UUIDField(required=False, help_text=_("Id of the programme."))
    rule = serializers.UUIDField(required=False, help_text=_("Id of the rule."))
    town = serializers.UUIDField(required=False, help_text=_("Id of the town."))


class BoardFigureOut(serializers.Serializer[Any]):
    value = serializers.IntegerField()
    url = serializers.CharField(help_text=_("Address of the list whose rows add up to it."))


class BoardFiguresOut(serializers.Serializer[Any]):
    owed = BoardFigureOut()
    done = BoardFigureOut()
    waiting = BoardFigureOut()
    going = BoardFigureOut()
    overdue = BoardFigureOut()


class BoardTrendPointOut(BoardFiguresOut):
    label = serializers.CharField()  # type: ignore[assignment]


class BoardTrendOut(serializers.Serializer[Any]):
    rule = serializers.CharField()
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices)
    points = BoardTrendPointOut(many=True)


class BoardTownOut(serializers.Serializer[Any]):
    id = serializers.UUIDField(allow_null=True, help_text=_("Null for what the county owes itself."))
    name = serializers.CharField()
    figures = BoardFiguresOut()


class BoardExceptionOut(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    overdue = BoardFigureOut()


class BoardChangesOut(serializers.Serializer[Any]):
    met = BoardFigureOut()
    missed = BoardFigureOut()
    back = BoardFigureOut(help_text=_("Done or handed in before, open again."))
    waiting = BoardFigureOut()


class BoardOut(serializers.Serializer[Any]):
    period = serializers.CharField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    figures = BoardFiguresOut()
    trends = BoardTrendOut(many=True)
    towns = BoardTownOut(many=True)
    exceptions = BoardExceptionOut(many=True)
    changed = BoardChangesOut(help_text=_("What changed in the last seven days."))


def _figure(found: Figure) -> dict[str, Any]:
    return {"value": found.value, "url": found.url}


def _figures(line: Line) -> dict[str, Any]:
    return {code: _figure(one) for code, one in line.figures.items()}


class BoardView(APIView):
    """One board: the figures of what is owed within the caller's scope."""

    route_policy = RoutePolicy("members", "dashboard", (("GET", "R"),))

    @extend_schema(
        operation_id="board_retrieve",
        summary=_("The board: sums of what is owed, with the lists behind them"),
        tags=["obligations"],
        parameters=[BoardAsked],
        responses=BoardOut,
    )
    def get(self, request: Request, tenant: str) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        form = BoardForm(_plain(request.query_params), access=access)
        if not form.is_valid():
            raise exceptions.ValidationError({name: [str(word) for word in found] for name, found in form.errors.items()})
        board = form.board(tenant)
        told = {
            "period": board.span.code,
            "starts_on": board.span.starts_on,
            "ends_on": board.span.ends_on,
            "figures": _figures(board.totals),
            "trends": [
                {
                    "rule": one.label,
                    "period_kind": one.period_kind,
                    "points": [{"label": point.label, **_figures(point)} for point in one.points if point is not None],
                }
                for one in board.trends
            ],
            "towns": [{"id": one.uid, "name": one.label, "figures": _figures(one)} for one in board.towns],
            "exceptions": [
                {"id": one.uid, "name": one.label, "overdue": _figure(one.figures["overdue"])} for one in board.exceptions
            ],
            "changed": {code: _figure(one) for code, one in board.changed.items()},
        }
        return Response(BoardOut(told).data)


def _plain(asked: QueryDict) -> dict[str, str]:
    return {name: str(value) for name, value in asked.items()}
