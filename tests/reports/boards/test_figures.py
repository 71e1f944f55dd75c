"""Every figure of every board opens a list with as many rows, for each role and each way to narrow the board."""

from __future__ import annotations

import re

import pytest
from django.db.models import Q
from django.test import Client

from activities.actions import records
from activities.hands import system_hand
from activities.kinds.obligations import OVERDUE, in_span
from activities.models import Obligation, Record, Rule
from lib.periods import period_named
from reports.queries.board import Board
from tenancy import clock
from tenancy.access import access_for
from tenancy.scope import tenant_scope
from tests.activities.obligations.conftest import local
from tests.factories import make_flip, make_member, make_pairing
from tests.factories_judgement import make_cycle, make_rubric, make_warning
from tests.reports.boards.conftest import Place
from tests.reports.boards.walking import figures_of, wrong_figures

pytestmark = pytest.mark.django_db
BOARD = "/gaozhou/board/"


def read(place: Place, role: str, query: str = "", status: int = 200) -> tuple[Client, str]:
    client = place.client(role)
    response = client.get(BOARD + query)
    assert response.status_code == status
    return client, response.content.decode()


@pytest.mark.parametrize("role", ["CA", "CS", "AU", "CL", "TO", "UL", "UG", "VS"])
def test_every_figure_of_a_role_s_board_is_the_number_of_rows_behind_it(place: Place, role: str) -> None:
    client = place.client(role)
    html = client.get(f"{BOARD}?period=2024-11").content.decode()

    found = figures_of(html)
    assert len(found) > 20
    assert any(figure.value for figure in found)
    assert wrong_figures(client, html) == []


@pytest.mark.parametrize("period", ["", "2024-W49", "2024-Q4", "2024-H2", "2024"])
def test_figures_hold_for_every_kind_of_period(place: Place, period: str) -> None:
    client = place.client("CA")
    # The year's figures are the same in each period, and walked above.
    html = client.get(f"{BOARD}?period={period}").content.decode()
    parts = html.split('id="trends"')
    assert wrong_figures(client, parts[0] + parts[1].split("</section>")[1]) == []


def test_figures_hold_when_the_board_is_narrowed(place: Place) -> None:
    client = place.client("CA")
    with tenant_scope(place.county.tenant):
        rule = Rule.objects.get(code="reception")
    for query in (f"rule={rule.uid}", f"town={place.other_town.uid}", f"programme={place.county.programme.uid}"):
        html = client.get(f"{BOARD}?period=2024-11&{query}").content.decode()
        assert figures_of(html)
        assert wrong_figures(client, html) == []
        assert all(query in figure.url for figure in figures_of(html) if "/obligations/" in figure.url)


def test_parts_add_up_to_what_is_owed(place: Place) -> None:
    from reports.forms.board import BoardForm
    from tenancy.access import access_for
    from tests.factories import make_member

    access = access_for(make_member(place.county.tenant, "CA"), place.county.tenant)
    assert access is not None
    with tenant_scope(place.county.tenant):
        board = BoardForm({"period": "2024"}, access=access).board("gaozhou")
        figures = {code: figure.value for code, figure in board.totals.figures.items()}
        assert figures["owed"] == sum(figures[code] for code in ("done", "waiting", "going", "overdue")) > 100
        assert min(figures.values()) > 0
        assert figures["owed"] == sum(town.figures["owed"].value for town in board.towns)
        of_trends = [point.figures["owed"].value for one in board.trends for point in one.points if point]
        # The year's weeks and months stand in months, quarters at their last: nothing is left out, nothing twice.
        assert sum(of_trends) == figures["owed"]


def test_a_scoped_board_sums_its_own_cells_only(place: Place) -> None:
    with tenant_scope(place.county.tenant):
        own = Obligation.objects.filter(pairing=place.county.first, is_due=True, waived_because="", starts_on__year=2024)
        n_own = own.exclude(period_kind="week").count()
        n_own += own.filter(period_kind="week", starts_on__lte="2024-12-26").count()
    _client, html = read(place, "UL", "?period=2024")
    assert figures_of(html)[0].value == n_own > 0


def test_towns_stand_in_administrative_order(place: Place) -> None:
    _client, html = read(place, "CA", "?period=2024-11")
    table = html.split('id="towns"')[1]
    assert table.index("曹江镇") < table.index("长坡镇")


def test_villages_with_two_overdue_duties_are_told_in_administrative_order(place: Place) -> None:
    client, html = read(place, "CA", "?period=2024-11")
    part = html.split('id="exceptions"')[1].split("</section>")[0]
    names = [name for name in ("曹江镇 第2村", "曹江镇 荷垌村", "长坡镇 旺沙村") if name in part]
    assert len(names) >= 2
    assert [part.index(name) for name in names] == sorted(part.index(name) for name in names)
    assert all(figure.value >= 2 for figure in figures_of(part))
    assert wrong_figures(client, part) == []


