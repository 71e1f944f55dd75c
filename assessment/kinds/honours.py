"""Experiences promoted higher up (domain.md §3.2, H): bonus points, of one matter the highest level only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.actions.facts import add_honour
from assessment.kinds import columns
from assessment.ledgers import LEVEL
from assessment.models import Honour, HonourLevel
from assessment.queries.facts import visible_honours, within
from lib.kinds.declare import Empty, Field, Filter, Kind, State, Type
from tenancy import clock
from tenancy.access import Access


def withdrawn_chip(row: Mapping[str, Any]) -> dict[str, str] | None:
    """The mark of one that does not count any more."""
    return {"word": str(_("withdrawn")), "tone": "grey", "mark": "dash"} if row["withdrawn_because"] else None


def _create(*, access: Access, values: Mapping[str, Any]) -> Honour:
    return add_honour(access=access, **values)


HONOUR = Kind(
    code="honour",
    one=_("promoted experience"),
    many=_("Promoted experiences"),
    model=Honour,
    object="honour",
    namespace="assessment",
    path="assessment/honours",
    title="经验推广情况表",
    title_path="matter",
    order=("-promoted_on", "pairing__unit__pinyin"),
    visible=visible_honours,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("counts", _("Counts"), lambda on: Q(withdrawn_because="")),
        State("withdrawn", _("Withdrawn"), lambda on: ~Q(withdrawn_because="")),
    ),
    search=columns.search("matter", "doc_no"),
    fields=(
        Field(
            key="matter",
            label=_("Matter"),
            in_form=True,
            required=True,
            fact=False,
            wide=True,
            heading="经验事项",
            help=_("The same words at each level: of one matter the highest level counts."),
        ),
        columns.any_pairing_field("honour"),
        columns.VILLAGE,
        columns.TOWN,
        Field(
            key="level",
            label=_("Promoted by"),
            type=Type.CHOICE,
            choices=HonourLevel,
            in_form=True,
            required=True,
            filter=Filter(),
            # In files 地市级, not 市级: in a county-level city that may be the county's own.
            column=LEVEL,
        ),
        columns.day("promoted_on", _("Promoted on"), "推广时间", in_form=True, required=True),
        Field(key="doc_no", label=_("Document number"), in_form=True, quiet=True, heading="文号"),
        Field(
            key="withdrawn_because",
            label=_("Withdrawn because"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="撤回原因",
        ),
    ),
    create=_create,
    initial=lambda access: {"promoted_on": clock.today().isoformat()},
    chip=withdrawn_chip,
    chip_paths=("withdrawn_because",),
    crumbs=columns.crumbs,
    empty=Empty(_("Nothing was promoted yet."), _("Write down what a higher level promoted, with its document.")),
    create_label=_("New promoted experience"),
    help=_("Experiences of pairings that a higher level promoted. The rubric says what they are worth."),
)
