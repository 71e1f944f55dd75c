"""Polls, promoted experiences and vetoes as forms: their columns under the headings of paper and of the product's exports."""

from __future__ import annotations

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from assessment.models import HonourLevel, VetoKind
from lib.sheets.columns import Column, Option, SheetKind, Type
from pairing.ledgers import side_columns

_TOWN, _VILLAGE, _UNIT = side_columns()
_SIDES = (_UNIT, _VILLAGE, _TOWN)
_CYCLE = Column(
    name="cycle",
    heading="考核年度",
    label=_("Assessment"),
    aliases=("年度", "考核", "年份"),
    none_words=True,
    max_length=120,
)
_NOTE = Column(name="note", heading="备注", label=_("Note"), none_words=True, max_length=200)


def _count(name: str, heading: str, *aliases: str, required: bool = False) -> Column:
    words = tuple(f"{heading}{ending}" for ending in ("人数", "票", "票数", "户数", "(人)", "(票)", "(户)"))
    kept = (*words, *aliases)
    return Column(name=name, heading=heading, aliases=kept, type=Type.INTEGER, none_words=True, required=required)


POLLS = SheetKind(
    code="polls",
    label=_("Polls of villagers"),
    title="群众测评汇总表",
    columns=(
        *_SIDES,
        _CYCLE,
        _count("satisfied", "满意", "很满意", "非常满意", required=True),
        _count("fairly", "基本满意", "较满意", "比较满意", required=True),
        _count("dissatisfied", "不满意", required=True),
        _count("unknown", "不了解", "不清楚", "说不清", "弃权"),
        # Checked against the four, and not kept.
        _count("asked", "测评人数", "参评人数", "参与测评人数", "测评总人数", "回收问卷", "回收份数", "回收票数", "合计"),
        Column(
            name="held_on",
            heading="测评时间",
            label=_("Held on"),
            aliases=("测评日期", "调查时间", "时间"),
            type=Type.DATE,
            none_words=True,
        ),
        replace(_NOTE, aliases=("说明",)),
        Column(name="author", heading="登记人", aliases=("填报人",), dropped=True),
    ),
)

# 市级 is no alias: in a county-level city (高州市) it may be the county's own or the prefecture's. It is asked about once.
LEVEL = Column(
    name="level",
    heading="推广级别",
    label=_("Promoted by"),
    aliases=("级别", "推广层级", "荣誉级别", "表彰级别", "推广单位级别"),
    type=Type.CHOICE,
    options=(
        Option(HonourLevel.TOWN, "镇级", ("镇", "镇街级", "镇(街道)", "镇(街道)级", "乡镇级")),
        Option(HonourLevel.COUNTY, "县级", ("县", "区级", "县(市、区)", "县(市、区)级", "县区级", "县市区级")),
        Option(HonourLevel.CITY, "地市级", ("地级市", "地级", "设区市级")),
        Option(HonourLevel.PROVINCE, "省级", ("省", "省部级")),
        Option(HonourLevel.NATION, "国家级", ("国家", "全国", "中央", "部级")),
    ),
    required=True,
)

HONOURS = SheetKind(
    code="honours",
    label=_("Promoted experiences"),
    title="经验推广情况表",
    columns=(
        *_SIDES,
        Column(
            name="matter",
            heading="经验事项",
            label=_("Matter"),
            aliases=("经验名称", "推广经验", "经验做法", "事项", "荣誉名称", "典型经验"),
            required=True,
            max_length=120,
        ),
        LEVEL,
        Column(
            name="promoted_on",
            heading="推广时间",
            label=_("Promoted on"),
            aliases=("推广日期", "发文时间", "印发时间", "表彰时间", "时间"),
            type=Type.DATE,
            precision="month",
            required=True,
        ),
        Column(
            name="doc_no",
            heading="文号",
            label=_("Document number"),
            aliases=("文件号", "文件文号", "发文字号", "依据文件", "推广文号"),
            none_words=True,
            max_length=60,
        ),
    ),
)

VETO_KIND = Column(
    name="kind",
    heading="类型",
    label=_("Kind"),
    aliases=("否决类型", "否决情形", "事项类型", "一票否决类型"),
    type=Type.CHOICE,
    options=(
        Option(VetoKind.FABRICATION, "弄虚作假", ("督导组查实弄虚作假", "造假", "数据造假", "查实弄虚作假")),
        Option(VetoKind.ACCIDENT, "重大安全责任事故", ("重大安全事故", "安全事故", "安全责任事故", "安全生产事故")),
        Option(VetoKind.DISCIPLINE, "违纪案件", ("结对工作中的违纪案件", "违纪", "违纪违法", "违纪违法案件", "违法违纪")),
    ),
    required=True,
)

VETOES = SheetKind(
    code="vetoes",
    label=_("Vetoes"),
    title="一票否决事项表",
    columns=(
        *_SIDES,
        _CYCLE,
        VETO_KIND,
        Column(
            name="fact",
            heading="事实",
            label=_("Fact"),
            aliases=("否决事项", "主要事实", "事由", "否决事实", "具体事实"),
            required=True,
            max_length=400,
        ),
        Column(
            name="decided_by",
            heading="认定单位",
            label=_("Decided by"),
            aliases=("认定部门", "决定机关", "认定机关", "决定单位"),
            required=True,
            max_length=60,
        ),
        Column(
            name="doc_no",
            heading="文号",
            label=_("Document number"),
            aliases=("文件号", "文件文号", "发文字号", "认定文号", "依据文件"),
            required=True,
            max_length=60,
        ),
        Column(
            name="decided_on",
            heading="认定时间",
            label=_("Decided on"),
            aliases=("认定日期", "决定时间", "时间"),
            type=Type.DATE,
            required=True,
        ),
    ),
)
