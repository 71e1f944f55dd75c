"""Parts of one process that are begun anew when they end by themselves, so that nobody needs to look."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# Who ran this long was well, and what ends it then is a new thing.
WELL_SECONDS = 60.0

logger = logging.getLogger(__name__)


@dataclass
class Kept:
    """One part; ``begin`` starts it and returns its thread. What keeps ending is begun after longer and longer pauses."""

    name: str
    begin: Callable[[], threading.Thread]
    clock: Callable[[], float] = time.monotonic
    thread: threading.Thread | None = None
    _began_at: float = 0.0
    _pause: float = FIRST_PAUSE
    _again_at: float | None = None

    def start(self) -> None:
        self._began_at, self._again_at = self.clock(), None
        try:
            self.thread = self.begin()
        except Exception:
            self.thread = None
            logger.exception("The %s part does not start.", self.name)

    def look(self) -> None:
        """Begin it anew when it has ended and its pause is over. To be called every now and then."""
        if self.thread is not None and self.thread.is_alive():
            return
        now = self.clock()
        if self._again_at is not None:
            if now >= self._again_at:
                self.start()
            return
        if now - self._began_at >= WELL_SECONDS:
            self._pause = FIRST_PAUSE
        logger.error("The %s part ended by itself; it begins anew in %.0f s.", self.name, self._pause)
        self._again_at = now + self._pause
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
