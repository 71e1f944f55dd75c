"""Keeping what published scores rest on: a record that is voided later does not change what was counted then."""

from __future__ import annotations

import json

from django.db import connection

from assessment.models import Cycle, SheetLine
from assessment.queries.evidence import evidence_of

_KEEP = """
UPDATE assessment_sheetline n SET evidence = x.told::jsonb
FROM unnest(%s::bigint[], %s::text[]) AS x(id, told) WHERE n.id = x.id
"""


def keep_evidence(cycle: Cycle) -> int:
    """Write beside each kept line of a cycle what it was computed from now. To be called right after a computation.

    Answers how many lines.
    """
    found = evidence_of(cycle)
    rows = SheetLine.objects.filter(sheet__cycle=cycle).values_list("pk", "sheet__pairing_id", "line__code")
    told = {pk: found[pairing, code] for pk, pairing, code in rows if (pairing, code) in found}
    if told:
        with connection.cursor() as cursor:
            cursor.execute(_KEEP, [list(told), [json.dumps(one, ensure_ascii=False) for one in told.values()]])
    return len(told)