def test_a_village_in_need_is_told_with_its_rules_and_units(place: Place) -> None:
    access = access_for(make_member(place.county.tenant, "CA"), place.county.tenant)
    assert access is not None
    span = period_named("2024-11")
    with tenant_scope(place.county.tenant):
        told = Board(access, "gaozhou", span).exceptions
        assert told
        for line in told:
            of_village = Q(pairing__village__uid=line.uid) | Q(village__uid=line.uid)
            cells = Obligation.objects.filter(of_village, in_span(span), OVERDUE, is_carrier=True)
            rules = sorted(set(cells.values_list("rule__name", flat=True)))
            units = sorted(set(cells.exclude(pairing=None).values_list("pairing__unit__name", flat=True)))
            assert line.figures["overdue"].value == cells.count() >= 2
            assert [name for name in re.split("[、\uff1b]", line.note) if name] == [*rules, *units]
            assert units


def changes_of(client: Client) -> dict[str, int]:
    """Figures of what changed in seven days, each compared with its list."""
    part = client.get(BOARD).content.decode().split('id="changes"')[1].split("</section>")[0]
    assert wrong_figures(client, part) == []
    return {figure.url.split("changed=")[1].split("&")[0]: figure.value for figure in figures_of(part)}


def test_what_changed_in_seven_days_is_told_and_what_went_back_is_among_it(place: Place) -> None:
    client = place.client("CA")
    before = changes_of(client)
    assert before["met"] >= 1, "the labour day of November came in this morning"
    assert before["back"] == 0
    with tenant_scope(place.county.tenant), clock.at(local("2024-12-11T08:30")):
        done = Record.objects.get(type="livelihood_item", status="confirmed")
        records.void_record(record=done, hand=system_hand("county"), reason="与事实不符")

    after = changes_of(client)

    assert after["back"] == 1
    page = client.get(BOARD).content.decode()
    assert "民生实事" in page.split("新近逾期或退回的事项")[1].split("</section>")[0]


def test_what_became_overdue_stands_newest_first_with_its_last_change(place: Place) -> None:
    account = make_member(place.county.tenant, "CA")
    with tenant_scope(place.county.tenant):
        missed = list(
            Obligation.objects.filter(state="missed", pairing__isnull=False).order_by("-starts_on", "rule__position", "id")
        )
        # The oldest rows have the lowest ids: their order and that of the days differ.
        for cell in missed:
            make_flip(cell, "not_due", "open", at=local("2024-12-09T08:00"))
            make_flip(cell, "waiting", "missed", at=local("2024-12-11T11:00"))
        access = access_for(account, place.county.tenant)
        assert access is not None
        found = Board(access, "gaozhou", period_named("2024-11")).latest

    assert len({cell.starts_on for cell in missed}) > 1
    assert [one.url.split("/")[-2] for one in found] == [str(cell.uid) for cell in missed[:8]]
    assert {(one.day, one.before, one.state) for one in found} == {("2024-12-11", "waiting", "missed")}


def test_what_came_and_went_within_the_week_has_not_changed(place: Place) -> None:
    client = place.client("CA")
    before = changes_of(client)
    with tenant_scope(place.county.tenant):
        record = place.county.write("labour_day", "2024-12-09", at="2024-12-11T08:00")
        with clock.at(local("2024-12-11T08:30")):
            records.void_record(record=record, hand=system_hand("county"), reason="重复录入")

    assert changes_of(client) == before


def test_a_change_of_eight_days_ago_is_no_news(place: Place) -> None:
    client = place.client("CA")
    assert changes_of(client)["met"] >= 1
    with clock.at(local("2024-12-19T09:00")):
        assert changes_of(client)["met"] == 0


@pytest.mark.parametrize("query", ["?period=20", "?town=7", "?rule=nonsense", "?programme=00000000-0000-0000-0000-000000000000"])
def test_what_cannot_be_read_is_told_and_kept(place: Place, query: str) -> None:
    _client, html = read(place, "CA", query, 422)
    if "period" in query:
        assert 'value="20"' in html


def test_the_household_contact_s_board_says_that_nothing_is_there(place: Place) -> None:
    _client, html = read(place, "HC")
    assert figures_of(html) == []
    assert "您的范围内还没有应完成的事项" in html


def test_what_waits_for_the_administrator_s_signature_stands_on_top_with_its_list(place: Place) -> None:
    with tenant_scope(place.county.tenant):
        make_warning(place.county.first, signed_on=None)
        make_warning(place.county.first)
        make_pairing(place.county.first.unit, place.leader_village, place.county.programme, state="proposed")
        cycle = make_cycle(place.county.programme, make_rubric(), 2024, state="decision", title="2024年度考核")
    client = place.client("CA")
    html = client.get(BOARD).content.decode()
    part = html.split('id="waits"')[1].split("</section>")[0]

    assert sorted(figure.url.split("/gaozhou/")[1] for figure in figures_of(part)) == [
        "pairings/?state=preparing",
        "supervision/warnings/?state=proposed",
    ]
    assert [figure.value for figure in figures_of(part)] == [1, 1]
    assert wrong_figures(client, part) == []
    assert f"/{cycle.uid}/decision/" in part
    assert 'id="waits"' not in place.client("AU").get(BOARD).content.decode()


@pytest.mark.parametrize("role", ["CS", "TO", "VS"])
def test_records_that_wait_for_a_word_are_told_to_who_may_say_it(place: Place, role: str) -> None:
    client = place.client(role)
    part = client.get(BOARD).content.decode().split('id="waits"')[1].split("</section>")[0]
    assert [figure.value for figure in figures_of(part)] == [1]
    assert wrong_figures(client, part) == []
