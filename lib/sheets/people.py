"""Cells with people and telephone numbers."""

from lib.chinese.names import clean_name, parse_person
from lib.chinese.phones import PhoneParse, parse_phone
from lib.chinese.yesno import says_none
from lib.sheets import doubts
from lib.sheets.columns import Column
from lib.sheets.grid import Cell, CellError, shown
from lib.sheets.readings import PersonValue, Problem, Value


def read_phone(cell: Cell, column: Column) -> tuple[Value | None, Problem | None]:
    """A telephone number in its one spelling."""
    found = _parse(cell)
    return (found.number, None) if found.number else (None, doubts.phone(column, found, shown(cell)))


def read_person(name_cell: Cell, phone_cell: Cell, column: Column) -> tuple[Value | None, Problem | None]:
    """A person from a cell with name (and perhaps number), and the cell with the number, if any."""
    for cell in (name_cell, phone_cell):
        if type(cell) is CellError:
            return None, doubts.excel_error(column, str(cell))
    text = "" if isinstance(name_cell, str) and says_none(name_cell) else shown(name_cell)
    has_phone = phone_cell != "" and not (isinstance(phone_cell, str) and says_none(phone_cell))
    if not text:
        return (None, doubts.person_without_name(column, shown(phone_cell))) if has_phone else (None, None)
    if text.isalpha():
        name, inner = clean_name(text), None
    else:
        person = parse_person(text)
        name, inner = person.name, person.phone
    if not name:
        return None, doubts.person_without_name(column, text)
    if len(name) > 60:
        return None, doubts.too_long(column, len(name), 60)
    found = _parse(phone_cell) if has_phone else inner
    if found is None or found.number:
        return PersonValue(name, found.number or "" if found else ""), None
    return PersonValue(name), doubts.phone(column, found, shown(phone_cell) if has_phone else text)


def _parse(cell: Cell) -> PhoneParse:
    if isinstance(cell, bool) or not isinstance(cell, str | float | int):
        return PhoneParse(None, "unreadable")
    return parse_phone(cell)
