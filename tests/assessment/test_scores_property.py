"""Random years: the statement scores what an independent reading of domain.md §3.2 scores, line by line."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.actions.scoring import compute
from assessment.models import Sheet
from assessment.queries.sheets import explained
from assessment.scoring import score
from tenancy.scope import tenant_scope
from tests.assessment.laid_down import County
from tests.assessment.slow_scores import Year, read
from tests.factories import make_tenant

STATES = st.sampled_from(["met", "met", "met", "met_late", "missed", "waived", "not_due", "waiting", "open"])


def _states(n: int) -> st.SearchStrategy[tuple[str, ...]]:
    out = st.sampled_from(["waived", "not_due"]).map(lambda state: (state,) * n)
    return st.lists(STATES, min_size=n, max_size=n).map(lambda states: tuple(states)) | out


YUAN = st.none() | st.sampled_from(["0", "-50", "100", "104.99", "105", "109.99", "110", "86000", "93000", "94600", "90300.01"])
REPORTS = st.dictionaries(st.integers(1, 4), st.booleans()).map(lambda found: tuple(sorted(found.items())))
LEVELS = st.sampled_from(["town", "county", "city", "province", "nation"])


@st.composite
def years(draw: Any) -> Year:
    visits = tuple(draw(st.lists(st.integers(0, 6), max_size=2)))
    listed = draw(st.integers(0, 30))
    return Year(
        months=draw(st.integers(1, 12)),
        agreement=draw(st.booleans()),
        plan=draw(st.booleans()),
        visits=(*visits, draw(st.integers(0, 6))) if len(visits) == 2 and draw(st.booleans()) else visits,
        theme_days=draw(st.integers(0, 6)),
        reports=draw(REPORTS),
        listed=listed,
        covered=draw(st.integers(0, listed)),
        unaware=draw(st.none() | st.integers(0, 10)),
        quarters=draw(_states(4)),
        sales=draw(st.integers(0, 2)),
        income=(draw(YUAN), draw(YUAN)),
        classes=draw(st.integers(0, 3)),
        labour=draw(_states(12)),
        items=draw(_states(12)),
        courtyards=draw(_states(12)),
        weeks=draw(_states(52)),
        led=draw(_states(12)),
        brand=draw(st.none() | st.sampled_from(["adopted", "submitted", "none"])),
        mark=draw(st.none() | st.integers(0, 100)),
        poll=draw(st.none() | st.tuples(*[st.integers(0, 15)] * 4)),
        honours=tuple(draw(st.lists(st.tuples(st.sampled_from(["甲", "乙", "丙"]), LEVELS), max_size=4))),
        untrue=draw(st.integers(0, 4)),
        overdue=draw(st.integers(0, 3)),
        yellow=draw(st.integers(0, 5)),
        red=draw(st.integers(0, 3)),
        is_vetoed=draw(st.booleans()),
    )


def _settled(year: Year) -> Year:
    from dataclasses import replace

    return replace(year, is_settled=len(year.visits) == 3)


@pytest.mark.django_db
@given(told=st.lists(years().map(_settled), min_size=1, max_size=2))
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_the_statement_scores_what_the_rules_say(told: list[Year]) -> None:
    with transaction.atomic():
        with tenant_scope(make_tenant()):
            county = County()
            pairings = [county.lay(year) for year in told]
            found = {one.pairing_id: one for one in score(county.cycle)}
            compute(cycle=county.cycle)
            sheets = {sheet.pairing_id: sheet for sheet in Sheet.objects.all()}
            for pairing, year in zip(pairings, told, strict=True):
                _alike(found[pairing.pk], sheets[pairing.pk], year)
        transaction.set_rollback(True)


def _alike(fast: Any, sheet: Sheet, year: Year) -> None:
    slow = read(year)
    base = {line.code: line.score for line in fast.lines if line.code in slow.lines}
    assert base == slow.lines
    assert {line.code for line in fast.lines if line.state == "pending"} == slow.pending
    for one in (fast, sheet):
        assert (one.base, one.bonus, one.deduction, one.final, one.grade, one.n_pending) == (
            slow.base, slow.bonus, slow.deduction, slow.final, slow.grade, len(slow.pending),
        )  # fmt: skip
    _adds_up(sheet)


def _adds_up(sheet: Sheet) -> None:
    """No remainder; and each list of things counted adds up to its figure."""
    lines = {one.line.code: one for one in explained(sheet)}
    base = [one for code, one in lines.items() if code not in ("H", "I")]
    assert sum(one.score for one in base if one.score is not None) == sheet.scored
    for code, figure in (("A3", "done"), ("A4", "submitted"), ("B1", "covered"), ("C2", "done"), ("D1", "done")):
        assert len(lines[code].counted) == lines[code].figures[figure], code
    assert sum(ref.note != "" for ref in lines["A4"].counted) == lines["A4"].figures["late"]
    for code in ("C1", "E1", "E2", "E3", "E4", "E5"):
        assert len({ref.period for ref in lines[code].counted}) == lines[code].figures["met"], code
    conduct = lines["I"].figures
    assert len(lines["I"].counted) == sum(conduct[name] for name in ("untrue", "overdue", "yellow", "red"))
    assert len(lines["H"].counted) == sum(lines["H"].figures.values())
