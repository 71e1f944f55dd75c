"""Cards of the boards on the first page, the unit's and the village's; and the same figures by API."""

from __future__ import annotations

import pytest
from django.test import Client

from tenancy.scope import tenant_scope
from tests.factories import make_member
from tests.live import session_key
from tests.reports.boards.conftest import Place
from tests.reports.boards.walking import figures_of, n_rows, wrong_figures

pytestmark = pytest.mark.django_db


def card(html: str) -> str:
    return html.split('id="board"')[1].split("</section>")[0]


@pytest.mark.parametrize("role", ["UL", "UG", "VS", "TO"])
def test_the_first_page_of_who_writes_has_the_month_s_figures(place: Place, role: str) -> None:
    client = place.client(role)
    part = card(client.get("/gaozhou/").content.decode())
    assert len(figures_of(part)) >= 4
    assert wrong_figures(client, part) == []
    assert "/gaozhou/board/?period=2024-12" in part


@pytest.mark.parametrize("role", ["CA", "CL", "AU"])
def test_readers_have_the_county_s_card_and_no_second(place: Place, role: str) -> None:
    assert 'id="board"' not in place.client(role).get("/gaozhou/").content.decode()


@pytest.mark.parametrize("role", ["CA", "UL", "VS", "TO"])
def test_the_pages_of_unit_and_village_have_the_year_s_figures(place: Place, role: str) -> None:
    client = place.client(role)
    pairing = place.county.first
    for path in (f"units/organisations/{pairing.unit.uid}/", f"units/villages/{pairing.village.uid}/"):
        response = client.get(f"/gaozhou/{path}")
        assert response.status_code == 200, path
        part = card(response.content.decode())
        assert len(figures_of(part)) >= 4
        assert figures_of(part)[0].value > 10
        assert wrong_figures(client, part) == []


def ask(place: Place, role: str, query: str = "") -> tuple[int, dict[str, object]]:
    key = session_key(make_member(place.county.tenant, role, unit=place.units().get(role)), is_token=True)
    response = Client().get(f"/gaozhou/api/v1/board/{query}", headers={"Authorization": f"Bearer {key}"})
    return response.status_code, response.json()


@pytest.mark.parametrize("role", ["CA", "TO", "UL"])
def test_the_api_tells_the_page_s_figures(place: Place, role: str) -> None:
    status, told = ask(place, role, "?period=2024-11")
    assert status == 200
    client = place.client(role)
    html = client.get("/gaozhou/board/?period=2024-11").content.decode()
    on_page = {figure.url: figure.value for figure in figures_of(html)}
    figures: dict[str, dict[str, object]] = told["figures"]  # type: ignore[assignment]
    assert {one["url"]: one["value"] for one in figures.values()}.items() <= on_page.items()
    towns: list[dict[str, dict[str, dict[str, object]]]] = told["towns"]  # type: ignore[assignment]
    assert towns
    for town in towns:
        assert {one["url"]: one["value"] for one in town["figures"].values()}.items() <= on_page.items()
    overdue = figures["overdue"]
    assert n_rows(client, str(overdue["url"])) == overdue["value"]


def test_the_api_refuses_what_it_cannot_read(place: Place) -> None:
    status, told = ask(place, "CA", "?period=20&town=7")
    assert status == 400
    assert "period" in str(told)
    assert "town" in str(told)


def test_boards_of_two_counties_do_not_mix(place: Place) -> None:
    from tests.reports.boards.conftest import make_place

    before = figures_of(place.client("CA").get("/gaozhou/board/?period=2024-11").content.decode())
    other = make_place("huazhou")
    assert [f.value for f in figures_of(place.client("CA").get("/gaozhou/board/?period=2024-11").content.decode())] == [
        f.value for f in before
    ]
    with tenant_scope(other.county.tenant):
        town = other.county.town.uid
    assert place.client("CA").get(f"/gaozhou/board/?town={town}").status_code == 422
    assert place.client("CA").get("/huazhou/board/").status_code == 404
