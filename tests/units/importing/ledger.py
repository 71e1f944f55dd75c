"""A ledger of records, declared as a later app would: what it takes, and 20,000 rows to measure it with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, ClassVar

import xlsxwriter

from lib.sheets.columns import Column, SheetKind, Type
from lib.sheets.fingerprint import fingerprint
from lib.sheets.readings import DateValue, MoneyValue, NumberValue
from units.importing.asking import find_unit, find_village
from units.importing.plan import Plan, Wave, new
from units.importing.registry import Context, ImportKind
from units.importing.rows import Row
from units.models import Listing

LEDGER = SheetKind(
    code="visits",
    label="走访台账",
    title="走访台账",
    columns=(
        Column(name="occurred_on", heading="时间", type=Type.DATE, required=True),
        Column(name="place", heading="地点"),
        Column(name="unit", heading="单位", type=Type.UNIT_NAME, required=True),
        Column(name="village", heading="结对村", type=Type.UNIT_NAME, required=True),
        Column(name="theme", heading="活动主题"),
        Column(name="content", heading="活动内容"),
        Column(name="participants", heading="参加人员", type=Type.NAMES),
        Column(name="person_times", heading="参加人次", type=Type.INTEGER),
        Column(name="money", heading="投入资金(万元)", type=Type.MONEY),
        Column(name="evidence", heading="佐证材料", type=Type.YES_NO),
        Column(name="notes", heading="备注"),
    ),
)


class Visits(ImportKind):
    """One row a visit; kept as an entry on a list of the village, which is what exists to write to."""

    code = "visits"
    sheet: ClassVar[SheetKind] = LEDGER
    whole_county = False

    def match(self, rows: Sequence[Row], context: Context) -> None:
        for row in rows:
            unit, village = find_unit(row, "unit", context), find_village(row, "village", "", context)
            row.found = {"unit": unit, "village": village}
            day, times, money = row.read("occurred_on"), row.read("person_times"), row.read("money")
            row.values = {
                "occurred_on": day.start.isoformat() if isinstance(day, DateValue) else None,
                "unit": unit.name if unit else row.text("unit"),
                "village": village.name if village else row.text("village"),
                "person_times": int(times.value) if isinstance(times, NumberValue) else None,
                "money_yuan": str(money.yuan) if isinstance(money, MoneyValue) else None,
            }
            if unit is not None and village is not None:
                row.key = fingerprint(str(unit.uid), str(village.uid), row.values["occurred_on"] or "", row.text("content"))

    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        for row in rows:
            day = row.read("occurred_on")
            assert isinstance(day, DateValue)
            entry = new(
                Listing,
                tenant=context.tenant,
                unit=row.found["village"],
                kind="weak_village",
                starts_on=day.start,
                ends_on=day.end,
                reason=row.text("theme")[:200],
            )
            plan.add(row, Wave.LEDGER, entry)
            row.effect = "add"


def ledger_file(n: int, units: Sequence[str], villages: Sequence[str]) -> bytes:
    """A ledger of ``n`` visits as people write them: short names, dates and numbers in several spellings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["2024年结对共建走访台账"])
    sheet.write_row(1, 0, ["序号", *(column.heading for column in LEDGER.columns)])
    first = date(2024, 1, 1)
    for number in range(n):
        day = first + timedelta(days=number % 360)
        written = (f"{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day:%Y%m%d}")[number % 4]
        unit = units[number % len(units)]
        cells: list[Any] = [number + 1, written, "村委会", unit.removeprefix("高州市") if number % 3 else unit]
        cells += [
            villages[number % len(villages)],
            f"第{number}次走访",
            f"到村开展走访,了解情况{number}",
            "甲某某、乙某某,丙某某",
        ]
        cells += [("约30人次", 12, "二十人")[number % 3], (1.4, "5000元", "")[number % 3], "是", ""]
        sheet.write_row(number + 2, 0, cells)
    book.close()
    return out.getvalue()


def roster_file(n: int) -> bytes:
    """A roster of ``n`` units."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("花名册")
    heads = [
        "序号",
        "单位名称",
        "单位性质",
        "主管部门",
        "党组织名称",
        "党员数",
        "主要负责人",
        "职务",
        "联系电话",
        "组长",
        "组长电话",
    ]
    sheet.write_row(0, 0, [*heads, "联络员", "联络员电话", "队员名单", "备注"])
    for number in range(n):
        name = f"高州市第{number}服务中心"
        line = [
            number + 1,
            name,
            "事业单位",
            "市委办公室",
            f"{name}党支部",
            20 + number % 50,
            f"甲{number}",
            "主任",
            f"1390000{number % 10000:04}",
        ]
        line += [
            f"乙{number}",
            f"1390000{(number + 1) % 10000:04}",
            f"丙{number}",
            f"1390000{(number + 2) % 10000:04}",
            "丁某、戊某,己某",
            "",
        ]
        sheet.write_row(number + 1, 0, line)
    book.close()
    return out.getvalue()
