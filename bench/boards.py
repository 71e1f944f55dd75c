"""Boards: pages ÷ an empty page and their bare SQL; the wall's cost; more history; the roll-ups of prefecture and nation."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.figure import Figure, interleaved
from bench.filled import TODAY, application, country, settle, superuser

ROUNDS, N = 7, 5
PERIOD = "2025-10"
_SUMS = """
INSERT INTO reports_publishedsum (uid, tenant_id, programme_year, rule_code, rule_name, period_kind, starts_on, n_due, n_met,
    n_waiting, n_missed, n_pairings, published_at)
SELECT gen_random_uuid(), o.tenant_id, 2025, r.code, r.name, o.period_kind, o.starts_on, count(*),
    count(*) FILTER (WHERE o.state IN ('met', 'met_late')), count(*) FILTER (WHERE o.state = 'waiting'),
    count(*) FILTER (WHERE o.state = 'missed'), count(DISTINCT o.pairing_id), now()
FROM activities_obligation o JOIN activities_rule r ON r.id = o.rule_id
WHERE o.is_due AND o.waived_because = '' AND o.ends_on < '2025-11-12'
GROUP BY o.tenant_id, r.code, r.name, o.period_kind, o.starts_on
"""
_NATION = """
SELECT rule_code, sum(n_due), sum(n_met), sum(n_waiting), sum(n_missed), count(DISTINCT tenant_id)
FROM reports_publishedsum WHERE least(n_pairings, n_due) >= 5 GROUP BY rule_code ORDER BY rule_code
"""
_KEPT = """tenant_id, programme_id, rule_id, terms_id, pairing_id, village_id, period_kind, is_due, is_carrier, required, counted,
    waiting, carried, state, waived_because"""
# Whole weeks earlier, so that weeks stay weeks; months then begin on other days, which a board of this year does not read.
_HISTORY = f"""
INSERT INTO activities_obligation ({_KEPT}, uid, starts_on, ends_on, grace_until)
SELECT {_KEPT}, gen_random_uuid(), starts_on - 364 * y, ends_on - 364 * y, grace_until - 364 * y
FROM activities_obligation, generate_series(1, 2) AS y WHERE tenant_id = %s AND starts_on < '2025-12-31' ON CONFLICT DO NOTHING
"""
# What a board counts to October: a week where its Thursday lies.
_MONTH = """period_kind = 'week' AND starts_on BETWEEN '2025-09-28' AND '2025-10-28'
    OR period_kind <> 'week' AND starts_on >= '2025-10-01' AND ends_on < '2025-11-01'"""


def _county(tenant_id: int, login: str) -> tuple[Any, Any]:
    """The county, and a signed-in client of its administrator."""
    from django.test import Client

    from tenancy.models import Account, Grant, Tenant
    from tenancy.scope import tenant_scope

    tenant, account = Tenant.objects.get(pk=tenant_id), Account.objects.create(login=login)
    with tenant_scope(tenant):
        Grant.objects.create(tenant=tenant, account=account, role="CA", starts_on="2024-01-01")
    client = Client(SERVER_NAME="localhost")
    client.force_login(account, backend="tenancy.backends.AccountBackend")
    return tenant, client


def _asked(client: Any, url: str) -> list[str]:
    """The statements that read the page's own tables."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _read(client, url)
    with CaptureQueriesContext(connection) as made:
        _read(client, url)
    frame = ("tenancy_session", "tenancy_account", "tenancy_tenant ", '"tenancy_tenant"."slug"', "session_lookup", "set_config")
    texts = [query["sql"] for query in made.captured_queries]
    # Some are joined by hashing: the setting before and after them belongs to what they cost.
    kinds = ("SELECT", "WITH", "SET LOCAL")
    return [text for text in texts if text.lstrip().startswith(kinds) and not any(word in text for word in frame)]


def _read(client: Any, url: str) -> None:
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)


def _replay(cursor: Any, statements: list[str]) -> Callable[[], int]:
    def run() -> int:
        n_rows = 0
        for text in statements:
            cursor.execute(text)
            n_rows += len(cursor.fetchall()) if cursor.description else 0
        return n_rows

    return run


def _each(work: Callable[[], object]) -> Callable[[], object]:
    def run() -> None:
        for _ in range(N):
            work()

    return run


def _medians(*works: Callable[[], object]) -> list[float]:
    """Median seconds of one run of each, measured in turn."""
    seconds: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS * N):
        for work, kept in zip(works, seconds, strict=True):
            began = time.perf_counter()
            work()
            kept.append(time.perf_counter() - began)
    return [statistics.median(kept) for kept in seconds]


