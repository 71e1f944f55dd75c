"""A village marks its partner: while the county reviews, for its own pairings only, blind to the unit."""

from __future__ import annotations

import pytest

from assessment.models import Entry
from tenancy.scope import tenant_scope
from tests.assessment.sheets.conftest import Assessed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unmarked(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        Entry.objects.filter(line__code="G1").delete()


def kept(county: Assessed) -> list[tuple[str, str]]:
    with tenant_scope(county.tenant):
        return list(Entry.objects.filter(line__code="G1", pairing=county.pairing).values_list("value", "note"))


def test_the_secretary_gives_a_mark_and_corrects_it(county: Assessed) -> None:
    client = county.client("VS")
    home = client.get("/gaozhou/").content.decode()
    assert county.url("my-mark/") in home
    assert "待评" in home
    assert client.get(county.url("my-mark/")).status_code == 200
    assert client.post(county.url("my-mark/"), {"G1": "92", "note": "帮助很实在"}).status_code == 302
    assert kept(county) == [("92", "帮助很实在")]
    assert 'value="92"' in client.get(county.url("my-mark/")).content.decode()
    client.post(county.url("my-mark/"), {"G1": "90", "note": ""})
    assert kept(county) == [("90", "")]
    assert "已评" in client.get("/gaozhou/").content.decode()


@pytest.mark.parametrize("value", ["101", "-1", "很好", "", "92.555", "1e5"])
def test_what_is_no_mark_comes_back_as_it_was_typed(county: Assessed, value: str) -> None:
    answer = county.client("VS").post(county.url("my-mark/"), {"G1": value, "note": "留住这句话"})
    assert answer.status_code == 422
    assert "留住这句话" in answer.content.decode()
    assert kept(county) == []


@pytest.mark.parametrize(
    ("role", "status"), [("CA", 403), ("CS", 403), ("UL", 404), ("UG", 403), ("TO", 403), ("far_village", 404), ("AU", 403)]
)
def test_nobody_else_marks_for_the_village(county: Assessed, role: str, status: int) -> None:
    client = county.client(role)
    assert client.get(county.url("my-mark/")).status_code == status
    assert client.post(county.url("my-mark/"), {"G1": "10"}).status_code == status
    assert kept(county) == []
    assert county.url("my-mark/") not in client.get("/gaozhou/").content.decode()


@pytest.mark.parametrize(("state", "status"), [("scored", 409), ("publicity", 409), ("final", 409)])
def test_after_the_review_the_mark_stands(county: Assessed, state: str, status: int) -> None:
    client = county.client("VS")
    client.post(county.url("my-mark/"), {"G1": "92"})
    county.become(state)
    assert client.post(county.url("my-mark/"), {"G1": "10"}).status_code == status
    assert kept(county) == [("92", "")]
    assert "92" in client.get(county.url("my-mark/")).content.decode()
    assert county.url("my-mark/") not in client.get("/gaozhou/").content.decode()
