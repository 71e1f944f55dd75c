"""一票否决: facts that hold a grade down (domain.md §3.2, J)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.actions.facts import add_veto
from assessment.kinds import columns
from assessment.models import Veto, VetoKind
from assessment.queries.facts import visible_vetoes, within
from lib.kinds.declare import Empty, Field, Filter, Kind, State, Type
from tenancy import clock
from tenancy.access import Access


def veto_chip(row: Mapping[str, Any]) -> dict[str, str]:
    """In force, or lifted."""
    if row["lifted_because"]:
        return {"word": str(_("lifted")), "tone": "grey", "mark": "dash"}
    return {"word": str(_("In force")), "tone": "red", "mark": "lock"}


def _create(*, access: Access, values: Mapping[str, Any]) -> Veto:
    return add_veto(access=access, **values)


VETO = Kind(
    code="veto",
    one=_("veto"),
    many=_("Vetoes"),
    model=Veto,
    object="veto",
    namespace="assessment",
    path="assessment/vetoes",
    title="一票否决事项表",
    title_path="fact",
    name_of=lambda row: f"{row.pairing.unit.name} — {row.pairing.village.name}: {VetoKind(row.kind).label}",
    order=("-decided_on", "pairing__unit__pinyin"),
    visible=visible_vetoes,
    within=lambda rows, units: rows.filter(within(units)),
    states=(
        State("force", _("In force"), lambda on: Q(lifted_because="")),
        State("lifted", _("Lifted"), lambda on: ~Q(lifted_because="")),
    ),
    search=columns.search("fact", "doc_no"),
    fields=(
        columns.pairing_field("veto"),
        columns.UNIT,
        columns.VILLAGE,
        columns.TOWN,
        columns.cycle_field(),
        Field(
            key="veto_kind",
            label=_("Kind"),
            path="kind",
            attribute="kind",
            type=Type.CHOICE,
            choices=VetoKind,
            in_form=True,
            required=True,
            filter=Filter(),
            heading="类型",
        ),
        Field(key="fact", label=_("Fact"), in_form=True, required=True, wide=True, sortable=False, heading="事实"),
        Field(key="decided_by", label=_("Decided by"), in_form=True, required=True, heading="认定单位"),
        Field(key="doc_no", label=_("Document number"), in_form=True, required=True, heading="文号"),
        columns.day("decided_on", _("Decided on"), "认定时间", in_form=True, required=True),
        Field(
            key="lifted_because",
            label=_("Lifted because"),
            shown=False,
            quiet=True,
            wide=True,
            sortable=False,
            heading="解除原因",
        ),
    ),
    create=_create,
    initial=lambda access: {"cycle": columns.first_cycle(access), "decided_on": clock.today().isoformat()},
    chip=veto_chip,
    chip_paths=("lifted_because",),
    crumbs=columns.crumbs,
    empty=Empty(_("No vetoes."), _("A veto is written down with the document by which it was decided.")),
    create_label=_("New veto"),
    help=_("A veto holds the grade down; the score stays as it is."),
    form_help=_("Decided outside the system. Once scores are computed, compute them again afterwards."),
)
