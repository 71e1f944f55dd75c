"""A ledger of thousands of rows, as people write them, to measure the importer with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta

import xlsxwriter

from activities.ledgers import ACTIVITIES

TYPES = ("集中劳动", "②接访", "调查研究", "主 题 党 日", "民生实事1件", "利民项目", "美丽庭院")


def activity_file(n: int, pairs: Sequence[tuple[str, str]]) -> bytes:
    """A ledger of ``n`` activities of 2024 by these (unit, village) pairs, in several spellings."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True})
    sheet = book.add_worksheet("台账")
    sheet.write_row(0, 0, ["2024年结对共建活动台账"])
    sheet.write_row(1, 0, ["序号", *(column.heading for column in ACTIVITIES.columns)])
    first = date(2024, 1, 1)
    for number in range(n):
        day = first + timedelta(days=number % 360)
        written = (f"{day.month}月{day.day}日", day.isoformat(), f"{day.year}.{day.month}.{day.day}", f"{day:%Y%m%d}")[number % 4]
        unit, village = pairs[number % len(pairs)]
        cells: dict[str, str | float] = {
            "occurred_on": written,
            "place": "村委会",
            "unit": unit.removeprefix("高州市") if number % 3 else unit,
            "village": village,
            "type": TYPES[number % len(TYPES)],
            "title": f"第{number}次活动",
            "text": f"到村开展活动,了解情况{number}",
            "participants": "甲某某、乙某某,丙某某",
            "person_times": ("约30人次", 12, "二十人")[number % 3],
            "leader": "丁某",
            "money": (1.4, "5000元", "")[number % 3],
            "evidence": "有",
            "reporter": "戊某",
        }
        sheet.write_row(number + 2, 0, [number + 1, *(cells.get(column.name, "") for column in ACTIVITIES.columns)])
    book.close()
    return out.getvalue()
