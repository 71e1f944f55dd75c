"""Strip, reasons, list, first page and timeline: what they say, who sees them, and that every figure equals its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from activities.actions.waivers import WaiverFacts, add_waiver
from activities.marks import MARKS, WORDS
from activities.models import Obligation, ObligationAnswer, Reopening
from activities.queries.lasts import CONDITIONS, deadlines_of
from activities.queries.strips import strips, weeks_of
from activities.views.why import write_address
from tenancy import clock
from tenancy.scope import SYSTEM, tenant_scope
from tests.activities.obligations.conftest import County, local, make_county
from tests.factories import make_member, make_programme, make_suspension

pytestmark = pytest.mark.django_db
TODAY = "2024-12-11"
HTMX = {"HX-Request": "true", "HX-Target": "why"}


@pytest.fixture
def written(db: None) -> Iterator[County]:
    """Two units of one village on 11 December 2024; every state stands in the first one's year."""
    found = make_county(2)
    with tenant_scope(found.tenant):
        found.write("labour_day", "2024-10-09")
        found.write("labour_day", "2024-11-05", at="2024-12-11T08:00")
        found.write("courtyard", "2024-10-20", house_no="8号")
        found.write("courtyard", "2024-10-21", house_no="9号")
        found.write("courtyard", "2024-11-20", house_no="10号", confirmed=None)
        found.write("reception", "2024-10-09", leader_present=True)
        found.write("livelihood_item", "2024-10-12", item_name="修路灯")
        facts = WaiverFacts(programme=found.programme, starts_on=date(2024, 11, 11), ends_on=date(2024, 11, 17), reason="台风")
        with clock.at(local("2024-11-18T09:00")):
            add_waiver(facts=facts, actor=SYSTEM)
        found.judge(TODAY)
    with clock.at(local(f"{TODAY}T09:00")):
        yield found


