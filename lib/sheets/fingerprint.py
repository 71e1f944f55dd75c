"""A short stable name for what a row says, so that the same row is known when it comes again."""

import hashlib
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from lib.chinese.text import match_key


def fingerprint(*values: Any) -> str:
    """32 hexadecimal digits over normalised values: the same for 张 三 and 张三, ３ and 3, 1.50 and 1.5.

    Takes what readings hold (texts, numbers, dates, value objects, tuples, None), and whole numbers
    such as the id of a matched object. Order matters.
    """
    text = "\x1f".join(_plain(value) for value in values)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return match_key(value)
    if isinstance(value, int | Decimal):
        return format(Decimal(value).normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return "\x1e".join(_plain(item) for item in value)
    if is_dataclass(value):
        return "\x1d".join(_plain(getattr(value, f.name)) for f in fields(value))
    raise TypeError(f"fingerprint() cannot take {type(value).__name__}; give text, number, date or a reading's value.")
