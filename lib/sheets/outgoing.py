"""Text that leaves in a spreadsheet: nothing a program runs, nothing a file cannot hold."""

import re

from lib.chinese.text import tidy

MAX_CELL = 32_767
_CUT_MARK = "…（过长，已截断）"
# Excel reads _x0041_ in a string as the character A; an escaped underscore keeps it as typed.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def cell_text(text: str) -> str:
    """Text as a cell can hold it: cleaned, and cut with a mark at Excel's limit."""
    text = tidy(text)
    if _excel_length(text) <= MAX_CELL:
        return text
    room = MAX_CELL - len(_CUT_MARK)
    while _excel_length(text) > room:
        text = text[: len(text) - max(1, (_excel_length(text) - room) // 2)]
    return text + _CUT_MARK


def escaped(text: str) -> str:
    """The text for a string cell's XML, so that no part of it is taken for an escape."""
    return _ESCAPE_LIKE.sub("_x005F_", text)


def starts_like_formula(text: str) -> bool:
    """Whether a spreadsheet program would take the text for a formula when it is typed or pasted."""
    return text.startswith(_FORMULA_STARTS)


def csv_text(text: str) -> str:
    """Text for a csv cell, which has no types: a leading ' keeps it from being run (ASVS 1.2.10)."""
    text = tidy(text)
    return f"'{text}" if starts_like_formula(text) else text


def _excel_length(text: str) -> int:
    """Excel counts UTF-16 units."""
    return len(text) + sum(c > "\uffff" for c in text) if not text.isascii() else len(text)
