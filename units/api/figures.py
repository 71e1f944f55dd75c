"""Village economy for programs: figures by village, metric and year; written and corrected by the page's form and action."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers

from tenancy.access import RoutePolicy
from tenancy.api import CursorPages
from units.api.filters import updated_at
from units.api.serializers import Ref
from units.api.views import WritableRows
from units.kinds.figures import FIGURE
from units.models import Figure, Metric
from units.queries.figures import visible_figures


class FigureOut(serializers.Serializer[Any]):
    """One figure of one village for one calendar year."""

    id = serializers.UUIDField(source="uid")
    village = Ref(source="unit")
    metric = serializers.ChoiceField(choices=Metric.choices)
    year = serializers.IntegerField()
    value = serializers.DecimalField(max_digits=16, decimal_places=2, help_text=_("In yuan."))
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    updated_at = serializers.DateTimeField(allow_null=True)


class FigureIn(serializers.Serializer[Any]):
    """A figure. ``value`` in yuan: 86000 for 8.6万元."""

    village = serializers.UUIDField(source="unit")
    metric = serializers.ChoiceField(choices=Metric.choices, default=Metric.COLLECTIVE_INCOME)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    value = serializers.DecimalField(max_digits=16, decimal_places=2)
    source = serializers.CharField(max_length=120, required=False, allow_blank=True)  # type: ignore[assignment]


class FigureChange(serializers.Serializer[Any]):
    """A correction: what stood there is kept as a version with the reason beside it."""

    value = serializers.DecimalField(max_digits=16, decimal_places=2)
    source = serializers.CharField(max_length=120, allow_blank=True)  # type: ignore[assignment]
    reason = serializers.CharField(max_length=200, allow_blank=True)


class FigurePages(CursorPages):
    """The newest year first."""

    ordering = ("-year", "uid")


class FigureFilters(filters.FilterSet):
    """Parameters of the list of figures."""

    village = filters.UUIDFilter(label=_("Id of the village."), field_name="unit__uid")
    town = filters.UUIDFilter(label=_("Id of the town."), field_name="unit__parent__uid")
    metric = filters.ChoiceFilter(label=_("What is measured."), choices=Metric.choices)
    year = filters.NumberFilter(label=_("Calendar year."), min_value=2000, max_value=2100)


@extend_schema_view(
    list=extend_schema(operation_id="figures_list", summary=_("Village economy by year"), tags=["figures"]),
    retrieve=extend_schema(operation_id="figures_retrieve", summary=_("One figure"), tags=["figures"]),
    create=extend_schema(
        operation_id="figures_create",
        summary=_("Write a figure down"),
        tags=["figures"],
        request=FigureIn,
        responses={201: FigureOut},
        examples=[
            OpenApiExample(
                "figure",
                {"village": "0b9bd0f4-6a3c-4a2b-9a55-0d2f4c1f9a10", "year": 2024, "value": "93000.00", "source": "村账"},
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(
        operation_id="figures_update",
        summary=_("Correct a figure"),
        tags=["figures"],
        request=FigureChange,
        responses={200: FigureOut},
    ),
)
class FigureViews(WritableRows):
    """Yearly figures that one may read; a second one of the same village, metric and year is refused: correct the first."""

    route_policy = RoutePolicy("members", "figure", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
    model = Figure
    serializer_class = FigureOut
    filterset_class = FigureFilters
    pagination_class = FigurePages
    written, input_class, change_class = FIGURE, FigureIn, FigureChange
    names = {"village": "unit"}

    def rows(self) -> QuerySet[Figure]:
        found: QuerySet[Figure] = visible_figures(self.access).annotate(updated_at=updated_at(Figure))
        return found
