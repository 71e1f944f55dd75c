"""美丽庭院: by household, new once in a programme (A4); built, awarded, no longer kept up (A5, A6); its ledger."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.kinds import items
from activities.kinds.asked import RecordKind
from activities.kinds.items import Detail, detail_field, item_kind
from activities.models import Carrier, ItemKind, ItemState, Step
from lib.kinds.declare import Empty, Field, State, Type

COURTYARD = RecordKind(
    code=Carrier.COURTYARD,
    carrier=Carrier.COURTYARD,
    asks=("house_no", "householder", "step"),
    required=("house_no",),
    labels={"occurred_on": _("built on")},
    item=ItemKind.COURTYARD,
    steps=(Step.BUILT, Step.AWARDED),
)
CATEGORIES: tuple[str, ...] = ()
DETAILS = (
    Detail("group", _("Village group"), "村民小组"),
    Detail("guide", _("Guided by"), "指导人"),
    Detail("score", _("Score on acceptance"), "验收得分", Type.NUMBER),
    Detail("grade", _("Grade"), "评定等次"),
    Detail("photos", _("Photograph numbers"), "照片编号"),
    Detail("notes", _("Notes"), "备注"),
)

COURTYARDS = item_kind(
    ItemKind.COURTYARD,
    one=_("courtyard"),
    many=_("Courtyards"),
    path="courtyards",
    title="美丽庭院台账",
    order=("village__pinyin", "household"),
    fields=(
        Field(key="house_no", label=_("House number"), heading="门牌号"),
        Field(key="householder", label=_("Householder"), heading="户主姓名"),
        items.VILLAGE,
        replace(items.UNIT, heading="指导单位"),
        *(detail_field(one) for one in DETAILS),
        replace(items.RAISED, label=_("Begun on"), shown=False, heading="开始时间"),
        replace(items.COMPLETED, label=_("Built on"), heading="建成时间"),
        Field(key="awarded_on", label=_("Awarded on"), type=Type.DATE, heading="授牌时间"),
        Field(key="degraded_on", label=_("No longer kept up since"), type=Type.DATE, shown=False, quiet=True, heading="退化日期"),
        items.STATE,
        items.TOWN,
        items.PROGRAMME,
    ),
    ledger=(
        "village", "group", "householder", "house_no", "unit", "guide", "raised_on", "completed_on", "score", "grade",
        "awarded_on", "photos", "notes",
    ),
    states=(
        State("kept", _("In force"), lambda on: ~Q(state=ItemState.WITHDRAWN)),
        State("built", _("Built"), lambda on: Q(state__in=[ItemState.BUILT, ItemState.AWARDED])),
        State("awarded", _("Awarded"), lambda on: Q(state=ItemState.AWARDED)),
        State("degraded", _("No longer kept up"), lambda on: Q(degraded_on__isnull=False)),
        State("withdrawn", _("Withdrawn"), lambda on: Q(state=ItemState.WITHDRAWN)),
    ),
    empty=Empty(_("No courtyard yet."), _("Write the first household down once its courtyard is built.")),
    create_label=_("New courtyard"),
    help=_("Households with their beautiful courtyards. A household counts as new once in a programme."),
)  # fmt: skip
