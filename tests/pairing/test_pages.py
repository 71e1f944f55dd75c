"""The pages of pairings: who sees and writes what, what is refused, and how much it costs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pairing.models import Pairing, PairingPost
from tenancy import clock
from tenancy.models import AuditEntry
from tenancy.scope import tenant_scope
from tests.factories import make_pairing, make_person, make_town, make_unit, make_village
from tests.pairing.conftest import County
from units.models import ImportBatch

AsRole = Callable[[str], Client]


def shown_of_this_floor(response: Any) -> list[str]:
    """The cards of the first page in their order, those of apps above left out."""
    own = ("setup", "gaps", "own", "county", "imports", "feedback")
    return [panel.key for panel in response.context["panels"] if panel.key in own]


def listed(response: Any) -> list[tuple[str, str]]:
    """(unit, village) of the rows on the page, in order."""
    keys = [column["key"] for column in response.context["table"]["columns"]]
    at = keys.index("village")
    return [(row["cells"][0]["text"], row["cells"][at]["text"]) for row in response.context["table"]["rows"]]


ALL = [("高州市林业局", "荷垌村"), ("高州市水务局", "荷垌村"), ("高州市水务局", "茅坡村")]


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("CA", ALL),
        ("CS", ALL),
        ("AU", ALL),
        ("IN", ALL),
        ("TO", ALL[:2]),
        ("VS", ALL[:2]),
        ("CL", ALL[:2]),
        ("UL", ALL[:1]),
        ("UG", ALL[:1]),
    ],
)
def test_the_table_shows_each_role_its_own(county: County, as_role: AsRole, role: str, seen: list[tuple[str, str]]) -> None:
    assert sorted(listed(as_role(role).get(county.url()))) == sorted(seen)


def test_a_role_without_the_right_is_refused(county: County, as_role: AsRole) -> None:
    assert as_role("HC").get(county.url()).status_code == 403


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("q=haiduo", []),
        ("q=linye", ALL[:1]),
        ("q=hdc", ALL[:2]),
        ("gap=leader", ALL[1:]),
        ("gap=agreement", ALL[1:]),
        ("gap=lead", ALL[2:]),
        ("state=ended", []),
        ("state=active&sort=-unit", [ALL[1], ALL[2], ALL[0]]),
    ],
)
def test_filters_and_order(county: County, as_role: AsRole, query: str, seen: list[tuple[str, str]]) -> None:
    found = listed(as_role("CA").get(county.url(f"?{query}")))
    assert sorted(found) == sorted(seen)
    if "sort" in query:
        assert found[-1] == seen[-1]


def test_another_countys_pairing_is_as_if_there_were_none(county: County, as_role: AsRole) -> None:
    client = as_role("CA")
    missing = client.get(county.url("00000000-0000-4000-8000-000000000000/"))
    for path in ("", "edit/", "end/", "posts/group_leader/", "history/"):
        foreign = client.get(county.on(county.theirs, path))
        assert (foreign.status_code, foreign.content) == (404, missing.content), path


def test_one_out_of_reach_is_as_if_there_were_none(county: County, as_role: AsRole) -> None:
    assert as_role("UL").get(county.on(county.second)).status_code == 404


@pytest.mark.parametrize("role", ["CS", "CA"])
def test_staff_write_a_pairing_down(county: County, as_role: AsRole, role: str) -> None:
    with tenant_scope(county.tenant):
        office, village = make_unit("高州市司法局"), make_village("罗平村", town=county.town)
    form = {
        "unit": office.uid,
        "village": village.uid,
        "programme": county.programme.uid,
        "starts_on": "2024-10-01",
        "origin": "assigned",
        "party_org": "",
        "notes": "",
        "agreement_signed_on": "",
    }
    response = as_role(role).post(county.url("new/"), form)
    assert response.status_code == 302
    with tenant_scope(county.tenant):
        made = Pairing.objects.get(unit=office)
        assert (made.village_id, made.state, made.starts_on) == (village.pk, "agreed", date(2024, 10, 1))


def test_a_wrong_form_keeps_what_was_typed_and_writes_nothing(county: County, as_role: AsRole) -> None:
    form = {
        "unit": county.forestry.uid,
        "village": county.village.uid,
        "programme": county.programme.uid,
        "starts_on": "2024年9月33日",
        "origin": "assigned",
        "notes": "见面会",
    }
    response = as_role("CA").post(county.url("new/"), form)
    assert response.status_code == 422
    assert "2024年9月33日" in response.content.decode()
    assert "见面会" in response.content.decode()
    again = as_role("CA").post(county.url("new/"), {**form, "starts_on": "2024-09-05"})
    assert again.status_code == 422
    assert "已经结对" in again.content.decode()
    with tenant_scope(county.tenant):
        assert Pairing.objects.count() == 3


@pytest.mark.parametrize("path", ["edit/", "end/", "posts/group_leader/"])
@pytest.mark.parametrize("role", ["UL", "VS", "TO", "AU"])
def test_readers_write_nothing(county: County, as_role: AsRole, role: str, path: str) -> None:
    response = as_role(role).post(county.on(county.first, path), {"on": "2024-12-31", "reason": "expired", "name": "某人"})
    assert response.status_code == 403
    with tenant_scope(county.tenant):
        county.first.refresh_from_db()
        assert county.first.state == "active"
        assert PairingPost.objects.count() == 1


def test_a_form_without_its_two_sides_asks_for_them(county: County, as_role: AsRole) -> None:
    response = as_role("CS").post(county.url("new/"), {"starts_on": "2024-10-01"})
    assert response.status_code == 422
    assert {"programme", "unit", "village"} <= set(response.context["form"].errors)
    with tenant_scope(county.tenant):
        assert Pairing.objects.count() == 3


def test_ending_asks_for_a_day_and_a_reason_and_keeps_the_pairing(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    early = client.post(county.on(county.first, "end/"), {"on": "2024-01-01", "reason": "expired"})
    assert early.status_code == 422
    assert (
        client.post(county.on(county.first, "end/"), {"on": "2024-12-31", "reason": "expired", "remark": "两年"}).status_code
        == 302
    )
    page = client.get(county.on(county.first, "history/"))
    assert "期满:两年" in page.content.decode()
    assert listed(client.get(county.url("?state=ended"))) == ALL[:1]
    late = client.post(county.on(county.first, "end/"), {"on": "2024-12-30", "reason": "expired"})
    assert late.status_code == 409


def test_a_post_of_a_pairing_that_begins_later_is_offered_from_its_first_day(county: County, as_role: AsRole) -> None:
    url = county.on(county.second, "posts/group_leader/")
    form = as_role("CS").get(url).context["form"]
    assert form["starts_on"].value() == clock.today()
    with tenant_scope(county.tenant):
        Pairing.objects.filter(pk=county.second.pk).update(starts_on=date(2099, 1, 1))
    client = as_role("CS")
    assert client.get(url).context["form"]["starts_on"].value() == date(2099, 1, 1)
    early = client.post(url, {"name": "黄志成", "starts_on": "2098-12-31"})
    assert early.status_code == 422
    assert "2099-01-01" in early.content.decode()


def test_naming_a_group_leader_by_list_and_by_name(county: County, as_role: AsRole) -> None:
    client, url = as_role("CS"), county.on(county.second, "posts/group_leader/")
    assert client.post(url, {"starts_on": "2024-10-01"}).status_code == 422
    assert client.post(url, {"name": "组长乙", "phone": "139 0000 3333", "starts_on": "2024-10-01"}).status_code == 302
    wrong = client.post(url, {"name": "组长丙", "phone": "12", "starts_on": "2024-11-01"})
    assert wrong.status_code == 422
    assert "组长丙" in wrong.content.decode()
    with tenant_scope(county.tenant):
        held = PairingPost.objects.get(pairing=county.second)
        assert (held.person.name, held.phone, held.starts_on) == ("组长乙", "13900003333", date(2024, 10, 1))
    assert "139****3333" in client.get(county.on(county.second)).content.decode()


def test_a_telephone_is_masked_until_asked_for_and_the_asking_is_logged(county: County, as_role: AsRole) -> None:
    client = as_role("VS")
    for path in (county.url(), county.on(county.first), f"/{county.tenant.slug}/"):
        assert "13900001111" not in client.get(path).content.decode(), path
    shown = client.post(county.on(county.first, f"posts/{county.held.uid}/phone/"), headers={"HX-Request": "true"})
    assert "13900001111" in shown.content.decode()
    with tenant_scope(county.tenant):
        entry = AuditEntry.objects.get(action="phone_shown")
        assert (entry.object_uid, entry.account_id) == (county.held.uid, county.members["VS"].pk)
    assert as_role("UL").post(county.on(county.second, f"posts/{county.held.uid}/phone/")).status_code == 404


def test_the_table_costs_the_same_queries_however_long_it_is(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    client.get(county.url())
    with CaptureQueriesContext(connection) as few:
        client.get(county.url())
    with tenant_scope(county.tenant):
        for i in range(20):
            pairing = make_pairing(make_unit(f"单位{i}"), make_village(f"第{i}村", town=make_town(f"第{i}镇")), county.programme)
            PairingPost.objects.create(
                tenant=county.tenant, pairing=pairing, person=make_person(f"人{i}"), kind="liaison", starts_on=date(2024, 9, 3)
            )
    with CaptureQueriesContext(connection) as many:
        assert len(listed(client.get(county.url()))) == 23
    assert len(many) == len(few)


def test_the_home_page_of_a_village_costs_the_same_queries_with_many_partners(county: County, as_role: AsRole) -> None:
    client, url = as_role("VS"), f"/{county.tenant.slug}/"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    with tenant_scope(county.tenant):
        for i in range(5):
            make_pairing(make_unit(f"单位{i}"), county.village, county.programme)
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    assert len(many) == len(few)


def test_what_leaves_in_the_machine_form_is_what_is_shown(county: County, as_role: AsRole) -> None:
    response = as_role("CS").get(county.url("export/?form=machine&col=unit&col=village&col=lead_unit&col=remarks&gap=lead"))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    heads = list(rows[0])
    assert len(rows) == 2
    assert [rows[1][heads.index(name)] for name in ("结对单位", "结对村", "备注")] == ["高州市水务局", "茅坡村", "自选"]


def test_the_county_in_figures_opens_lists_that_sum_to_them(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    page = client.get(f"/{county.tenant.slug}/")
    panels = {panel.key: panel for panel in page.context["panels"]}
    figures = {stat["label"]: (stat["value"], stat["url"]) for stat in panels["county"].context["stats"]}
    for label, (value, url) in figures.items():
        assert client.get(url).context["table"]["pager"]["count"] == int(value), label
    gaps = {link["label"]: link["url"] for link in panels["gaps"].context["links"]}
    for label, url in gaps.items():
        assert label.startswith(str(client.get(url).context["table"]["pager"]["count"])), label


def test_programme_years_are_written_by_staff_and_read_by_all(county: County, as_role: AsRole) -> None:
    url = f"/{county.tenant.slug}/programmes/"
    form = {
        "title": "2025年结对共建",
        "year": 2025,
        "starts_on": "2025-01-01",
        "ends_on": "2025-12-31",
        "doc_no": "",
        "issuer": "",
    }
    assert as_role("UL").post(f"{url}new/", form).status_code == 403
    assert as_role("CS").post(f"{url}new/", form).status_code == 302
    assert as_role("CS").post(f"{url}new/", form).status_code == 422
    assert as_role("CS").post(f"{url}new/", {**form, "title": "x", "ends_on": "2024-01-01"}).status_code == 422
    titles = [row["cells"][0]["text"] for row in as_role("VS").get(url).context["table"]["rows"]]
    assert titles == ["2025年结对共建", "2024年结对共建"]


def test_partners_stand_on_the_pages_of_both_sides(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    slug = county.tenant.slug
    village = client.get(f"/{slug}/units/villages/{county.village.uid}/").content.decode()
    assert "高州市林业局" in village
    assert "高州市水务局" in village
    unit = client.get(f"/{slug}/units/organisations/{county.water.uid}/").content.decode()
    assert "荷垌村" in unit
    assert "茅坡村" in unit


def test_a_secretarys_number_is_the_other_sides_to_call(county: County, as_role: AsRole) -> None:
    home = as_role("UL").get(f"/{county.tenant.slug}/").content.decode()
    assert "书记乙" in home
    assert "139****2222" in home


def test_the_first_page_tells_what_waits_for_whom(county: County, as_role: AsRole) -> None:
    slug = county.tenant.slug
    url = f"/{slug}/"
    assert shown_of_this_floor(as_role("CA").get(url)) == ["setup", "gaps", "county"]
    assert as_role("UL").post(f"/{slug}/feedback/", {"text": "表太多", "about": "county"}).status_code == 302
    with tenant_scope(county.tenant):
        ImportBatch.objects.create(tenant=county.tenant, kind="units", state="preview", file_name="花名册.xlsx", sha256="0" * 64)
        ImportBatch.objects.create(tenant=county.tenant, kind="units", state="dropped", file_name="旧.xlsx", sha256="1" * 64)
    page = as_role("CA").get(url)
    panels = {panel.key: panel for panel in page.context["panels"]}
    assert [link["label"] for link in panels["imports"].context["links"]] == ["花名册.xlsx"]
    assert [link["label"] for link in panels["feedback"].context["links"]] == ["表太多"]
    assert "imports" not in {panel.key for panel in as_role("VS").get(url).context["panels"]}
