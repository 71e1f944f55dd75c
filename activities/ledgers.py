"""The activity ledger (结对共建活动台账) as a form: its columns, and records as its rows (domain.md §8.1, 3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from activities.models import ActivityType, Record, Share
from lib.sheets.columns import Column, SheetKind, Type
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, Value

# Between the units of a joint record, in one cell.
BETWEEN_UNITS = "、"

ACTIVITIES = SheetKind(
    code="activities",
    label=_("Activity ledger"),
    title="结对共建活动台账",
    columns=(
        Column(
            name="occurred_on",
            heading="时间",
            label=_("Day"),
            aliases=("日期", "活动时间", "活动日期", "开展时间", "开展日期"),
            type=Type.DATE,
            required=True,
        ),
        Column(name="place", heading="地点", label=_("Place"), aliases=("活动地点", "开展地点"), none_words=True, max_length=80),
        Column(
            name="unit",
            heading="单位",
            label=_("Unit"),
            aliases=("结对单位", "单位名称", "帮扶单位", "市直单位", "开展单位"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=200,
        ),
        Column(
            name="village",
            heading="结对村",
            label=_("Village"),
            aliases=("村", "村(社区)", "结对村(社区)", "行政村", "村名"),
            type=Type.UNIT_NAME,
            required=True,
            max_length=80,
        ),
        Column(
            name="type",
            heading="活动类型",
            label=_("Type"),
            aliases=("类型", "活动类别", "类别", "活动类型(五个一)", "五个一", "活动项目"),
            required=True,
            max_length=60,
        ),
        Column(name="title", heading="活动主题", label=_("Theme"), aliases=("主题", "活动名称"), none_words=True, max_length=120),
        Column(
            name="text",
            heading="活动内容",
            label=_("What was done"),
            aliases=("内容", "主要内容", "活动情况", "开展情况"),
            none_words=True,
            max_length=1000,
        ),
        Column(
            name="participants",
            heading="参加人员",
            label=_("Participants"),
            aliases=("参与人员", "参加对象"),
            none_words=True,
            max_length=400,
        ),
        Column(
            name="person_times",
            heading="参加人次",
            label=_("Person-times"),
            aliases=("人次", "参与人次", "参加人数"),
            type=Type.INTEGER,
            none_words=True,
        ),
        Column(
            name="leader",
            heading="带队领导",
            label=_("Led by"),
            aliases=("带队领导/姓名", "带队人", "带队人员"),
            none_words=True,
            max_length=60,
        ),
        Column(
            name="beneficiaries",
            heading="受益群众",
            label=_("Beneficiaries"),
            aliases=("受益对象", "受益情况"),
            none_words=True,
            max_length=120,
        ),
        Column(
            name="money",
            heading="投入资金(万元)",
            label=_("Money"),
            aliases=("投入资金", "资金", "投入经费"),
            type=Type.MONEY,
            none_words=True,
        ),
        Column(
            name="evidence",
            heading="佐证材料",
            label=_("Evidence"),
            aliases=("佐证", "证明材料", "佐证资料"),
            none_words=True,
            max_length=200,
        ),
        Column(
            name="reporter",
            heading="填报人",
            label=_("Written by"),
            aliases=("填表人", "报送人"),
            none_words=True,
            max_length=60,
        ),
        Column(name="notes", heading="备注", label=_("Notes"), none_words=True, max_length=400),
        # No column of the paper form: where two towns have a village of one name, it says which is meant.
        Column(
            name="town",
            heading="镇(街道)",
            label=_("Town"),
            aliases=("镇", "镇街", "乡镇", "街道", "镇(街)", "乡镇(街道)", "所属镇", "所在镇"),
            type=Type.UNIT_NAME,
            none_words=True,
            max_length=80,
        ),
    ),
)

# Column of the ledger → column of the record, where both hold the same text.
TEXTS: Mapping[str, str] = {
    "place": "place",
    "title": "title",
    "text": "text",
    "participants": "participants",
    "leader": "leader_name",
    "beneficiaries": "beneficiaries",
    "evidence": "evidence",
    "notes": "notes",
}


def activity_rows(records: Iterable[Record]) -> list[dict[str, Value]]:
    """Records as rows of the ledger: what is written so and imported again changes nothing. Two queries beside.

    The county's own doings have no place in the ledger and are left out.
    """
    records = list(records)
    shares: dict[int, list[Share]] = defaultdict(list)
    found = Share.objects.filter(record__in=records, pairing__isnull=False)
    for share in found.select_related("pairing__unit", "pairing__village__parent").order_by("-is_lead", "id"):
        shares[share.record_id].append(share)
    programmes = {record.programme_id for record in records}
    types = ActivityType.objects.filter(programme__in=programmes).values_list("programme_id", "code", "name")
    names = {(programme, code): name for programme, code, name in types}
    rows = []
    for record in records:
        parts = shares[record.pk]
        if not parts:
            continue
        pairings = [part.pairing for part in parts if part.pairing is not None]
        village = pairings[0].village
        row: dict[str, Value | None] = {
            "occurred_on": DateValue(record.occurred_on, record.ends_on or record.occurred_on),
            "unit": BETWEEN_UNITS.join(pairing.unit.name for pairing in pairings),
            "village": village.name,
            "town": village.parent.name if village.parent else None,
            "type": names.get((record.programme_id, record.type), record.type),
            "reporter": record.details.get("reporter") or record.author_name,
            **{column: getattr(record, name) for column, name in TEXTS.items()},
        }
        if record.person_times is not None:
            row["person_times"] = NumberValue(Decimal(record.person_times), record.persons_approx)
        if record.money_yuan is not None:
            row["money"] = MoneyValue(record.money_yuan, record.money_approx)
        rows.append({name: value for name, value in row.items() if value not in (None, "")})
    return rows
