"""Counties with a year behind them: pairings, the five ones, a record for each duty, most of them confirmed.

Model counties are opened and judged by the application and then copied (bench/cloning.py), as a superuser without triggers:
what is measured is reading and keeping, not filling. That copies are true is asserted.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2

from bench.cloning import Block, references

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

# How often a piece of work over the whole country is measured.
ROUNDS = {"small": 5, "tenth": 3, "nation": 2}


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


# So many counties are filled by the application and copied; no two of them leave out the same duties.
MODELS = 10


@lru_cache(maxsize=1)
def country(scale: str) -> tuple[int, ...]:
    """Ids of the counties, filled once a run: ``MODELS`` and the last by the application, the others as their copies."""
    size = SIZES[scale]
    admin = superuser()
    cursor = admin.cursor()
    found = _counties(size.tenants)
    models, last = found[:MODELS], found[-1]
    for place, tenant in enumerate(models):
        _fill(cursor, tenant, size.pairings, place)
    copied_block(scale).repeat(cursor)
    # Like the copy that would stand in its place, if copies are true.
    _fill(cursor, last, size.pairings, (size.tenants - 1) % MODELS)
    cursor.execute("ANALYZE")
    _assert_alike(cursor, last - MODELS, last)
    admin.close()
    return found


@lru_cache(maxsize=1)
def copied_block(scale: str) -> Block:
    """The model counties, which remembers how they were copied: what is made in them later can be copied as well."""
    found = _counties(SIZES[scale].tenants)
    return Block(found[0], MODELS, found[-1])


@lru_cache(maxsize=1)
def _counties(n: int) -> tuple[int, ...]:
    """Empty counties, whose ids follow each other."""
    from tenancy.models import Division, Tenant

    codes = [f"{70 + i // 890:02d}{1 + i // 89 % 10:02d}{1 + i % 89:02d}" for i in range(n)]
    counties = Division.objects.bulk_create(Division(code=code, name=f"县{i}", kind="county") for i, code in enumerate(codes))
    tenants = Tenant.objects.bulk_create(
        Tenant(slug=f"year{i}", name=county.name, division=county) for i, county in enumerate(counties)
    )
    found = tuple(tenant.pk for tenant in tenants)
    assert found == tuple(range(found[0], found[0] + n))
    return found


def _fill(cursor: Any, pk: int, pairings: int, place: int) -> None:
    """One county: its year opened by the application's action, its records, its cells judged by the application."""
    from activities.actions.year import open_year
    from pairing.models import Programme
    from tenancy import clock
    from tenancy.models import Tenant
    from tenancy.scope import SYSTEM, tenant_scope

    tenant = Tenant.objects.get(pk=pk)
    offices, villages = _sides(cursor, pk, pairings)
    with tenant_scope(tenant), clock.at(TODAY):
        programme = Programme.objects.create(
            tenant=tenant, year=2025, title="方案", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
        )
    cursor.execute(
        "INSERT INTO pairing_pairing (uid, tenant_id, programme_id, unit_id, village_id, origin, state, is_lead, starts_on,"
        " active_from, notes, agreement_waived, ending_reason, created_at)"
        " SELECT gen_random_uuid(), %s, %s, u, v, 'assigned', 'active', true, '2025-01-01', '2025-01-01', '', '', '', now()"
        " FROM unnest(%s::bigint[], %s::bigint[]) AS side(u, v)",
        [pk, programme.pk, offices, villages],
    )
    with tenant_scope(tenant), clock.at(TODAY):
        open_year(programme=programme, preset="five_ones", actor=SYSTEM)
    cursor.execute(_FILL, {"tenant": pk, "place": place})
    settle((pk,))
    # Filled within seconds: its changes are put where they belong, or all of the year would be this week's news.
    cursor.execute(
        "UPDATE activities_obligationflip SET at = starts_on + 10 + (coalesce(pairing_id, 0) + rule_id)::int %% 5"
        " WHERE tenant_id = %s",
        [pk],
    )


# How a row is called that another one refers to, without its id.
_NAMES = {
    "units_unit": "x.name",
    "pairing_programme": "x.year::text",
    "pairing_pairing": "(SELECT u.name FROM units_unit u WHERE u.tenant_id = x.tenant_id AND u.id = x.unit_id)",
    "activities_contentclass": "x.code",
    "activities_rule": "x.code",
    "activities_ruleterms": "(SELECT r.code FROM activities_rule r WHERE r.id = x.rule_id) || x.number",
    "activities_record": "x.type || x.occurred_on || x.status",
}
_TABLES = (
    "activities_yearsettings", "activities_contentclass", "activities_activitytype", "activities_rule", "activities_ruleterms",
    "activities_workingday", "activities_obligation", "activities_obligationflip", "activities_record", "activities_share",
    "units_unit", "pairing_pairing", "pairing_programme",
)  # fmt: skip


