"""单位: offices, institutions, enterprises, stationed units, and partners from outside the county."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, Type
from units.actions import create_unit, update_unit
from units.kinds import common
from units.ledgers import UNITS
from units.models import Unit, UnitKind
from units.models.person import PostKind
from units.models.unit import UnitNature
from units.queries import visible_organisations, within
from units.queries.people import holder_title
from units.queries.units import party_name

UNIT = Kind(
    code="unit",
    one=_("unit"),
    many=_("Units"),
    model=Unit,
    object="unit",
    namespace="units",
    path="units/organisations",
    visible=visible_organisations,
    within=within,
    states=common.STATES,
    search=common.SEARCH,
    fields=(
        common.name_field(_("Unit name"), column=UNITS.column("unit")),
        Field(
            key="short_name",
            label=_("Short name"),
            in_form=True,
            quiet=True,
            shown=False,
            help=_("As people call it, if shorter."),
        ),
        Field(
            key="kind",
            label=_("Kind"),
            type=Type.CHOICE,
            choices=UnitKind,
            only=(UnitKind.ORGANISATION, UnitKind.EXTERNAL),
            in_form=True,
            required=True,
            shown=False,
            filter=Filter(),
        ),
        Field(
            key="nature",
            label=_("Nature"),
            type=Type.CHOICE,
            choices=UnitNature,
            in_form=True,
            filter=Filter(),
            column=UNITS.column("nature"),
        ),
        Field(
            key="is_stationed",
            label=_("Stationed"),
            type=Type.YES_NO,
            in_form=True,
            shown=False,
            filter=Filter(widget="yes_no"),
            help=_("A body of the centre or the province that lies in the county."),
            heading="是否驻县",
        ),
        Field(
            key="superior_name", label=_("Superior body"), in_form=True, quiet=True, shown=False, column=UNITS.column("superior")
        ),
        common.parent_field(
            _("Belongs to"),
            UnitKind.TOWN,
            UnitKind.ORGANISATION,
            route="",
            required=False,
            shown=False,
            quiet=True,
            help=_("For units of a town, or below another unit. County units: leave it empty."),
        ),
        Field(
            key="party_org",
            label=_("Party organisation"),
            annotate=party_name,
            sortable=False,
            fact=False,
            wide=True,
            column=UNITS.column("party_org"),
        ),
        Field(
            key="n_party_members",
            label=_("Party members"),
            type=Type.INTEGER,
            in_form=True,
            total=True,
            column=UNITS.column("n_members"),
        ),
        common.holder_field("principal", _("Principal"), PostKind.PRINCIPAL, column=UNITS.column("principal")),
        Field(
            key="principal_title",
            label=_("Title of the principal"),
            annotate=lambda: holder_title(PostKind.PRINCIPAL),
            shown=False,
            fact=False,
            sortable=False,
            column=UNITS.column("principal_title"),
        ),
        common.holder_field("group_leader", _("Group leader"), PostKind.GROUP_LEADER, column=UNITS.column("group_leader")),
        common.holder_field("liaison", _("Liaison"), PostKind.LIAISON, column=UNITS.column("liaison")),
        Field(
            key="team", label=_("Team members"), in_form=True, shown=False, sortable=False, wide=True, column=UNITS.column("team")
        ),
        Field(key="credit_code", label=_("Credit code"), in_form=True, quiet=True, shown=False),
        common.STARTS,
        common.ENDS,
        common.SUCCESSOR,
        common.notes_field(UNITS.column("notes")),
    ),
    create=create_unit,
    update=update_unit,
    initial=lambda access: {"kind": UnitKind.ORGANISATION},
    refusals=common.REFUSALS,
    chip=common.ended_chip,
    chip_paths=("ends_on",),
    history=common.HISTORY,
    list_crumbs=common.CRUMBS,
    help=_("Offices, institutions and enterprises that pair with villages. The exported roster of units can be imported again."),
    form_help=_("A unit that ends is kept: its pairings and records stay readable."),
    empty=Empty(_("No units yet."), _("Import the roster of units, or write one down.")),
    create_label=_("New unit"),
    title="单位花名册",
)
