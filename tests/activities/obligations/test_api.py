"""GET obligations/: the fields of a rehearsal's answers, by who may see them, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenancy import clock
from tenancy.scope import tenant_scope
from tests.activities.obligations.conftest import County, local, make_county
from tests.factories import make_member

pytestmark = pytest.mark.django_db
FIELDS = [
    "pairing", "rule", "period_kind", "period", "starts_on", "ends_on", "state", "required", "counted", "records", "not_counted",
    "waived_because",
]  # fmt: skip


@pytest.fixture
def written(db: None) -> Iterator[County]:
    """Two pairings, one labour day confirmed and one not; out of scope, as a request finds it."""
    found = make_county(2)
    with tenant_scope(found.tenant):
        found.write("labour_day", "2024-10-09")
        found.write("labour_day", "2024-10-20", confirmed=None)
        found.judge("2024-12-20")
    with clock.at(local("2024-12-20T09:00")):
        yield found


def ask(county: County, role: str = "CA", unit: Any = None, /, **asked: Any) -> Any:
    client = Client()
    client.force_login(make_member(county.tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
    return client.get(f"/{county.tenant.slug}/api/v1/obligations/", asked)


def test_fields_are_those_of_a_rehearsal(written: County) -> None:
    body = ask(written, pairing=written.first.uid, rule="labour_day", **{"from": "2024-10-01", "to": "2024-10-31"}).json()

    assert body["count"] == 1
    [october] = body["results"]
    assert list(october) == FIELDS
    assert october["pairing"] == str(written.first.uid)
    assert (october["period"], october["state"], october["required"], october["counted"]) == ("2024-10", "met", 1, 1)
    assert len(october["records"]) == 1
    assert [one["why"] for one in october["not_counted"]] == ["waiting"]
    assert october["waived_because"] is None


def test_asked_as_of_a_day_it_answers_by_the_steps_taken_by_then(written: County) -> None:
    asked = {"pairing": written.first.uid, "rule": "labour_day", "from": "2024-10-01", "to": "2024-10-31"}

    assert [one["state"] for one in ask(written, **asked, as_of="2024-10-08").json()["results"]] == ["open"]
    [then] = ask(written, **asked, as_of="2024-10-09").json()["results"]
    assert list(then) == FIELDS
    assert then["state"] == "met"


@pytest.mark.parametrize("more", [{}, {"as_of": "2024-12-20"}])
def test_pages_hold_every_row_once_in_order(written: County, more: dict[str, str]) -> None:
    whole = ask(written, limit=200, **more).json()
    seen, url = [], f"/{written.tenant.slug}/api/v1/obligations/?limit=37" + "".join(f"&{k}={v}" for k, v in more.items())
    client = Client()
    client.force_login(make_member(written.tenant, "CA"), backend="tenancy.backends.AccountBackend")
    while url:
        page = client.get(url).json()
        seen += page["results"]
        url = page["next"]
    assert len(seen) == whole["count"] > 60
    assert seen == whole["results"]
    keys = [(one["pairing"], one["rule"], one["period"]) for one in seen]
    assert len(set(keys)) == len(keys)
    assert [one["starts_on"] for one in seen] == sorted(one["starts_on"] for one in seen)


def test_each_sees_the_own_pairings(written: County) -> None:
    def pairings(role: str, unit: Any = None) -> set[str]:
        return {one["pairing"] for one in ask(written, role, unit, limit=200).json()["results"]}

    both = {str(one.uid) for one in written.pairings}
    assert pairings("CS") == both
    assert pairings("UL", written.first.unit) == {str(written.first.uid)}
    assert pairings("VS", written.first.village) == both
    assert pairings("TO", written.town) == both
    assert ask(written, "HC", written.first.village).status_code == 403
    assert ask(written, "UL", written.pairings[1].unit, pairing=written.first.uid).json()["count"] == 0
    assert ask(written, "UL", written.pairings[1].unit, pairing=written.first.uid, as_of="2024-12-20").json()["count"] == 0


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"pairing": "xx"}, "pairing"),
        ({"rule": "no_such_rule"}, "rule"),
        ({"from": "2024-13-01"}, "from"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"from": "2024-10-02", "to": "2024-10-01"}, "to"),
        ({"limit": "0"}, "limit"),
        ({"cursor": "xx"}, "cursor"),
        ({"cursor": "xx", "as_of": "2024-12-20"}, "cursor"),
    ],
)
def test_wrong_parameters_are_named(written: County, asked: dict[str, str], field: str) -> None:
    response = ask(written, **asked)
    assert response.status_code == 400
    assert field in response.json()["fields"]


def test_statements_do_not_grow_with_rows(written: County) -> None:
    counts = []
    for limit in (5, 50):
        client = Client()
        client.force_login(make_member(written.tenant, "CA"), backend="tenancy.backends.AccountBackend")
        client.get(f"/{written.tenant.slug}/api/v1/obligations/")
        with CaptureQueriesContext(connection) as made:
            assert (
                len(
                    client.get(f"/{written.tenant.slug}/api/v1/obligations/", {"limit": limit, "from": "2024-10-01"}).json()[
                        "results"
                    ]
                )
                == limit
            )
        counts.append(len(made))
    assert counts[0] == counts[1]
