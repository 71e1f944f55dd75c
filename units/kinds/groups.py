"""村民小组: what a village consists of."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Empty, Field, Filter, Kind
from units.actions import update_unit
from units.kinds import common
from units.models import Unit, UnitKind
from units.models.unit import VILLAGE_KINDS
from units.queries import visible_groups, within

GROUP = Kind(
    code="group",
    one=_("village group"),
    many=_("Village groups"),
    model=Unit,
    object="unit",
    namespace="units",
    path="units/groups",
    order=("parent__pinyin", "pinyin"),
    visible=visible_groups,
    within=within,
    states=common.STATES,
    search=common.SEARCH,
    fields=(
        common.name_field(_("Village group")),
        common.parent_field(_("Village"), *VILLAGE_KINDS, route="units:village"),
        Field(
            key="town",
            label=_("Town"),
            path="parent__parent__name",
            sort=("parent__parent__pinyin",),
            heading="镇(街道)",
            filter=Filter(**common.town_filter("parent__parent")),
        ),
        common.STARTS,
        common.ENDS,
        common.notes_field(),
    ),
    create=common.created_as(UnitKind.GROUP),
    update=update_unit,
    refusals=common.REFUSALS,
    chip=common.ended_chip,
    chip_paths=("ends_on",),
    crumbs=lambda row: [Crumb(row.parent.name, "units:village", row.parent.uid)] if row.parent else [],
    history=common.HISTORY,
    list_crumbs=common.CRUMBS,
    help=_("Village groups, where a village is so large that records name them."),
    empty=Empty(_("No village groups yet."), _("Add them only where records need them; most counties leave them out.")),
    create_label=_("New village group"),
    title="村民小组一览表",
)
