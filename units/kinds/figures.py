"""村集体经济收入台账: figures of villages by year (domain.md §8.1, 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Empty, Field, Filter, Kind, Search, Type
from tenancy import clock
from tenancy.access import Access
from units.actions.figures import set_figure
from units.kinds import common
from units.models import Figure, Metric, Unit
from units.models.unit import VILLAGE_KINDS
from units.queries import visible_towns, visible_villages, within
from units.queries.figures import figures_within, visible_figures


def _villages(access: Any) -> QuerySet[Unit]:
    """Live villages whose figures somebody may write."""
    rows: QuerySet[Unit] = Unit.objects.filter(kind__in=VILLAGE_KINDS, ends_on=None).select_related("parent")
    reach = access.reach("figure", "C")
    return (rows if reach is None else within(rows, reach)).order_by("parent__pinyin", "pinyin", "id")


def _of_year(text: str) -> Q:
    return Q(year=int(text)) if text.strip().isdecimal() and len(text.strip()) == 4 else Q(pk__in=[])


def _create(*, access: Access, values: Mapping[str, Any]) -> Figure:
    unit, metric, year = values["unit"], values["metric"], values["year"]
    held = Figure.objects.filter(unit=unit, metric=metric, year=year).first()
    if held is not None:
        message = _("There is a figure for %(year)s already. Open it in the list and correct it there.")
        raise ValidationError({"year": message % {"year": year}})
    return set_figure(access=access, **values)


def _update(*, access: Access, row: Figure, values: Mapping[str, Any], reason: str) -> Figure:
    if (values["unit"].pk, values["metric"], values["year"]) != (row.unit_id, row.metric, row.year):
        message = _("Village, figure and year stay as they are; write a new figure for another.")
        raise ValidationError({"year": message})
    return set_figure(access=access, reason=reason, **values)


FIGURE = Kind(
    code="figure",
    one=_("yearly figure"),
    many=_("Village economy by year"),
    model=Figure,
    object="figure",
    namespace="units",
    path="units/figures",
    title="村集体经济收入台账",
    title_path="unit__name",
    name_of=lambda row: f"{row.unit.name} {row.year} {Metric(row.metric).label}",
    order=("unit__parent__pinyin", "unit__pinyin", "-year", "metric"),
    visible=visible_figures,
    within=figures_within,
    search=Search(
        names=("unit__name", "source"),
        pinyin=("unit__pinyin",),
        initials=("unit__initials",),
        help=_("Name, pinyin or initials, for example cj."),
    ),
    fields=(
        Field(
            key="village",
            label=_("Village"),
            type=Type.ROW,
            path="unit__name",
            uid="uid",
            route="units:figure",
            fact=False,
            sort=("unit__pinyin",),
            in_form=True,
            attribute="unit",
            options=_villages,
            required=True,
            filter=Filter(widget="row", path="unit", rows=visible_villages),
            heading="村",
        ),
        Field(
            key="of_village",
            label=_("Village"),
            type=Type.ROW,
            path="unit__name",
            uid="unit__uid",
            route="units:village",
            listed=False,
            sheet=False,
        ),
        Field(
            key="town",
            label=_("Town"),
            type=Type.ROW,
            path="unit__parent__name",
            uid="unit__parent__uid",
            route="units:town",
            sort=("unit__parent__division_code", "unit__parent__pinyin"),
            filter=Filter(widget="row", path="unit__parent", rows=visible_towns),
            heading="镇(街道)",
        ),
        Field(
            key="metric",
            label=_("Figure"),
            type=Type.CHOICE,
            choices=Metric,
            in_form=True,
            required=True,
            filter=Filter(),
            heading="指标",
        ),
        Field(
            key="year",
            label=_("Year"),
            type=Type.TEXT,
            in_form=True,
            required=True,
            filter=Filter(widget="text", where=_of_year),
            heading="年度",
        ),
        Field(
            key="value",
            label=_("Value (yuan)"),
            type=Type.MONEY,
            in_form=True,
            required=True,
            heading="金额(元)",
            help=_("In yuan, not in ten thousands: 86000 for 8.6万元."),
        ),
        Field(
            key="source",
            label=_("Source"),
            in_form=True,
            quiet=True,
            heading="数据来源",
            help=_("For example the village's annual accounts."),
        ),
    ),
    create=_create,
    update=_update,
    initial=lambda access: {"metric": Metric.COLLECTIVE_INCOME, "year": clock.today().year - 1},
    crumbs=lambda row: [Crumb(row.unit.name, "units:village", row.unit.uid)],
    list_crumbs=common.CRUMBS,
    empty=Empty(_("No figures yet."), _("County staff and towns write them down once a year.")),
    create_label=_("New figure"),
    help=_("Yearly figures of villages. A correction keeps what stood there."),
    form_help=_("A correction keeps what stood there in the history."),
)
