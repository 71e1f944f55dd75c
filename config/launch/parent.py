"""Ending together with ``make``: for a program that ``make`` started and that must not outlive it.

``make`` killed with -9 cannot tell us; ``make`` sent SIGINT by a program (no terminal) waits for us without a word.
"""

from __future__ import annotations

import ctypes
import os
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1


class Parent:
    """The process that started us; ``is_ending`` when it has gone or waits for us to go."""

    def __init__(self) -> None:
        self.pid = os.getppid()
        self._handled_interrupt = self._handles_interrupt()
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        except (OSError, AttributeError):
            return  # not Linux: is_ending still sees it, a little later

    def _handles_interrupt(self) -> bool:
        """Whether it has a handler for SIGINT. GNU make drops its own once it has been interrupted."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return False
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
        return bool(int(caught, 16) >> (signal.SIGINT - 1) & 1)

    def is_ending(self) -> bool:
        return os.getppid() != self.pid or (self._handled_interrupt and not self._handles_interrupt())
