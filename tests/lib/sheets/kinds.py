"""Kinds of ledgers as the tests need them, after the sample files."""

from lib.sheets.columns import Column, Option, SheetKind, Type

UNITS = SheetKind(
    code="units",
    label="单位花名册",
    columns=(
        Column(name="unit", heading="单位名称", aliases=("单位",), type=Type.UNIT_NAME, required=True),
        Column(
            name="nature",
            heading="单位性质",
            type=Type.CHOICE,
            options=(
                Option("government", "行政机关", ("机关",)),
                Option("institution", "事业单位"),
                Option("stationed", "驻高单位"),
            ),
        ),
        Column(name="superior", heading="主管部门", type=Type.UNIT_NAME),
        Column(name="party_org", heading="党组织名称", type=Type.UNIT_NAME),
        Column(name="n_members", heading="党员数", aliases=("党员人数",), type=Type.INTEGER),
        Column(name="principal", heading="主要负责人", type=Type.PERSON, phone_headings=("联系电话",)),
        Column(name="principal_post", heading="职务"),
        Column(name="group_leader", heading="组长", type=Type.PERSON),
        Column(name="liaison", heading="联络员", type=Type.PERSON),
        Column(name="team", heading="队员名单", type=Type.NAMES),
        Column(name="remark", heading="备注"),
    ),
)

PAIRINGS = SheetKind(
    code="pairings",
    label="结对关系一览表",
    columns=(
        Column(name="town", heading="镇(街道)", aliases=("镇", "镇街", "乡镇"), type=Type.UNIT_NAME),
        Column(name="village", heading="结对村", aliases=("村", "村(社区)"), type=Type.UNIT_NAME, required=True),
        Column(
            name="village_type",
            heading="村类型",
            type=Type.CHOICES,
            options=(Option("key", "重点村"), Option("model", "典型村"), Option("weak", "薄弱村")),
        ),
        Column(name="secretary", heading="村党组织书记", type=Type.PERSON),
        Column(name="leader_contact", heading="挂点市领导", type=Type.NAME),
        Column(name="lead_unit", heading="牵头单位", type=Type.UNIT_NAME),
        Column(name="unit", heading="结对单位", type=Type.UNIT_NAME, required=True),
        Column(name="branch", heading="结对党支部", type=Type.UNIT_NAME),
        Column(name="group_leader", heading="组长", type=Type.PERSON),
        Column(name="liaison", heading="联络员", type=Type.PERSON),
        Column(name="paired_on", heading="结对时间", type=Type.DATE),
        Column(name="signed_on", heading="协议签订时间", type=Type.DATE),
        Column(name="remark", heading="备注"),
    ),
)

ACTIVITIES = SheetKind(
    code="activities",
    label="结对共建活动台账",
    columns=(
        Column(name="occurred_on", heading="时间", aliases=("日期", "活动时间"), type=Type.DATE, required=True),
        Column(name="place", heading="地点"),
        Column(name="unit", heading="单位", type=Type.UNIT_NAME, required=True),
        Column(name="village", heading="结对村", type=Type.UNIT_NAME, required=True),
        Column(name="type", heading="活动类型", required=True),
        Column(name="theme", heading="活动主题"),
        Column(name="content", heading="活动内容"),
        Column(name="participants", heading="参加人员", type=Type.NAMES),
        Column(name="person_times", heading="参加人次", aliases=("人次",), type=Type.INTEGER),
        Column(name="leader", heading="带队领导", type=Type.NAME),
        Column(name="beneficiaries", heading="受益群众"),
        Column(name="money", heading="投入资金(万元)", aliases=("投入资金",), type=Type.MONEY),
        Column(name="evidence", heading="佐证材料", type=Type.YES_NO),
        Column(name="reporter", heading="填报人", type=Type.NAME),
        Column(name="remark", heading="备注"),
    ),
)