def _assert_alike(cursor: Any, copied: int, filled: int) -> None:
    """A copied county is what the application makes: the same rows, referring to rows of the same names of its own."""
    for table in _TABLES:
        told = references(cursor, table)
        named = "".join(
            f" || jsonb_build_object('{column}', (SELECT {_NAMES[other]} FROM {other} x"
            f" WHERE x.tenant_id = t.tenant_id AND x.id = t.{column}))"
            for column, other in told.items()
            if other in _NAMES
        )
        # The moment of filling, and that of a change, which was set by ids.
        cursor.execute(
            f"SELECT count(*), md5(string_agg(told, '' ORDER BY told)) FROM ("
            f"SELECT t.tenant_id, ((to_jsonb(t) - '{{id,uid,tenant_id,created_at,status_at,at}}'::text[]){named})::text AS told"
            f" FROM {table} t WHERE t.tenant_id IN (%s, %s)) s GROUP BY tenant_id",
            [copied, filled],
        )
        rows = cursor.fetchall()
        assert len(rows) == 2, f"{table}: one of the counties has none"
        assert rows[0] == rows[1], f"{table}: the copied county is not what the application makes"


# One record in each due cell but for those of the leader, which a reception fills; every ninth waits, every
# eleventh is missing. Two receptions in some weeks.
_FILL = """
WITH due AS MATERIALIZED (
    SELECT d.*, row_number() OVER (ORDER BY d.position, d.pairing_id, d.day) + %(place)s AS n, gen_random_uuid() AS uid
    FROM (
        SELECT o.tenant_id, o.programme_id, o.pairing_id, p.village_id, t.types[1] AS type, r.position,
               o.starts_on + s.later AS day
        FROM activities_obligation o
        JOIN activities_rule r ON r.id = o.rule_id
        JOIN activities_ruleterms t ON t.id = o.terms_id
        JOIN pairing_pairing p ON p.id = o.pairing_id
        CROSS JOIN (VALUES (1), (3)) AS s(later)
        WHERE o.tenant_id = %(tenant)s AND r.code <> 'leader_reception' AND o.starts_on + s.later <= '2025-11-12'
          AND (s.later = 1 OR o.period_kind = 'week' AND extract(day FROM o.starts_on)::int %% 7 = 0)
    ) d
),
facts AS (
    INSERT INTO activities_record (uid, tenant_id, programme_id, type, also_types, step, occurred_on, place, place_kind, form,
        title, text, participants, leader_name, leader_present, principal_present, persons_approx, was_announced, beneficiaries,
        money_approx, evidence, notes, details, status, author_side, author_name, is_proxy, proxy_basis, submitted_on, status_at,
        revision, created_at, person_times, found_untrue)
    SELECT uid, tenant_id, programme_id, type, '{}'::varchar[], '', day, '', 'in_village', '', '',
        '集中整治人居环境', '', '', n %% 4 = 0, false, false, true, '',
        false, '', '', '{}', CASE WHEN n %% 9 = 0 THEN 'submitted' ELSE 'confirmed' END, 'unit', 'bench', false, '', day, now(),
        1, now(), 30, false
    FROM due WHERE n %% 11 <> 0 ORDER BY n
    RETURNING id, uid, status, leader_present
)
INSERT INTO activities_share (uid, tenant_id, record_id, pairing_id, village_id, programme_id, type, also_types, step, counts_on,
    submitted_on, status, is_lead, leader_present, principal_present, place_kind, was_announced, confirmed_name,
    confirmed_by_proxy, confirm_basis)
SELECT gen_random_uuid(), d.tenant_id, f.id, d.pairing_id, d.village_id, d.programme_id, d.type,
    '{}'::varchar[], '', d.day, d.day, f.status, true, f.leader_present, false, 'in_village', true, '', false, ''
FROM facts f JOIN due d ON d.uid = f.uid
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


def backends(*connections: Any) -> tuple[int, ...]:
    """Ids of the server's processes behind the application's connection and these."""
    from django.db import connection

    connection.ensure_connection()
    return (connection.connection.info.backend_pid, *(each.info.backend_pid for each in connections))


def application() -> Any:
    """A connection as the application has it, without Django."""
    return psycopg2.connect(os.environ["DATABASE_URL"])
