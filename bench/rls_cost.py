"""What the wall costs: a county's pairing table under row-level security ÷ the same SQL with an explicit tenant and no wall.

Reported without a goal: a page of 120 rows takes a millisecond, of which checking the signed tenant once for each table
(some 20 µs) is a visible part. The goal for the wall is set for the county board
(``rls_cost``, bench/boards.py), whose statements do more work.
"""

from __future__ import annotations

import os

import psycopg2

from bench.figure import Figure, interleaved

N_TENANTS, N_PAIRINGS = 40, 120
_TABLE = """
SELECT u.name, v.name, t.name, p.state, p.starts_on
FROM pairing_pairing p
JOIN units_unit u ON u.id = p.unit_id {u}
JOIN units_unit v ON v.id = p.village_id {v}
JOIN units_unit t ON t.id = v.parent_id {t}
WHERE p.state = 'active' {p}
ORDER BY t.pinyin, v.pinyin, u.pinyin, p.id
"""


def _fill() -> list[int]:
    """Counties of N_PAIRINGS pairings each; set-based, as the owner inside each county's scope."""
    from django.db import connection

    from tenancy.models import Division, Tenant
    from tenancy.scope import tenant_scope

    found = []
    for i in range(N_TENANTS):
        county = Division.objects.create(code=f"{990001 + i}", name=f"县{i}", kind="county")
        tenant = Tenant.objects.create(slug=f"bench{i}", name=county.name, division=county)
        found.append(tenant.pk)
        with tenant_scope(tenant), connection.cursor() as cursor:
            cursor.execute(
                """
                WITH towns AS (
                    INSERT INTO units_unit (uid, tenant_id, kind, name, short_name, pinyin, initials, nature, is_stationed,
                        superior_name, division_code, credit_code, team, notes, created_at)
                    SELECT gen_random_uuid(), %(t)s, 'town', '镇' || n, '', 'zhen' || n, 'z', '', false, '', '', '', '', '', now()
                    FROM generate_series(1, 20) n RETURNING id
                ), villages AS (
                    INSERT INTO units_unit (uid, tenant_id, kind, name, short_name, pinyin, initials, parent_id, nature,
                        is_stationed, superior_name, division_code, credit_code, team, notes, created_at)
                    SELECT gen_random_uuid(), %(t)s, 'village', '村' || n, '', 'cun' || n, 'c', towns.id, '', false,
                        '', '', '', '', '', now()
                    FROM towns, generate_series(1, 25) n RETURNING id
                ), offices AS (
                    INSERT INTO units_unit (uid, tenant_id, kind, name, short_name, pinyin, initials, nature, is_stationed,
                        superior_name, division_code, credit_code, team, notes, created_at)
                    SELECT gen_random_uuid(), %(t)s, 'organisation', '局' || n, '', 'ju' || n, 'j', 'administrative', false,
                        '', '', '', '', '', now()
                    FROM generate_series(1, %(n)s) n RETURNING id
                ), programme AS (
                    INSERT INTO pairing_programme (uid, tenant_id, year, title, doc_no, issuer, starts_on, ends_on, created_at)
                    VALUES (gen_random_uuid(), %(t)s, 2024, '方案', '', '', '2024-01-01', '2024-12-31', now()) RETURNING id
                )
                INSERT INTO pairing_pairing
                    (uid, tenant_id, programme_id, unit_id, village_id, origin, state, is_lead, starts_on,
                     active_from, notes, agreement_waived, ending_reason, created_at)
                SELECT gen_random_uuid(), %(t)s, programme.id, o.id, v.id, 'assigned', 'active', false,
                    '2024-09-03', '2024-09-03', '', '', '', now()
                FROM programme,
                    (SELECT id, row_number() OVER () AS place FROM offices) o,
                    (SELECT id, row_number() OVER () AS place FROM villages) v
                WHERE o.place = v.place
                """,
                {"t": tenant.pk, "n": N_PAIRINGS},
            )
    return found


def figures(scale: str) -> list[Figure]:
    """``rls_cost_table``: both sides read the same rows (asserted), the application and a superuser who names the tenant."""
    from django.conf import settings

    from config import local_server
    from tenancy.scope import tenant_token

    tenants = _fill()
    name = str(settings.DATABASES["default"]["NAME"])
    app = psycopg2.connect(os.environ["DATABASE_URL"])
    admin = psycopg2.connect(local_server.ensure_test_server().rsplit("/", 1)[0] + f"/{name}")
    admin.cursor().execute("ANALYZE")
    tenant = tenants[len(tenants) // 2]
    walled, plain = app.cursor(), admin.cursor()
    walled.execute("SELECT set_config('app.tenant', %s, false)", [tenant_token(tenant)])
    with_wall = _TABLE.format(u="", v="", t="", p="")
    without = _TABLE.format(**{a: f"AND {a}.tenant_id = {tenant}" for a in "uvtp"})

    def read(cursor: psycopg2.extensions.cursor, sql: str) -> list[tuple[object, ...]]:
        rows: list[tuple[object, ...]] = []
        for _ in range(40):
            cursor.execute(sql)
            rows = cursor.fetchall()
        return rows

    # The same rows but for ties in the order, which are broken by the key: equal lists.
    assert read(walled, with_wall) == read(plain, without)
    assert walled.rowcount == N_PAIRINGS
    under, bare = interleaved(lambda: read(walled, with_wall), lambda: read(plain, without), rounds=9)
    app.close()
    admin.close()
    return [
        Figure(
            "rls_cost_table", under / bare, None, f"{under / 40 * 1000:.2f} ms ÷ {bare / 40 * 1000:.2f} ms, {N_TENANTS} counties"
        )
    ]
