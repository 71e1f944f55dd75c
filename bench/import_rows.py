"""``import_rows``: importing ledger rows ÷ reading the sheet alone. Reported; rows in a preview have limits of their own."""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path

from bench.figure import Figure

ROWS = 20_000


def figures(scale: str) -> list[Figure]:
    """One run: a preview of 20,000 rows and its commit, and reading the same file alone."""
    from django.conf import settings
    from django.utils import timezone

    from lib.sheets.limited import read_limited
    from tenancy.scope import SYSTEM, tenant_scope
    from tests.units.importing.ledger import Visits, ledger_file
    from units.divisions.actions import create_county
    from units.importing import actions, registry
    from units.models import Unit

    if "visits" not in registry.kinds_by_code():
        registry.register(Visits())
    tenant = create_county(code="440981", slug="import-rows", actor=SYSTEM, now=timezone.now())
    with tempfile.TemporaryDirectory() as folder, tenant_scope(tenant):
        settings.MEDIA_ROOT = Path(folder)
        villages = Unit.objects.filter(kind="village").values_list("parent__name", "name")
        names = [f"{town}{village}" for town, village in villages]
        content = ledger_file(ROWS, _units(), names)
        path = Path(folder) / "台账.xlsx"
        path.write_bytes(content)
        began = time.perf_counter()
        read_limited(path, path.name)
        reading = time.perf_counter() - began
        began = time.perf_counter()
        batch = actions.begin_import(
            kind=registry.get("visits"), file_name=path.name, chunks=[content], options={}, actor=SYSTEM, wait=True
        )
        preview = time.perf_counter() - began
        assert batch.summary["ok"] == ROWS, batch.summary
        began = time.perf_counter()
        actions.commit_import(batch=batch, actor=SYSTEM, wait=True)
        writing = time.perf_counter() - began
    parent, child = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    told = f"{ROWS} 行:读 {reading:.1f} s,预览 {preview:.1f} s,写入 {writing:.1f} s;内存 {parent} MB + 子进程 {child} MB"
    return [Figure("import_rows", (preview + writing) / reading, None, told)]


def _units() -> list[str]:
    """A hundred offices to write for."""
    from lib.chinese.pinyin import pinyin_key
    from tenancy.scope import current_tenant
    from units.models import Unit

    names = [f"高州市第{number}局" for number in range(100)]
    rows = [Unit(tenant=current_tenant(), name=name, kind="organisation", pinyin=pinyin_key(name).full) for name in names]
    Unit.objects.bulk_create(rows)
    return names
