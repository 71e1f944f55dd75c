"""The bar of a long command: filled on a terminal, lines in a log."""

from __future__ import annotations

import io

import pytest

from lib.progress import Progress


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(100))
    monkeypatch.setattr("lib.progress.time.monotonic", lambda: float(next(seconds)))


def test_a_log_gets_a_line_for_each_new_text_with_count_and_seconds() -> None:
    log = io.StringIO()
    bar = Progress(log, 12)
    for text in ("第一步", "第二步", "第二步", "第三步"):
        bar.step(text)
    bar.done("完成")
    assert log.getvalue().splitlines() == [
        "       1/12     1 s  第一步",
        "       2/12     2 s  第二步",
        "       4/12     3 s  第三步",
        "      12/12     4 s  完成",
    ]


def test_a_terminal_gets_one_line_that_fills(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "52")
    screen = _Terminal()
    bar = Progress(screen, 4)
    bar.step("逐日写下记录")
    bar.done("一行到底，不截断的结尾")
    first, last = screen.getvalue().split("\r\x1b[K")[1:]
    assert first == "      █████░░░░░░░░░░░░░░░ 1/4     1 s  逐日写下"
    assert last == "      ████████████████████ 4/4     2 s  一行到底，不截断的结尾\n"


def test_more_steps_than_were_counted_never_pass_the_end() -> None:
    log = io.StringIO()
    bar = Progress(log, 1)
    bar.step("a")
    bar.step("b")
    assert log.getvalue().splitlines()[-1] == "      1/1     2 s  b"


def test_an_unfinished_bar_leaves_its_line() -> None:
    screen = _Terminal()
    bar = Progress(screen, 2)
    bar.step("a")
    bar.stop()
    assert screen.getvalue().endswith("a\n")
