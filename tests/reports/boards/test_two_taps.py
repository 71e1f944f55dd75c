"""Two taps from any figure to its records: every figure of every board, and every line of a score sheet."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from activities.models import Obligation, Record, Share
from activities.obligations import explain
from activities.queries.records import visible_records
from tenancy.access import access_for
from tenancy.scope import tenant_scope
from tests.reports.boards.conftest import Place
from tests.reports.boards.walking import figures_of

pytestmark = pytest.mark.django_db
_RECORD = re.compile(r"/gaozhou/records/([0-9a-f-]{36})/")
_CELL = re.compile(r"/gaozhou/obligations/([0-9a-f-]{36})/")


def rows_of(client: Client, url: str) -> list[dict[str, Any]]:
    response: Any = client.get(url + ("&" if "?" in url else "?") + "size=200")
    assert response.status_code == 200, url
    found: list[dict[str, Any]] = response.context["table"]["rows"] if "table" in response.context else []
    return found


def linked(row: dict[str, Any]) -> set[UUID]:
    """Records that a row leads to directly."""
    urls = [link["url"] for cell in row["cells"] for link in cell.get("links", ())]
    return {UUID(found[1]) for url in urls if (found := _RECORD.search(unescape(url)))}


def counted_in(uid: str, role: str, place: Place) -> set[UUID]:
    """What the cell's own page names as counted, or waiting to be."""
    account = place.members[role]
    access = access_for(account, place.county.tenant)
    assert access is not None
    told = explain(Obligation.objects.select_related("rule", "terms").get(uid=uid))
    lines = [*told.counted, *(line for line in told.not_counted if line.why == "waiting")]
    rows = visible_records(access).filter(pk__in={line.record_id for line in lines})
    return set(rows.values_list("uid", flat=True))


@pytest.mark.parametrize("role", ["CA", "TO", "UL", "VS", "CL"])
def test_each_row_behind_a_board_s_figure_leads_to_its_records(place: Place, role: str) -> None:
    client = place.client(role)
    opened: dict[str, list[dict[str, Any]]] = {}
    for figure in figures_of(client.get("/gaozhou/board/?period=2024").content.decode()):
        if figure.value and figure.url not in opened:
            opened[figure.url] = rows_of(client, figure.url)
    assert len(opened) > 10
    wrong, told = [], {}
    with tenant_scope(place.county.tenant):
        for url, rows in opened.items():
            for row in rows:
                cell = _CELL.search(row["url"])
                if cell is None:
                    # A list of warnings, pairings or records: the row is the record, and opens it.
                    assert row["url"], url
                    continue
                if cell[1] not in told:
                    told[cell[1]] = counted_in(cell[1], role, place)
                if linked(row) != told[cell[1]]:
                    wrong.append((url, row["url"]))
    assert wrong == []
    named = set().union(*told.values())
    assert named, "something was counted, and is led to"
    for uid in named:
        assert client.get(f"/gaozhou/records/{uid}/").status_code == 200


def test_a_record_that_waits_is_led_to_and_says_so(place: Place) -> None:
    client = place.client("CA")
    rows = rows_of(client, "/gaozhou/obligations/?state=waiting&period=2024")
    assert rows
    for row in rows:
        assert linked(row)
        assert any("待确认" in link["label"] for cell in row["cells"] for link in cell.get("links", ()))


def test_many_records_of_a_cell_are_shortened_to_its_page(place: Place) -> None:
    with tenant_scope(place.county.tenant):
        for day in ("2024-12-02", "2024-12-04", "2024-12-05", "2024-12-06", "2024-12-07"):
            place.county.write("reception", day, pairing=place.county.pairings[3])
        cell = Obligation.objects.get(pairing=place.county.pairings[3], rule__code="reception", starts_on="2024-12-02")
        n = Share.objects.filter(pairing=place.county.pairings[3], type="reception", counts_on__gte="2024-12-02").count()
        assert n == 6
    client = place.client("CA")
    [row] = [
        row for row in rows_of(client, "/gaozhou/obligations/?rule=&state=all&period=2024-W49") if str(cell.uid) in row["url"]
    ]
    links = [link for one in row["cells"] for link in one.get("links", ())]
    assert len(linked(row)) == 4
    assert links[-1] == {"label": "全部 6 条", "url": row["url"]}


def test_the_list_asks_no_more_queries_for_more_rows(place: Place, django_assert_max_num_queries: Any) -> None:
    client = place.client("CA")
    client.get("/gaozhou/obligations/?period=2024&state=done")
    with django_assert_max_num_queries(40) as few:
        client.get("/gaozhou/obligations/?period=2024&state=done&size=10")
    with django_assert_max_num_queries(len(few.captured_queries) + 2):
        client.get("/gaozhou/obligations/?period=2024&state=all&size=200")


def test_nobody_is_led_to_a_record_out_of_reach(place: Place) -> None:
    client = place.client("UL")
    with tenant_scope(place.county.tenant):
        foreign = set(Record.objects.exclude(shares__pairing=place.county.first).values_list("uid", flat=True))
    rows = rows_of(client, "/gaozhou/obligations/?period=2024&state=all")
    assert rows
    assert not foreign & set().union(*(linked(row) for row in rows))
