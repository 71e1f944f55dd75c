"""What a prefecture reads: sums that its counties published, through a role that can read nothing else (docs/decisions/0016).

Groups under five arrive without their numbers (reports/sql/prefecture.sql); every total here adds up shown groups only,
so that nothing told depends on a hidden one.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connections, transaction

from reports.models import PrefectureReader
from tenancy import clock
from tenancy.models import Account, Division

ALIAS = "pref"
_TOKEN_SECONDS = 60
# Pairings, and duties owed, under which a group is hidden; reports/sql/prefecture.sql says the same (a test compares).
LEAST = 5


@dataclass(frozen=True, slots=True)
class Numbers:
    """Duties of ended periods: owed, and of these done, waiting for confirmation and overdue."""

    due: int = 0
    met: int = 0
    waiting: int = 0
    missed: int = 0

    def __add__(self, other: Numbers) -> Numbers:
        return Numbers(self.due + other.due, self.met + other.met, self.waiting + other.waiting, self.missed + other.missed)

    @property
    def share(self) -> int | None:
        """Per cent done; None where nothing is owed."""
        return round(100 * self.met / self.due) if self.due else None


@dataclass(frozen=True, slots=True)
class Group:
    """One rule in one period of one county; ``numbers`` None: hidden."""

    year: int
    county_code: str
    county: str
    rule_code: str
    rule: str
    period_kind: str
    starts_on: date
    published_at: datetime
    n_pairings: int | None
    numbers: Numbers | None


@dataclass(frozen=True, slots=True)
class Sum:
    """Shown groups added up, and how many could not be told."""

    label: str
    numbers: Numbers
    n_hidden: int


def is_offered() -> bool:
    """Whether this installation has the prefecture's role."""
    return ALIAS in settings.DATABASES


def reader_prefecture(account: Account) -> Division | None:
    """The prefecture that the account may read today."""
    found = PrefectureReader.objects.filter(account_id=account.pk).select_related("prefecture").first()
    today = clock.today()
    if found is None or found.starts_on > today or (found.ends_on is not None and found.ends_on < today):
        return None
    return found.prefecture


def prefecture_token(code: str, *, now: float | None = None) -> str:
    """``prefecture.code.expiry.hmac``: what ``app.prefecture()`` checks."""
    message = f"prefecture.{code}.{int(now or time.time()) + _TOKEN_SECONDS}"
    key = hashlib.sha256(settings.TENANT_KEY.encode()).digest()
    return f"{message}.{hmac.new(key, message.encode(), hashlib.sha256).hexdigest()}"


def published(prefecture: Division) -> list[Group]:
    """All groups that counties of the prefecture have published, by year, county and rule; two statements."""
    with transaction.atomic(using=ALIAS), connections[ALIAS].cursor() as cursor:
        cursor.execute("SELECT set_config('app.prefecture', %s, true)", [prefecture_token(prefecture.pk)])
        cursor.execute("SELECT * FROM app.prefecture_sums()")
        return [
            Group(*row[:9], numbers=Numbers(*row[9:]) if row[9] is not None else None)  # type: ignore[misc]
            for row in cursor.fetchall()
        ]


def summed(groups: Iterable[Group], by: Callable[[Group], tuple[str, str]]) -> list[Sum]:
    """Shown groups added up by (key, label), in the order of the keys."""
    found: dict[tuple[str, str], list[Group]] = {}
    for group in groups:
        found.setdefault(by(group), []).append(group)
    return [
        Sum(
            label,
            sum((one.numbers for one in found[key, label] if one.numbers is not None), Numbers()),
            sum(one.numbers is None for one in found[key, label]),
        )
        for key, label in sorted(found)
    ]
