"""Counties with a year behind them: pairings, the five ones, a record for each duty, most of them confirmed.

Set-based, as a superuser without triggers: what is measured is reading and keeping, not filling.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2

# 12 November 2025, noon: the year is nearly over.
TODAY = datetime(2025, 11, 12, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@dataclass(frozen=True, slots=True)
class Size:
    """How much of a country."""

    tenants: int
    pairings: int
    # Years of records behind the current one.
    history: int = 0


# A tenth of the nation's counties, each as large as there: every statement is of one county, so ratios come out alike.
SIZES = {"small": Size(100, 22), "tenth": Size(285, 35), "nation": Size(2850, 35)}


def superuser() -> Any:
    """A connection that passes all walls and fires no trigger."""
    from django.conf import settings

    from config import local_server

    name = str(settings.DATABASES["default"]["NAME"])
    connection = psycopg2.connect(local_server.ensure_test_server().rsplit("/", 1)[0] + f"/{name}")
    connection.autocommit = True
    connection.cursor().execute("SET session_replication_role = replica")
    return connection


_UNITS = """
INSERT INTO units_unit (uid, tenant_id, kind, name, short_name, pinyin, initials, parent_id, nature, is_stationed, superior_name,
    division_code, credit_code, team, notes, created_at)
SELECT gen_random_uuid(), %(t)s, %(kind)s, %(word)s || n, '', %(pinyin)s || n, 'x', {parent}, %(nature)s, false, '', '', '', '',
    '', now()
FROM generate_series(1, %(n)s) n RETURNING id
"""


def _sides(cursor: Any, tenant: int, n: int) -> tuple[list[int], list[int]]:
    def units(kind: str, word: str, pinyin: str, nature: str = "", count: int = n, parent: str = "NULL::bigint") -> list[int]:
        cursor.execute(
            _UNITS.format(parent=parent),
            {"t": tenant, "kind": kind, "word": word, "pinyin": pinyin, "n": count, "nature": nature},
        )
        return [row[0] for row in cursor.fetchall()]

    towns = units("town", "镇", "zhen", count=max(n // 5, 1))
    parent = f"(ARRAY[{','.join(map(str, towns))}]::bigint[])[1 + (n - 1) %% {len(towns)}]"
    return units("organisation", "局", "ju", "administrative"), units("village", "村", "cun", parent=parent)


@lru_cache(maxsize=1)
def country(scale: str) -> tuple[int, ...]:
    """Ids of the counties, filled once a run."""
    from activities.actions.year import open_year
    from pairing.models import Programme
    from tenancy import clock
    from tenancy.models import Division, Tenant
    from tenancy.scope import SYSTEM, tenant_scope

    size = SIZES[scale]
    admin = superuser()
    cursor = admin.cursor()
    found = []
    for i in range(size.tenants):
        county = Division.objects.create(
            code=f"{70 + i // 890:02d}{1 + i // 89 % 10:02d}{1 + i % 89:02d}", name=f"县{i}", kind="county"
        )
        tenant = Tenant.objects.create(slug=f"year{i}", name=county.name, division=county)
        found.append(tenant.pk)
        offices, villages = _sides(cursor, tenant.pk, size.pairings)
        with tenant_scope(tenant), clock.at(TODAY):
            programme = Programme.objects.create(
                tenant=tenant, year=2025, title="方案", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
            )
        cursor.execute(
            "INSERT INTO pairing_pairing (uid, tenant_id, programme_id, unit_id, village_id, origin, state, is_lead, starts_on,"
            " active_from, notes, agreement_waived, ending_reason, created_at)"
            " SELECT gen_random_uuid(), %s, %s, u, v, 'assigned', 'active', true, '2025-01-01', '2025-01-01', '', '', '', now()"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS side(u, v)",
            [tenant.pk, programme.pk, offices, villages],
        )
        with tenant_scope(tenant), clock.at(TODAY):
            open_year(programme=programme, preset="five_ones", actor=SYSTEM)
    cursor.execute(_FILL)
    cursor.execute("ANALYZE")
    admin.close()
    settle(tuple(found))
    return tuple(found)


# One record in each due cell but for those of the leader, which a reception fills; every ninth waits, every
# eleventh is missing. Two receptions in some weeks.
_FILL = """
WITH due AS (
    SELECT o.tenant_id, o.programme_id, o.pairing_id, p.village_id, t.types[1] AS type, o.period_kind,
           o.starts_on + s.later AS day, row_number() OVER () AS n
    FROM activities_obligation o
    JOIN activities_rule r ON r.id = o.rule_id
    JOIN activities_ruleterms t ON t.id = o.terms_id
    JOIN pairing_pairing p ON p.id = o.pairing_id
    CROSS JOIN (VALUES (1), (3)) AS s(later)
    WHERE r.code <> 'leader_reception' AND o.starts_on + s.later <= '2025-11-12'
      AND (s.later = 1 OR o.period_kind = 'week' AND extract(day FROM o.starts_on)::int % 7 = 0)
),
facts AS (
    INSERT INTO activities_record (uid, tenant_id, programme_id, type, also_types, step, occurred_on, place, place_kind, form,
        title, text, participants, leader_name, leader_present, principal_present, persons_approx, was_announced, beneficiaries,
        money_approx, evidence, notes, details, status, author_side, author_name, is_proxy, proxy_basis, submitted_on, status_at,
        revision, created_at, person_times, found_untrue)
    SELECT gen_random_uuid(), tenant_id, programme_id, type, '{}'::varchar[], '', day, '', 'in_village', '', '',
        '集中整治人居环境', '', '', n % 4 = 0, false, false, true, '',
        false, '', '', jsonb_build_object('pairing', pairing_id, 'village', village_id),
        CASE WHEN n % 9 = 0 THEN 'submitted' ELSE 'confirmed' END, 'unit', 'bench', false, '', day, now(),
        1, now(), 30, false
    FROM due WHERE n % 11 <> 0
    RETURNING id, tenant_id, programme_id, type, occurred_on, status, leader_present, details
)
INSERT INTO activities_share (uid, tenant_id, record_id, pairing_id, village_id, programme_id, type, also_types, step, counts_on,
    submitted_on, status, is_lead, leader_present, principal_present, place_kind, was_announced, confirmed_name,
    confirmed_by_proxy, confirm_basis)
SELECT gen_random_uuid(), tenant_id, id, (details->>'pairing')::bigint, (details->>'village')::bigint, programme_id, type,
    '{}'::varchar[], '', occurred_on, occurred_on, status, true, leader_present, false, 'in_village', true, '', false, ''
FROM facts
"""


def settle(tenants: tuple[int, ...]) -> None:
    """Judge every county's cells, so that what is measured afterwards finds nothing to change."""
    from activities.obligations import refresh
    from tenancy import clock
    from tenancy.models import Tenant
    from tenancy.scope import tenant_scope

    for tenant in Tenant.objects.filter(pk__in=tenants):
        with tenant_scope(tenant), clock.at(TODAY):
            refresh()


def application() -> Any:
    """A connection as the application has it, without Django."""
    return psycopg2.connect(os.environ["DATABASE_URL"])