def sign_in(county: County, role: str = "CA", unit: Any = None) -> Client:
    client = Client()
    client.force_login(make_member(county.tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
    return client


def read(client: Client, url: str, status: int = 200, headers: dict[str, str] | None = None) -> str:
    response = client.get(url, headers=headers)
    assert response.status_code == status, url
    return response.content.decode()


def base(county: County, path: str = "") -> str:
    return f"/{county.tenant.slug}/{path}"


def strip_url(county: County) -> str:
    return base(county, f"pairings/{county.first.uid}/obligations/")


def cell_url(county: County, rule: str, code: str) -> str:
    with tenant_scope(county.tenant):
        return base(county, f"obligations/{county.cell(rule, code).uid}/")


# -- the strip ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("year", "n_weeks"), [(2024, 52), (2025, 52), (2026, 53)])
def test_year_has_the_weeks_of_its_thursdays(year: int, n_weeks: int) -> None:
    weeks = weeks_of(year)
    assert len(weeks) == n_weeks
    assert weeks[0].code == f"{year}-W01"
    assert {week.code[:4] for week in weeks} == {str(year)}


def _squares(html: str) -> list[list[tuple[int, str]]]:
    """(width in weeks, state) of the squares, by row, as the table has them."""
    body = html.split('<table class="strip-table">')[1].split("</table>")[0].split("<tbody")[1]
    rows = []
    for row in body.split("<tr>")[1:]:
        tds = re.findall(r'<td(?: colspan="(\d+)")? class="square[^"]*"(?: data-state="(\w+)")?', row)
        rows.append([(int(width or 1), state) for width, state in tds])
    return rows


def test_strip_has_a_square_for_every_period_and_all_rows_are_one_year_wide(written: County) -> None:
    rows = _squares(read(sign_in(written), strip_url(written)))

    assert sorted(len(row) for row in rows) == [4, 12, 12, 12, 12, 52]
    assert {sum(width for width, _state in row) for row in rows} == {52}


def test_squares_are_the_cells_in_their_order(written: County) -> None:
    rows = _squares(read(sign_in(written), strip_url(written)))
    with tenant_scope(written.tenant):
        kept = [
            cell.state
            for cell in Obligation.objects.filter(
                pairing=written.first, rule__code="reception", starts_on__lt=date(2024, 12, 30)
            ).order_by("starts_on")
        ]
        labour = list(
            Obligation.objects.filter(pairing=written.first, rule__code="labour_day")
            .order_by("starts_on")
            .values_list("state", flat=True)
        )
    weeks = next(row for row in rows if len(row) == 52)
    assert [state for _width, state in weeks if state] == kept
    assert len(weeks) - len(kept) == 35  # before the launch in week 36 there is nothing to judge
    assert [state for _width, state in rows[0] if state] == labour == ["not_due", "met", "met_late", "open"]


def test_fifty_third_week_stands_in_the_strip(db: None) -> None:
    county = make_county(since=date(2026, 12, 1), until=date(2026, 12, 31))
    with clock.at(local("2026-12-30T09:00")):
        rows = _squares(read(sign_in(county), strip_url(county)))
    weeks = next(row for row in rows if len(row) == 53)
    assert weeks[-1][1] != ""


def test_weeks_stand_under_the_month_of_their_thursday(written: County) -> None:
    with tenant_scope(written.tenant):
        [strip] = strips([written.first], 2024)
    # Four weeks in September, five in October (domain.md §2.3).
    assert (strip.months[8].n_weeks, strip.months[9].n_weeks) == (4, 5)


def test_annual_figure_stands_beside_the_months(written: County) -> None:
    html = read(sign_in(written), strip_url(written))
    row = next(one for one in html.split("<tr>") if "美丽庭院" in one and "square" in one)
    figures = re.findall(r"<a [^>]*data-figure[^>]*>([^<]+)</a>", row)
    # Two households in October, none confirmed since: one period done, two of three households (A7).
    assert figures == ["1", "3", "2/3户"]


def test_state_is_never_told_by_colour_alone(written: County) -> None:
    html = read(sign_in(written), strip_url(written))
    squares = re.findall(r'<td[^>]*data-state="(\w+)"[^>]*>(.*?)</td>', html, re.DOTALL)
    assert {state for state, _square in squares} == {"not_due", "open", "waiting", "met", "met_late", "missed", "waived"}
    for state, square in squares:
        assert f"#{MARKS[state]}" in square
        assert str(WORDS[state]) in unescape(square)


@pytest.mark.parametrize("state", list(MARKS))
def test_chip_and_square_have_one_mark_and_one_word(state: str) -> None:
    chip = render_to_string("parts/chip.html", {"chip": {"state": state}})
    assert f"#{MARKS[state]}" in chip
    assert str(WORDS[state]) in chip


def test_year_can_be_chosen_and_nonsense_is_the_present_one(db: None) -> None:
    county = make_county(since=date(2024, 12, 1), until=date(2025, 2, 28))
    client = sign_in(county)
    with clock.at(local("2025-01-20T09:00")):
        assert "2024年应完成事项" in read(client, f"{strip_url(county)}?year=2024")
        for word in ("", "?year=1999", "?year=x", "?year=²024"):
            assert "2025年应完成事项" in read(client, strip_url(county) + word)


def test_strip_stands_on_the_pages_of_pairing_unit_and_village(written: County) -> None:
    client = sign_in(written)
    first = written.first
    assert _squares(read(client, base(written, f"pairings/{first.uid}/")))[0][-1][1] == "open"
    for path, n_strips in (
        (reverse("units:unit", args=["gaozhou", first.unit.uid]), 1),
        (reverse("units:village", args=["gaozhou", first.village.uid]), 2),
    ):
        assert read(client, path).count("data-strip") == n_strips


# -- why ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("rule", "code", "said"),
    [
        ("labour_day", "2024-10", ["已完成", "已计入1次,应完成1次", "2024-10-09"]),
        ("labour_day", "2024-11", ["补录完成", "2024-11-05"]),
        ("labour_day", "2024-12", ["进行中", "本期截至2024-12-31", "补录至2025-01-10", "2025-01-15后锁定", "没有记录", "记一笔"]),
        ("labour_day", "2024-09", ["未到期", "不完整一期"]),
        ("courtyard", "2024-11", ["待确认", "另有1项待确认后计入", "待对方确认"]),
        ("courtyard", "2024-10", ["已完成", "已计入2户,应完成1户"]),
        ("livelihood_item", "2024-11", ["未完成", "补录至2024-12-10", "2024-12-15后锁定", "记一笔"]),
        ("reception", "2024-W40", ["已豁免", "只有1个工作日"]),
        ("reception", "2024-W46", ["已豁免", "台风"]),
        ("reception", "2024-W41", ["已完成", "第1版,自2024-09-03起执行", "每周接待群众来访"]),
        ("reception", "2024-W42", ["未完成", "该月已锁定"]),
    ],
)
def test_panel_says_everything_a_cell_was_judged_by(written: County, rule: str, code: str, said: list[str]) -> None:
    client = sign_in(written, "UL", written.first.unit)
    url = cell_url(written, rule, code)
    for headers in (None, HTMX):
        text = re.sub(r"<[^>]+>", " ", unescape(read(client, url, headers=headers))).replace("\uff0c", ",")
        for words in said:
            assert words.replace("\uff0c", ",") in text, words


def test_panel_beside_the_strip_is_a_part_and_not_a_page(written: County) -> None:
    url = cell_url(written, "labour_day", "2024-10")
    client = sign_in(written)
    assert "<html" not in read(client, url, headers=HTMX)
    assert "<html" in read(client, url)


def test_what_to_do_is_one_tap_away_for_those_who_write_and_nobody_else(written: County) -> None:
    url = cell_url(written, "labour_day", "2024-12")
    write = f"records/new/?pairing={written.first.uid}&type=labour_day"
    assert write in unescape(read(sign_in(written, "UL", written.first.unit), url))
    assert write in unescape(read(sign_in(written, "VS", written.first.village), url))
    assert write not in unescape(read(sign_in(written, "IN"), url))
    # Met: nothing is left to do.
    assert "records/new/" not in read(sign_in(written, "UL", written.first.unit), cell_url(written, "labour_day", "2024-10"))


def test_answer_to_a_reminder_stands_in_the_panel(written: County) -> None:
    with tenant_scope(written.tenant):
        cell = written.cell("livelihood_item", "2024-11")
        ObligationAnswer.objects.create(
            tenant=written.tenant, rule=cell.rule, pairing=written.first, period_kind="month", starts_on=cell.starts_on,
            text="台风后补做", promise_on=date(2024, 12, 13), actor_name="联络员甲", at=local("2024-12-10T10:00"),
        )  # fmt: skip
    html = read(sign_in(written), cell_url(written, "livelihood_item", "2024-11"))
    assert "台风后补做" in html
    assert "拟于2024-12-13完成" in html


def test_suspended_pairing_says_why_nothing_is_owed(db: None) -> None:
    county = make_county()
    with tenant_scope(county.tenant):
        make_suspension(county.first, date(2024, 10, 10), date(2024, 11, 20), reason="机构改革")
        county.judge(TODAY)
    with clock.at(local(f"{TODAY}T09:00")):
        html = read(sign_in(county), cell_url(county, "labour_day", "2024-10"))
    assert "已豁免" in html
    assert "机构改革" in html


# -- deadlines ------------------------------------------------------------------------------------------------------
def test_month_is_open_up_to_its_lock_day_and_again_when_reopened(written: County) -> None:
    with tenant_scope(written.tenant):
        cell = written.cell("livelihood_item", "2024-11")
        found = deadlines_of([cell])[cell.pk]
        assert (found.in_time_until, found.locked_after) == (date(2024, 12, 10), date(2024, 12, 15))

        def is_enterable(on: str) -> bool:
            with clock.at(local(f"{on}T09:00")):
                return bool(Obligation.objects.filter(CONDITIONS["overdue"](), pk=cell.pk).exists())

        assert [is_enterable(day) for day in ("2024-12-11", "2024-12-15", "2024-12-16")] == [True, True, False]
        Reopening.objects.create(
            tenant=written.tenant, programme=written.programme, month=date(2024, 11, 1), until=date(2024, 12, 20), reason="停电"
        )
        assert [is_enterable(day) for day in ("2024-12-16", "2024-12-20", "2024-12-21")] == [True, True, False]


# -- figures --------------------------------------------------------------------------------------------------------
def _rows_of(client: Client, url: str) -> Any:
    context = client.get(url + ("&" if "?" in url else "?") + "size=200").context
    return context["table"]


def test_every_figure_of_the_strip_equals_its_list(written: County) -> None:
    client = sign_in(written)
    html = unescape(read(client, strip_url(written)))
    figures = re.findall(r'<a href="([^"]+)" data-figure="(\w+)"(?: data-value="(\d+)")?>([^<]+)</a>', html)
    assert len(figures) == 18
    for url, sort, value, text in figures:
        table = _rows_of(client, url)
        if sort == "rows":
            assert int(text) == table["pager"]["count"], url
        else:
            counted = next((cell["text"] for cell in table["totals"] if cell["label"] == "已计入"), "0")
            assert value == counted == text.split("/")[0], url


def test_totals_above_the_list_equal_their_rows_and_add_up(written: County) -> None:
    client = sign_in(written)
    for query in ("", "?period=2024-10", "?period=2024-W42", "?period_kind=month&state=done", f"?unit={written.first.unit.uid}"):
        totals = client.get(base(written, f"obligations/{query}")).context["totals"]
        numbers = [int(one["value"]) for one in totals]
        assert numbers[0] == sum(numbers[1:]) > 0, query
        for one in totals:
            assert int(one["value"]) == _rows_of(client, one["url"])["pager"]["count"], one


@pytest.mark.parametrize("role", ["CS", "CL"])
def test_figures_of_the_first_page_equal_their_lists(written: County, role: str) -> None:
    client = sign_in(written, role, written.first.village if role == "CL" else None)
    panel = next(one for one in client.get(base(written)).context["panels"] if one.key == "month")
    assert len(panel.context["parts"]) == 2
    for part in panel.context["parts"]:
        numbers = [int(one["value"]) for one in part["stats"]]
        assert numbers[0] == sum(numbers[1:]) > 0
        for one in part["stats"]:
            assert int(one["value"]) == _rows_of(client, one["url"])["pager"]["count"]


# -- the first page ---------------------------------------------------------------------------------------------------
def _due(client: Client, county: County) -> Any:
    return next((one for one in client.get(base(county)).context["panels"] if one.key == "due"), None)


def test_first_page_says_what_can_be_done_now_soonest_first(written: County) -> None:
    client = sign_in(written, "UL", written.first.unit)
    panel = _due(client, written)
    lines = panel.context["lines"]
    # Over since the 1st, and today is the last day of its grace; then the lock day of November.
    assert lines[0]["period"] == "11.25—12.1"
    assert (lines[0]["is_urgent"], "12月11日" in lines[0]["when"]) == (True, True)
    assert lines[0]["when"].endswith("今天是最后一天")
    # Who has one place of their own is told the other side only.
    assert {one["who"] for one in lines} == {"荷垌村"}
    of_village = _due(sign_in(written, "VS", written.first.village), written)
    assert {one["who"] for one in of_village.context["lines"]} <= {"高州市林业局", "高州市第1局"}
    of_town = _due(sign_in(written, "TO", written.town), written)
    assert {one["who"] for one in of_town.context["lines"]} <= {"高州市林业局 — 荷垌村", "高州市第1局 — 荷垌村"}
    assert all("records/new/?pairing=" in one["write_url"] for one in lines)
    # What is over is written down with a day of its own period; what runs, with today.
    assert lines[0]["write_url"].endswith("&for=2024-W48")
    with tenant_scope(written.tenant):
        running = write_address(written.tenant.slug, written.cell("labour_day", "2024-12"))
    assert "&for=" not in running
    late = next(one for one in lines if "民生实事" in one["name"] and "11" in one["period"])
    assert "12月15日" in late["when"]
    # The number at the top of the page is the one in the card.
    assert panel.waits.split() == ["要做", panel.context["n_lacking"], "项"]
    assert int(panel.context["n_lacking"]) == _rows_of(client, panel.context["all_url"])["pager"]["count"]
    assert "1" in panel.context["waiting"]
    assert _rows_of(client, panel.context["waiting_url"])["pager"]["count"] == 1


def test_first_page_of_the_county_has_figures_and_no_tasks(written: County) -> None:
    assert _due(sign_in(written, "CA"), written) is None
    assert _due(sign_in(written, "CL", written.first.village), written) is None
    assert _due(sign_in(written, "VS", written.first.village), written) is not None


# -- who sees which ---------------------------------------------------------------------------------------------------
def test_who_sees_which_cells(written: County) -> None:
    mine, other = written.first, written.pairings[1]

    def n_rows(role: str, unit: Any = None) -> int:
        return int(_rows_of(sign_in(written, role, unit), base(written, "obligations/?state=all"))["pager"]["count"])

    whole = n_rows("CA")
    assert n_rows("CS") == n_rows("IN") == n_rows("AU") == n_rows("VS", mine.village) == n_rows("TO", written.town) == whole
    assert n_rows("UL", mine.unit) == n_rows("UG", other.unit) == whole // 2
    stranger = sign_in(written, "UL", other.unit)
    for url in (strip_url(written), cell_url(written, "labour_day", "2024-10"), base(written, f"pairings/{mine.uid}/timeline/")):
        read(stranger, url, 404)
    read(sign_in(written, "HC", mine.village), base(written, "obligations/"), 403)


def test_record_out_of_reach_is_named_without_link_or_words(written: County) -> None:
    html = read(sign_in(written, "UL", written.first.unit), cell_url(written, "labour_day", "2024-10"))
    assert re.search(r'<a href="/gaozhou/records/[0-9a-f-]+/">2024-10-09', html)


def test_bad_filters_are_named_and_kept(written: County) -> None:
    client = sign_in(written)
    html = read(client, base(written, "obligations/?period=20x4"), 422)
    assert "20x4" in html
    read(client, base(written, "obligations/?rule=xx"), 422)


def test_list_leaves_as_a_file_of_what_is_shown(written: County) -> None:
    response = sign_in(written).get(base(written, "obligations/export/?form=machine&period=2024-10&period_kind=month"))
    assert response.status_code == 200
    assert response.headers["Content-Type"].endswith("sheet")


# -- the timeline -----------------------------------------------------------------------------------------------------
def test_timeline_holds_records_waivers_and_rests_newest_first(written: County) -> None:
    with tenant_scope(written.tenant):
        make_suspension(written.first, date(2024, 12, 1), reason="机构改革")
    url = base(written, f"pairings/{written.first.uid}/timeline/")
    response = sign_in(written).get(url)
    events = response.context["events"]
    days = [one["datetime"] for one in events]
    assert days == sorted(days, reverse=True)
    titles = " ".join(one["title"] for one in events)
    assert all(word in titles for word in ("集中劳动", "美丽庭院", "豁免", "暂停"))
    assert response.context["pager"]["count"] == len(events)
    for odd in ("0", "x", "99999", "²"):
        assert sign_in(written).get(f"{url}?page={odd}").status_code == 200


# -- cost -------------------------------------------------------------------------------------------------------------
def _statements(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as made:
        assert client.get(url).status_code == 200
    return len(made)


def test_statements_do_not_grow_with_rows(written: County) -> None:
    client = sign_in(written)
    few = make_county(1, since=date(2024, 12, 1), slug="huazhou")
    with tenant_scope(few.tenant):
        few.write("labour_day", "2024-12-03")
    other = sign_in(few)
    for path in ("obligations/?size=200&state=all", ""):
        assert _statements(client, base(written, path)) == _statements(other, base(few, path)), path
    assert _statements(client, strip_url(written)) == _statements(other, strip_url(few))
    two, one = (reverse("units:village", args=[each.tenant.slug, each.first.village.uid]) for each in (written, few))
    assert _statements(client, two) == _statements(other, one)


def test_the_list_begins_with_the_year_that_is_on_and_shows_all_when_asked(written: County) -> None:
    with tenant_scope(written.tenant):
        later = make_programme(2026, starts_on=date(2025, 9, 1), ends_on=date(2026, 12, 31))
    client, here = sign_in(written), base(written, "obligations/")

    first = client.get(here)
    everything = client.get(here + "?programme=")

    assert first.context["filter_form"].data["programme"] == str(written.programme.uid)
    assert [stat["value"] for stat in first.context["totals"]] == [stat["value"] for stat in everything.context["totals"]]
    none = client.get(here + f"?programme={later.uid}")
    assert none.context["totals"][0]["value"] == "0"
