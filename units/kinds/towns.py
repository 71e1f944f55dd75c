"""镇(街道): what lies between the county and its villages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.kinds.declare import Empty, Field, Kind, Type
from units.actions import update_unit
from units.kinds import common
from units.models import Unit, UnitKind
from units.queries import visible_towns, within
from units.queries.units import n_below

TOWN = Kind(
    code="town",
    one=_("town"),
    many=_("Towns"),
    model=Unit,
    object="unit",
    namespace="units",
    path="units/towns",
    order=("division_code", "pinyin"),
    visible=visible_towns,
    within=within,
    states=common.STATES,
    search=common.SEARCH,
    fields=(
        common.name_field(_("Town")),
        Field(
            key="n_villages",
            label=pgettext_lazy("without communities", "Villages"),
            type=Type.INTEGER,
            annotate=lambda: n_below(UnitKind.VILLAGE),
            total=True,
            heading="村数",
        ),
        Field(
            key="n_communities",
            label=_("Communities"),
            type=Type.INTEGER,
            annotate=lambda: n_below(UnitKind.COMMUNITY),
            total=True,
            heading="社区数",
        ),
        Field(
            key="division_code", label=_("Division code"), in_form=True, help=_("9 digits; leave it empty when there is none.")
        ),
        common.STARTS,
        common.ENDS,
        common.SUCCESSOR,
        common.notes_field(),
    ),
    create=common.created_as(UnitKind.TOWN),
    update=update_unit,
    refusals=common.REFUSALS,
    chip=common.ended_chip,
    chip_paths=("ends_on",),
    history=common.HISTORY,
    list_crumbs=common.CRUMBS,
    help=_("Towns and subdistricts of the county, with how many villages and communities they have."),
    form_help=_("A town that ends is kept; end or move its villages first."),
    empty=Empty(_("No towns yet."), _("They come with the division codes when the county is set up; you can also add one.")),
    create_label=_("New town"),
    title="镇(街道)一览表",
)
