"""``manage.py import_sheet``: what it prints, what it writes, how it refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from pairing.models import Pairing, Programme
from tenancy.models import Tenant
from tests.factories import make_town, make_unit, make_village
from tests.units.importing.files import ACTIVITIES, PAIRINGS, ROSTER, pairings, roster, workbook
from units.models import ImportBatch, Unit

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[str, str, int]:
    """(stdout, stderr, exit status) of the command."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_sheet", *arguments, stdout=out, stderr=err)
    except SystemExit as end:
        return out.getvalue(), err.getvalue(), int(str(end.code))
    return out.getvalue(), err.getvalue(), 0


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(content: bytes, name: str = "表.xlsx") -> str:
        (tmp_path / name).write_bytes(content)
        return str(tmp_path / name)

    return write


def test_json_of_the_samples(county: Tenant) -> None:
    out, err, status = run("gaozhou", "units", str(ROSTER), "--json", "--commit")
    told = json.loads(out)
    assert (status, err, list(told), told["summary"]) == (0, "", ["summary", "rows"], {"ok": 108, "question": 0, "error": 0})
    row = told["rows"][5]
    expected = {
        "sheet": "花名册",
        "row": 9,
        "status": "ok",
        "reason": "",
        "unit": "高州市委组织部",
        "nature": "administrative",
        "is_stationed": False,
        "superior": "市委办公室",
        "n_party_members": 97,
        "group_leader": "冯月娥",
        "liaison_phone": "13900003910",
    }
    assert {name: row[name] for name in expected} == expected
    assert sum(row["is_stationed"] for row in told["rows"]) == 20
    told = json.loads(run("440981", "pairings", str(PAIRINGS), "--json", "--commit")[0])
    assert told["summary"] == {"ok": 110, "question": 0, "error": 0}
    assert len({(row["town"], row["village"]) for row in told["rows"]}) == 54
    assert {row["agreement_signed_on"] for row in told["rows"]} == {"2024-09-03"}
    assert (Unit.objects.filter(kind="organisation").count(), Pairing.objects.count()) == (108, 110)


def test_without_commit_nothing_is_written_and_it_says_so(tenant: Tenant, file: Any) -> None:
    out, _err, status = run("gaozhou", "单位花名册", file(roster({"单位名称": "甲局"}, {"单位名称": "乙局", "单位性质": "怪词"})))
    assert status == 0
    assert "可导入 1 行，有疑问 1 行，错误 0 行" in out
    assert "花名册 第 3 行 有疑问：" in out
    assert "没有写入任何内容；确认无误后加 --commit 写入。" in out
    assert (Unit.objects.count(), ImportBatch.objects.count()) == (0, 0)


def test_with_commit_it_says_what_it_wrote_and_what_it_left(tenant: Tenant, file: Any) -> None:
    out, _err, _status = run(
        "gaozhou", "unit", file(roster({"单位名称": "甲局"}, {"单位名称": "乙局", "单位性质": "怪词"})), "--commit"
    )
    assert "已写入：新增 1 条，更改 0 条；留下 1 行未导入。" in out
    assert ImportBatch.objects.get().state == "committed"


def test_programme_by_option(tenant: Tenant, file: Any) -> None:
    make_unit("高州市林业局")
    make_village("荷垌村", town=make_town("曹江镇"))
    content = pairings({"结对村": "荷垌村", "结对单位": "市林业局", "结对时间": "2024.8.30"})
    run("gaozhou", "pairings", file(content), "--commit", "--programme", "2025")
    assert list(Programme.objects.values_list("year", flat=True)) == [2025]


def test_summary_and_hidden_sheets_are_read_only_when_named(tenant: Tenant, file: Any) -> None:
    heads = ["单位名称", "单位性质", "党组织名称", "党员数"]
    content = workbook({"一": [heads, ["甲局", "", "", 3]], "汇总": [heads, ["乙局", "", "", 4]]})
    out, _err, _status = run("gaozhou", "units", file(content), "--json")
    assert [row["unit"] for row in json.loads(out)["rows"]] == ["甲局"]
    out, _err, _status = run("gaozhou", "units", file(content), "--json", "--sheet", "汇总")
    assert [row["unit"] for row in json.loads(out)["rows"]] == ["乙局"]
    out, err, status = run("gaozhou", "units", file(content), "--json", "--sheet", "八月", "--sheet", "汇总")
    assert (json.loads(out)["error"]["code"], status) == ("unknown_sheet", 1)
    assert "没有工作表“八月”。有：一、汇总" in err


def test_a_row_that_is_hidden_in_excel_is_read_and_says_so(tenant: Tenant, file: Any) -> None:
    heads = ["单位名称", "单位性质", "党组织名称", "党员数"]
    content = workbook({"一": [heads, ["甲局", "", "", 3], ["乙局", "", "", 4]]}, hidden_rows=[3])
    out, _err, _status = run("gaozhou", "units", file(content), "--json")
    told = {row["unit"]: (row["status"], row["remarks"]) for row in json.loads(out)["rows"]}
    assert told == {"甲局": ("ok", []), "乙局": ("ok", ["这一行在 Excel 中是隐藏的。"])}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("beijing", "units", str(ROSTER)), "unknown_tenant", "没有“beijing”这个县"),
        (
            ("gaozhou", "houses", str(ROSTER)),
            "unknown_kind",
            "units（单位花名册）、figures（村集体经济收入台账）、pairings（结对关系一览表）",
        ),
        (("gaozhou", "units", "/nowhere/表.xlsx"), "no_file", "找不到文件"),
        (("gaozhou", "units", str(PAIRINGS)), "wrong_ledger", "结对关系一览表"),
        (("gaozhou", "units", str(ACTIVITIES)), "wrong_ledger", "结对共建活动台账"),
    ],
)
def test_refusals_are_one_sentence_and_exit_1(tenant: Tenant, arguments: tuple[str, ...], code: str, sentence: str) -> None:
    out, err, status = run(*arguments)
    assert (out, status) == ("", 1)
    assert sentence in err
    out, err, status = run(*arguments, "--json")
    told = json.loads(out)
    assert (told["error"]["code"], status) == (code, 1)
    assert sentence in told["error"]["message"]
    assert sentence in err
