"""What passes by itself between the steps of the tour: days, and the database's housekeeping."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import datetime
from zoneinfo import ZoneInfo

import psycopg2

from tenancy import clock

CHINA = ZoneInfo("Asia/Shanghai")


@contextmanager
def everywhere(day: str, hour: int = 9) -> Iterator[datetime]:
    """Inside, it is that day and hour in China in every thread of this process.

    ``clock.at`` reaches only the thread that asks for it, not those of the live server.
    """
    instant = datetime.fromisoformat(day).replace(hour=hour, tzinfo=CHINA)
    before = clock._played
    clock._played = ContextVar("played_time", default=instant)
    try:
        yield instant
    finally:
        clock._played = before


def statistics_are_gathered() -> None:
    """What PostgreSQL's autovacuum does within a minute of an import; the test server has it off."""
    with closing(psycopg2.connect(os.environ["PAIRING_TEST_ADMIN_URL"])) as connection:
        connection.autocommit = True
        connection.cursor().execute("ANALYZE")
