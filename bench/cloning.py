"""Model counties repeated: their rows copied with other ids, as often as a country needs.

Rows of some counties with consecutive ids are a block. Each copy of the block adds to every id, its own and those it
refers to, the width of its table's block: references stay right without being looked up. Set-based, as a superuser
without triggers, and without indexes, which are built once at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

# What was done while filling: versions and the audit chain tell of the models alone.
_TENANT_TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'tenancy_auditentry'
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped)
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'id' AND a.attidentity <> '')
ORDER BY c.relname
"""
_REFERENCES = """
SELECT a.attname, f.confrelid::regclass::text
FROM pg_constraint f
JOIN LATERAL unnest(f.conkey, f.confkey) AS k(here, there) ON true
JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.here
JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = k.there
WHERE f.contype = 'f' AND f.conrelid = %s::regclass AND b.attname = 'id'
"""
_COLUMNS = "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
# Neither kept up nor read until they are built again.
_INDEXES_OFF = "UPDATE pg_index SET indisready = false, indisvalid = false WHERE indrelid = ANY (%s::regclass[])"


def references(cursor: Any, table: str) -> dict[str, str]:
    """Columns of the table that hold another row's id, with that row's table."""
    cursor.execute(_REFERENCES, [table])
    return dict(cursor.fetchall())


def without_indexes(cursor: Any, tables: Iterable[str]) -> None:
    """From here on rows are added to the tables alone; to be followed by ``build_indexes``. For a database to be thrown away."""
    cursor.execute(_INDEXES_OFF, [list(tables)])


def build_indexes(cursor: Any, tables: Iterable[str]) -> None:
    """All indexes of the tables anew, with what autovacuum would have done since: visible pages marked, rows counted."""
    cursor.execute("SET maintenance_work_mem = '1GB'")
    for table in tables:
        cursor.execute(f"REINDEX TABLE {table}")
        cursor.execute(f"VACUUM (ANALYZE) {table}")


@dataclass(slots=True)
class Block:
    """The model counties: ids ``first`` to ``first + width - 1``; copies follow up to, not with, the county ``end``."""

    first: int
    width: int
    end: int
    widths: dict[str, int] = field(default_factory=dict)

    @property
    def copies(self) -> range:
        """The first copy is 1."""
        return range(1, -(-(self.end - self.first) // self.width))

    def repeat(self, cursor: Any, *, app: str = "") -> int:
        """Copy what the models have in tables that were not copied before, of one app if named. Answers how many rows."""
        cursor.execute(_TENANT_TABLES)
        found = [name for (name,) in cursor.fetchall() if name not in self.widths and name.startswith(app)]
        tables = [name for name in found if self._measure(cursor, name)]
        self.widths["tenancy_tenant"] = self.width
        texts = [self._prepare(cursor, name) for name in tables]
        without_indexes(cursor, tables)
        n_rows = 0
        for k in self.copies:
            for text in texts:
                cursor.execute(text, {"k": k, "end": self.end})
                n_rows += int(cursor.rowcount)
        for name in tables:
            cursor.execute(f"DROP TABLE model_{name}")
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))")
        build_indexes(cursor, tables)
        return n_rows

    def _measure(self, cursor: Any, table: str) -> bool:
        cursor.execute(
            f"SELECT min(id), max(id), (SELECT max(id) FROM {table}) FROM {table} WHERE tenant_id >= %s AND tenant_id < %s",
            [self.first, self.first + self.width],
        )
        low, high, highest = cursor.fetchone()
        if low is None:
            return False
        assert high == highest, f"rows of {table} stand where copies would"
        self.widths[table] = high - low + 1
        return True

    def _prepare(self, cursor: Any, table: str) -> str:
        """The models' rows put aside, and the statement that copies them; ``k``: which copy."""
        cursor.execute(
            f"CREATE TEMP TABLE model_{table} AS SELECT * FROM {table} WHERE tenant_id >= %s AND tenant_id < %s ORDER BY id",
            [self.first, self.first + self.width],
        )
        own = {"id": table, **references(cursor, table)}
        cursor.execute(_COLUMNS, [table])
        columns = [name for (name,) in cursor.fetchall()]
        copied = ", ".join(
            "gen_random_uuid()" if name == "uid"
            # What is no county's (accounts, divisions) stays the same row.
            else f"{name} + {self.widths[own[name]]} * %(k)s" if own.get(name) in self.widths else name
            for name in columns
        )  # fmt: skip
        return (
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {copied} FROM model_{table}"
            f" WHERE tenant_id + {self.width} * %(k)s < %(end)s"
        )
