"""民生实事: raised, taken on, done, heard from the villagers, closed; counts on the day it is closed (A10); its ledger."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.kinds import items
from activities.kinds.asked import RecordKind
from activities.kinds.items import Detail, detail_field, item_kind
from activities.models import Carrier, ItemKind, ItemState, Step
from lib.kinds.declare import Empty, State

LIVELIHOOD_ITEM = RecordKind(
    code=Carrier.LIVELIHOOD,
    carrier=Carrier.LIVELIHOOD,
    asks=("item", "item_name", "category", "raised_on"),
    labels={
        "occurred_on": _("closed on"),
        "text": _("how it was settled"),
        "item_name": _("what was done for the villagers"),
    },
    item=ItemKind.LIVELIHOOD,
    steps=(Step.CLOSED,),
)
CATEGORIES = ("道路", "饮水", "路灯", "医疗", "教育", "帮困", "其他")
# Full-width slashes in headings: an ordinary one puts a heading under a group.
DETAILS = (
    Detail("source", _("Raised by"), "群众反映问题／来源"),
    Detail("verdict", _("What the villagers say"), "群众评价"),
    Detail("notes", _("Notes"), "备注"),
)
_OVER = (ItemState.CLOSED, ItemState.STOPPED)

LIVELIHOOD = item_kind(
    ItemKind.LIVELIHOOD,
    one=_("livelihood item"),
    many=_("Livelihood items"),
    path="livelihood",
    title="民生实事清单",
    fields=(
        replace(items.NAME, heading="实事名称"),
        items.VILLAGE,
        *(detail_field(one) for one in DETAILS[:1]),
        items.DESCRIPTION,
        items.CATEGORY,
        items.RAISED,
        items.PLANNED,
        items.COMPLETED,
        items.MONEY,
        items.BENEFICIARIES,
        items.UNIT,
        items.IN_CHARGE,
        replace(items.STATE, heading="办理情况"),
        *(detail_field(one) for one in DETAILS[1:]),
        items.TOWN,
        items.PROGRAMME,
    ),
    ledger=(
        "village", "name", "source", "description", "category", "raised_on", "planned_on", "completed_on", "money_yuan",
        "beneficiaries", "unit", "person_in_charge", "item_state", "verdict", "notes",
    ),
    states=(
        State("live", _("Going on"), lambda on: ~Q(state__in=_OVER)),
        State("late", _("Behind the plan"), lambda on: ~Q(state__in=_OVER) & Q(planned_on__lt=on)),
        State("closed", _("Closed"), lambda on: Q(state=ItemState.CLOSED)),
        State("stopped", _("Stopped"), lambda on: Q(state=ItemState.STOPPED)),
    ),
    empty=Empty(_("No livelihood item yet."), _("Register what the villagers ask for; it counts once it is closed.")),
    create_label=_("New livelihood item"),
    help=_("What was asked for in the village and what became of it. An item counts in the month in which it is closed."),
)  # fmt: skip
