"""What time alone makes go: previews nobody came back to, files nobody needs."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tenancy.models import Tenant
from tenancy.scope import SYSTEM
from tests.units.importing.conftest import Send, commit, media, send, tenant
from tests.units.importing.files import roster
from units.importing import actions
from units.models import ImportBatch, ImportRow, Unit
from units.sweeps import files_without_rows, old_previews, old_rows

__all__ = ["media", "send", "tenant"]
pytestmark = pytest.mark.django_db
ONE = {"单位名称": "甲局"}


def names(place: Path) -> set[str]:
    return {path.name for path in place.rglob("*") if path.is_file()}


def test_previews_of_a_month_ago_are_dropped_and_committed_imports_stay(tenant: Tenant, send: Send) -> None:
    old, done, fresh = (send("units", roster(ONE)) for _ in range(3))
    commit(done)
    now = timezone.now()
    ImportBatch.objects.filter(pk__in=[old.pk, done.pk]).update(created_at=now - timedelta(days=31))
    assert old_previews(tenant, now) == 1
    assert old_previews(tenant, now) == 0
    states = dict(ImportBatch.objects.values_list("pk", "state"))
    assert states == {old.pk: "dropped", done.pk: "committed", fresh.pk: "preview"}
    assert set(ImportRow.objects.values_list("batch_id", flat=True)) == {done.pk, fresh.pk}


def test_files_without_an_import_go_after_a_day(tenant: Tenant, send: Send, media: Path) -> None:
    kept, dropped = send("units", roster(ONE)), send("units", roster(ONE))
    now = timezone.now()
    ImportBatch.objects.filter(pk=dropped.pk).update(state="dropped")
    place = media / str(tenant.uid) / "imports"
    (place / "orphan.bin").write_bytes(b"x")
    (place / "half.bin.part").write_bytes(b"x")
    assert files_without_rows(tenant, now) == 0, "an upload lies there a moment before its row is committed"
    old = (now - timedelta(days=2)).timestamp()
    for path in place.iterdir():
        os.utime(path, (old, old))
    assert files_without_rows(tenant, now) == 3
    assert names(media) == {Path(kept.stored_as).name}


def test_rows_of_imports_go_after_half_a_year_and_they_can_still_be_undone(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster(ONE))
    commit(batch)
    now = timezone.now()
    assert old_rows(tenant, now) == 0
    ImportBatch.objects.filter(pk=batch.pk).update(committed_at=now - timedelta(days=181))
    assert (old_rows(tenant, now), old_rows(tenant, now)) == (1, 0)
    assert ImportRow.objects.count() == 0
    actions.undo_import(batch=batch, actor=SYSTEM)
    assert Unit.objects.count() == 0
