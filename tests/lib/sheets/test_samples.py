"""The three sample files, row by row against what they are known to hold."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lib.sheets.reader import read_workbook
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, PersonValue, RowReading, SheetReading
from lib.sheets.refusals import SheetRefused
from lib.sheets.understand import understand_workbook
from tests.lib.sheets.build import SAMPLES
from tests.lib.sheets.kinds import ACTIVITIES, PAIRINGS, UNITS

EXPECTED: dict[str, Any] = json.loads((SAMPLES / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def roster() -> SheetReading:
    return understand_workbook(read_workbook(SAMPLES / "单位花名册.xlsx"), UNITS)[0][0]


@pytest.fixture(scope="module")
def pairings() -> SheetReading:
    return understand_workbook(read_workbook(SAMPLES / "结对关系一览表.xlsx"), PAIRINGS)[0][0]


@pytest.fixture(scope="module")
def ledger() -> list[SheetReading]:
    return understand_workbook(read_workbook(SAMPLES / "活动台账.xlsx"), ACTIVITIES)[0]


def test_the_roster_has_its_units(roster: SheetReading) -> None:
    assert roster.n_by_status == {"ok": EXPECTED["roster"]["units"], "question": 0, "error": 0}
    assert Counter(row.values["nature"] for row in roster.rows)["stationed"] == EXPECTED["roster"]["stationed_units"]
    assert (roster.title, roster.reporter, roster.filled_on) == (
        "高州市市直(含驻高)单位结对共建花名册",
        "中共高州市委组织部",
        date(2024, 9, 5),
    )
    assert len({row.values["unit"] for row in roster.rows}) == 108


def test_the_roster_is_read_through_its_mess(roster: SheetReading) -> None:
    by_row = {row.row: row for row in roster.rows}
    assert by_row[12].values["unit"] == "高州市委政法委"  # its number is the text 9、
    assert by_row[14].values["group_leader"] == PersonValue("陈永康", "13900007290")  # a number cell
    assert by_row[16].values["group_leader"] == PersonValue("吴海燕", "13900003466")  # full-width digits
    assert by_row[20].values["unit"] == "高州市档案馆"  # written with a space
    assert by_row[20].originals["unit"] == "高州市 档案馆"
    assert by_row[4].values["team"] == ("梁玉兰", "吴小燕", "杨月娥", "曾永康", "吴伟")
    assert by_row[4].values["n_members"] == NumberValue(Decimal(86))
    assert by_row[4].values["principal"] == PersonValue("张海燕", "13900006422")


def test_the_pairings_are_complete(pairings: SheetReading) -> None:
    assert pairings.n_by_status == {"ok": EXPECTED["roster"]["pairings"], "question": 0, "error": 0}
    assert len({(row.values["town"], row.values["village"]) for row in pairings.rows}) == EXPECTED["roster"]["villages"]
    # The same unit stands under its full and its short name; 108 remain once 市… is taken for 高州市….
    units = {str(row.values["unit"]).replace("高州市", "市", 1) for row in pairings.rows}
    assert len(units) == EXPECTED["roster"]["units"]
    paired = Counter(row.values["unit"] for row in pairings.rows)
    assert [unit for unit, n in paired.items() if n == 3] == EXPECTED["roster"]["units_with_3_villages"]


def test_the_pairings_dates_are_one_day_in_five_spellings(pairings: SheetReading) -> None:
    signed, paired = date(2024, 9, 3), date(2024, 8, 30)
    assert {row.values["signed_on"] for row in pairings.rows} == {DateValue(signed, signed)}
    assert {row.values["paired_on"] for row in pairings.rows} == {DateValue(paired, paired)}
    spellings = {row.originals["signed_on"] for row in pairings.rows}
    assert spellings == {"45538", "9月3日", "2024.9.3", "2024-09-03"}
    assert any("2024" in note for note in pairings.notes)


def test_villages_merged_down_hold_for_each_pairing(pairings: SheetReading) -> None:
    first, second, third, fourth = pairings.rows[:4]
    assert [row.values["village"] for row in (first, second, third, fourth)] == ["镇大岭村", "镇大岭村", "镇大岭村", "西塘村"]
    assert second.values["secretary"] == PersonValue("黄家豪", "13900007906")
    assert first.values["village_type"] == ("model",)
    assert fourth.values["village_type"] == ("key", "model")


def parsed(row: RowReading) -> tuple[str | None, int | None, bool | None, str | None]:
    day, times, money = (row.values.get(name) for name in ("occurred_on", "person_times", "money"))
    return (
        day.start.isoformat() if isinstance(day, DateValue) else None,
        int(times.value) if isinstance(times, NumberValue) else None,
        times.approx if isinstance(times, NumberValue) else None,
        str(money.yuan) if isinstance(money, MoneyValue) else None,
    )


# What a cell alone decides; the other reasons need the county's units, villages and today's date.
CELL_REASONS = {
    "2024.1 in a numeric cell: January or October": ("question", "date_ambiguous"),
    "35,000 under a 万元 header": ("question", "money_too_large"),
    "an event needs a day": ("error", "date_needs_day"),
}


def test_all_144_rows_of_the_ledger_are_as_expected(ledger: list[SheetReading]) -> None:
    rows = {(row.sheet, row.row): row for reading in ledger for row in reading.rows}
    assert set(rows) == {(e["sheet"], e["row"]) for e in EXPECTED["rows"]}
    for e in EXPECTED["rows"]:
        row = rows[e["sheet"], e["row"]]
        day, times, approx, money = parsed(row)
        assert (times, approx, money) == (e["person_times"], e["approx"], e["money_yuan"])
        if e["status"] == "ok":
            assert day == e["occurred_on"]
        reason = CELL_REASONS.get(e["why"])
        assert [(p.level, p.code) for p in row.problems] == ([reason] if reason else [])


def test_the_ledgers_ditto_marks_take_unit_and_village_from_above(ledger: list[SheetReading]) -> None:
    above, row = (row for row in ledger[0].rows if row.row in (18, 19))
    assert (row.originals["unit"], row.originals["village"]) == ("〃", "〃")
    assert (row.values["unit"], row.values["village"]) == (above.values["unit"], above.values["village"])
    assert row.values["unit"] == next(e["unit"] for e in EXPECTED["rows"] if (e["sheet"], e["row"]) == ("9月", 19))


def test_the_summary_sheet_is_off(ledger: list[SheetReading]) -> None:
    assert [reading.sheet for reading in ledger] == ["9月", "10月", "11月", "12月"]


def test_the_wrong_ledger_is_named() -> None:
    with pytest.raises(SheetRefused) as refusal:
        understand_workbook(read_workbook(SAMPLES / "活动台账.xlsx"), UNITS, other_kinds=(PAIRINGS, ACTIVITIES))
    assert refusal.value.code == "wrong_ledger"
    assert refusal.value.params["likely"] == "结对共建活动台账"
    with pytest.raises(SheetRefused) as refusal:
        understand_workbook(read_workbook(SAMPLES / "结对关系一览表.xlsx"), UNITS, other_kinds=(PAIRINGS, ACTIVITIES))
    assert refusal.value.params["likely"] == "结对关系一览表"
