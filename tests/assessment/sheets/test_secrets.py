"""What nobody may learn: the village's mark stays hidden from the unit, a score from other units and before it is public.

Generated: every address of assessments, reports and their API, and the pages of both sides, are asked as each role;
the whole answer is read, packed files and papers included. A new page is asked without anybody's doing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client

from assessment.models import Entry, Sheet, UnitResult
from assessment.scoring import unit_results
from tenancy import clock
from tenancy.models import Role
from tenancy.scope import tenant_scope
from tests import factories as make
from tests.assessment.sheets.conftest import JANUARY, Assessed
from tests.isolation.arguments import UnknownParameter, fill, kind_of
from tests.isolation.asking import _unpacked
from tests.routes import Route, county_routes

pytestmark = pytest.mark.django_db
SPACES = ("assessment", "reports")
# Beside these spaces: the pages and the API where a score or a mark could turn up.
ALSO = {"pairing:pairing", "units:unit", "units:village"}
# The mark that the village gave its partner, and the points of it: 10 × 91.37 ÷ 100.
MARK, POINTS = "91.37", "9.14"
OTHER_MARK = "88.43"


def asked_of(county: Assessed) -> list[str]:
    """Addresses of the whole area over this county's own rows; those that name something it has not got are left out."""
    with tenant_scope(county.tenant):
        rubric, programme, unit = county.cycle.rubric, county.cycle.programme, county.other.unit
    objects = {
        "cycle": county.cycle, "closed_cycle": county.cycle, "pairing": county.pairing, "unit": county.pairing.unit,
        "village": county.pairing.village, "town": county.laid.town, "programme": programme, "rubric": rubric,
    }  # fmt: skip
    found = []
    for route in county_routes():
        is_asked = route.name.split(":")[0] in SPACES or route.name in ALSO or "assessment" in route.path
        if not is_asked or "GET" not in route.methods:
            continue
        found += _over(route, county.tenant.slug, objects)
        # The other unit's own things, asked for by whom they are no business of.
        if "pairing" in route.parameters or "unit" in route.parameters:
            found += _over(route, county.tenant.slug, {**objects, "pairing": county.other, "unit": unit})
    lines = [county.url(f"sheet/lines/{code}/", pairing) for code in ("G1", "G2", "B2") for pairing in (None, county.other)]
    review = [f"/{county.tenant.slug}/assessment/{county.cycle.uid}/review/?line={code}" for code in ("G1", "A2", "B2")]
    return [*dict.fromkeys([*found, *lines, *review, f"/{county.tenant.slug}/"])]


def _over(route: Route, slug: str, objects: dict[str, Any]) -> list[str]:
    try:
        kinds = [kind_of(route, name) for name in route.parameters if name != "tenant"]
    except UnknownParameter:
        return []
    return [fill(route, slug, objects)] if all(kind is None or kind in objects for kind in kinds) else []


@pytest.fixture
def told(county: Assessed, monkeypatch: pytest.MonkeyPatch) -> Assessed:
    """Marks that are found again wherever they turn up; PDF in the words that it is made of."""
    monkeypatch.setattr(
        "reports.views.notices.make_pdf", lambda paper: render_to_string("reports/papers/printed.html", {"paper": paper}).encode()
    )
    with tenant_scope(county.tenant), clock.at(JANUARY):
        Entry.objects.filter(line__code="G1", pairing=county.pairing).update(value=MARK)
        Entry.objects.filter(line__code="G1", pairing=county.other).update(value=OTHER_MARK)
    county.publish()
    with tenant_scope(county.tenant):
        for one in unit_results(county.cycle):
            UnitResult.objects.create(
                tenant=county.tenant, cycle=county.cycle, unit_id=one.unit_id, final=one.final, grade_by_score=one.grade_by_score,
                grade_final=one.grade_final, limited_by_quota=one.limited_by_quota, is_vetoed=one.is_vetoed,
            )  # fmt: skip
    # A supervision team over the whole county: its members see their own lines, however wide the grant.
    county.members["IN"] = make.make_member(county.tenant, Role.IN)
    return county


def figures(county: Assessed, pairing: Any) -> set[str]:
    """The score of a pairing as any answer would write it."""
    with tenant_scope(county.tenant):
        sheet = Sheet.objects.get(pairing=pairing)
        return {f"{sheet.final:.2f}", f"{sheet.base:.2f}"}


def walk(county: Assessed, secrets: Mapping[str, set[str]]) -> tuple[list[tuple[str, str, str]], int]:
    """(role, address, secret) wherever a role is told one of its ``secrets``; and how many answers were read."""
    leaks, n_read, addresses = [], 0, asked_of(county)
    for role, hidden in secrets.items():
        pattern = re.compile("|".join(rf"(?<![\d.]){re.escape(secret)}(?!\d)" for secret in sorted(hidden)))
        client: Client = county.client(role)
        for address in addresses:
            answer: Any = client.get(address)
            assert answer.status_code < 500, (role, address)
            if answer.status_code != 200:
                continue
            n_read += 1
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            if found := pattern.search(_unpacked(body)):
                leaks.append((role, address, found.group()))
    return leaks, n_read


def test_before_publication_neither_a_mark_nor_a_score_is_told_to_anybody_outside_the_county(told: Assessed) -> None:
    told.become("decision")
    scores = figures(told, told.pairing) | figures(told, told.other)
    hidden = {role: {MARK, POINTS, OTHER_MARK} | scores for role in ("UL", "far", "TO", "IN")}
    leaks, n_read = walk(told, {**hidden, "VS": scores, "CL": scores})
    assert leaks == []
    assert n_read > 60


def test_afterwards_the_own_score_without_the_mark_is_told_and_nobody_elses(told: Assessed) -> None:
    mine, other = figures(told, told.pairing), figures(told, told.other)
    mark = {MARK, POINTS}
    hidden = {"UL": mark | other, "far": mark | mine, "TO": mark | mine | other, "IN": mark | mine | other, "VS": mine | other}
    leaks, n_read = walk(told, hidden)
    assert leaks == []
    assert n_read > 60
    own = told.client("UL").get(told.url()).content.decode()
    assert all(figure in own for figure in mine)
    # Where it may be seen it is found by the same reading: what found nothing has looked.
    office = told.client("CS")
    for path in ("sheet/", "sheet/word/", "sheet/lines/G1/"):
        assert POINTS in _unpacked(office.get(told.url(path)).content), path


@pytest.mark.parametrize("state", ["review", "scored", "publicity", "final"])
def test_a_supervision_team_of_the_whole_county_sees_no_sheet(told: Assessed, state: str) -> None:
    told.become(state)
    client = told.client("IN")
    for path in ("sheet/", "sheet/word/", "sheet/lines/A1/", "sheet/lines/G1/"):
        assert client.get(told.url(path)).status_code == 404, path
