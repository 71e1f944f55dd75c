"""Rows against records there are, and against each other: what is the same, what was corrected, what must be asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from activities.importing.reading import Said
from activities.importing.stored import Archive, Stored
from lib.sheets.fingerprint import fingerprint
from lib.sheets.readings import Choice
from pairing.models import Pairing
from units.importing.rows import Row

ANOTHER, LEAVE = "another", "leave"
_THIS_ONE = "is:"


class Doubles:
    """``stored``: by id() of a row, the record that it is. Rows without one are new, unless they are left out."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows
        self.stored: dict[int, Stored] = {}
        self._left_out: set[int] = set()

    def is_left_out(self, row: Row) -> bool:
        """Whether the row says what another says already, or somebody chose to leave it out."""
        return id(row) in self._left_out

    def settle(self) -> None:
        """Find each row's record; ask about rows that may be one. Two queries."""
        pairings: dict[int, Pairing] = {p.pk: p for row in self.rows for p in row.found["pairings"]}
        archive = Archive.load(pairings, (_said(row).facts.occurred_on for row in self.rows))
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            groups[row.key].append(row)
        fresh = []
        for key, group in groups.items():
            paired = archive.pair(key, [_said(row).columns for row in group]) if key in archive.by_key else [None] * len(group)
            earlier: list[Row] = []
            for row, stored in zip(group, paired, strict=True):
                if stored is not None:
                    self.stored[id(row)] = stored
                elif self._is_new_in_file(row, earlier):
                    fresh.append(row)
                earlier.append(row)
        taken = {stored.record.pk for stored in self.stored.values()}
        for row in fresh:
            if row.is_ok:
                self._ask_about_alike(row, archive, taken)

    def _is_new_in_file(self, row: Row, earlier: list[Row]) -> bool:
        """Whether a row without a record is a thing of its own, beside rows of the file in the same words."""
        if not earlier:
            return True
        first = earlier[0]
        where = {"row": first.reading.row, "sheet": first.reading.sheet}
        equal = next((one for one in earlier if _said(one).columns == _said(row).columns), None)
        if equal is not None:
            where = {"row": equal.reading.row, "sheet": equal.reading.sheet}
            message = _("The same stands in row %(row)d of sheet %(sheet)s, in the same words: it is imported once.")
            row.note("", "same_twice", message % where)
            self._left_out.add(id(row))
            return False
        answer = row.asked("twice", "", row.key, per_cell=True)
        if answer == ANOTHER:
            # Known apart from the first, and still the same when the file comes again.
            row.key = fingerprint(row.key, len(earlier))
            return True
        if answer == LEAVE:
            self._left_out.add(id(row))
            return False
        message = _(
            "Row %(row)d of sheet %(sheet)s has the same unit, village, type, day and words, but other values. Another one?"
        )
        row.ask("twice", "", row.key, message % where, (_another(), _leave()), per_cell=True)
        return False

    def _ask_about_alike(self, row: Row, archive: Archive, taken: set[int]) -> None:
        facts = _said(row).facts
        ids = [pairing.pk for pairing in facts.pairings]
        found = archive.alike(ids, facts.type, facts.occurred_on, facts.title + facts.text, taken)
        if found is None:
            return
        answer = row.asked("duplicate_record", "text", row.key, per_cell=True) or ""
        if answer == ANOTHER:
            return
        if answer == LEAVE:
            self._left_out.add(id(row))
            return
        named = archive.by_uid.get(answer.removeprefix(_THIS_ONE))
        if named is not None:
            self.stored[id(row)] = named
            taken.add(named.record.pk)
            return
        record = found.record
        message = _("A similar record of %(day)s is there already: “%(title)s”. Is this the same one, or another?")
        this_one = Choice(f"{_THIS_ONE}{record.uid}", _("The same one: correct it by this row"))
        choices = (this_one, _another(), _leave()) if found.may_change else (_another(), _leave())
        title = record.title or record.text[:40]
        row.ask(
            "duplicate_record",
            "text",
            row.key,
            message % {"day": record.occurred_on.isoformat(), "title": title},
            choices,
            per_cell=True,
        )


def _said(row: Row) -> Said:
    said: Said = row.found["said"]
    return said


def _another() -> Choice:
    return Choice(ANOTHER, _("Another one: import it too"))


def _leave() -> Choice:
    return Choice(LEAVE, _("Leave this row out"))
