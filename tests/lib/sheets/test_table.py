"""Which rows are data, and what their blank and ditto cells mean."""

import pytest

from lib.sheets.columns import Column, SheetKind
from lib.sheets.grid import Cell
from lib.sheets.headers import find_headers
from lib.sheets.table import Table, read_table
from tests.lib.sheets.build import sheet

KIND = SheetKind("k", "k", tuple(Column(name=n, heading=n) for n in ("甲", "乙", "丙", "丁")))
HEAD: list[Cell] = ["序号", "甲", "乙", "丙", "丁"]


def read(
    rows: list[list[Cell]],
    *,
    merged: list[tuple[int, int, int, int]] | None = None,
    literal: bool = False,
    fill: tuple[int, ...] = (),
) -> Table:
    whole = sheet([HEAD, *rows], merged=merged or [], hidden_rows=frozenset({2}))
    return read_table(whole, find_headers(whole, KIND), literal=literal, fill_down=frozenset(fill))


def values(table: Table) -> list[list[Cell]]:
    return [list(row.cells.values()) for row in table.rows]


@pytest.mark.parametrize(
    "end",
    [
        "合计",
        "合　计",
        "总计：",
        "填表人：李某",
        "审核人:",
        "注：1.本表每月25日前报送。",
        "注",
        "说明：无",
        "备注:",
        "合计(万元)",
    ],
)
@pytest.mark.parametrize("column", [0, 1])
def test_the_table_ends_at_its_foot(end: str, column: int) -> None:
    foot: list[Cell] = ["", "", "", "", ""]
    foot[column] = end
    if end == "注" and column == 1:
        return  # alone and not in the first column, 注 may be a value
    assert values(read([[1.0, "a", "b", "c", "d"], foot, ["", "x", "", "", ""]])) == [["a", "b", "c", "d"]]


@pytest.mark.parametrize("text", ["注册会计师协会", "说明书印刷厂", "备注", "合计划生育协会"])
def test_names_that_begin_like_a_foot_are_data(text: str) -> None:
    assert len(read([["", text, "b", "c", "d"]]).rows) == 1


def test_rows_below_the_end_that_look_like_data_are_reported() -> None:
    table = read([["合计", "", "", "", ""], [2.0, "a", "b", "c", "d"], [3.0, "e", "f", "g", "h"]])
    assert len(table.rows) == 0
    assert len(table.notes) == 1
    assert "2" in table.notes[0]


def test_subtotals_captions_and_repeated_headings_are_stepped_over() -> None:
    rows: list[list[Cell]] = [
        ["一、市直单位", "", "", "", ""],
        [1.0, "a", "b", "c", "d"],
        ["小计", "", "", "5", ""],
        HEAD,
        [2.0, "e", "f", "g", "h"],
    ]
    table = read(rows, merged=[(1, 0, 1, 4)])
    assert values(table) == [["a", "b", "c", "d"], ["e", "f", "g", "h"]]
    assert len(table.notes) == 2


def test_cells_merged_downwards_hold_for_each_row_but_not_beyond() -> None:
    table = read([[1.0, "a", "b", "c", "d"], [2.0, "", "x", "", ""], [3.0, "", "y", "", ""]], merged=[(1, 1, 2, 1)])
    assert values(table) == [["a", "b", "c", "d"], ["a", "x", "", ""], ["", "y", "", ""]]
    assert [row.copied for row in table.rows] == [frozenset(), frozenset({1}), frozenset()]


def test_blank_cells_are_filled_only_where_asked() -> None:
    rows: list[list[Cell]] = [[1.0, "a", "b", "c", "d"], [2.0, "", "x", "", ""], [3.0, "", "y", "", ""]]
    assert [v[0] for v in values(read(rows, fill=(1,)))] == ["a", "a", "a"]
    assert [v[0] for v in values(read(rows))] == ["a", "", ""]


@pytest.mark.parametrize("mark", ["〃", "同上", "″", '"', "“", "”", "同 上", " 〃 "])
def test_ditto_marks_copy_the_cell_above(mark: str) -> None:
    rows: list[list[Cell]] = [
        [1.0, "a", "b", "c", 7.0],
        ["", "", "", "", ""],
        [2.0, mark, "x", "", mark],
        [3.0, mark, "y", "", ""],
    ]
    assert values(read(rows)) == [["a", "b", "c", 7.0], ["a", "x", "", 7.0], ["a", "y", "", ""]]


def test_a_ditto_mark_copies_a_merged_cell_above() -> None:
    rows: list[list[Cell]] = [[1.0, "a", "b", "", ""], [2.0, "", "x", "", ""], [3.0, "〃", "y", "", ""]]
    assert [v[0] for v in values(read(rows, merged=[(1, 1, 2, 1)]))] == ["a", "a", "a"]


def test_a_ditto_mark_under_nothing_is_known_as_such() -> None:
    assert read([[1.0, "〃", "b", "c", "d"]]).rows[0].ditto_without_source == {1}


def test_numbered_but_empty_lines_of_a_template_are_no_rows() -> None:
    assert len(read([[1.0, "a", "b", "c", "d"], [2.0, "", " ", "", ""], ["3、", "", "", "", ""]]).rows) == 1


def test_a_merged_block_alone_makes_no_row() -> None:
    assert len(read([[1.0, "a", "b", "c", "d"], [2.0, "", "", "", ""]], merged=[(1, 1, 2, 1)]).rows) == 1


def test_hidden_rows_are_read_and_marked() -> None:
    assert [row.hidden for row in read([["", "a"], ["", "b"]]).rows] == [False, True]


def test_pictures_in_cells_are_left_out_with_a_note() -> None:
    table = read([[1.0, "a", '=DISPIMG("ID_1",1)', '=_xlfn.DISPIMG("ID_2",1)', "d"]])
    assert values(table) == [["a", "", "", "d"]]
    assert len(table.notes) == 1


def test_in_our_own_form_every_cell_is_what_it_says() -> None:
    rows: list[list[Cell]] = [["", "合计", "〃", "小计", "同上"], ["", "注：x", '"', "", ""]]
    assert values(read(rows, literal=True)) == [["合计", "〃", "小计", "同上"], ["注：x", '"', "", ""]]


def test_a_merge_over_the_whole_sheet_costs_nothing() -> None:
    assert len(read([[1.0, "a", "b", "c", "d"]], merged=[(1, 1, 1_048_575, 1)]).rows) == 1
