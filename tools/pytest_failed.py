"""A pytest plugin that writes down which tests failed, for a program that runs pytest and wants to look at them again.

``PAIRING_FAILED_LIST`` names the file: a JSON list of node ids, or ``null`` where the run failed by something else than
tests that ran and failed (a file that could not be read, an interruption, a skipped test where none may be skipped).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest


def _failed(session: pytest.Session, status: int) -> list[str] | None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return None
    reports = [*reporter.stats.get("failed", []), *reporter.stats.get("error", [])]
    if not all(isinstance(report, pytest.TestReport) for report in reports):
        return None
    if os.environ.get("PAIRING_FAIL_ON_SKIP") == "1" and (reporter.stats.get("skipped") or reporter.stats.get("xfailed")):
        return None
    if status == pytest.ExitCode.TESTS_FAILED and not reports:
        return None
    # A test whose end went wrong too is told twice.
    return list(dict.fromkeys(report.nodeid for report in reports))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    target = os.environ.get("PAIRING_FAILED_LIST")
    # The processes among which xdist deals out the tests are told by the one that deals.
    if target and not hasattr(session.config, "workerinput"):
        Path(target).write_text(json.dumps(_failed(session, exitstatus)), encoding="utf-8")
