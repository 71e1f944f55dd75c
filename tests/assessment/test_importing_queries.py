"""However long a ledger is, the county is asked the same number of questions."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lib.sheets.reader import read_workbook
from tests.assessment.test_importing import HONOUR_HEADS, POLL_HEADS, VETO_HEADS, Year, honour, poll, sheet, veto, year
from units.importing import registry
from units.importing.evaluation import Evaluation, evaluate

__all__ = ["year"]
pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
HOUSE_HEADS = ("村", "结对单位", "门牌号", "户主姓名", "结对单位党员", "农村党员")
FIGURE_HEADS = ("村", "年度", "指标", "金额(元)")


def row_of(kind: str, number: int) -> Mapping[str, Any]:
    house = {
        "村": "荷垌村",
        "结对单位": "林业局",
        "门牌号": f"{number}号",
        "户主姓名": "户主",
        "结对单位党员": "甲",
        "农村党员": "乙",
    }
    figure = {"村": "荷垌村", "年度": str(2001 + number % 24), "指标": "集体经济收入", "金额(元)": 100 + number % 24}
    return {
        "polls": poll(),
        "honours": honour(经验事项=f"{number * 7919:x}" * 3),
        "vetoes": veto(文号=f"督字{number}号", 类型=("弄虚作假", "违纪", "安全事故")[number % 3]),
        "households": house,
        "figures": figure,
    }[kind]


def read(year: Year, path: Path, kind: str, n: int) -> tuple[Evaluation, int]:
    heads = {
        "polls": POLL_HEADS,
        "honours": HONOUR_HEADS,
        "vetoes": VETO_HEADS,
        "households": HOUSE_HEADS,
        "figures": FIGURE_HEADS,
    }
    data = sheet(heads[kind], *(row_of(kind, number) for number in range(n)))
    path.write_bytes(data)
    book = read_workbook(path)
    with CaptureQueriesContext(connection) as asked:
        found = evaluate(
            book,
            registry.get(kind),
            tenant=year.tenant,
            sha256=hashlib.sha256(data).hexdigest(),
            today=year.cycle.ends_on,
            options={},
        )
    return found, len(asked)


@pytest.mark.parametrize("kind", ["polls", "honours", "vetoes", "households", "figures"])
def test_a_long_ledger_asks_no_more_than_a_short_one(year: Year, tmp_path: Path, kind: str) -> None:
    short, n_short = read(year, tmp_path / "short.xlsx", kind, 2)
    long, n_long = read(year, tmp_path / "long.xlsx", kind, 60)
    assert (short.summary["ok"], long.summary["error"]) == (2, 0)
    assert len(long.rows) == 60
    assert n_long == n_short
    assert n_long <= 14