def _page(name: str, client: Any, url: str, empty: str, sql: Callable[[], object]) -> Figure:
    page, frame, bare = _medians(lambda: _read(client, url), lambda: _read(client, empty), sql)
    told = f"{page * 1000:.1f} ms ÷ ({frame * 1000:.1f} ms empty page + {bare * 1000:.1f} ms SQL)"
    return Figure(name, page / (frame + bare), 1.6, told)


def figures(scale: str) -> list[Figure]:
    """``board_page``, ``list_page``, ``rls_cost``, ``board_flat``, ``prefecture``, ``nation``: all timed."""
    from django.test.utils import override_settings

    from tenancy import clock
    from tenancy.scope import tenant_token

    tenants = country(scale)
    middle = len(tenants) // 2
    plain = superuser().cursor()
    tenant, client = _county(tenants[middle], "board")
    young, young_client = _county(tenants[middle + 1], "board-young")
    board, listed = f"/{tenant.slug}/board/?period={PERIOD}", f"/{tenant.slug}/obligations/?period={PERIOD}&size=50"
    empty = f"/{tenant.slug}/empty/"
    app = application()
    walled = app.cursor()
    walled.execute("SELECT set_config('app.tenant', %s, false)", [tenant_token(tenant.pk)])
    with override_settings(ROOT_URLCONF="bench.empty_page"), clock.at(TODAY):
        of_board = _asked(client, board)
        bare = _replay(walled, of_board)
        found = [
            _page("board_page", client, board, empty, bare),
            _page("list_page", client, listed, empty, _replay(walled, _asked(client, listed))),
        ]
        # Those that name the county themselves read the same rows without the wall.
        named = [text for text in of_board if f'"tenant_id" = {tenant.pk}' in text]
        under, without = _replay(walled, named), _replay(plain, named)
        assert under() == without() > 0
        with_wall, no_wall = interleaved(_each(under), _each(without), rounds=ROUNDS)
        told = f"{with_wall / N * 1000:.2f} ms ÷ {no_wall / N * 1000:.2f} ms, {len(named)} statements of the board"
        found.append(Figure("rls_cost", with_wall / no_wall, 1.05, told))
        # What follows takes longer than a transaction may stand idle.
        app.commit()
        found.append(_flat(plain, (tenant, client, board), (young, young_client)))
    found += _roll_ups(plain, tenants, bare)
    app.close()
    plain.connection.close()
    return found


def _flat(plain: Any, old: tuple[Any, Any, str], young: tuple[Any, Any]) -> Figure:
    """The county with three years behind it, and one that has nothing but this month."""
    tenant, client, board = old
    plain.execute("SELECT max(id) FROM activities_obligation")
    newest = plain.fetchone()[0]
    plain.execute(_HISTORY, [tenant.pk])
    n_rows = plain.rowcount
    plain.execute(f"DELETE FROM activities_obligation WHERE tenant_id = %s AND NOT ({_MONTH})", [young[0].pk])
    plain.execute("ANALYZE activities_obligation")
    month = f"/{young[0].slug}/board/?period={PERIOD}"
    three, one = _medians(lambda: _read(client, board), lambda: _read(young[1], month))
    # As it was: the counties are measured for other things too.
    plain.execute("DELETE FROM activities_obligation WHERE id > %s", [newest])
    settle((young[0].pk,))
    return Figure("board_flat", three / one, 1.1, f"{three * 1000:.1f} ms ÷ {one * 1000:.1f} ms, {n_rows} older cells")


def _roll_ups(plain: Any, tenants: tuple[int, ...], bare: Callable[[], object]) -> list[Figure]:
    """Published sums of ten counties as their prefecture reads them, and of all counties, ÷ one county's board."""
    from reports.queries.prefecture import published
    from tenancy.models import Division, Tenant

    prefecture = Division.objects.create(code="6901", name="某市", kind="prefecture")
    codes = Tenant.objects.filter(pk__in=tenants[:10]).values("division_id")
    Division.objects.filter(pk__in=list(codes.values_list("division_id", flat=True))).update(parent=prefecture)
    plain.execute(_SUMS)
    n_sums = plain.rowcount
    plain.execute("ANALYZE reports_publishedsum")

    def nation() -> None:
        plain.execute(_NATION)
        assert plain.fetchall()

    assert published(prefecture)
    ten, all_of_them, one = _medians(lambda: published(prefecture), nation, bare)
    return [
        Figure("prefecture", ten / one, 3.0, f"{ten * 1000:.1f} ms, ten counties ÷ {one * 1000:.1f} ms"),
        Figure(
            "nation",
            all_of_them / one,
            20.0,
            f"{all_of_them * 1000:.1f} ms, {len(tenants)} counties ÷ {one * 1000:.1f} ms ({n_sums} sums)",
        ),
    ]
