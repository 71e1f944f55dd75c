"""Keeping the rows of a preview: twenty thousand at a time, while somebody waits."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

from django.db import connection
from psycopg2.extras import execute_values

from lib.chinese.text import tidy
from units.importing.evaluation import Evaluation
from units.importing.rows import reason_of, told
from units.models import ImportBatch, ImportRow

PAGE = 1000
_COLUMNS = "uid, tenant_id, batch_id, sheet, row, status, reason, original, values, problems, fingerprint, effect, changes"


def keep_rows(batch: ImportBatch, found: Evaluation) -> None:
    """Put the rows of a fresh reading in the place of those kept before.

    Plain SQL on purpose: through the ORM the same took twice the time (measured at 20,000 rows).
    """
    kept = ImportRow.objects.filter(batch=batch)
    kept._raw_delete(kept.db)
    table = ImportRow._meta.db_table
    with connection.cursor() as cursor:
        statement = f"INSERT INTO {table} ({_COLUMNS}) VALUES %s"  # noqa: S608 - our own table's name
        execute_values(cursor.cursor, statement, _lines(batch, found), page_size=PAGE)


def _lines(batch: ImportBatch, found: Evaluation) -> Iterator[tuple[Any, ...]]:
    for row in found.rows:
        problems = [told(problem) for problem in row.reading.problems]
        yield (
            str(uuid.uuid4()),
            batch.tenant_id,
            batch.pk,
            tidy(row.reading.sheet)[:200],
            row.reading.row,
            row.status,
            reason_of(problems, row.status)[:500],
            _json({column: tidy(text) for column, text in row.reading.originals.items()}),
            _json(row.values),
            _json(problems) if problems else "[]",
            row.key[:64],
            row.effect if row.is_ok else "",
            _json(row.changes) if row.changes else "[]",
        )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
