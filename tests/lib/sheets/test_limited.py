"""Reading in a child: the same answer, and only the child suffers."""

import time
from pathlib import Path

import pytest

from lib.sheets.limited import read_limited
from lib.sheets.reader import read_workbook
from lib.sheets.refusals import SheetRefused
from tests.lib.sheets.badfiles import ordinary
from tests.lib.sheets.build import SAMPLES, saved


def test_the_child_reads_what_the_parent_would() -> None:
    path = SAMPLES / "活动台账.xlsx"
    assert read_limited(path) == read_workbook(path)


def test_a_refusal_crosses_over_with_its_parameters(tmp_path: Path) -> None:
    path = saved(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    with pytest.raises(SheetRefused) as refusal:
        read_limited(path, "form.xls")
    assert (refusal.value.code, refusal.value.params) == ("old_xls", {})


def test_a_hostile_file_name_does_no_harm(tmp_path: Path) -> None:
    path = saved(tmp_path, ordinary())
    for name in ("a\x00.xlsx", "\ud800.xlsx", "-c import os.xlsx", "../" * 500 + "a.xlsx"):
        assert read_limited(path, name).sheets[0].rows[0] == ["单位名称", "组长"]


def test_a_child_that_wants_too_much_memory_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(SheetRefused) as refusal:
        read_limited(saved(tmp_path, ordinary()), memory=30 * 1024 * 1024)
    assert refusal.value.code == "too_heavy"


def test_a_child_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(SheetRefused) as refusal:
        read_limited(saved(tmp_path, ordinary()), seconds=0.01)
    assert refusal.value.code == "too_heavy"
    assert time.monotonic() - started < 60  # at once, where the machine has nothing else to do
