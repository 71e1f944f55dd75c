"""村(社区): what a pairing's host side may be."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Empty, Field, Filter, Kind, Type
from units.actions import create_unit, update_unit
from units.kinds import common
from units.models import Unit, UnitKind
from units.models.listing import ListingKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS
from units.queries import visible_villages, within
from units.queries.units import live_lists, on_list

VILLAGE = Kind(
    code="village",
    one=_("village"),
    many=_("Villages and communities"),
    model=Unit,
    object="unit",
    namespace="units",
    path="units/villages",
    order=("parent__pinyin", "pinyin"),
    visible=visible_villages,
    within=within,
    states=common.STATES,
    search=common.SEARCH,
    fields=(
        common.name_field(_("Village or community")),
        common.parent_field(_("Town"), UnitKind.TOWN, route="units:town", filter=Filter(**common.town_filter("parent"))),
        Field(
            key="kind",
            label=_("Kind"),
            type=Type.CHOICE,
            choices=UnitKind,
            only=VILLAGE_KINDS,
            in_form=True,
            required=True,
            filter=Filter(),
        ),
        Field(
            key="designations",
            label=_("Designations"),
            type=Type.CHOICES,
            choices=ListingKind,
            annotate=live_lists,
            needs="designation",
            sortable=False,
            fact=False,
            filter=Filter(where=on_list),
        ),
        common.holder_field("secretary", _("Village secretary"), PostKind.VILLAGE_SECRETARY),
        common.holder_field("leader_contact", _("County leader in contact"), PostKind.LEADER_CONTACT, shown=False),
        Field(key="n_party_members", label=_("Party members"), type=Type.INTEGER, in_form=True, total=True, shown=False),
        common.CODE,
        common.STARTS,
        common.ENDS,
        common.SUCCESSOR,
        common.notes_field(),
    ),
    create=create_unit,
    update=update_unit,
    initial=lambda access: {"kind": UnitKind.VILLAGE},
    refusals=common.REFUSALS,
    chip=common.ended_chip,
    chip_paths=("ends_on",),
    crumbs=lambda row: [Crumb(row.parent.name, "units:town", row.parent.uid)] if row.parent else [],
    history=common.HISTORY,
    list_crumbs=common.CRUMBS,
    help=_("Villages and communities of the county. They come from the division codes; others can be added without a code."),
    form_help=_("A village that ends is kept: its pairings and records stay readable."),
    empty=Empty(_("No villages yet."), _("They come with the division codes when the county is set up; you can also add one.")),
    create_label=_("New village"),
    title="村(社区)一览表",
)
