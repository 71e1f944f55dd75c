"""A county to import into, and a short way through the importer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tenancy.models import Tenant
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import NOW, make_tenant
from units.divisions.actions import create_county
from units.importing import actions, registry
from units.models import ImportBatch, ImportRow

Send = Callable[..., ImportBatch]


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    """Uploads of tests lie in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


@pytest.fixture
def county(db: None) -> Iterator[Tenant]:
    """Gaozhou with its 31 towns and 491 villages, in scope."""
    tenant = create_county(code="440981", slug="gaozhou", actor=SYSTEM, now=NOW)
    with tenant_scope(tenant):
        yield tenant


@pytest.fixture
def tenant(db: None) -> Iterator[Tenant]:
    """An empty county, in scope."""
    tenant = make_tenant()
    with tenant_scope(tenant):
        yield tenant


@pytest.fixture
def send() -> Send:
    """Upload bytes (or a sample) as a kind; the preview that comes of it."""

    def send(kind: str, content: bytes | Path, *, name: str = "表.xlsx", actor: Any = SYSTEM, **options: Any) -> ImportBatch:
        data = content.read_bytes() if isinstance(content, Path) else content
        return actions.begin_import(
            kind=registry.get(kind), file_name=name, chunks=[data], options=options, actor=actor, wait=True
        )

    return send


def commit(batch: ImportBatch) -> dict[str, Any]:
    """Commit a preview; its summary afterwards."""
    actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
    batch.refresh_from_db()
    return dict(batch.summary)


def rows(batch: ImportBatch) -> list[ImportRow]:
    return list(ImportRow.objects.filter(batch=batch).order_by("id"))


def answer(batch: ImportBatch, reply: str, *, row: int = 0) -> None:
    """Answer the first open question of a row."""
    problems = rows(batch)[row].problems
    question = next(problem for problem in problems if problem["level"] == "question")
    actions.answer_question(batch=batch, key=question["key"], answer=reply, actor=SYSTEM)
    batch.refresh_from_db()
