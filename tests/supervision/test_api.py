"""Warnings and findings by the API: as the pages show them, proposals to the county's staff only."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories_judgement as judged
from tests.factories import make_member
from tests.supervision.conftest import Place
from units.models import Unit

pytestmark = pytest.mark.django_db
BACKEND = "tenancy.backends.AccountBackend"


def reasons(place: Place, role: str, unit: Unit | None = None) -> set[str]:
    client = Client()
    client.force_login(make_member(place.tenant, role, unit=unit), backend=BACKEND)
    answer = client.get(f"/{place.tenant.slug}/api/v1/warnings/")
    assert answer.status_code == 200
    return {row["reason"] for row in answer.json()["results"]}


def test_who_reads_which_warnings(place: Place) -> None:
    judged.make_warning(place.pairing, reason="已签发")
    judged.make_warning(place.pairing, reason="待签发", signed_on=None)
    judged.make_warning(place.other, reason="别的单位")
    assert reasons(place, "CS") == {"已签发", "待签发", "别的单位"}
    assert reasons(place, "UL", place.unit) == {"已签发"}
    assert reasons(place, "TO", place.town) == {"已签发"}
    assert reasons(place, "UG", place.other.unit) == {"别的单位"}


def test_a_finding_by_its_id_and_the_list_by_pairing(place: Place) -> None:
    row = judged.make_finding(place.pairing, number="督〔2025〕7号")
    judged.make_finding(place.other)
    client = Client()
    client.force_login(make_member(place.tenant, "CS"), backend=BACKEND)
    base = f"/{place.tenant.slug}/api/v1/findings/"
    one = client.get(f"{base}{row.uid}/").json()
    assert (one["number"], one["unit"]["name"], one["due_on"]) == ("督〔2025〕7号", place.unit.name, "2025-06-06")
    found = client.get(base, {"pairing": str(place.pairing.uid)}).json()["results"]
    assert [each["id"] for each in found] == [str(row.uid)]
