"""The tables of units: what they show, to whom, in how many queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy.scope import tenant_scope
from tests.factories import make_person, make_post, make_town, make_unit, make_village
from tests.units.views.conftest import County
from units import reach
from units.models import Unit

AsRole = Callable[[str], Client]
LISTS = ("organisations/", "villages/", "towns/", "party-organisations/", "people/", "groups/", "")


def names(response: object) -> list[str]:
    """Names in the first column, in order."""
    return [row["cells"][0]["text"] for row in response.context["table"]["rows"]]  # type: ignore[attr-defined]


def _more(county: County, *marks: int) -> None:
    with tenant_scope(county.tenant):
        for i in marks:
            office = make_unit(f"高州市第{i}局")
            make_unit(f"第{i}党支部", "party_organisation", parent=office)
            make_post(office, make_person(f"联络员{i}"), "principal")
            village = make_village(f"第{i}村", town=make_town(f"第{i}镇"))
            make_unit(f"第{i}小组", "group", parent=village)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_costs_the_same_queries_however_long_it_is(county: County, as_role: AsRole, path: str) -> None:
    client = as_role("CS")
    _more(county, 1)
    client.get(county.url(path))
    with CaptureQueriesContext(connection) as few:
        assert client.get(county.url(path)).status_code == 200
    _more(county, 2, 3, 4)
    with CaptureQueriesContext(connection) as many:
        client.get(county.url(path))

    own = [[q["sql"] for q in queries.captured_queries if "units_" in q["sql"]] for queries in (few, many)]
    assert len(own[0]) <= 6
    assert (len(few), len(own[0])) == (len(many), len(own[1]))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("林业", ["高州市林业局"]),
        ("linye", ["高州市林业局"]),
        ("gzslyj", ["高州市林业局"]),
        ("市林业", ["高州市林业局"]),
        ("ＬＩＮＹＥ", ["高州市林业局"]),
        ("高州", ["高州海关", "高州市林业局"]),
        ("%", []),
        ("没有的", []),
        ("  ", ["高州海关", "高州市林业局"]),
    ],
)
def test_search_finds_by_name_pinyin_initials_and_alias(county: County, as_role: AsRole, typed: str, found: list[str]) -> None:
    response = as_role("CS").get(county.url("organisations/"), {"q": typed})
    assert names(response) == found


def test_a_row_with_two_fitting_aliases_comes_once(county: County, as_role: AsRole) -> None:
    from units.models import UnitAlias

    with tenant_scope(county.tenant):
        UnitAlias.objects.create(tenant=county.tenant, unit=county.office, name="市林业部门", key="市林业部门")
    assert names(as_role("CS").get(county.url("organisations/"), {"q": "市林业"})) == ["高州市林业局"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"nature": "stationed"}, ["高州海关"]),
        ({"is_stationed": "no"}, ["高州市林业局"]),
        ({"state": "ended"}, []),
        ({"state": "all"}, ["高州海关", "高州市林业局"]),
        ({"sort": "-n_party_members"}, ["高州市林业局", "高州海关"]),
        ({"sort": "n_party_members"}, ["高州海关", "高州市林业局"]),
    ],
)
def test_filters_and_sorting_do_what_they_say(county: County, as_role: AsRole, query: dict[str, str], found: list[str]) -> None:
    assert names(as_role("CS").get(county.url("organisations/"), query)) == found


def test_villages_are_filtered_by_town_and_by_list(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    by_town = client.get(county.url("villages/"), {"town": "x", "parent": str(county.other_town.uid)})
    by_list = client.get(county.url("villages/"), {"designations": "weak_village"})
    assert names(by_town) == ["茅坡村"]
    assert names(by_list) == ["荷垌村", "茅坡村"]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "tenant_id"}, {"sort": "-password"}, {"sort": "'; drop"}, {"sort": "party_org"}, {"page": "-1"},
        {"page": "99999999"}, {"page": "x"}, {"size": "100000"}, {"size": "x"}, {"col": "tenant"},
        {"unknown": "1"}, {"q": "'" * 79},
    ],
)  # fmt: skip
def test_what_no_list_can_mean_is_left_aside(county: County, as_role: AsRole, query: dict[str, str]) -> None:
    response = as_role("CS").get(county.url("organisations/"), query)
    assert response.status_code == 200
    if "q" not in query:
        assert names(response) == ["高州海关", "高州市林业局"]


@pytest.mark.parametrize("query", [{"nature": "xx"}, {"state": "xx"}, {"is_stationed": "maybe"}, {"q": "林" * 81}])
def test_a_filter_that_cannot_be_read_is_said_and_shows_nothing(county: County, as_role: AsRole, query: dict[str, str]) -> None:
    response = as_role("CS").get(county.url("organisations/"), query)
    assert response.status_code == 422
    assert names(response) == []
    assert "筛选条件有误" in response.content.decode()


@pytest.mark.parametrize("value", ["x", "00000000-0000-0000-0000-000000000000", "1"])
def test_an_unknown_town_in_the_filter_is_said(county: County, as_role: AsRole, value: str) -> None:
    response = as_role("CS").get(county.url("villages/"), {"parent": value})
    assert (response.status_code, names(response)) == (422, [])


def test_chosen_columns_are_shown_and_carried_on(county: County, as_role: AsRole) -> None:
    response = as_role("CS").get(county.url("organisations/"), {"col": ["credit_code", "nature"], "size": "20"})
    table = response.context["table"]
    assert [column["key"] for column in table["columns"]] == ["name", "nature", "credit_code"]
    assert all("col=credit_code" in column["sort_url"] for column in table["columns"] if column["sort_url"])
    assert "size=20" in table["exports"][0]["url"]


def test_pages_neither_repeat_nor_lose_a_row(county: County, as_role: AsRole) -> None:
    with tenant_scope(county.tenant):
        for i in range(43):
            # One pinyin for all: only the id can break the tie.
            Unit.objects.create(tenant=county.tenant, kind="organisation", name=f"同音{i}", pinyin="tong", initials="t")
    client = as_role("CS")
    seen = [
        name for page in (1, 2, 3) for name in names(client.get(county.url("organisations/"), {"size": "20", "page": str(page)}))
    ]
    assert len(seen) == len(set(seen)) == 45


def test_htmx_gets_the_part_it_replaces_and_others_the_page(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    url = county.url("organisations/")
    whole = client.get(url)
    table = client.get(url, headers={"HX-Request": "true", "HX-Target": "unit-list"}).content.decode()
    area = client.get(url, headers={"HX-Request": "true", "HX-Target": "unit-area"}).content.decode()
    elsewhere = client.get(url, headers={"HX-Request": "true", "HX-Target": "main"}).content.decode()

    assert "<html" in whole.content.decode()
    assert "<html" in elsewhere
    assert table.lstrip().startswith('<section class="list" id="unit-list"')
    assert area.lstrip().startswith('<div id="unit-area">')
    assert "filter-form" in area
    assert "HX-Target" in whole.headers["Vary"]


def test_ended_units_are_out_of_sight_until_asked_for_and_then_marked(county: County, as_role: AsRole) -> None:
    from datetime import date

    with tenant_scope(county.tenant):
        Unit.objects.filter(pk=county.stationed.pk).update(ends_on=date(2025, 1, 1))
    client = as_role("CS")
    assert names(client.get(county.url("organisations/"))) == ["高州市林业局"]
    ended = client.get(county.url("organisations/"), {"state": "ended"})
    assert names(ended) == ["高州海关"]
    assert ended.context["table"]["rows"][0]["cells"][0]["chip"]["word"] == "已结束"


def test_an_empty_list_says_what_to_do_next(county: County, as_role: AsRole) -> None:
    nothing = as_role("CS").get(county.url("groups/")).content.decode()
    read_only = as_role("AU").get(county.url("groups/")).content.decode()
    assert "还没有村民小组" in nothing
    assert county.url("groups/new/") in nothing
    assert county.url("groups/new/") not in read_only


def test_a_narrow_scope_is_not_told_that_the_county_is_empty(
    county: County, as_role: AsRole, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach, "_extensions", [])
    client = as_role("UL")
    for path in ("", "villages/"):
        text = client.get(county.url(path)).content.decode()
        assert "您的职责范围内没有内容" in text, path
        assert "还没有" not in text, path


def test_the_tree_counts_towns_and_finds_by_pinyin(county: County, as_role: AsRole) -> None:
    client = as_role("CS")
    whole = client.get(county.url(""))
    found = client.get(county.url(""), {"q": "maopo"}, headers={"HX-Request": "true", "HX-Target": "unit-tree"})
    none = client.get(county.url(""), {"q": "zzz"}).content.decode()

    assert [(node["label"], len(node["children"])) for node in whole.context["nodes"]] == [("曹江镇", 2), ("石鼓镇", 1)]
    assert whole.context["nodes"][0]["note"] == "1 个村，1 个社区"
    text = found.content.decode()
    assert ("茅坡村" in text, "荷垌村" in text, "<html" in text) == (True, False, False)
    assert "没有找到" in none


def test_a_town_that_fits_comes_with_all_its_villages(county: County, as_role: AsRole) -> None:
    nodes = as_role("CS").get(county.url(""), {"q": "cjz"}).context["nodes"]
    assert [(node["label"], len(node["children"])) for node in nodes] == [("曹江镇", 2)]
