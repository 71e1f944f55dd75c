"""The three ledgers as forms: their columns, under the headings of paper and of the product's own exports."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.kinds import benefit_project, livelihood_item
from lib.sheets.columns import Column, Option, SheetKind, Type

_VILLAGE_WORDS = ("结对村", "村(社区)", "结对村(社区)", "行政村", "村名", "所在村")
_UNIT_WORDS = ("单位", "结对单位", "单位名称", "帮扶单位", "市直单位")
_LONGEST_DETAIL = 200

_TOWN = Column(
    name="town",
    heading="镇(街道)",
    label=_("Town"),
    aliases=("镇", "镇街", "乡镇", "街道", "镇(街)", "乡镇(街道)", "所属镇", "所在镇"),
    type=Type.UNIT_NAME,
    none_words=True,
    max_length=80,
)
# Telephones of people stand in their own register, once; a ledger's copy of them is not kept.
_PHONE = Column(name="phone", heading="联系电话", label=_("Telephone"), aliases=("电话",), dropped=True)
_NOTES = Column(name="notes", heading="备注", label=_("Notes"), none_words=True, max_length=_LONGEST_DETAIL)


def _village(*, required: bool) -> Column:
    return Column(
        name="village",
        heading="村",
        label=_("Village"),
        aliases=_VILLAGE_WORDS,
        type=Type.UNIT_NAME,
        required=required,
        max_length=80,
    )


def _unit(heading: str) -> Column:
    others = ("牵头单位", "责任单位", "指导单位")
    return Column(
        name="unit",
        heading=heading,
        label=_("Unit"),
        aliases=(*(word for word in others if word != heading), *_UNIT_WORDS),
        type=Type.UNIT_NAME,
        required=True,
        max_length=200,
    )


def _words(*words: str) -> tuple[Option, ...]:
    return tuple(Option(word, word) for word in words)


def _money(name: str, heading: str, *aliases: str) -> Column:
    return Column(name=name, heading=f"{heading}(元)", aliases=(f"{heading}(万元)", *aliases), type=Type.MONEY, none_words=True)


def _text(name: str, heading: str, *aliases: str, most: int = _LONGEST_DETAIL) -> Column:
    return Column(name=name, heading=heading, aliases=aliases, none_words=True, max_length=most)


def _day(name: str, heading: str, *aliases: str, month: bool = False) -> Column:
    precision = "month" if month else "day"
    return Column(name=name, heading=heading, aliases=aliases, type=Type.DATE, none_words=True, precision=precision)  # type: ignore[arg-type]


def _number(name: str, heading: str, *aliases: str) -> Column:
    return Column(name=name, heading=heading, aliases=aliases, type=Type.INTEGER, none_words=True)


PROJECTS = SheetKind(
    code="projects",
    label=_("Project ledger"),
    title="利民项目台账",
    columns=(
        Column(name="name", heading="项目名称", label=pgettext_lazy("of a thing", "Name"), required=True, max_length=120),
        Column(
            name="category",
            heading="项目类别",
            aliases=("项目类别(人才/产业/基础设施)", "类别"),
            type=Type.CHOICE,
            options=_words(*benefit_project.CATEGORIES),
            none_words=True,
        ),
        Column(
            name="nature",
            heading="建设性质",
            type=Type.CHOICE,
            options=_words("新建", "扩建", "改建"),
            none_words=True,
        ),
        _text("site", "实施地点", "建设地点", "项目地点"),
        _text("description", "建设内容及规模", "建设内容", "项目内容", most=1000),
        _money("money_yuan", "总投资", "投资总额"),
        # On paper one column that names sources in words, or four below one heading.
        _text("sources", "资金来源", "资金来源(财政/单位自筹/社会/其他)"),
        _money("funds_state", "财政资金", "财政", "资金来源/财政"),
        _money("funds_unit", "单位自筹", "自筹资金", "资金来源/单位自筹"),
        _money("funds_society", "社会资金", "社会", "资金来源/社会"),
        _money("funds_other", "其他资金", "其他", "资金来源/其他"),
        _money("arrived", "已到位资金", "到位资金"),
        _day("raised_on", "开工时间", "开工日期", "动工时间", month=True),
        _day("planned_on", "计划完工时间", "计划竣工时间", "计划完工日期", month=True),
        _day("completed_on", "完工时间", "实际完工时间", "竣工时间"),
        _number("progress", "完成进度(%)", "完成进度", "进度(%)"),
        _text("stage", "形象进度"),
        _number("households", "受益户数"),
        _number("people", "受益人数"),
        _unit("牵头单位"),
        _text("person_in_charge", "责任人", "负责人", most=40),
        _PHONE,
        _text("problems", "存在问题", "存在的问题"),
        _NOTES,
        # No columns of the paper form: the village stands in 实施地点 there.
        _village(required=False),
        _TOWN,
    ),
)

LIVELIHOOD = SheetKind(
    code="livelihood",
    label=_("Livelihood item ledger"),
    title="民生实事清单",
    columns=(
        _village(required=True),
        Column(name="name", heading="实事名称", label=pgettext_lazy("of a thing", "Name"), aliases=("民生实事名称", "事项名称"),
               required=True, max_length=120),
        _text("source", "群众反映问题/来源", "群众反映问题", "来源"),
        _text("description", "办理内容", "主要内容", most=1000),
        Column(
            name="category",
            heading="类别",
            aliases=("类别(道路/饮水/路灯/医疗/教育/帮困/其他)", "实事类别"),
            type=Type.CHOICE,
            options=_words(*livelihood_item.CATEGORIES),
            none_words=True,
        ),
        _day("raised_on", "提出时间", "提出日期", "登记时间"),
        _day("planned_on", "计划完成时间", "计划办结时间", month=True),
        _day("completed_on", "实际完成时间", "办结时间", "完成时间"),
        _money("money_yuan", "投入资金", "资金"),
        _text("beneficiaries", "受益户数/人数", "受益群众", "受益对象", most=120),
        _unit("责任单位"),
        _text("person_in_charge", "责任人", "负责人", most=40),
        _text("state", "办理情况", "办理情况(在办/办结)", "办理进度"),
        _text("verdict", "群众评价", "满意度"),
        _PHONE,
        _NOTES,
        _TOWN,
    ),
)  # fmt: skip

COURTYARDS = SheetKind(
    code="courtyards",
    label=_("Courtyard ledger"),
    title="美丽庭院台账",
    columns=(
        _village(required=True),
        _text("group", "村民小组", "小组"),
        _text("householder", "户主姓名", "户主", most=40),
        _text("house_no", "门牌号", "门牌号码", "门牌", most=40),
        _unit("指导单位"),
        _text("guide", "指导人"),
        _day("raised_on", "开始时间", "开工时间", month=True),
        _day("completed_on", "建成时间", "建成日期"),
        Column(name="score", heading="验收得分", aliases=("得分",), type=Type.NUMBER, none_words=True),
        _text("grade", "评定等次", "等次"),
        _day("awarded_on", "授牌时间", "授牌日期"),
        _text("photos", "照片编号"),
        _PHONE,
        _NOTES,
        _TOWN,
    ),
)
