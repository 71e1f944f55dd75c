"""Reading imports: who sees which, and a page of rows."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import QuerySet

from tenancy.access import Access
from units.models import ImportBatch, ImportRow


def visible_batches(access: Access) -> QuerySet[ImportBatch]:
    """Imports that somebody may see, newest first: all of the county, or their own."""
    batches: QuerySet[ImportBatch] = ImportBatch.objects.select_related("job", "created_by").order_by("-created_at", "-id")
    if not access.everywhere("import", "I"):
        batches = batches.filter(created_by=access.account)
    return batches


def rows_of(batch: ImportBatch, status: str = "") -> QuerySet[ImportRow]:
    """Rows of an import in the order of the file; of one status when given."""
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(batch=batch).order_by("id")
    return rows.filter(status=status) if status else rows


def open_questions(batch: ImportBatch, most: int = 50) -> list[dict[str, Any]]:
    """The different questions still open, those that hold up the most rows first, each with the number of its rows."""
    counts: Counter[tuple[str, ...]] = Counter()
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for problems in rows_of(batch, "question").values_list("problems", flat=True).iterator(chunk_size=2000):
        for problem in problems:
            if problem["level"] == "question":
                key = tuple(problem["key"])
                counts[key] += 1
                found.setdefault(key, problem)
    return [{**found[key], "n_rows": n} for key, n in counts.most_common(most)]


def question(batch: ImportBatch, key: list[str]) -> dict[str, Any] | None:
    """An open question of the import by its key, or None when nobody asks that."""
    for problems in rows_of(batch, "question").values_list("problems", flat=True).iterator(chunk_size=2000):
        for problem in problems:
            if problem["level"] == "question" and problem["key"] == key:
                return dict(problem)
    return None
