"""Finding headings, in one row or two."""

import pytest

from lib.sheets.columns import Column, Part, SheetKind, Spot, Type
from lib.sheets.grid import Cell, Sheet
from lib.sheets.headers import Headers, find_headers
from tests.lib.sheets.build import sheet
from tests.lib.sheets.kinds import ACTIVITIES, PAIRINGS, UNITS


def places(found: Headers) -> dict[tuple[str, str], int]:
    return {(m.spot.column, m.spot.part.value): m.index for m in found.mapped}


def test_title_and_stamp_rows_are_stepped_over() -> None:
    found = find_headers(
        sheet([["花名册"], ["填报单位：某局"], [], ["序号", "单位名称", "单位性质", "主管部门", "党员数"], [1.0, "林业局"]]),
        UNITS,
    )
    assert (found.row, found.first_data_row, found.n_known) == (3, 4, 4)


def test_two_rows_of_headings_are_one() -> None:
    rows: list[list[Cell]] = [
        ["序号", "镇(街道)", "结对村", "结对单位", "组长", "", "联络员", ""],
        ["", "", "", "", "姓名", "电话", "姓名", "联系电话"],
        [1.0, "曹江镇", "荷垌村", "林业局", "张三", "13900001234", "李四", "13900001235"],
    ]
    merged = [(0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 1, 2), (0, 3, 1, 3), (0, 4, 0, 5), (0, 6, 0, 7)]
    for with_merges in (merged, []):
        found = find_headers(sheet(rows, merged=with_merges), PAIRINGS)
        assert found.first_data_row == 2
        assert places(found) == {
            ("town", "value"): 1,
            ("village", "value"): 2,
            ("unit", "value"): 3,
            ("group_leader", "name"): 4,
            ("group_leader", "phone"): 5,
            ("liaison", "name"): 6,
            ("liaison", "phone"): 7,
        }


def test_a_heading_merged_over_two_rows_leaves_no_data_row_behind() -> None:
    found = find_headers(
        sheet(
            [["单位名称", "单位性质", "主管部门", "党员数"], ["", "", "", ""], ["林业局"]],
            merged=[(0, c, 1, c) for c in range(4)],
        ),
        UNITS,
    )
    assert found.first_data_row == 2


@pytest.mark.parametrize(
    "headings",
    [
        ["单位名称", "组长", "组长电话", "联络员", "联络员电话"],
        ["单位名称", "组长", "电话", "联络员", "电话"],
        ["单位名称", "组长姓名", "组长联系电话", "联络员姓名", "联络员手机号码"],
        ["单 位 名 称", "组　长", "组长\n电话", "联络员：", "联络员（手机）"],
    ],
)
def test_phones_find_their_person(headings: list[str]) -> None:
    found = find_headers(sheet([[*headings], ["林业局", "张三", "1", "李四", "2"]]), UNITS)
    phones = {m.spot.column: m.index for m in found.mapped if m.spot.part is Part.PHONE}
    assert phones in ({"group_leader": 2, "liaison": 4}, {"group_leader": 2})
    assert phones == {"group_leader": 2, "liaison": 4} or headings[-1] == "联络员（手机）"


def test_name_and_phone_in_one_column() -> None:
    found = find_headers(
        sheet([["结对村", "结对单位", "村党组织书记(姓名,电话)", "组长（姓名、电话）", "村类型(典型村/重点村/薄弱村)"]]), PAIRINGS
    )
    assert places(found) == {
        ("village", "value"): 0,
        ("unit", "value"): 1,
        ("secretary", "value"): 2,
        ("group_leader", "value"): 3,
        ("village_type", "value"): 4,
    }


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("投入资金(万元)", "wan"),
        ("投入资金（元）", "yuan"),
        ("投入资金", None),
        ("投入资金(单位:万元)", "wan"),
        ("投入资金万元", "wan"),
    ],
)
def test_the_unit_of_money_is_read_from_the_heading(heading: str, unit: str | None) -> None:
    found = find_headers(sheet([["时间", "单位", "结对村", "活动类型", heading]]), ACTIVITIES)
    assert found.mapped[-1].spot == Spot("money", Part.VALUE)
    assert found.mapped[-1].unit == unit


def test_identity_card_columns_are_dropped_and_unknown_ones_told() -> None:
    found = find_headers(sheet([["单位名称", "身份证号码", "组长", "爱好", "备注", "单位性质"]]), UNITS)
    assert found.dropped == ["身份证号码"]
    assert found.unknown == [(3, "爱好")]


def test_a_heading_that_stands_twice_is_kept_apart() -> None:
    found = find_headers(sheet([["单位名称", "单位性质", "备注", "主管部门", "备注"]]), UNITS)
    assert [(m.spot.column, m.index) for m in found.repeated] == [("remark", 4)]


def test_two_columns_may_not_claim_one_heading() -> None:
    with pytest.raises(ValueError, match="names both"):
        SheetKind("x", "x", (Column(name="a", heading="甲"), Column(name="b", heading="乙", aliases=("甲",))))


@pytest.mark.parametrize(("n_columns", "n_required", "needed"), [(12, 2, 4), (3, 1, 2), (3, 3, 3), (1, 1, 1)])
def test_small_kinds_need_fewer_headings(n_columns: int, n_required: int, needed: int) -> None:
    columns = tuple(Column(name=f"c{i}", heading=f"列{i}", required=i < n_required, type=Type.TEXT) for i in range(n_columns))
    assert SheetKind("x", "x", columns).n_needed == needed


def test_an_empty_sheet_has_no_headings() -> None:
    assert find_headers(Sheet("空", []), UNITS).n_known == 0
