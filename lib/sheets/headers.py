"""Finding the heading row and saying what each column of the sheet is."""

import re
from dataclasses import dataclass, field

from lib.chinese.money import UNIT_WORDS, MoneyUnit
from lib.sheets.columns import DROPPED_WORDS, IGNORED_HEADINGS, NAME_WORDS, PHONE_WORDS, Part, SheetKind, Spot, Type, heading_key
from lib.sheets.grid import Cell, MergedRange, Sheet

SEARCHED_ROWS = 40
_MOST_HEADING = 200
_CHILD_WORDS = frozenset(
    map(heading_key, (*NAME_WORDS, *PHONE_WORDS, "职务", "单位", "单位及职务", "性别", "年龄", "元", "万元"))
)
_PHONE_KEYS = frozenset(map(heading_key, PHONE_WORDS))
_BRACKET = re.compile(r"^(.+?)\(([^()]*)\)$")
_UNIT_TAIL = re.compile(r"^(.+?)[/,:]?(万元|元)$")


@dataclass(slots=True)
class Mapped:
    """One column of the sheet that stands for (part of) a declared column."""

    index: int
    spot: Spot
    heading: str
    unit: MoneyUnit | None = None


@dataclass(slots=True)
class Headers:
    """The heading row and what it says. `first_data_row` counts from 0, as `row` does."""

    row: int
    first_data_row: int
    mapped: list[Mapped] = field(default_factory=list)
    repeated: list[Mapped] = field(default_factory=list)
    unknown: list[tuple[int, str]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)

    @property
    def n_known(self) -> int:
        """How many columns the heading row names."""
        return len(self.mapped)

    def covers(self, column: str) -> bool:
        """Whether any part of the declared column has a heading."""
        return any(mapped.spot.column == column for mapped in self.mapped)


def find_headers(sheet: Sheet, kind: SheetKind) -> Headers:
    """The heading row with the most known names; `n_known` may be too few to be one."""
    best = Headers(0, 1)
    blocks = _merges_by_row(sheet.merged)
    for row in range(min(len(sheet.rows), SEARCHED_ROWS)):
        if not any(isinstance(cell, str) and cell for cell in sheet.rows[row]):
            continue
        for texts, height in _readings_of(sheet, row, blocks):
            found = _map(texts, kind, row, row + height)
            if found.n_known > best.n_known or (found.n_known == best.n_known and _is_cleaner(found, best)):
                best = found
    return best


def _is_cleaner(found: Headers, best: Headers) -> bool:
    """Of two readings that know as much: the pair of one row, or that which leaves less unknown.

    A stamp line merged over the whole width reads like a group above every heading; then 序号 is no longer one.
    """
    return found.row == best.row or len(found.unknown) < len(best.unknown)


def _readings_of(sheet: Sheet, row: int, blocks: dict[int, list[MergedRange]]) -> list[tuple[list[str], int]]:
    """The row read as a heading alone and, where the next row hangs under it, as a pair."""
    top = [_text(cell) for cell in sheet.rows[row]]
    readings = [(top, 1)]
    if row + 1 < len(sheet.rows) and _has_children(top, sheet.rows[row + 1], row, blocks):
        readings.append((_flatten(top, [_text(cell) for cell in sheet.rows[row + 1]], row, blocks), 2))
    elif any(block.bottom == row + 1 for block in blocks.get(row, ())):
        readings.append((top, 2))
    return readings


def _has_children(top: list[str], below: list[Cell], row: int, blocks: dict[int, list[MergedRange]]) -> bool:
    """Whether the next row only names parts of what stands above it."""
    children = {c: _text(cell) for c, cell in enumerate(below) if cell != ""}
    if not children or not all(children.values()):
        return False  # a number or date is data
    grouped = {c for b in blocks.get(row, ()) if b.right > b.left for c in range(b.left, b.right + 1)}
    for column, text in children.items():
        if column in grouped:
            continue
        above = top[column] if column < len(top) else ""
        opens_group = bool(above) and not (top[column + 1] if column + 1 < len(top) else "")
        if heading_key(text) not in _CHILD_WORDS or (above and not opens_group):
            return False
    return True


