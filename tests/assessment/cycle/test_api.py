"""Assessments by API: the stage for all who take part, grades from publication, scores for the county."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from assessment.models import CycleState
from tests import factories as make
from tests.assessment.cycle.conftest import NAMES, County

S = CycleState
MARKS = [58, 56, 45, 40, 20, 56]


def told(client: Client, county: County, role: str) -> Any:
    county.sign_in(client, role)
    return client.get(f"/{county.tenant.slug}/api/v1/assessments/{county.cycle.uid}/")


@pytest.mark.parametrize("role", ["CA", "CS", "AU", "IN", "CL", "TO", "UL", "UG"])
def test_the_stage_is_told_and_no_result_before_its_time(client: Client, county: County, role: str) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
    row = told(client, county, role).json()
    assert (row["state"], row["rubric_code"], row["results"]) == ("review", "X-100", None)


@pytest.mark.parametrize("role", ["VS", "JC"])
def test_who_takes_no_part_finds_none(client: Client, county: County, role: str) -> None:
    assert told(client, county, role).status_code == 404
    assert client.get(f"/{county.tenant.slug}/api/v1/assessments/").json()["results"] == []


@pytest.mark.parametrize(("role", "state", "wanted"), [
    ("CA", S.DECISION, "scores"), ("AU", S.DECISION, "scores"), ("IN", S.DECISION, None), ("UL", S.DECISION, None),
    ("CA", S.PUBLICITY, "scores"), ("UL", S.PUBLICITY, "grades"), ("UG", S.PUBLICITY, "grades"), ("IN", S.PUBLICITY, "grades"),
    ("CL", S.PUBLICITY, "grades"), ("TO", S.PUBLICITY, "grades"),
])  # fmt: skip
def test_results_by_role_and_stage(client: Client, county: County, role: str, state: CycleState, wanted: str | None) -> None:
    with county.inside():
        county.bring_to(state, MARKS)
    found = told(client, county, role).json()["results"]
    if wanted is None:
        assert found is None
        return
    assert [one["unit"]["name"] for one in found] == list(NAMES)
    assert [one["grade"] for one in found] == ["good", "fairly_good", "fairly_good", "fairly_good", "average"]
    assert found[0]["final"] == ("97.00" if wanted == "scores" else None)
    assert found[1]["limited_by_quota"] is (True if wanted == "scores" else None)


def test_the_list_is_read_only_and_the_countys_own(client: Client, county: County) -> None:
    county.sign_in(client, "CA")
    url = f"/{county.tenant.slug}/api/v1/assessments/"
    assert [one["title"] for one in client.get(url).json()["results"]] == ["2025年度考核"]
    assert client.post(url, {}, content_type="application/json").status_code == 405
    other = make.make_tenant("nanhai", "440605", "南海区")
    client.force_login(make.make_member(other, "CA"))
    assert client.get("/nanhai/api/v1/assessments/").json()["results"] == []
    assert client.get(f"/nanhai/api/v1/assessments/{county.cycle.uid}/").status_code == 404
