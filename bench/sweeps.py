"""Judging cells: those that run or await their grace ÷ a pass over the records, with more history; the whole year ÷ the
naive loop."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from typing import Any

from bench.cloning import build_indexes, without_indexes
from bench.figure import Figure, by_processor, costs
from bench.filled import ROUNDS, TODAY, backends, country, superuser

# So many cells stand for all of them in the naive loop.
SAMPLE = 300


def _evaluate(tenants: list[Any], *, whole: bool) -> int:
    """Judge the current cells of every county, or those of the whole year, and write the differences: none."""
    from activities.obligations import refresh, refresh_current
    from tenancy import clock
    from tenancy.scope import tenant_scope

    differing = 0
    for tenant in tenants:
        with tenant_scope(tenant), clock.at(TODAY):
            changes = refresh() if whole else refresh_current()
            differing += changes.made + changes.changed + changes.removed
    return differing


def _naive(cells: list[Any]) -> list[str]:
    """The state of each cell as the textbook would find it: a loop, and a query for each thing that decides it."""
    return [_state_of(cell) for cell in cells]


def _state_of(cell: Any) -> str:
    from activities.models import RuleTerms, Share, Waiver, WorkingDay
    from pairing.models import Pairing, PairingSuspension

    pairing = Pairing.objects.select_related("village").get(pk=cell.pairing_id)
    terms = RuleTerms.objects.filter(rule=cell.rule_id, effective_from__lte=cell.ends_on, published_at__isnull=False)
    rule = next(each for each in terms if each.effective_to is None or each.effective_to >= cell.ends_on)
    if pairing.active_from is None or pairing.active_from > cell.starts_on or cell.ends_on > date(2025, 12, 31):
        return "not_due"
    if _rests(cell, pairing, rule, PairingSuspension, Waiver, WorkingDay):
        return "waived"
    shares = Share.objects.filter(
        pairing=pairing, type__in=rule.types, counts_on__gte=cell.starts_on, counts_on__lte=cell.ends_on
    ).select_related("record")
    kept = [share for share in shares if rule.person_filter != "group_leader" or share.leader_present]
    grace = cell.ends_on + timedelta(days=rule.grace_days)
    confirmed = [share for share in kept if share.status == "confirmed"]
    if len([share for share in confirmed if share.submitted_on is not None and share.submitted_on <= grace]) >= rule.minimum:
        return "met"
    if len(confirmed) >= rule.minimum:
        return "met_late"
    if len([share for share in kept if share.status in ("confirmed", "submitted")]) >= rule.minimum:
        return "waiting"
    if TODAY.date() < cell.starts_on:
        return "not_due"
    return "open" if TODAY.date() <= grace else "missed"


def _rests(cell: Any, pairing: Any, rule: Any, suspension: Any, waiver: Any, working_day: Any) -> bool:
    if suspension.objects.filter(pairing=pairing, starts_on__lte=cell.ends_on).exclude(ends_on__lt=cell.starts_on).exists():
        return True
    waivers = waiver.objects.filter(programme=pairing.programme_id, withdrawn_at=None)
    covered = list(waivers.filter(starts_on__lte=cell.ends_on, ends_on__gte=cell.starts_on))
    set_days = {day.day: day.is_working for day in working_day.objects.filter(day__range=(cell.starts_on, cell.ends_on))}
    days = [cell.starts_on + timedelta(days=n) for n in range((cell.ends_on - cell.starts_on).days + 1)]
    left = [
        day
        for day in days
        if set_days.get(day, day.weekday() < 5) and not any(each.starts_on <= day <= each.ends_on for each in covered)
    ]
    return len(left) < rule.min_working_days


# What runs or awaits its ten days of grace: what refresh_current judges, but for an unfinished project's earlier quarters.
_CURRENT = "SELECT count(*), count(*) FILTER (WHERE starts_on <= %s AND ends_on >= %s) FROM activities_obligation"


def figures(scale: str) -> list[Figure]:
    """``sweep_vs_scan``, ``sweep_year``, ``sweep_vs_orm`` (states asserted equal, goal is a least), ``sweep_flat``."""
    from activities.models import Obligation
    from tenancy import clock
    from tenancy.models import Tenant
    from tenancy.scope import tenant_scope

    tenants = list(Tenant.objects.filter(pk__in=country(scale)))
    admin = superuser()
    cursor = admin.cursor()
    cursor.execute(_CURRENT, [TODAY.date(), TODAY.date() - timedelta(days=10)])
    n_cells, n_current = cursor.fetchone()

    # One pass by one process, as judging is by one, and over the rows themselves, not an index of them.
    cursor.execute("SET max_parallel_workers_per_gather = 0; SET enable_indexonlyscan = off")
    # Where a round takes minutes, one must do.
    n_short, n_whole = ROUNDS[scale], ROUNDS[scale] if scale != "nation" else 1
    pids = backends(admin)

    def scan() -> None:
        cursor.execute("SELECT count(*) FROM activities_record")

    def year() -> None:
        assert _evaluate(tenants, whole=True) == 0, "cells differ from what the records say"

    def current() -> None:
        assert _evaluate(tenants, whole=False) == 0, "current cells differ from what the records say"

    if scale != "nation":
        # Each once before: statements are planned.
        year()
        current()
    short, read = costs(current, scan, rounds=n_short, backends=pids)
    full, read_too = costs(year, scan, rounds=n_whole, backends=pids)
    dice = random.Random(7)
    some = tenants[len(tenants) // 2]
    with tenant_scope(some), clock.at(TODAY):
        cells = list(Obligation.objects.select_related("terms", "rule").filter(pairing__isnull=False))
        chosen = dice.sample(cells, min(SAMPLE, len(cells)))
        began = time.perf_counter()
        states = _naive(chosen)
        naive = (time.perf_counter() - began) / len(chosen) * n_cells
    assert states == [cell.state for cell in chosen], "the naive loop and the statement disagree"
    history = _history(cursor)
    longer, _read = costs(current, scan, rounds=n_short, backends=pids)
    admin.close()
    is_judged = scale != "small"
    n_times = naive / full.wall
    return [
        Figure(
            "sweep_vs_scan",
            short.wall / read.wall,
            2.0 if is_judged else None,
            f"{n_current} current cells in {short.wall:.2f} s ÷ {read.wall:.3f} s, {n_short} rounds{by_processor(short, read)}",
        ),
        Figure(
            "sweep_year",
            full.wall / read_too.wall,
            None,
            f"all {n_cells} cells of the year in {full.wall:.2f} s ÷ {read_too.wall:.3f} s, {n_whole} rounds"
            f"{by_processor(full, read_too)}",
        ),
        # Turned round, so that smaller is better as everywhere: 1/500 is the goal.
        Figure(
            "sweep_vs_orm", full.wall / naive, 1 / 500, f"naive loop {naive:.0f} s, {n_times:.0f} times as long; states equal"
        ),
        Figure(
            "sweep_flat",
            longer.wall / short.wall,
            1.05 if is_judged else None,
            f"with {history} older parts of records, {longer.wall:.2f} s ÷ {short.wall:.2f} s{by_processor(longer, short)}",
        ),
    ]


def _history(cursor: Any) -> int:
    """Twice as many parts of records again, of programmes long over."""
    without_indexes(cursor, ["activities_share"])
    cursor.execute(
        """
        WITH old AS (
            INSERT INTO pairing_programme (uid, tenant_id, year, title, doc_no, issuer, starts_on, ends_on, created_at)
            SELECT gen_random_uuid(), tenant_id, year - n, title || n, '', '', starts_on - 366 * n, ends_on - 366 * n, now()
            FROM pairing_programme, generate_series(1, 2) n WHERE year = 2025 RETURNING id, tenant_id
        )
        INSERT INTO activities_share (uid, tenant_id, record_id, pairing_id, village_id, programme_id, type, also_types, step,
            counts_on, submitted_on, status, is_lead, leader_present, principal_present, place_kind, was_announced,
            confirmed_name, confirmed_by_proxy, confirm_basis)
        SELECT gen_random_uuid(), s.tenant_id, s.record_id, -(s.id * 100000 + old.id), s.village_id, old.id, s.type,
            s.also_types, s.step, s.counts_on - 366, s.submitted_on - 366, s.status, s.is_lead, s.leader_present,
            s.principal_present, s.place_kind, s.was_announced, '', false, ''
        FROM activities_share s JOIN old ON old.tenant_id = s.tenant_id
        """
    )
    n_more = int(cursor.rowcount)
    build_indexes(cursor, ["activities_share"])
    return n_more