def _flatten(top: list[str], below: list[str], row: int, blocks: dict[int, list[MergedRange]]) -> list[str]:
    """Two heading rows as one: 组长 over 姓名 and 电话 gives 组长/姓名 and 组长/电话."""
    width = max(len(top), len(below))
    top = top + [""] * (width - len(top))
    below = below + [""] * (width - len(below))
    reach = {c: b.left for b in blocks.get(row, ()) for c in range(b.left, b.right + 1)}
    flat: list[str] = []
    for column in range(width):
        parent, child = top[reach.get(column, column)], below[column]
        if not parent and child:
            parent = _nearest_left(top, column)
        flat.append(f"{parent}/{child}" if parent and child and parent != child else parent or child)
    return flat


def _nearest_left(top: list[str], column: int) -> str:
    return next((text for text in reversed(top[:column]) if text), "")


def _map(texts: list[str], kind: SheetKind, row: int, first_data_row: int) -> Headers:
    found = Headers(row, first_data_row)
    taken: set[Spot] = set()
    last: Spot | None = None
    for index, text in enumerate(texts):
        key = heading_key(text)
        if not key or key in IGNORED_HEADINGS:
            continue
        if any(word in key for word in DROPPED_WORDS):
            found.dropped.append(text)
            continue
        spot, unit = _spot(key, kind)
        if key.split("/")[-1] in _PHONE_KEYS and (spot is None or spot in taken):
            spot = _phone_of(last, kind, taken)
        if spot is None:
            found.unknown.append((index, text))
            last = None
            continue
        if kind.column(spot.column).dropped:
            found.dropped.append(text)
            continue
        mapped = Mapped(index, spot, text, unit)
        (found.repeated if spot in taken else found.mapped).append(mapped)
        taken.add(spot)
        last = spot
    return found


def _spot(key: str, kind: SheetKind) -> tuple[Spot | None, MoneyUnit | None]:
    """What a heading stands for, and the unit of money that it says."""
    unit: MoneyUnit | None = None
    for candidate in _spellings(key):
        spot = kind.spots.get(candidate)
        if spot is not None:
            if kind.column(spot.column).type is Type.MONEY:
                unit = _unit(key)
            return spot, unit
    return None, None


def _spellings(key: str) -> list[str]:
    """The heading itself, then without what is in brackets, then without its group or unit."""
    spellings = [key]
    if match := _BRACKET.match(key):
        spellings.append(match[1])
    if match := _UNIT_TAIL.match(key):
        spellings.append(match[1])
    if "/" in key:
        parent, _, child = key.partition("/")
        if child not in _CHILD_WORDS:
            spellings += _spellings(child)
        else:
            bare = _BRACKET.match(parent)
            spellings += [f"{bare[1]}/{child}"] if bare else []
    return spellings


def _unit(key: str) -> MoneyUnit | None:
    match = _BRACKET.match(key)
    inside = match[2].removeprefix("单位:") if match else ""
    tail = _UNIT_TAIL.match(key)
    return UNIT_WORDS.get(inside) or (UNIT_WORDS.get(tail[2]) if tail else None)


def _phone_of(last: Spot | None, kind: SheetKind, taken: set[Spot]) -> Spot | None:
    """A bare 电话 belongs to the person whose column stands directly before it."""
    if last is None or kind.column(last.column).type is not Type.PERSON:
        return None
    spot = Spot(last.column, Part.PHONE)
    return None if spot in taken else spot


def _merges_by_row(merged: list[MergedRange]) -> dict[int, list[MergedRange]]:
    by_row: dict[int, list[MergedRange]] = {}
    for block in merged:
        if block.top < SEARCHED_ROWS:
            by_row.setdefault(block.top, []).append(block)
    return by_row


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) and len(cell) <= _MOST_HEADING else ""
