"""The floors hold, and a wrong import breaks the contract that forbids it (architecture.md, house-style.md §1)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("config", "reports", "assessment", "supervision", "activities", "pairing", "notices", "units", "tenancy", "lib")
# Contract → (file, line to plant).
PLANTS = {
    "Apps stand on floors": ("lib/planted.py", "import units.models"),
    "Inside an app: pages over jobs over actions over queries over models": ("units/models/planted.py", "import units.actions"),
    "Only tenancy knows django_scopes": ("pairing/planted.py", "import django_scopes"),
    "Models, queries and actions know no HTTP": ("pairing/models/planted.py", "import rest_framework"),
}


def _lint(folder: Path) -> tuple[int, str]:
    program = Path(sys.executable).parent / "lint-imports"
    told = subprocess.run(
        [str(program), "--no-cache", "--config", "pyproject.toml"], cwd=folder, capture_output=True, text=True, check=False
    )
    return told.returncode, told.stdout


def _copy(folder: Path) -> None:
    for package in PACKAGES:
        for source in (ROOT / package).rglob("*.py"):
            target = folder / source.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    shutil.copyfile(ROOT / "pyproject.toml", folder / "pyproject.toml")


def test_the_contracts_hold() -> None:
    code, told = _lint(ROOT)
    assert code == 0, told


def test_each_contract_is_broken_by_a_wrong_import(tmp_path: Path) -> None:
    _copy(tmp_path)
    for name, line in PLANTS.values():
        (tmp_path / name).write_text(f'"""Planted."""\n\n{line}  # noqa: F401\n', encoding="utf-8")

    code, told = _lint(tmp_path)

    assert code == 1
    broken = {line.removesuffix("BROKEN").strip() for line in told.splitlines() if line.rstrip().endswith("BROKEN")}
    assert broken == set(PLANTS), told
