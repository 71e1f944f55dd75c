"""Who sees and changes which units: by role, by scope, by county (domain.md §7)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db.models import Q
from django.test import Client

from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_tenant, make_town, make_unit, make_village
from tests.units.views.conftest import BACKEND, County
from tests.units.views.test_lists import names
from units import reach
from units.models import Unit

AsRole = Callable[[str], Client]


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody sees partners: what pairing adds is tested there."""
    monkeypatch.setattr(reach, "_extensions", [])


@pytest.mark.parametrize(
    ("role", "organisations", "villages", "towns"),
    [
        ("CA", ["高州海关", "高州市林业局"], ["曹江社区", "荷垌村", "茅坡村"], ["曹江镇", "石鼓镇"]),
        ("IN", ["高州海关", "高州市林业局"], ["曹江社区", "荷垌村", "茅坡村"], ["曹江镇", "石鼓镇"]),
        ("CL", ["高州海关", "高州市林业局"], ["曹江社区", "荷垌村", "茅坡村"], ["曹江镇", "石鼓镇"]),
        ("AU", ["高州海关", "高州市林业局"], ["曹江社区", "荷垌村", "茅坡村"], ["曹江镇", "石鼓镇"]),
        ("TO", [], ["曹江社区", "荷垌村"], ["曹江镇"]),
        ("VS", [], ["荷垌村"], ["曹江镇"]),
        ("UL", ["高州市林业局"], [], []),
        ("UG", ["高州市林业局"], [], []),
    ],
)
def test_each_role_sees_its_own_reach(
    county: County, as_role: AsRole, alone: None, role: str, organisations: list[str], villages: list[str], towns: list[str]
) -> None:
    client = as_role(role)
    assert names(client.get(county.url("organisations/"))) == organisations
    assert names(client.get(county.url("villages/"))) == villages
    assert names(client.get(county.url("towns/"))) == towns


def test_an_extension_widens_reading_and_nothing_else(county: County, as_role: AsRole, monkeypatch: pytest.MonkeyPatch) -> None:
    partner = county.stationed
    monkeypatch.setattr(reach, "_extensions", [lambda units: Q(pk=partner.pk) if county.town.pk in units else Q(pk__in=[])])
    client = as_role("TO")
    page = county.url(f"organisations/{partner.uid}/")
    assert client.get(page).status_code == 200
    assert client.get(page + "edit/").status_code == 403
    assert client.get(county.url(f"{partner.uid}/end/")).status_code == 403
    assert as_role("VS").get(page).status_code == 404


def test_whoever_holds_no_right_to_units_is_refused(county: County, as_role: AsRole) -> None:
    assert as_role("HC").get(county.url("organisations/")).status_code == 403


@pytest.mark.parametrize("role", ["IN", "CL", "UL", "UG", "VS", "AU", "TO"])
def test_only_the_county_makes_units(county: County, as_role: AsRole, role: str) -> None:
    response = as_role(role).post(county.url("organisations/new/"), {"name": "新局", "kind": "organisation"})
    assert response.status_code == 403
    with tenant_scope(county.tenant):
        assert not Unit.objects.filter(name="新局").exists()


@pytest.mark.parametrize("role", ["IN", "CL", "UL", "UG", "VS", "AU"])
def test_readers_change_nothing(county: County, as_role: AsRole, role: str) -> None:
    client = as_role(role)
    for path, data in (
        (f"organisations/{county.office.uid}/edit/", {"name": "改名", "kind": "organisation"}),
        (f"{county.office.uid}/end/", {"last_day": "2025-01-01", "reason": "x"}),
        (f"{county.office.uid}/posts/new/", {"name": "新人", "kind": "staff", "starts_on": "2025-01-01"}),
        (f"posts/{county.post.uid}/end/", {"last_day": "2025-01-01"}),
        (f"{county.village.uid}/listings/new/", {"kind": "key_village", "starts_on": "2025-01-01"}),
    ):
        assert client.post(county.url(path), data).status_code in (403, 404), path
    with tenant_scope(county.tenant):
        office = Unit.objects.get(pk=county.office.pk)
        assert (office.name, office.ends_on, office.posts.count()) == ("高州市林业局", None, 1)
        assert county.village.listings.count() == 1


def test_a_town_officer_edits_the_own_town_only(county: County, as_role: AsRole, alone: None) -> None:
    client = as_role("TO")
    sent = {"name": "荷垌新村", "kind": "village", "parent": str(county.town.uid)}
    own = client.post(county.url(f"villages/{county.village.uid}/edit/"), sent)
    other = client.post(county.url(f"villages/{county.other_village.uid}/edit/"), {**sent, "parent": str(county.other_town.uid)})
    assert (own.status_code, other.status_code) == (302, 404)
    with tenant_scope(county.tenant):
        assert set(Unit.objects.filter(kind="village").values_list("name", flat=True)) == {"荷垌新村", "茅坡村"}


