"""党组织: committees, general branches and branches of units and villages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, Type
from units.actions import update_unit
from units.actions.units import PARENTS
from units.kinds import common
from units.models import Unit, UnitKind
from units.queries import visible_party_organisations, within

PARTY_ORGANISATION = Kind(
    code="party_organisation",
    one=_("Party organisation"),
    many=_("Party organisations"),
    model=Unit,
    object="unit",
    namespace="units",
    path="units/party-organisations",
    visible=visible_party_organisations,
    within=within,
    states=common.STATES,
    search=common.SEARCH,
    fields=(
        common.name_field(_("Party organisation")),
        common.parent_field(_("Of the unit"), *(UnitKind(kind) for kind in PARENTS[UnitKind.PARTY_ORGANISATION]), route=""),
        Field(
            key="parent_kind",
            label=_("Kind of the unit"),
            type=Type.CHOICE,
            choices=UnitKind,
            path="parent__kind",
            shown=False,
            fact=False,
            only=PARENTS[UnitKind.PARTY_ORGANISATION],
            filter=Filter(),
        ),
        Field(key="n_party_members", label=_("Party members"), type=Type.INTEGER, in_form=True, total=True),
        common.STARTS,
        common.ENDS,
        common.SUCCESSOR,
        common.notes_field(),
    ),
    create=common.created_as(UnitKind.PARTY_ORGANISATION),
    update=update_unit,
    refusals=common.REFUSALS,
    chip=common.ended_chip,
    chip_paths=("ends_on",),
    history=common.HISTORY,
    list_crumbs=common.CRUMBS,
    help=_("Party organisations of units and villages: name, unit and number of members only."),
    form_help=_("Write the name only. Do not enter members or files of the Party."),
    empty=Empty(_("No Party organisations yet."), _("They come with the roster of units, or write one down.")),
    create_label=_("New Party organisation"),
    title="党组织一览表",
)
