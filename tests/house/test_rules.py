"""Rules of the house that a reader of the source can check: input, forms, tasks, catalogue, migrations, machine traces."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from config.celery import app as celery
from tools import messages

ROOT = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "pairing", "units", "tenancy", "lib")
SOURCES = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py")) if "migrations" not in path.parts]
# Tasks of the platform itself: they read no county's rows, only which counties have work.
PLATFORM_TASKS = {"tenancy.tasks.wake_jobs", "tenancy.tasks.sweep", "tenancy.tasks.beat"}


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCES:
        yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def test_what_was_typed_is_never_taken_by_subscript() -> None:
    """``request.GET["x"]`` is a crash when x is missing; forms, filters and ``get`` with a default are not."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr in ("GET", "POST", "FILES", "query_params", "COOKIES")
        and isinstance(node.ctx, ast.Load)
    ]
    assert found == []


def test_nobody_is_exempt_from_the_csrf_check() -> None:
    assert [str(p.relative_to(ROOT)) for p in SOURCES if "csrf_exempt" in p.read_text(encoding="utf-8")] == []


def test_forms_and_serializers_name_their_fields() -> None:
    """``__all__`` and ``exclude`` take whatever is added to the model later (reliability.md §5, mass assignment)."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in _trees()
        for outer in ast.walk(tree)
        if isinstance(outer, ast.ClassDef) and outer.name == "Meta"
        for node in outer.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and (
            node.targets[0].id == "exclude"
            or (node.targets[0].id == "fields" and isinstance(node.value, ast.Constant) and node.value.value == "__all__")
        )
    ]
    assert found == []


def test_the_scope_for_all_counties_is_used_by_nobody() -> None:
    assert [str(p.relative_to(ROOT)) for p in SOURCES if "scopes_disabled" in p.read_text(encoding="utf-8")] == []


def test_every_task_takes_the_tenant() -> None:
    celery.loader.import_default_modules()
    ours = {name: task for name, task in celery.tasks.items() if name.split(".")[0] in APPS}
    assert set(ours) >= PLATFORM_TASKS
    without = [name for name, task in ours.items() if "tenant_id" not in inspect.signature(task.run).parameters]
    assert sorted(without) == sorted(PLATFORM_TASKS)


def test_the_chinese_catalogue_is_complete() -> None:
    assert messages.problems() == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_no_migration_is_missing() -> None:
    told = StringIO()
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=1, stdout=told)
    assert "No changes detected" in told.getvalue()


@pytest.mark.parametrize("app", ["tenancy", "units", "pairing"])
def test_migrations_stand_in_one_line(app: str) -> None:
    """Each but the first names exactly one before it in its app, and max_migration.txt names the last."""
    folder = ROOT / app / "migrations"
    names = sorted(path.stem for path in folder.glob("[0-9]*.py"))
    before = {}
    for name in names:
        text = (folder / f"{name}.py").read_text(encoding="utf-8")
        before[name] = [found for found in re.findall(rf"""\(["']{app}["'], ["'](\w+)["']\)""", text) if found in names]
    assert [before[name] for name in names] == [[], *([name] for name in names[:-1])]
    assert (folder / "max_migration.txt").read_text(encoding="utf-8").strip() == names[-1]


def _tracked() -> list[Path]:
    told = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    names = told.stdout.split("\0") if told.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def test_no_trace_of_a_machine_in_the_tracked_files() -> None:
    """No path of somebody's machine, no address of a package registry: lock files record hashes only (decision 13)."""
    traces = re.compile(
        r"/(?:home|Users)/[a-z]\w+/|/(?:root)/|/(?:work)/(?:main|shared)|https?://[^\s\"')]*(?:/simple/|/pypi/|artifactory|nexus)"
    )
    found = []
    for path in _tracked():
        if path.suffix in (".whl", ".xlsx", ".xz", ".png", ".mo", ".woff2", ".lock") or "vendor" in path.parts:
            continue
        name = str(path.relative_to(ROOT))
        if name == "tests/house/test_rules.py":
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if traces.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert found == []


def test_nothing_is_left_half_done() -> None:
    words = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|pytest\.mark\.(?:skip|xfail)\b")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))]
        if path.name != "test_rules.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert found == []
