"""A pytest plugin that names every skipped test, and fails the run for it where nothing may be skipped.

``PAIRING_FAIL_ON_SKIP=1`` is set by ``make check``: there a skipped test is a wall that nobody looked at.
"""

from __future__ import annotations

import os

import pytest


def _skipped(reporter: pytest.TerminalReporter) -> list[pytest.TestReport | pytest.CollectReport]:
    return [*reporter.stats.get("skipped", []), *reporter.stats.get("xfailed", [])]


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else "expected to fail"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter is not None
        and os.environ.get("PAIRING_FAIL_ON_SKIP") == "1"
        and _skipped(reporter)
        and session.exitstatus == pytest.ExitCode.OK
    ):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = _skipped(terminalreporter)
    if not skipped:
        return
    terminalreporter.section(f"跳过了 {len(skipped)} 个测试", yellow=True, bold=True)
    for report in skipped:
        terminalreporter.line(f"{report.nodeid}: {_reason(report)}")
