"""The import pages: who may, what they show, answers by one press, refusals that keep nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenancy import jobs as queue
from tenancy.models import Job, Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_member, make_person, make_tenant, make_unit
from tests.live import session_key
from tests.units.importing.conftest import Send
from tests.units.importing.files import PAIRINGS, ROSTER, pairings, roster, workbook
from units.importing import actions, jobs
from units.models import ImportBatch, ImportRow, Unit

pytestmark = pytest.mark.django_db
ONE = {"单位名称": "甲局", "组长": "组长甲"}
ASKS = {"单位名称": "乙局", "单位性质": "怪词"}


@pytest.fixture
def gaozhou(db: None) -> Tenant:
    return make_tenant()


def signed_in(tenant: Tenant, role: str = "CS", **fields: Any) -> Client:
    from django.conf import settings

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(make_member(tenant, role, **fields))
    return client


@pytest.fixture
def staff(gaozhou: Tenant) -> Client:
    return signed_in(gaozhou)


def upload(client: Client, content: bytes, kind: str = "units", name: str = "表.xlsx", **fields: str) -> Any:
    address = reverse("importing:new", args=["gaozhou"]) + f"?kind={kind}"
    return client.post(address, {"file": SimpleUploadedFile(name, content), **fields})


def only_batch(tenant: Tenant) -> ImportBatch:
    with tenant_scope(tenant):
        batch: ImportBatch = ImportBatch.objects.select_related("job").get()
    return batch


def do(client: Client, batch: ImportBatch, what: str, **data: Any) -> Any:
    return client.post(reverse(f"importing:{what}", args=["gaozhou", batch.uid]), data)


def page(client: Client, batch: ImportBatch, query: str = "") -> str:
    response = client.get(reverse("importing:batch", args=["gaozhou", batch.uid]) + query)
    assert response.status_code == 200
    return str(response.content.decode())


def n_units(tenant: Tenant) -> int:
    with tenant_scope(tenant):
        return int(Unit.objects.count())


def test_file_goes_from_upload_to_preview_to_the_county(staff: Client, gaozhou: Tenant) -> None:
    response = upload(staff, roster(ONE, ASKS))
    batch = only_batch(gaozhou)
    assert (response.status_code, response["Location"]) == (302, reverse("importing:batch", args=["gaozhou", batch.uid]))
    shown = page(staff, batch)
    assert "确认导入 1 行" in shown
    assert "“怪词”" in shown
    assert n_units(gaozhou) == 0
    response = do(staff, batch, "commit")
    assert response.status_code == 302
    assert n_units(gaozhou) == 1
    assert "已导入：新增 3 条，更改 0 条；文件中有 1 行没有导入。" in page(staff, batch)


def test_preview_shows_the_sheet_as_it_was_with_filters(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ONE | {"单位名称": "甲 局"}, ASKS))
    batch = only_batch(gaozhou)
    shown = page(staff, batch)
    assert "甲 局" in shown, "the cell as it was, not as it was read"
    assert re.findall(r'<span class="num">(\d+)</span></a>', shown) == ["2", "1", "1", "0"]
    assert "乙局" not in page(staff, batch, "?status=ok")
    assert "没有这样的行" in page(staff, batch, "?status=error")
    assert "甲 局" in page(staff, batch, "?status=nonsense&page=99999999999")


def test_one_press_answers_every_row_that_asks_the_same(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ASKS, ASKS | {"单位名称": "丙局"}))
    batch = only_batch(gaozhou)
    shown = page(staff, batch)
    key = re.search(r'name="key" value="([^"]+)"', shown)
    assert key is not None
    response = do(staff, batch, "answer", key=key[1].replace("&quot;", '"'), answer="other", status="question", page="1")
    assert response["Location"].endswith("?status=question")
    with tenant_scope(gaozhou):
        assert list(ImportRow.objects.values_list("status", flat=True)) == ["ok", "ok"]


def test_all_unknown_units_are_added_by_one_press(staff: Client, gaozhou: Tenant) -> None:
    with tenant_scope(gaozhou):
        from tests.factories import make_town, make_village

        make_village("荷垌村", town=make_town("曹江镇"))
    lines = [{"结对村": "荷垌村", "结对单位": f"市第{n}局", "结对时间": "2024-09-01"} for n in range(3)]
    upload(staff, pairings(*lines), "pairings")
    batch = only_batch(gaozhou)
    assert "3 个单位全部新建" in page(staff, batch)
    do(staff, batch, "alike", code="unit_unknown", column="unit", answer="new")
    with tenant_scope(gaozhou):
        assert list(ImportRow.objects.values_list("status", "effect")) == [("ok", "add")] * 3


@pytest.mark.parametrize("data", [{}, {"key": "x", "answer": "1"}, {"key": "[1,2,3]", "answer": "1"}, {"key": "[" * 999}])
def test_nonsense_answers_are_422_with_a_sentence(staff: Client, gaozhou: Tenant, data: dict[str, str]) -> None:
    upload(staff, roster(ASKS))
    response = do(staff, only_batch(gaozhou), "answer", **data)
    assert response.status_code == 422
    assert "请选择列出的答案" in response.content.decode()


def test_refused_file_keeps_nothing_but_the_form(staff: Client, gaozhou: Tenant, media: Any) -> None:
    response = upload(staff, PAIRINGS.read_bytes())
    assert response.status_code == 422
    assert "结对关系一览表" in response.content.decode()
    with tenant_scope(gaozhou):
        assert (ImportBatch.objects.count(), Job.objects.count()) == (0, 0)
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_upload_without_a_file_says_so(staff: Client, gaozhou: Tenant) -> None:
    response = staff.post(reverse("importing:new", args=["gaozhou"]), {})
    assert response.status_code == 422
    assert "请选择文件" in response.content.decode()


def test_new_programme_without_a_year_says_so(staff: Client, gaozhou: Tenant) -> None:
    response = upload(staff, PAIRINGS.read_bytes(), "pairings", programme="new")
    assert response.status_code == 422
    assert "请填写新工作方案的年度" in response.content.decode()


def test_sheets_are_ticked_on_and_off(staff: Client, gaozhou: Tenant) -> None:
    heads = ["单位名称", "单位性质", "党组织名称", "党员数"]
    content = workbook({"一": [heads, ["甲局", "", "", 3]], "汇总": [heads, ["乙局", "", "", 4]], "空": []})
    upload(staff, content)
    batch = only_batch(gaozhou)
    shown = page(staff, batch)
    assert "汇总表" in shown
    assert "乙局" not in shown
    do(staff, batch, "sheets", sheets=["汇总"])
    assert "乙局" in page(staff, batch)
    assert do(staff, batch, "sheets", sheets=["别的"]).status_code == 422
    assert do(staff, batch, "sheets", sheets=["空"]).status_code == 422
    assert "乙局" in page(staff, batch), "a choice that cannot be read changes nothing"


def test_same_file_comes_back_with_the_problems_noted(staff: Client, gaozhou: Tenant) -> None:
    import io

    import openpyxl

    upload(staff, roster(ONE, ASKS), name="花名册.xlsx")
    response = staff.get(reverse("importing:download", args=["gaozhou", only_batch(gaozhou).uid]))
    assert response.status_code == 200
    assert "filename*=utf-8''" in response["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    last = [row[-1].value for row in sheet.iter_rows()]
    assert last[0] == "错误说明"
    assert last[1] is None
    assert "怪词" in str(last[2])


def test_undo_asks_first_and_then_undoes(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ONE))
    batch = only_batch(gaozhou)
    do(staff, batch, "commit")
    shown = staff.get(reverse("importing:undo", args=["gaozhou", batch.uid])).content.decode()
    assert "它新增的 3 条内容将被移除" in shown
    assert n_units(gaozhou) == 1
    assert do(staff, batch, "undo").status_code == 302
    assert n_units(gaozhou) == 0
    assert only_batch(gaozhou).state == "undone"


def test_undo_that_is_blocked_says_what_is_in_the_way(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ONE))
    batch = only_batch(gaozhou)
    do(staff, batch, "commit")
    with tenant_scope(gaozhou):
        Unit.objects.update(notes="后来改的")
    response = do(staff, batch, "undo")
    assert response.status_code == 409
    assert "在导入之后又被改动过" in response.content.decode()
    assert only_batch(gaozhou).state == "committed"


def test_dropping_leaves_a_record_and_no_file(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ONE))
    batch = only_batch(gaozhou)
    assert do(staff, batch, "drop").status_code == 302
    assert only_batch(gaozhou).state == "dropped"
    assert do(staff, batch, "commit").status_code == 409
    assert "已放弃" in staff.get(reverse("importing:list", args=["gaozhou"])).content.decode()


def test_large_file_is_read_by_a_worker_and_the_page_shows_how_far_it_is(
    staff: Client, gaozhou: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "SMALL_FILE", 10)
    monkeypatch.setattr("units.importing.views.SHORT_WAIT", 0.0)
    woken: list[tuple[int, int]] = []
    monkeypatch.setattr(queue, "wake", lambda job, tenant: woken.append((job, tenant)))
    upload(staff, roster(ONE))
    batch = only_batch(gaozhou)
    assert batch.state == "reading"
    shown = page(staff, batch)
    progress = reverse("importing:progress", args=["gaozhou", batch.uid])
    assert f'hx-get="{progress}"' in shown
    part = staff.get(progress, headers={"HX-Request": "true"})
    assert "正在读取 表.xlsx" in part.content.decode()
    assert batch.job is not None
    assert queue.run(batch.job.pk, gaozhou.pk) is True
    part = staff.get(progress, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == reverse("importing:batch", args=["gaozhou", batch.uid])
    assert "确认导入 1 行" in page(staff, batch)


def test_large_file_that_is_no_ledger_is_refused_by_the_worker(
    staff: Client, gaozhou: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "SMALL_FILE", 10)
    monkeypatch.setattr("units.importing.views.SHORT_WAIT", 0.0)
    upload(staff, PAIRINGS.read_bytes())
    batch = only_batch(gaozhou)
    assert batch.job is not None
    queue.run(batch.job.pk, gaozhou.pk)
    batch = only_batch(gaozhou)
    assert batch.state == "refused"
    assert "结对关系一览表" in page(staff, batch)


@pytest.mark.parametrize("role", ["CA", "CS", "UL", "TO", "VS", "IN", "CL", "UG", "HC", "AU"])
def test_only_those_who_import_everywhere_import_units(gaozhou: Tenant, role: str) -> None:
    with tenant_scope(gaozhou):
        unit = make_unit()
        batch = actions.begin_import(
            kind=actions_kind(), file_name="表.xlsx", chunks=[roster(ONE)], options={}, actor=SYSTEM, wait=True
        )
    scoped = None if role in ("CA", "CS", "AU", "IN", "CL") else unit
    client = signed_in(gaozhou, role, unit=scoped)
    may = role in ("CA", "CS")
    with tenant_scope(gaozhou):
        before = ImportBatch.objects.count()
    sent = upload(client, roster(ONE))
    assert sent.status_code == (302 if may else 403)
    seen = client.get(reverse("importing:batch", args=["gaozhou", batch.uid]))
    assert seen.status_code == (200 if may else 403 if role not in ("UL", "TO", "VS") else 404)
    with tenant_scope(gaozhou):
        assert ImportBatch.objects.count() == before + may


def actions_kind() -> Any:
    from units.importing import registry

    return registry.get("units")


def test_import_of_another_county_is_not_there(gaozhou: Tenant, staff: Client, send: Send) -> None:
    other = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        batch = send("units", roster(ONE))
    for name in ("batch", "progress", "undo", "download"):
        assert staff.get(reverse(f"importing:{name}", args=["gaozhou", batch.uid])).status_code == 404, name
    for name in ("answer", "alike", "sheets", "commit", "undo", "drop"):
        assert do(staff, batch, name).status_code == 404, name
    with tenant_scope(other):
        batch.refresh_from_db()
        assert batch.state == "preview"
        assert ImportRow.objects.count() == 1


def test_list_asks_the_same_however_many_imports(
    gaozhou: Tenant, staff: Client, send: Send, django_assert_max_num_queries: Any
) -> None:
    asked = []
    for n in (1, 3):
        with tenant_scope(gaozhou):
            for _ in range(n):
                send("units", roster(ONE))
        with django_assert_max_num_queries(30) as queries:
            assert staff.get(reverse("importing:list", args=["gaozhou"])).content.decode().count("表.xlsx") >= n
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_telephones_are_shown_as_typed_while_checking_and_masked_afterwards(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, roster(ONE | {"组长电话": "13900001234"}))
    batch = only_batch(gaozhou)
    assert "13900001234" in page(staff, batch)
    do(staff, batch, "commit")
    shown = page(staff, batch)
    assert "13900001234" not in shown
    assert "139****1234" in shown


def test_sample_preview_has_a_pager(staff: Client, gaozhou: Tenant) -> None:
    upload(staff, ROSTER.read_bytes(), name="单位花名册.xlsx")
    batch = only_batch(gaozhou)
    assert "第 1 至 50 行" in page(staff, batch) or "50" in page(staff, batch)
    assert "中国石油高州分公司" in page(staff, batch, "?page=3")
    assert batch.state == jobs.State.PREVIEW


def test_an_import_names_who_brought_it_by_name_and_not_by_login(gaozhou: Tenant, staff: Client) -> None:
    upload(staff, roster(ONE))
    batch = only_batch(gaozhou)
    account = batch.created_by
    assert account is not None
    listed, single = reverse("importing:list", args=["gaozhou"]), reverse("importing:batch", args=["gaozhou", batch.uid])
    assert all(account.login in staff.get(page).content.decode() for page in (listed, single))

    with tenant_scope(gaozhou):
        make_person("经办人甲", account=account)

    for page in (listed, single):
        shown = staff.get(page).content.decode()
        assert "经办人甲" in shown
        assert account.login not in shown
