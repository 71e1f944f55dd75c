"""From cells to values, questions and errors."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from lib.sheets.columns import Column, Option, SheetKind, Type
from lib.sheets.grid import Cell, CellError, OffReason, Sheet, Workbook
from lib.sheets.readings import AnswerKey, DateValue, Defaults, MoneyValue, NumberValue, PersonValue, RowReading
from lib.sheets.refusals import SheetRefused
from lib.sheets.understand import understand, understand_workbook
from tests.lib.sheets.build import sheet

KIND = SheetKind(
    "k",
    "试验台账",
    (
        Column(name="unit", heading="单位", type=Type.UNIT_NAME, required=True),
        Column(name="on", heading="日期", type=Type.DATE),
        Column(name="month", heading="月份", type=Type.DATE, precision="month"),
        Column(name="times", heading="人次", type=Type.INTEGER),
        Column(name="score", heading="得分", type=Type.NUMBER),
        Column(name="money", heading="资金(万元)", aliases=("资金",), type=Type.MONEY),
        Column(name="done", heading="完成", type=Type.YES_NO),
        Column(
            name="sort", heading="类型", type=Type.CHOICE, options=(Option("a", "集中劳动", ("劳动",)), Option("b", "利民项目"))
        ),
        Column(name="tags", heading="村类型", type=Type.CHOICES, options=(Option("key", "重点村"), Option("model", "典型村"))),
        Column(name="leader", heading="组长", type=Type.PERSON),
        Column(name="phone", heading="值班电话", type=Type.PHONE),
        Column(name="team", heading="队员", type=Type.NAMES),
        Column(name="remark", heading="备注", max_length=20),
    ),
)
HEADS = [c.heading for c in KIND.columns]


def one(
    heading: str,
    cell: Cell,
    *,
    answers: dict[AnswerKey, str] | None = None,
    defaults: Defaults | None = None,
    title: str = "2024年台账",
    **more: Any,
) -> RowReading:
    """The reading of a row with 单位 and one more cell."""
    row: list[Cell] = ["林业局", *("" for _ in HEADS[1:])]
    heads: list[Cell] = list(HEADS)
    column = next(i for i, h in enumerate(HEADS) if heading.split("(")[0] == h.split("(")[0])
    heads[column] = heading
    row[column] = cell
    whole = sheet([[title], heads, row], **more)
    return understand(whole, KIND, defaults, answers=answers or {}).rows[0]


def day(text: str) -> DateValue:
    return DateValue(date.fromisoformat(text), date.fromisoformat(text))


@pytest.mark.parametrize(
    ("heading", "cell", "name", "value"),
    [
        ("日期", "９月3日上午", "on", day("2024-09-03")),
        ("日期", 45538.0, "on", day("2024-09-03")),
        ("日期", "2024.9.3-9.4", "on", DateValue(date(2024, 9, 3), date(2024, 9, 4))),
        ("月份", "9月上旬", "month", DateValue(date(2024, 9, 1), date(2024, 9, 10), "ten_days")),
        ("月份", "2024.10", "month", DateValue(date(2024, 10, 1), date(2024, 10, 31), "month")),
        ("人次", "约30人次", "times", NumberValue(Decimal(30), approx=True)),
        ("得分", 86.05, "score", NumberValue(Decimal("86.05"))),
        ("资金(万元)", "0.5", "money", MoneyValue(Decimal(5000))),
        ("资金(元)", 5000.0, "money", MoneyValue(Decimal(5000))),
        ("资金", "1.4万", "money", MoneyValue(Decimal(14000))),
        ("完成", "√", "done", True),
        ("完成", "无", "done", False),
        ("类型", "集 中 劳 动", "sort", "a"),
        ("类型", "②利民项目", "sort", "b"),
        ("村类型", "重点村、典型村", "tags", ("key", "model")),
        ("村类型", "典型村/重点村", "tags", ("model", "key")),
        ("组长", "张 三,１３９００００１２３４", "leader", PersonValue("张三", "13900001234")),
        ("组长", "张三", "leader", PersonValue("张三", "")),
        ("值班电话", 13900001234.0, "phone", "13900001234"),
        ("队员", "李某、王某", "team", ("李某", "王某")),
        ("备注", "无", "remark", "无"),
        ("备注", 12.0, "remark", "12"),
        ("备注", date(2024, 9, 3), "remark", "2024-09-03"),
    ],
)
def test_cells_become_values(heading: str, cell: Cell, name: str, value: object) -> None:
    row = one(heading, cell)
    assert (row.values.get(name), row.status) == (value, "ok")


@pytest.mark.parametrize("heading", [h for h in HEADS if h not in ("单位", "备注", "完成")])
@pytest.mark.parametrize("cell", ["", "无", "/", "-", "—", " "])
def test_words_for_nothing_leave_the_value_out(heading: str, cell: str) -> None:
    row = one(heading, cell)
    assert (row.values, row.problems) == ({"unit": "林业局"}, [])


@pytest.mark.parametrize(
    ("heading", "cell", "level", "code"),
    [
        ("日期", "2024年9月", "error", "date_needs_day"),
        ("日期", "9月上旬", "error", "date_needs_day"),
        ("日期", 2024.1, "question", "date_ambiguous"),
        ("日期", "2024.9.31", "error", "date_impossible"),
        ("日期", "长期", "error", "date_unreadable"),
        ("日期", "9月3日、5日", "error", "date_several"),
        ("日期", True, "error", "date_unreadable"),
        ("月份", "2024年", "error", "date_needs_day"),
        ("人次", "若干", "error", "number_unreadable"),
        ("人次", 2.5, "error", "number_not_whole"),
        ("人次", -3.0, "error", "number_not_whole"),
        ("人次", "村干部5人,党员12人", "question", "number_parts"),
        ("资金(万元)", 35000.0, "question", "money_too_large"),
        ("资金", "35", "question", "money_no_unit"),
        ("资金", "待定", "error", "money_unreadable"),
        ("完成", "差不多", "question", "yes_no_unknown"),
        ("类型", "跳舞", "question", "choice_unknown"),
        ("村类型", "重点村、大村", "question", "choice_unknown"),
        ("值班电话", "1.38E+10", "question", "phone_scientific"),
        ("值班电话", "13900001111/13900002222", "question", "phone_several"),
        ("组长", "13900001234", "question", "person_without_name"),
        ("备注", "长" * 21, "error", "too_long"),
        ("人次", CellError.REF, "error", "excel_error"),
        ("组长", CellError.NOT_AVAILABLE, "error", "excel_error"),
        ("备注", "〃", "error", "ditto_without_source"),
    ],
)
def test_doubts_are_asked_or_refused_and_never_guessed(heading: str, cell: Cell, level: str, code: str) -> None:
    row = one(heading, cell)
    assert [(p.level, p.code) for p in row.problems] == [(level, code)]
    assert set(row.values) == {"unit"}
    assert row.status == level


def test_a_range_is_counted_low_with_a_note() -> None:
    row = one("人次", "30-40人")
    assert row.values["times"] == NumberValue(Decimal(30), True, Decimal(30), Decimal(40))
    assert [(p.level, p.code) for p in row.problems] == [("note", "number_range")]
    assert row.status == "ok"


def test_a_bad_phone_keeps_the_person_and_asks() -> None:
    row = one("组长", "张三 1390000")
    assert row.values["leader"] == PersonValue("张三", "")
    assert row.status == "question"


@pytest.mark.parametrize(
    ("heading", "cell", "answer", "name", "value"),
    [
        ("日期", 2024.1, "2024-10-08", "on", day("2024-10-08")),
        ("月份", 2024.1, "2024-10", "month", DateValue(date(2024, 10, 1), date(2024, 10, 31), "month")),
        ("人次", "村干部5人,党员12人", "17", "times", NumberValue(Decimal(17))),
        ("资金(万元)", 35000.0, "35000", "money", MoneyValue(Decimal(35000))),
        ("资金", "35", "wan", "money", MoneyValue(Decimal(350_000))),
        ("完成", "差不多", "no", "done", False),
        ("类型", "跳舞", "b", "sort", "b"),
        ("村类型", "重点村、大村", "model", "tags", ("key", "model")),
        ("值班电话", "13900001111/13900002222", "13900002222", "phone", "13900002222"),
        ("值班电话", "1.38E+10", "", "phone", None),
        ("组长", "张三 1390000", "", "leader", PersonValue("张三", "")),
        ("组长", "张三 1390000", "13900001234", "leader", PersonValue("张三", "13900001234")),
        ("组长", "13900001234", "李四,13900001234", "leader", PersonValue("李四", "13900001234")),
    ],
)
def test_an_answer_settles_its_question(heading: str, cell: Cell, answer: str, name: str, value: object) -> None:
    (question,) = one(heading, cell).problems
    assert question.answer_key is not None
    row = one(heading, cell, answers={question.answer_key: answer})
    assert (row.values.get(name), row.problems) == (value, [])


@pytest.mark.parametrize(
    ("heading", "cell", "choice"),
    [("日期", 2024.1, "2024-01"), ("人次", "5人,12人", "17"), ("类型", "跳舞", "a"), ("资金(万元)", 35000.0, "35000")],
)
def test_every_choice_offered_is_an_answer_that_is_understood(heading: str, cell: Cell, choice: str) -> None:
    (question,) = one(heading, cell).problems
    assert choice in [c.key for c in question.choices]
    assert question.answer_key is not None
    for offered in question.choices:
        after = one(heading, cell, answers={question.answer_key: offered.key})
        assert question.code not in [p.code for p in after.problems]


def test_an_answer_that_fits_nothing_leaves_a_problem() -> None:
    (question,) = one("日期", 2024.1).problems
    assert question.answer_key is not None
    row = one("日期", 2024.1, answers={question.answer_key: "gibberish"})
    assert row.status == "error"
    assert "on" not in row.values


def test_answers_about_words_hold_everywhere_and_answers_about_cells_do_not() -> None:
    rows: list[list[Cell]] = [["单位", "日期", "类型", "人次"], ["甲", 2024.1, "跳舞", 1.0], ["乙", 2024.1, "跳 舞", 2.0]]
    first, second = understand(sheet(rows), KIND).rows
    keys = [[p.answer_key for p in row.problems] for row in (first, second)]
    assert keys[0][1] == keys[1][1] == AnswerKey("choice_unknown", "sort", "跳舞")
    assert keys[0][0] == AnswerKey("date_ambiguous", "on", "2024.1@Sheet1!2")
    assert keys[1][0] == AnswerKey("date_ambiguous", "on", "2024.1@Sheet1!3")


def test_no_year_anywhere_asks_with_the_years_that_can_be_meant() -> None:
    row = one("日期", "9月3日", title="台账", defaults=Defaults(candidate_years=(2024, 2025)))
    (question,) = row.problems
    assert (question.code, [c.key for c in question.choices]) == ("date_needs_year", ["2024-09-03", "2025-09-03"])
    assert one("日期", "9月3日", title="台账", defaults=Defaults(year=2023)).values["on"] == day("2023-09-03")


def test_an_amount_merged_over_rows_is_not_counted_twice() -> None:
    rows: list[list[Cell]] = [["单位", "日期", "类型", "资金(万元)"], ["甲", "", "劳动", 3.0], ["乙", "", "劳动", ""]]
    merged = [(1, 3, 2, 3)]
    first, second = understand(sheet(rows, merged=merged), KIND).rows
    assert first.values["money"] == MoneyValue(Decimal(30_000))
    assert ("money" in second.values, [p.code for p in second.problems]) == (False, ["merged_number"])
    key = second.problems[0].answer_key
    assert key is not None
    assert "money" not in understand(sheet(rows, merged=merged), KIND, answers={key: ""}).rows[1].values
    each = understand(sheet(rows, merged=merged), KIND, answers={key: "30000"}).rows[1]
    assert (each.values["money"], each.status) == (MoneyValue(Decimal(30_000)), "ok")


def test_a_heading_twice_with_different_contents_is_asked_about() -> None:
    rows: list[list[Cell]] = [
        ["单位", "日期", "类型", "备注", "备注"],
        ["甲", "", "", "一", "二"],
        ["乙", "", "", "", "二"],
        ["丙", "", "", "三", "三"],
    ]
    first, second, third = understand(sheet(rows), KIND).rows
    assert [p.code for p in first.problems] == ["repeated_heading"]
    assert (second.values["remark"], third.values["remark"]) == ("二", "三")
    key = first.problems[0].answer_key
    assert key is not None
    assert understand(sheet(rows), KIND, answers={key: "二"}).rows[0].values["remark"] == "二"


def test_a_required_cell_or_column_that_is_missing_is_an_error() -> None:
    row = one("备注", "x", merged=[])
    assert row.status == "ok"
    empty: list[list[Cell]] = [["单位", "日期", "类型", "备注"], ["", "", "劳动", "x"]]
    assert [p.code for p in understand(sheet(empty), KIND).rows[0].problems] == ["required"]
    without: list[list[Cell]] = [["完成", "日期", "类型", "备注"], ["", "", "劳动", "x"]]
    reading = understand(sheet(without), KIND)
    assert reading.missing_columns == ["unit"]
    assert reading.rows[0].status == "error"


def test_without_headings_the_sheet_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(SheetRefused) as refusal:
        understand(sheet([["随便", "什么"], ["a", "b"]]), KIND)
    assert (refusal.value.code, refusal.value.params["need"]) == ("no_header", 4)
    assert "单位" in refusal.value.message


def test_one_bad_sheet_does_not_keep_the_others_out() -> None:
    good = sheet([["单位", "日期", "类型", "备注"], ["甲", "", "", ""]], name="9月")
    bad = sheet([["说明"]], name="说明")
    off = sheet([["单位", "日期", "类型", "备注"], ["乙", "", "", ""]], name="汇总", off_reason=OffReason.SUMMARY)
    readings, refused = understand_workbook(Workbook([good, bad, off]), KIND)
    assert [r.sheet for r in readings] == ["9月"]
    assert [r.params["sheet"] for r in refused] == ["说明"]
    assert [r.sheet for r in understand_workbook(Workbook([good, bad, off]), KIND, sheets=["汇总"])[0]] == ["汇总"]
    with pytest.raises(SheetRefused):
        understand_workbook(Workbook([good]), KIND, sheets=[])


def test_rows_know_where_they_stand() -> None:
    rows: list[list[Cell]] = [["标题"], ["单位", "日期", "类型", "备注"], [], ["甲", "", "", ""], ["乙", "", "", ""]]
    reading = understand(Sheet("九月", rows, hidden_rows=frozenset({4})), KIND)
    assert [(r.sheet, r.row, r.hidden) for r in reading.rows] == [("九月", 4, False), ("九月", 5, True)]
    assert (reading.header_row, reading.columns["sort"]) == (2, "C")
