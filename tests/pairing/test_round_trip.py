"""What a page gives out in the machine form comes in again without a change (domain.md §8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from lib.kinds.registry import kind_of
from tenancy.scope import SYSTEM, tenant_scope
from tests.pairing.conftest import County
from units.importing import actions, registry


@pytest.mark.parametrize(
    ("ledger", "kind", "path", "n_rows"),
    [("units", "unit", "units/organisations/export/", 2), ("pairings", "pairing", "pairings/export/", 3)],
)
def test_the_machine_form_of_a_list_imports_again_with_no_change(
    county: County,
    as_role: Callable[[str], Client],
    settings: Any,
    tmp_path: object,
    ledger: str,
    kind: str,
    path: str,
    n_rows: int,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    columns = "".join(f"&col={field.key}" for field in kind_of(kind).fields if field.listed)
    given = as_role("CS").get(f"/{county.tenant.slug}/{path}?form=machine{columns}")
    with tenant_scope(county.tenant):
        batch = actions.begin_import(
            kind=registry.get(ledger), file_name="表.xlsx", chunks=[given.content], options={}, actor=SYSTEM, wait=True
        )
        told = {name: batch.summary[name] for name in ("ok", "question", "error", "add", "change", "same")}
    assert told == {"ok": n_rows, "question": 0, "error": 0, "add": 0, "change": 0, "same": n_rows}
