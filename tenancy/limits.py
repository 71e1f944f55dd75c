"""Budgets: at most so many times in so long, counted in PostgreSQL (reliability.md §5)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from tenancy.models.limit import RateCount


def spend(what: str, who: str, *, limit: int, within: timedelta, now: datetime) -> bool:
    """Count one use; False when ``who`` has used up ``limit`` for ``what`` in the running window.

    One statement, so that two requests at once are both counted.
    """
    key = salted_hmac(f"tenancy.limits.{what}", who, algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO tenancy_ratecount AS c (key, n, until) VALUES (%(key)s, 1, %(until)s)
            ON CONFLICT (key) DO UPDATE SET
                n = CASE WHEN c.until <= %(now)s THEN 1 ELSE c.n + 1 END,
                until = CASE WHEN c.until <= %(now)s THEN excluded.until ELSE c.until END
            RETURNING n
            """,
            {"key": key, "until": now + within, "now": now},
        )
        (n,) = cursor.fetchone()
    return int(n) <= limit


def forget_old(*, now: datetime) -> int:
    """Drop counts whose window is over; answers how many."""
    return RateCount.objects.filter(until__lte=now).delete()[0]
