"""What a newer edition changes: each kind of line, and what must not be taken for one another."""

from __future__ import annotations

import pytest

from lib.chinese.text import match_key
from units.divisions.diff import KnownPlace, compare
from units.divisions.edition import CountyList, Entry


def known(
    unit_id: int, code: str, name: str, *, town_code: str = "", town_name: str = "", kind: str = "", also: str = ""
) -> KnownPlace:
    kind = kind or ("town" if len(code) == 9 else "community" if name.endswith("社区") else "village")
    others = frozenset(match_key(word) for word in also.split())
    return KnownPlace(unit_id, kind, name, code, town_code or (code[:9] if len(code) == 12 else ""), town_name, others)


TOWN = known(1, "440981124", "曹江镇")
VILLAGE = known(2, "440981124201", "荷垌村", also="荷垌村委会")
CODELESS = known(5, "", "帅堂村", town_code="440981124", kind="village")
OTHER_TOWN = known(3, "440981125", "石板镇")


def listed(*lines: str) -> CountyList:
    entries = [Entry(*line.split(",")) for line in lines]
    return CountyList("440981", (), tuple(e for e in entries if len(e.code) == 9), tuple(e for e in entries if len(e.code) == 12))


BASE = ("440981124,曹江镇", "440981125,石板镇")


@pytest.mark.parametrize(
    ("places", "lines", "expected"),
    [
        ([TOWN, VILLAGE], ("440981124,曹江镇", "440981124201,荷垌村委会"), []),
        # 居委会 becoming 社区居委会 is the same place to everybody.
        (
            [TOWN, known(4, "440981124001", "南宫社区", also="南宫居委会")],
            ("440981124,曹江镇", "440981124001,南宫社区居委会"),
            [],
        ),
        (
            [TOWN, VILLAGE],
            ("440981124,曹江镇", "440981124201,荷垌村委会", "440981124202,帅堂村委会"),
            [("added", None, "440981124202", "帅堂村", "440981124")],
        ),
        (
            [TOWN, VILLAGE],
            ("440981124,曹江镇", "440981124201,荷花垌村委会"),
            [("renamed", 2, "440981124201", "荷花垌村", "440981124")],
        ),
        # A village that became a community.
        (
            [TOWN, VILLAGE],
            ("440981124,曹江镇", "440981124201,荷垌社区居委会"),
            [("renamed", 2, "440981124201", "荷垌社区", "440981124")],
        ),
        # The county calls it otherwise and keeps the list's name beside: that was meant.
        ([TOWN, known(2, "440981124201", "新荷垌村", also="荷垌村")], ("440981124,曹江镇", "440981124201,荷垌村委会"), []),
        (
            [TOWN, OTHER_TOWN, VILLAGE],
            (*BASE, "440981124209,荷垌村委会"),
            [("recoded", 2, "440981124209", "荷垌村", "440981124")],
        ),
        (
            [TOWN, OTHER_TOWN, VILLAGE],
            (*BASE, "440981125209,荷垌村委会"),
            [("moved", 2, "440981125209", "荷垌村", "440981125")],
        ),
        (
            [TOWN, OTHER_TOWN, VILLAGE],
            BASE,
            [("removed", 2, "440981124201", "荷垌村", "440981124")],
        ),
        # The town got another code: it and its villages are the same places.
        (
            [TOWN, VILLAGE],
            ("440981150,曹江镇", "440981150201,荷垌村委会"),
            [("recoded", 1, "440981150", "曹江镇", ""), ("recoded", 2, "440981150201", "荷垌村", "440981150")],
        ),
        (
            [TOWN, VILLAGE],
            ("440981124,曹江街道办事处", "440981124201,荷垌村委会"),
            [("renamed", 1, "440981124", "曹江街道", "")],
        ),
        # A village without a code gets one; one that the list does not know stays as it is.
        (
            [TOWN, CODELESS, known(6, "", "新村", town_code="440981124", kind="village")],
            ("440981124,曹江镇", "440981124202,帅堂村委会"),
            [("recoded", 5, "440981124202", "帅堂村", "440981124")],
        ),
        (
            [known(5, "", "帅堂村", town_name="曹江镇", kind="village"), known(6, "", "曹江镇", kind="town")],
            ("440981124,曹江镇", "440981124202,帅堂村委会"),
            [("recoded", 6, "440981124", "曹江镇", ""), ("recoded", 5, "440981124202", "帅堂村", "440981124")],
        ),
    ],
    ids=[
        "same", "same-place", "added", "renamed", "became-community", "own-name", "recoded", "moved", "removed",
        "town-recoded", "town-renamed", "codeless", "codeless-town",
    ],
)  # fmt: skip
def test_each_change_is_one_line(
    places: list[KnownPlace], lines: tuple[str, ...], expected: list[tuple[str, int | None, str, str, str]]
) -> None:
    found = [(line.kind.value, line.unit_id, line.code, line.name, line.parent_code) for line in compare(places, listed(*lines))]
    assert found == expected


def test_two_villages_of_one_name_are_not_taken_for_one_another() -> None:
    places = [
        TOWN,
        OTHER_TOWN,
        known(2, "440981124201", "茅坡村"),
        known(4, "440981125201", "茅坡村"),
    ]
    found = compare(places, listed(*BASE, "440981124205,茅坡村委会", "440981125205,茅坡村委会"))
    assert [(line.kind.value, line.unit_id, line.code) for line in found] == [
        ("recoded", 2, "440981124205"),
        ("recoded", 4, "440981125205"),
    ]
    third = known(7, "440981126", "新垌镇")
    moved = compare([*places, third], listed(*BASE, "440981126,新垌镇", "440981126201,茅坡村委会", "440981126202,茅坡新村委会"))
    assert [(line.kind.value, line.unit_id) for line in moved] == [
        ("removed", 2),
        ("removed", 4),
        ("added", None),
        ("added", None),
    ]