def test_a_town_officer_moves_no_village_out_of_the_town(county: County, as_role: AsRole, alone: None) -> None:
    sent = {"name": "荷垌村", "kind": "village", "parent": str(county.other_town.uid)}
    response = as_role("TO").post(county.url(f"villages/{county.village.uid}/edit/"), sent)
    assert response.status_code == 422
    assert "parent" in response.context["form"].errors
    with tenant_scope(county.tenant):
        assert Unit.objects.get(pk=county.village.pk).parent_id == county.town.pk


def test_designations_are_hidden_from_those_who_may_not_read_them(county: County, as_role: AsRole, alone: None) -> None:
    """Units see none; a leader sees them in the own villages only, and learns nothing by filtering."""
    page = county.url(f"villages/{county.village.uid}/")
    assert "薄弱村" in as_role("VS").get(page).content.decode()
    leader = make_member(county.tenant, "CL", unit=county.village)
    client = Client()
    client.force_login(leader, backend=BACKEND)
    table = client.get(county.url("villages/")).context["table"]
    at = [column["key"] for column in table["columns"]].index("designations")
    assert {row["cells"][0]["text"]: row["cells"][at]["text"] for row in table["rows"]} == {
        "曹江社区": "", "荷垌村": "薄弱村", "茅坡村": "",
    }  # fmt: skip
    assert names(client.get(county.url("villages/"), {"designations": "weak_village"})) == ["荷垌村"]
    assert "薄弱村" not in client.get(county.url(f"villages/{county.other_village.uid}/")).content.decode().split("基本情况")[-1]
    assert "薄弱村" not in client.get(county.url(f"villages/{county.other_village.uid}/history/")).content.decode()


def test_a_unit_s_clerk_has_neither_column_nor_filter_of_designations(
    county: County, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_extensions", [lambda units: Q(pk=county.village.pk)])
    client = as_role("UL")
    response = client.get(
        county.url("villages/"), {"col": "designations", "designations": "weak_village", "sort": "designations"}
    )
    assert names(response) == ["荷垌村"]
    assert "薄弱村" not in response.content.decode()
    assert "薄弱村" not in client.get(county.url(f"villages/{county.village.uid}/")).content.decode()
    assert "薄弱村" not in client.get(county.url(f"villages/{county.village.uid}/history/")).content.decode()
    assert "薄弱村" not in client.get(county.url("villages/export/"), {"form": "machine", "col": "designations"}).content.decode(
        "latin-1"
    )


@pytest.fixture
def theirs(county: County) -> dict[str, str]:
    """Pages of another county's rows, as addressed in ours."""
    other: Tenant = make_tenant("nanhai", "440605", "南海区")
    with tenant_scope(other):
        town = make_town("里水镇")
        village, office = make_village("河塱沙村", town=town), make_unit("南海区林业局")
    return {
        "unit": f"organisations/{office.uid}/",
        "village": f"villages/{village.uid}/",
        "town": f"towns/{town.uid}/",
        "history": f"organisations/{office.uid}/history/",
        "edit": f"organisations/{office.uid}/edit/",
        "end": f"{office.uid}/end/",
        "post": f"{office.uid}/posts/new/",
        "list": f"{village.uid}/listings/new/",
    }


def test_another_county_s_rows_are_not_there(county: County, as_role: AsRole, theirs: dict[str, str]) -> None:
    client = as_role("CA")
    missing = client.get(county.url(f"organisations/{uuid4()}/"))
    for what, path in theirs.items():
        response = client.get(county.url(path))
        assert (response.status_code, what) == (404, what)
        assert "南海" not in response.content.decode()
    assert client.get(county.url(theirs["unit"])).content == missing.content
    assert "南海" not in client.get(county.url("organisations/")).content.decode()


def test_a_page_of_the_wrong_kind_is_not_there(county: County, as_role: AsRole) -> None:
    assert as_role("CA").get(county.url(f"villages/{county.office.uid}/")).status_code == 404


def test_a_telephone_is_masked_until_asked_for_and_the_asking_is_logged(county: County, as_role: AsRole) -> None:
    client = as_role("AU")
    page = county.url(f"organisations/{county.office.uid}/")
    button = county.url(f"posts/{county.post.uid}/phone/")
    before = client.get(page).content.decode()
    assert ("13900001111" in before, "139****1111" in before) == (False, True)
    assert client.get(button).status_code == 405

    shown = client.post(button, headers={"HX-Request": "true"}).content.decode()
    whole_page = client.post(button).content.decode()

    assert "13900001111" in shown
    assert "<html" not in shown
    assert "13900001111" in whole_page
    with tenant_scope(county.tenant):
        entries = AuditEntry.objects.filter(action="phone_shown").values_list("object_kind", "object_uid", "account_id")
        assert list(entries) == [("post", county.post.uid, county.members["AU"].pk)] * 2


def test_a_telephone_out_of_reach_is_not_shown(county: County, as_role: AsRole, alone: None) -> None:
    response = as_role("VS").post(county.url(f"posts/{county.post.uid}/phone/"))
    assert response.status_code == 404
    with tenant_scope(county.tenant):
        assert not AuditEntry.objects.filter(action="phone_shown").exists()
