"""House numbers as they are compared: #88, 88号 and 门牌８８ are one household."""

from __future__ import annotations

import re
import unicodedata

_NOISE = re.compile(r"[\s#号户.。,，]|门牌|no", re.IGNORECASE)


# How a courtyard begins whose ledger gave no house number (activities.importing.reading.with_household), in both languages.
_MARKS = ("待补", "to be completed")


def is_to_be_completed(house_no: str) -> bool:
    """Whether a house number only marks that it is still to be found out."""
    return house_no.startswith(_MARKS)


def shown(name: str) -> str:
    """The name as people read it on a card: what only keeps two unknown households apart is left out."""
    return re.sub(r"\s*#[0-9a-f]{8}$", "", name) if is_to_be_completed(name) else name


def house_key(written: str) -> str:
    """What a written house number is compared by; empty when nothing is left."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", written).replace("—", "-")).casefold()[:40]
