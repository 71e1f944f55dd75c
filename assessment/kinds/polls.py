"""群众测评: what villagers answered, pairing by pairing (domain.md §3.2, G2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from assessment.actions.facts import set_poll
from assessment.kinds import columns
from assessment.models import Poll
from assessment.queries.facts import visible_polls, within
from lib.kinds.declare import Empty, Field, Kind, Type
from tenancy import clock
from tenancy.access import Access


def _create(*, access: Access, values: Mapping[str, Any]) -> Poll:
    if Poll.objects.filter(cycle=values["cycle"], pairing=values["pairing"]).exists():
        raise ValidationError({"pairing": _("The poll on this pairing is written down already. Open it and correct it.")})
    return set_poll(access=access, **values)


def _update(*, access: Access, row: Poll, values: Mapping[str, Any], reason: str) -> Poll:
    if (values["cycle"].pk, values["pairing"].pk) != (row.cycle_id, row.pairing_id):
        raise ValidationError({"pairing": _("Assessment and pairing stay as they are.")})
    return set_poll(access=access, reason=reason, **values)


def _count(key: str, label: Any, heading: str) -> Field:
    return Field(key=key, label=label, type=Type.INTEGER, in_form=True, required=True, total=True, heading=heading)


POLL = Kind(
    code="poll",
    one=_("poll"),
    many=_("Polls of villagers"),
    model=Poll,
    object="poll",
    namespace="assessment",
    path="assessment/polls",
    title="群众测评汇总表",
    title_path="cycle__title",
    name_of=lambda row: f"{row.cycle.title}: {row.pairing.unit.name} — {row.pairing.village.name}",
    order=("-cycle__year", "pairing__village__parent__pinyin", "pairing__village__pinyin", "pairing__unit__pinyin"),
    visible=visible_polls,
    within=lambda rows, units: rows.filter(within(units)),
    search=columns.search(),
    fields=(
        columns.pairing_field("poll"),
        columns.UNIT,
        columns.VILLAGE,
        columns.TOWN,
        columns.cycle_field(),
        _count("satisfied", _("Satisfied"), "满意"),
        _count("fairly", _("Fairly satisfied"), "基本满意"),
        _count("dissatisfied", _("Dissatisfied"), "不满意"),
        _count("unknown", _("Do not know"), "不了解"),
        columns.day("held_on", _("Held on"), "测评时间", in_form=True, required=True),
        Field(key="note", label=_("Note"), in_form=True, shown=False, quiet=True, wide=True, sortable=False, heading="备注"),
        Field(key="author_name", label=_("Written down by"), shown=False, quiet=True, heading="登记人"),
    ),
    create=_create,
    update=_update,
    initial=lambda access: {"cycle": columns.first_cycle(access), "held_on": clock.today().isoformat(), "unknown": 0},
    crumbs=columns.crumbs,
    empty=Empty(_("No polls yet."), _("Write down how many villagers answered what; no names.")),
    create_label=_("New poll"),
    help=_("Counts only: nobody's name is kept. Fewer valid answers than the rubric asks for make the line not applicable."),
    form_help=_("Counts only: nobody's name is kept."),
)
