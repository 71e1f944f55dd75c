"""What single cells of the list of pairings say."""

from __future__ import annotations

import re
from datetime import date

from lib.sheets.readings import DateValue
from pairing.ledgers import PAIRINGS, SELF_CHOSEN_WORD
from pairing.models import Origin
from units.importing.rows import Row

FIRST_YEAR, LAST_YEAR = 2000, 2100
# Put into words only when they are shown.
LABELS = {column.name: column.label for column in PAIRINGS.columns}
_WORDS_BETWEEN = re.compile(r"[;；,，、\s]+")


def day_of(row: Row, column: str) -> date | None:
    """The day in a cell; None when it is empty or in doubt."""
    value = row.read(column)
    return value.start if isinstance(value, DateValue) else None


def origin_of(row: Row) -> Origin:
    """自选 stands in the remarks, in a form that has no column for it."""
    return Origin.SELF_CHOSEN if SELF_CHOSEN_WORD in _remarks(row) else Origin.ASSIGNED


def _remarks(row: Row) -> list[str]:
    return [word for word in _WORDS_BETWEEN.split(row.text("notes")) if word]


def notes_of(row: Row) -> str:
    """The remarks without the word for a self-chosen village, which is a field of its own."""
    text = row.text("notes")
    if SELF_CHOSEN_WORD not in _remarks(row):
        return text
    return ";".join(word for word in _remarks(row) if word != SELF_CHOSEN_WORD)
