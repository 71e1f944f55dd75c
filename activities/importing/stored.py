"""Records there are already, found again by what a row says; and rows of the file that say the same as another.

A row is known by its fingerprint: pairings, type, day and words. Of several alike, those with equal values go together
first, then the rest in their order: what is imported again is found again, and nothing is written twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from activities.models import AuthorSide, Record, Share, Status
from lib.chinese.text import fold
from lib.sheets.fingerprint import fingerprint
from pairing.models import Pairing

LIVE = (Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED)
_ALIKE = 0.8


def key_of(pairings: Iterable[str], type_code: str, day: date, title: str, text: str) -> str:
    """What a row or a record is known by: its pairings (uids), type, day, and its words (the theme, where it has no more)."""
    return fingerprint(tuple(sorted(pairings)), type_code, day, text or title)


@dataclass(slots=True)
class Stored:
    """A record with its parts."""

    record: Record
    shares: list[Share] = field(default_factory=list)

    @property
    def is_confirmed(self) -> bool:
        """Whether any side has confirmed it: what it says stays then."""
        return any(share.status == Status.CONFIRMED for share in self.shares)

    @property
    def may_change(self) -> bool:
        """Whether a ledger of the units may correct it."""
        return not self.is_confirmed and self.record.author_side == AuthorSide.UNIT


@dataclass
class Archive:
    """Live records of some pairings in some span of days, by key and by pairing, type and day. Two queries."""

    by_key: dict[str, list[Stored]] = field(default_factory=lambda: defaultdict(list))
    by_day: dict[tuple[int, str, date], list[Stored]] = field(default_factory=lambda: defaultdict(list))
    by_uid: dict[str, Stored] = field(default_factory=dict)

    @classmethod
    def load(cls, pairings: Mapping[int, Pairing], days: Iterable[date]) -> Archive:
        archive = cls()
        days = set(days)
        if not pairings or not days:
            return archive
        parts = Share.objects.filter(pairing__in=pairings, counts_on__range=(min(days), max(days)), status__in=LIVE)
        wanted = set(parts.values_list("record_id", flat=True))
        shares: dict[int, list[Share]] = defaultdict(list)
        for share in Share.objects.filter(record__in=wanted, pairing__isnull=False).order_by("id"):
            shares[share.record_id].append(share)
        uids = {pk: str(pairing.uid) for pk, pairing in pairings.items()}
        for record in Record.objects.filter(pk__in=wanted, status__in=LIVE).order_by("id"):
            if record.occurred_on in days:
                archive._add(Stored(record, shares[record.pk]), uids)
        return archive

    def _add(self, stored: Stored, uids: Mapping[int, str]) -> None:
        record = stored.record
        ids = [share.pairing_id for share in stored.shares if share.pairing_id is not None]
        if all(pk in uids for pk in ids):
            key = key_of([uids[pk] for pk in ids], record.type, record.occurred_on, record.title, record.text)
            self.by_key[key].append(stored)
        for pk in ids:
            self.by_day[pk, record.type, record.occurred_on].append(stored)
        self.by_uid[str(record.uid)] = stored

    def pair(self, key: str, rows: Sequence[Mapping[str, Any]]) -> list[Stored | None]:
        """For rows (each what it says by the record's columns) of one key: the record that each of them is, or None."""
        left = list(self.by_key.get(key, ()))
        found: list[Stored | None] = [None] * len(rows)
        for number, said in enumerate(rows):
            equal = next((stored for stored in left if not differences(stored.record, said)), None)
            if equal is not None:
                found[number] = equal
                left.remove(equal)
        for number, one in enumerate(found):
            if one is None and left:
                found[number] = left.pop(0)
        return found

    def alike(self, pairings: Iterable[int], type_code: str, day: date, words: str, taken: set[int]) -> Stored | None:
        """A record of the same day and type that says much the same (A11), and that no row of the file is."""
        said = fold(words)
        for pairing in pairings:
            for stored in self.by_day.get((pairing, type_code, day), ()):
                if stored.record.pk in taken:
                    continue
                theirs = fold(stored.record.title + stored.record.text)
                if said == theirs or SequenceMatcher(None, said, theirs).ratio() >= _ALIKE:
                    return stored
        return None


def differences(record: Record, said: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that would change. What the row leaves empty stays; a plain number is no reason to drop 约."""
    changed = {name: value for name, value in said.items() if value not in (None, "") and getattr(record, name) != value}
    for number, about in (("person_times", "persons_approx"), ("money_yuan", "money_approx")):
        if about in changed and number not in changed and not changed[about]:
            del changed[about]
    # Found out from names, never from their absence.
    for name in ("leader_present", "principal_present"):
        if not changed.get(name, True):
            del changed[name]
    return changed
