"""Settings → division codes: who may, what is shown, what a press of a button does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant, make_town, make_village
from units.models import DivisionChange, DivisionRevision, Unit

pytestmark = pytest.mark.django_db
LINES = ("440981124,曹江镇", "440981124201,荷花垌村委会", "440981124202,帅堂村委会", "440981124203,罗平村委会")


@pytest.fixture
def tenant() -> Tenant:
    tenant = make_tenant()
    with tenant_scope(tenant):
        town = make_town("曹江镇", division_code="440981124", starts_on=date(2023, 6, 30))
        make_village("荷垌村", town=town, division_code="440981124201", starts_on=date(2023, 6, 30))
    return tenant


@pytest.fixture
def browser(tenant: Tenant) -> Client:
    client = Client()
    client.force_login(make_member(tenant, "CS"), backend="tenancy.backends.AccountBackend")
    return client


def listed(*lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("divisions.csv", "\n".join(lines).encode())


def compared(browser: Client, edition: str = "2024-06-30", lines: tuple[str, ...] = LINES) -> Any:
    return browser.post("/gaozhou/settings/divisions/", {"edition": edition, "file": listed(*lines)})


def line(tenant: Tenant, kind: str) -> DivisionChange:
    with tenant_scope(tenant):
        found: DivisionChange = DivisionChange.objects.filter(kind=kind).order_by("code")[0]
        return found


def test_a_list_is_compared_and_its_lines_are_shown(browser: Client, tenant: Tenant) -> None:
    assert "还没有比对过" in browser.get("/gaozhou/settings/divisions/").content.decode()
    response = compared(browser)
    with tenant_scope(tenant):
        revision = DivisionRevision.objects.get()
        assert [unit.name for unit in Unit.objects.filter(kind="village")] == ["荷垌村"]
    assert response.headers["Location"] == reverse("divisions:revision", args=["gaozhou", revision.uid])
    page = browser.get(response.headers["Location"]).content.decode()
    for words in ("荷花垌村", "荷垌村", "改名", "帅堂村", "新增", "接受全部新增"):
        assert words in page, words
    assert "荷花垌村" not in browser.get(response.headers["Location"] + "?kind=added").content.decode()
    assert "2024-06-30" in browser.get("/gaozhou/settings/divisions/").content.decode()


@pytest.mark.parametrize(
    ("edition", "lines", "sentence"),
    [
        ("", LINES, "必填"),
        ("2023-06-30", LINES, "日期须晚于现用代码表的 2023-06-30"),
        ("2024-06-30", ("440605001,桂城街道",), "代码表中没有 440981 的镇和村"),
        ("2024-06-30", (*LINES, "44098112420x,某村"), "第 5 行无法识别"),
    ],
)
def test_a_list_that_cannot_be_used_is_said_at_the_field_and_what_was_typed_stays(
    browser: Client, tenant: Tenant, edition: str, lines: tuple[str, ...], sentence: str
) -> None:
    response = compared(browser, edition, lines)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert f'value="{edition}"' in page or not edition
    with tenant_scope(tenant):
        assert not DivisionRevision.objects.exists()


def test_lines_are_accepted_and_left_one_by_one(browser: Client, tenant: Tenant) -> None:
    compared(browser)
    renamed, added = line(tenant, "renamed"), line(tenant, "added")
    response = browser.post(reverse("divisions:accept", args=["gaozhou", renamed.uid]))
    assert response.status_code == 302
    assert response.headers["Location"].endswith(f"#line-{renamed.uid}")
    assert browser.post(reverse("divisions:refuse", args=["gaozhou", added.uid])).status_code == 302
    with tenant_scope(tenant):
        assert [unit.name for unit in Unit.objects.filter(kind="village")] == ["荷花垌村"]
        assert DivisionChange.objects.get(pk=added.pk).state == "refused"
    again = browser.post(reverse("divisions:accept", args=["gaozhou", renamed.uid]))
    assert again.status_code == 409
    assert "这一行已由他人处理" in again.content.decode()


def test_all_new_places_are_accepted_after_a_question(browser: Client, tenant: Tenant) -> None:
    address = compared(browser).headers["Location"] + "accept-added/"
    page = browser.get(address).content.decode()
    assert "接受 2 个新增的镇、村？" in page
    assert "帅堂村" in page
    with tenant_scope(tenant):
        assert Unit.objects.filter(kind="village").count() == 1
    assert browser.post(address).status_code == 302
    with tenant_scope(tenant):
        assert set(Unit.objects.filter(kind="village").values_list("name", flat=True)) == {"荷垌村", "帅堂村", "罗平村"}


@pytest.mark.parametrize("role", ["TO", "UL", "IN", "AU", "VS", "HC"])
def test_others_than_the_county_neither_see_nor_decide(tenant: Tenant, browser: Client, role: str) -> None:
    compared(browser)
    change = line(tenant, "renamed")
    with tenant_scope(tenant):
        unit = {"TO": Unit.objects.get(kind="town"), "VS": Unit.objects.get(kind="village")}.get(role)
    client = Client()
    client.force_login(make_member(tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
    assert client.get("/gaozhou/settings/divisions/").status_code == 403
    assert client.post(reverse("divisions:accept", args=["gaozhou", change.uid])).status_code == 403
    with tenant_scope(tenant):
        assert DivisionChange.objects.get(pk=change.pk).state == "proposed"


def test_a_revision_of_another_county_is_not_there(browser: Client, tenant: Tenant) -> None:
    compared(browser)
    other = make_tenant("nanhai", "440605", "南海区")
    client = Client()
    client.force_login(make_member(other, "CA"), backend="tenancy.backends.AccountBackend")
    with tenant_scope(tenant):
        revision = DivisionRevision.objects.get()
    change = line(tenant, "renamed")
    assert client.get(reverse("divisions:revision", args=["nanhai", revision.uid])).status_code == 404
    assert client.post(reverse("divisions:accept", args=["nanhai", change.uid])).status_code == 404
    with tenant_scope(tenant):
        assert DivisionChange.objects.get(pk=change.pk).state == "proposed"


def test_lines_are_shown_in_the_same_number_of_queries_however_many(
    browser: Client, tenant: Tenant, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    first = compared(browser).headers["Location"]
    browser.get(first)
    with CaptureQueriesContext(connection) as few:
        browser.get(first)
    n_queries = len(few)
    more = tuple(f"4409811243{n:02d},第{n}村委会" for n in range(30))
    second = compared(browser, "2025-06-30", (*LINES, *more)).headers["Location"]
    with django_assert_num_queries(n_queries):
        browser.get(second)


class TestCommand:
    def test_prints_the_lines_and_changes_nothing(self, tenant: Tenant, tmp_path: Any, capsys: Any) -> None:
        file = tmp_path / "list.csv"
        file.write_text("\n".join(LINES))
        call_command("divisions", "compare", "gaozhou", str(file), edition="2024-06-30")
        out = capsys.readouterr().out
        assert "改名  440981124201  荷花垌村  (荷垌村 440981124201)" in out
        assert "新增  440981124202  帅堂村" in out
        assert "共 3 行。没有改动任何内容；请到 /gaozhou/settings/divisions/" in out
        with tenant_scope(tenant):
            assert Unit.objects.get(kind="village").name == "荷垌村"

    @pytest.mark.parametrize(
        ("slug", "name", "edition", "sentence"),
        [
            ("elsewhere", "list.csv", "2024-06-30", "没有地址为 /elsewhere/ 的县。现有：gaozhou"),
            ("gaozhou", "missing.csv", "2024-06-30", "无法读取文件"),
            ("gaozhou", "list.csv", "yesterday", "请填写代码表的截止日期"),
        ],
    )
    def test_says_in_one_sentence_what_is_wrong(
        self, tenant: Tenant, tmp_path: Any, slug: str, name: str, edition: str, sentence: str
    ) -> None:
        (tmp_path / "list.csv").write_text("\n".join(LINES))
        with pytest.raises(CommandError, match=sentence):
            call_command("divisions", "compare", slug, str(tmp_path / name), edition=edition)
