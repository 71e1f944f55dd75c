"""How far a long command is: a bar that fills in its own line on a terminal, plain lines anywhere else."""

from __future__ import annotations

import shutil
import time
import unicodedata
from typing import Any

_BAR = 20
# What stands before the text: margin, bar, counts, seconds.
_BEFORE = _BAR + 24
_CLEAR = "\r\x1b[K"


class Progress:
    """``total`` steps, each told as it begins. Of steps told alike, a log gets the first one's line only."""

    def __init__(self, stream: Any, total: int) -> None:
        self._stream = stream
        self._total = total
        self._n = 0
        self._said = ""
        self._started = time.monotonic()
        self._is_terminal = bool(getattr(stream, "isatty", lambda: False)())

    def step(self, text: str) -> None:
        """The next step begins; shown at once, with the seconds so far."""
        self._n = min(self._n + 1, self._total)
        if self._is_terminal:
            self._draw(text)
        elif text != self._said:
            self._write(f"{self._line(text)}\n")
        self._said = text

    def done(self, text: str) -> None:
        """All is done: ``text`` stays as the last line."""
        self._n = self._total
        if self._is_terminal:
            self._draw(text, is_whole=True)
            self._write("\n")
        else:
            self._write(f"{self._line(text)}\n")

    def stop(self) -> None:
        """It ends here, unfinished: what comes next begins on a line of its own."""
        if self._is_terminal and self._n:
            self._write("\n")

    def _line(self, text: str) -> str:
        return f"      {self._counted}  {time.monotonic() - self._started:4.0f} s  {text}"

    def _draw(self, text: str, *, is_whole: bool = False) -> None:
        filled = _BAR * self._n // self._total
        bar = "█" * filled + "░" * (_BAR - filled)
        room = shutil.get_terminal_size().columns - _BEFORE
        self._write(f"{_CLEAR}      {bar} {self._line(text if is_whole else _cut(text, room)).lstrip()}")

    @property
    def _counted(self) -> str:
        width = len(str(self._total))
        return f"{self._n:{width}}/{self._total}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def _cut(text: str, room: int) -> str:
    """As much of the text as fits into so many columns; Chinese characters take two."""
    for place, letter in enumerate(text):
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 0:
            return text[:place]
    return text
