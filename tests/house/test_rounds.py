"""A few failing tests are run once more, each alone: who then passes is named, and the run goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools import checks, helpers, rounds, testing
from tools.places import ROOT

# A folder of tests: one that fails when it is not alone, one that always fails, one that passes.
TESTS = """
import sys

def test_leaves_something_behind():
    sys.left_behind = True

def test_wants_an_empty_process():
    assert not hasattr(sys, "left_behind")

def test_is_wrong():
    assert 1 + 1 == 3
"""
BARE = ["-p", "no:cacheprovider", "-p", "no:django", "-p", "no:randomly", "-o", "addopts=-q"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (tmp_path / "test_some.py").write_text(TESTS)
    # Without the plugins of the project's own tests, which take longer to begin than these tests to run.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setattr(rounds, "ROOT", tmp_path)
    return tmp_path


def begun(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    options = ["-c", str(folder / "pytest.ini"), "--rootdir", str(folder), *BARE]
    return rounds.run("-p", "xdist", "-n", "1", *options, *arguments, options=options)


def test_what_fails_in_company_and_passes_alone_is_named_and_the_run_goes_on(folder: Path) -> None:
    tests = str(folder / "test_some.py")

    code, unsteady = begun(folder, tests, "-k", "behind or empty")

    assert (code, [name.rpartition("::")[2] for name in unsteady]) == (0, ["test_wants_an_empty_process"])
    assert f"不稳定 {unsteady[0]}" in rounds.words(unsteady)


def test_what_fails_alone_too_fails_the_run(folder: Path) -> None:
    assert begun(folder, str(folder / "test_some.py")) == (pytest.ExitCode.TESTS_FAILED, [])


@pytest.mark.parametrize(
    ("code", "failed", "alone", "told"),
    [
        (0, [], {}, (0, [], [])),
        (1, ["a", "b", "c"], {"a": True, "b": True, "c": True}, (0, ["a", "b", "c"], ["a", "b", "c"])),
        (1, ["a", "b"], {"a": False, "b": True}, (1, [], ["a"])),
        (1, ["a", "b", "c", "d"], {}, (1, [], [])),
        # Nothing failed and yet the run did: a skipped test, a file that cannot be read, Ctrl-C.
        (1, None, {}, (1, [], [])),
        (2, None, {}, (2, [], [])),
        (1, [], {}, (1, [], [])),
    ],
)
def test_no_more_than_three_are_tried_again(
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    failed: list[str] | None,
    alone: dict[str, bool],
    told: tuple[int, list[str], list[str]],
) -> None:
    tried: list[str] = []

    def first(*_: str, told: Path) -> int:
        told.write_text(json.dumps(failed))
        return code

    def again(test: str, options: object) -> bool:
        tried.append(test)
        return alone[test]

    monkeypatch.setattr(testing, "run", first)
    monkeypatch.setattr(rounds, "passes_alone", again)

    assert (*rounds.run(), tried) == told


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("def test_one():\n    assert 0\n", ["test_one.py::test_one"]),
        ("def test_one():\n    pass\n", []),
        ("import nothing_of_this_name\n", None),
        ("import pytest\ndef test_one():\n    pytest.skip('no')\ndef test_two():\n    assert 0\n", None),
    ],
    ids=["failed", "passed", "unreadable", "skipped"],
)
def test_the_list_names_what_failed_or_says_that_it_cannot(folder: Path, source: str, told: list[str] | None) -> None:
    (folder / "test_some.py").unlink()
    (folder / "test_one.py").write_text(source)
    target = folder / "failed.json"
    command = [sys.executable, "-m", "pytest", "-p", "tools.pytest_failed", "-p", "no:cacheprovider", "-q", str(folder)]
    environment = os.environ | {"PAIRING_FAILED_LIST": str(target), "PAIRING_FAIL_ON_SKIP": "1"}

    subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)

    assert json.loads(target.read_text()) == told


def test_the_checks_name_unsteady_tests_at_the_very_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(checks, "static_checks", list)
    monkeypatch.setattr(helpers, "export", lambda: None)
    monkeypatch.setattr(checks, "system_binaries", lambda: "/somewhere")
    monkeypatch.setattr(rounds, "run", lambda *_: (0, ["tests/test_one.py::test_one"]))
    monkeypatch.setattr(checks, "_figures", lambda: print("figures") or 0)
    monkeypatch.setenv("PAIRING_POSTGRES", os.environ.get("PAIRING_POSTGRES", ""))
    monkeypatch.setenv("PAIRING_FAIL_ON_SKIP", os.environ.get("PAIRING_FAIL_ON_SKIP", ""))

    with pytest.raises(SystemExit) as ended:
        checks.main()

    assert ended.value.code == 0
    assert capsys.readouterr().out.partition("figures")[2].count("不稳定 tests/test_one.py::test_one") == 1
