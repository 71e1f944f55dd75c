"""利民项目: a project with its milestones, money by source and co-leads (A8, A9); its ledger (domain.md §8.1, 4)."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import CharField, F, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.translation import gettext_lazy as _

from activities.kinds import items
from activities.kinds.asked import RecordKind
from activities.kinds.items import Detail, detail_field, item_kind
from activities.models import Carrier, ItemKind, ItemState, Step
from lib.kinds.declare import Empty, State, Type

BENEFIT_PROJECT = RecordKind(
    code=Carrier.PROJECT,
    carrier=Carrier.PROJECT,
    asks=("item", "item_name", "category", "step"),
    required=("step",),
    labels={"text": _("what was reached"), "item_name": _("name of the new project")},
    item=ItemKind.PROJECT,
    steps=(Step.STARTED, Step.STAGE, Step.COMPLETED),
)
CATEGORIES = ("人才", "产业", "基础设施")
# Money by source, in yuan: the lines of the budget.
BUDGET = (
    Detail("funds_state", _("From the budget (yuan)"), "财政资金(元)", Type.MONEY),
    Detail("funds_unit", _("Raised by the unit (yuan)"), "单位自筹(元)", Type.MONEY),
    Detail("funds_society", _("From society (yuan)"), "社会资金(元)", Type.MONEY),
    Detail("funds_other", _("Other money (yuan)"), "其他资金(元)", Type.MONEY),
)
DETAILS = (
    Detail("nature", _("Nature of the works"), "建设性质", choices=("新建", "扩建", "改建")),
    Detail("site", _("Site"), "实施地点"),
    *BUDGET,
    Detail("arrived", _("Money arrived (yuan)"), "已到位资金(元)", Type.MONEY, total=True),
    Detail("progress", _("Progress (%)"), "完成进度(%)", Type.INTEGER, shown=True),
    Detail("stage", _("Stage of the works"), "形象进度"),
    Detail("households", _("Households that benefit"), "受益户数", Type.INTEGER, total=True),
    Detail("people", _("People who benefit"), "受益人数", Type.INTEGER, total=True),
    Detail("problems", _("Problems"), "存在问题"),
    Detail("notes", _("Notes"), "备注"),
)
# On paper the site tells the village too: there is no other column for it.
_SITE = Coalesce(NullIf(Cast(KT("details__site"), CharField()), Value("")), F("village__name"))
_OVER = (ItemState.ACCEPTED, ItemState.CLOSED, ItemState.STOPPED)

PROJECTS = item_kind(
    ItemKind.PROJECT,
    one=_("project"),
    many=_("Projects"),
    path="projects",
    title="利民项目台账",
    fields=(
        replace(items.NAME, heading="项目名称"),
        replace(items.CATEGORY, heading="项目类别"),
        items.VILLAGE,
        replace(items.UNIT, heading="牵头单位"),
        replace(items.DESCRIPTION, heading="建设内容及规模"),
        replace(items.MONEY, label=_("Total (yuan)"), heading="总投资(元)"),
        *(replace(detail_field(one), annotate=_SITE.copy) if one.key == "site" else detail_field(one) for one in DETAILS),
        replace(items.RAISED, label=_("Begun on"), heading="开工时间"),
        replace(items.PLANNED, heading="计划完工时间"),
        replace(items.COMPLETED, heading="完工时间"),
        items.IN_CHARGE,
        items.STATE,
        items.TOWN,
        items.PROGRAMME,
    ),
    ledger=(
        "name", "category", "nature", "site", "description", "money_yuan", "funds_state", "funds_unit", "funds_society",
        "funds_other", "arrived", "raised_on", "planned_on", "progress", "stage", "households", "people", "unit",
        "person_in_charge", "problems", "notes",
    ),
    states=(
        State("live", _("Going on"), lambda on: ~Q(state__in=_OVER)),
        State("late", _("Behind the plan"), lambda on: ~Q(state__in=_OVER) & Q(planned_on__lt=on)),
        State("done", _("Finished"), lambda on: Q(state__in=[ItemState.ACCEPTED, ItemState.CLOSED])),
        State("stopped", _("Stopped"), lambda on: Q(state=ItemState.STOPPED)),
    ),
    empty=Empty(_("No project yet."), _("Register the first one: name, village and what is to be built.")),
    create_label=_("New project"),
    help=_("Projects that units lead for a village, with milestones, money by source and what became of them."),
)  # fmt: skip
