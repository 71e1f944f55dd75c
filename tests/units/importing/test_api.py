"""Imports for programs: send, look, answer, commit, undo; errors as code and sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from pairing.models import Pairing
from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_member, make_programme, make_tenant, make_town, make_unit, make_village
from tests.live import session_key
from tests.units.importing.files import PAIRINGS, ROSTER, pairings, roster
from units.divisions.actions import create_county
from units.importing import actions, registry
from units.models import ImportBatch, Unit

pytestmark = pytest.mark.django_db
BASE = "/gaozhou/api/v1/imports/"


class Program:
    """A client with a bearer token."""

    def __init__(self, tenant: Tenant, role: str = "CS") -> None:
        self.client = Client(headers={"Authorization": f"Bearer {session_key(make_member(tenant, role), is_token=True)}"})

    def send(self, content: bytes, kind: str = "units", **fields: str) -> tuple[int, Any]:
        response = self.client.post(BASE, {"kind": kind, "file": SimpleUploadedFile("表.xlsx", content), **fields})
        return response.status_code, response.json()

    def get(self, path: str = "") -> tuple[int, Any]:
        response = self.client.get(BASE + path)
        return response.status_code, response.json()

    def post(self, path: str, **data: Any) -> tuple[int, Any]:
        response = self.client.post(BASE + path, json.dumps(data), content_type="application/json")
        return response.status_code, response.json()


@pytest.fixture
def gaozhou(db: None) -> Tenant:
    return make_tenant()


@pytest.fixture
def program(gaozhou: Tenant) -> Program:
    return Program(gaozhou)


def test_samples_go_in_through_the_api(db: None) -> None:
    from tests.factories import NOW

    tenant = create_county(code="440981", slug="gaozhou", actor=SYSTEM, now=NOW)
    program = Program(tenant)
    for path, kind, n in ((ROSTER, "units", 108), (PAIRINGS, "pairings", 110)):
        status, told = program.send(path.read_bytes(), kind)
        assert (status, told["kind"], told["state"], len(told["rows"])) == (201, kind, "preview", n)
        assert {name: told["summary"][name] for name in ("ok", "question", "error")} == {"ok": n, "question": 0, "error": 0}
        assert list(told["rows"][0])[:4] == ["sheet", "row", "status", "reason"]
        status, told = program.post(f"{told['id']}/commit/")
        assert (status, told["state"]) == (200, "committed")
    with tenant_scope(tenant):
        assert (Unit.objects.filter(kind="organisation").count(), Pairing.objects.count()) == (108, 110)


def test_question_is_answered_committed_and_undone(program: Program, gaozhou: Tenant) -> None:
    _status, told = program.send(roster({"单位名称": "甲局", "单位性质": "怪词"}))
    row = told["rows"][0]
    assert (row["status"], row["questions"][0]["column"]) == ("question", "nature")
    here = told["id"]
    assert program.post(f"{here}/commit/")[0] == 422
    status, told = program.post(f"{here}/answers/", question=row["questions"][0]["key"], answer="nonsense")
    assert (status, told["code"]) == (422, "bad_answer")
    status, told = program.post(f"{here}/answers/", question=["a", "b", "c"], answer="other")
    assert (status, told["code"]) == (409, "no_such_question")
    status, told = program.post(f"{here}/answers/", question=row["questions"][0]["key"], answer="other")
    assert (status, told["rows"][0]["status"], told["rows"][0]["nature"]) == (200, "ok", "other")
    for _ in range(2):
        status, told = program.post(f"{here}/commit/")
        assert (status, told["state"], told["summary"]["added"]) == (200, "committed", 1)
    for _ in range(2):
        status, told = program.post(f"{here}/undo/")
        assert (status, told["state"]) == (200, "undone")
    assert program.post(f"{here}/commit/")[0] == 409
    with tenant_scope(gaozhou):
        assert Unit.objects.count() == 0


def test_rows_come_in_pages(program: Program) -> None:
    _status, told = program.send(roster(*({"单位名称": f"第{n}局"} for n in range(5))))
    here = told["id"]
    _status, first = program.get(f"{here}/?limit=2")
    assert [row["unit"] for row in first["rows"]] == ["第0局", "第1局"]
    _status, second = program.get(f"{here}/?limit=2&cursor={first['next']}")
    assert [row["unit"] for row in second["rows"]] == ["第2局", "第3局"]
    _status, last = program.get(f"{here}/?limit=2&cursor={second['next']}")
    assert ([row["unit"] for row in last["rows"]], last["next"]) == (["第4局"], None)
    for query in ("limit=0", "limit=x", "cursor=x", f"cursor={here}"):
        assert program.get(f"{here}/?{query}")[0] == 400, query
    status, listed = program.get()
    assert (status, [one["id"] for one in listed["results"]]) == (200, [here])


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"", "units", "empty_file"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "units", "not_a_spreadsheet"),
        (PAIRINGS.read_bytes(), "units", "wrong_ledger"),
    ],
)
def test_bad_file_is_422_with_a_sentence_and_keeps_nothing(
    program: Program, gaozhou: Tenant, content: bytes, kind: str, code: str
) -> None:
    status, told = program.send(content, kind)
    assert (status, set(told)) == (422, {"code", "message"})
    assert told["code"] == code
    assert told["message"].endswith(("。", "."))
    with tenant_scope(gaozhou):
        assert ImportBatch.objects.count() == 0


def test_unknown_kind_and_programme_are_400_and_say_what_is_known(program: Program) -> None:
    status, told = program.send(b"x", "houses")
    assert status == 400
    assert "单位花名册 units" in told["fields"]["kind"][0]
    status, told = program.send(PAIRINGS.read_bytes(), "pairings", programme="二〇二四")
    assert (status, list(told["fields"])) == (400, ["programme"])
    assert program.client.post(BASE, {"kind": "units"}).status_code == 400
    assert program.post("", kind="units", file="x")[0] == 400


def test_programme_is_named_by_id_or_year(program: Program, gaozhou: Tenant) -> None:
    with tenant_scope(gaozhou):
        make_unit("高州市林业局")
        make_village("荷垌村", town=make_town("曹江镇"))
        programme = make_programme(2023)
    content = pairings({"结对村": "荷垌村", "结对单位": "市林业局", "结对时间": "2024.8.30"})
    for given, words in ((str(programme.uid), "2023 年“2023年结对共建”。"), ("2025", "2025 年“结对关系一览表”（导入时新建）。")):
        _status, told = program.send(content, "pairings", programme=given)
        assert told["summary"]["information"][0] == f"工作方案：{words}"


def test_import_of_another_county_is_404(program: Program) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        batch = actions.begin_import(
            kind=registry.get("units"), file_name="a.xlsx", chunks=[roster({"单位名称": "甲局"})], options={}, actor=SYSTEM
        )
    assert program.get(f"{batch.uid}/")[0] == 404
    for what in ("commit", "undo", "drop"):
        assert program.post(f"{batch.uid}/{what}/")[0] == 404
    assert program.post(f"{batch.uid}/answers/", question=["a", "b", "c"], answer="")[0] == 404
    with tenant_scope(other):
        batch.refresh_from_db()
        assert batch.state == "preview"


def test_leader_may_not_import(gaozhou: Tenant) -> None:
    program = Program(gaozhou, "IN")
    assert program.send(roster({"单位名称": "甲局"}))[0] == 403
    assert program.get()[0] == 403
