"""``import_rows``: importing rows of the activity ledger ÷ reading the sheet alone.

Reported; rows in a preview have limits of their own.
"""

from __future__ import annotations

import resource
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from bench.figure import Figure

ROWS = 20_000
UNITS = 100


def figures(scale: str) -> list[Figure]:
    """One run: a preview of 20,000 rows and its commit, and reading the same file alone."""
    from django.conf import settings
    from django.utils import timezone

    from activities.actions.year import open_year
    from activities.models import Record
    from lib.sheets.limited import read_limited
    from tenancy.scope import SYSTEM, tenant_scope
    from tests.activities.importing.big import activity_file
    from units.divisions.actions import create_county
    from units.importing import actions, registry

    tenant = create_county(code="440981", slug="import-rows", actor=SYSTEM, now=timezone.now())
    with tempfile.TemporaryDirectory() as folder, tenant_scope(tenant):
        settings.MEDIA_ROOT = Path(folder)
        programme, pairs = _pairs()
        open_year(programme=programme, preset="five_ones", actor=SYSTEM)
        content = activity_file(ROWS, pairs)
        path = Path(folder) / "台账.xlsx"
        path.write_bytes(content)
        began = time.perf_counter()
        read_limited(path, path.name)
        reading = time.perf_counter() - began
        began = time.perf_counter()
        batch = actions.begin_import(
            kind=registry.get("activities"), file_name=path.name, chunks=[content], options={}, actor=SYSTEM, wait=True
        )
        preview = time.perf_counter() - began
        assert batch.summary["ok"] == batch.summary["add"] == ROWS, batch.summary
        began = time.perf_counter()
        actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
        writing = time.perf_counter() - began
        assert Record.objects.count() == ROWS
    parent, child = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = f"{ROWS} 行:读 {reading:.1f} s,预览 {preview:.1f} s,写入 {writing:.1f} s;内存 {parent} MB + 子进程 {child} MB"
    return [Figure("import_rows", (preview + writing) / reading, None, told)]


def _pairs() -> tuple[Any, list[tuple[str, str]]]:
    """A programme year 2024 with a hundred offices, each paired with a village; their names as a ledger gives them."""
    from lib.chinese.pinyin import pinyin_key
    from pairing.models import Pairing, Programme
    from tenancy.scope import current_tenant
    from units.models import Unit

    tenant, first = current_tenant(), date(2024, 1, 1)
    programme = Programme.objects.create(tenant=tenant, year=2024, title="2024", starts_on=first, ends_on=date(2024, 12, 31))
    names = [f"高州市第{number}局" for number in range(UNITS)]
    rows = [Unit(tenant=tenant, name=name, kind="organisation", pinyin=pinyin_key(name).full) for name in names]
    units = Unit.objects.bulk_create(rows)
    villages = list(Unit.objects.filter(kind="village").select_related("parent").order_by("id")[:UNITS])
    Pairing.objects.bulk_create(
        Pairing(
            tenant=tenant,
            programme=programme,
            unit=unit,
            village=village,
            state="active",
            is_lead=True,
            starts_on=first,
            active_from=first,
        )
        for unit, village in zip(units, villages, strict=True)
    )
    return programme, [(unit.name, f"{v.parent.name}{v.name}") for unit, v in zip(units, villages, strict=True)]
