"""Values on their way out: the cell of a list, the fact on a page, the value in a file. Formatted once, here.

A page of 50 rows costs 5.2 ms with Django's localising template filters and 0.6 ms with ready strings (performance.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, When
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lib.chinese.phones import mask_phone
from lib.kinds.addresses import Addresses
from lib.kinds.declare import Access, Field, Kind, Type
from lib.sheets.readings import DateValue, MoneyValue, NumberValue, PersonValue, Value

Row = Mapping[str, Any]
_UID, _PHONE = "__uid", "__phone"


def selected(kind: Kind, access: Access, fields: Iterable[Field]) -> tuple[dict[str, Any], list[str]]:
    """(annotations, paths) that a query must select for these fields; keys as ``value`` and the others here read them.

    A field that may not be read on every row is empty on the others.
    """
    annotations: dict[str, Any] = {}
    paths: list[str] = []
    for one in fields:
        shown = one.annotate() if one.annotate else F(one.source)
        guard = kind.guard(one, access)
        annotations[_name(one)] = shown if guard is None else Case(When(pk__in=guard.values("pk"), then=shown), default=None)
        for source, ending in ((one.uid, _UID), (one.phone, _PHONE)):
            if source:
                annotations[_name(one) + ending.replace("__", "_")] = F(source) if isinstance(source, str) else source()
        if one.note:
            paths.append(one.note)
    return annotations, paths


def _name(one: Field) -> str:
    # A prefix: an annotation may not be called like a column of the model.
    return f"k_{one.key}"


def value(row: Row, one: Field) -> Any:
    """The bare value of a field in a selected row."""
    return row[_name(one)]


def _beside(row: Row, one: Field, ending: str) -> Any:
    return row.get(_name(one) + ending.replace("__", "_"))


def _word(one: Field, code: Any) -> str:
    return str(one.choices(code).label) if code in one.choices.values else str(code or "")


def day(when: date) -> str:
    """A date as tables show it: 2024-09-03."""
    return when.isoformat()


def long_day(when: date) -> str:
    """A date as sentences show it: 2024年9月3日."""
    return f"{when.year}年{when.month}月{when.day}日"


def minute(when: datetime) -> str:
    """An instant as a history shows it, in the county's time."""
    return localtime(when).strftime("%Y-%m-%d %H:%M")


def number(amount: int | Decimal) -> str:
    """A number with separators: 12,345."""
    return f"{amount:,}"


def text(row: Row, one: Field) -> str:
    """What a person reads; empty for nothing."""
    found = value(row, one)
    if found is None or found == "" or found == []:
        return ""
    match one.type:
        case Type.CHOICE:
            return _word(one, found)
        case Type.CHOICES:
            return _("、").join(_word(one, code) for code in found)
        case Type.NAMES:
            return _("、").join(map(str, found))
        case Type.YES_NO:
            return _("yes") if found else _("no")
        case Type.DATE:
            return day(found)
        case Type.INTEGER | Type.NUMBER | Type.MONEY:
            return number(found)
        case Type.PHONE:
            return mask_phone(found)
    return str(found)


def cell(row: Row, one: Field, label: str, address: Addresses) -> dict[str, Any]:
    """One cell of a list, as templates/parts/table.html reads it; ``label``: of the field, in the reader's language."""
    made: dict[str, Any] = {"text": text(row, one), "label": label, "numeric": one.is_numeric}
    uid = _beside(row, one, _UID)
    url = address(one.route, uid) if uid is not None and one.route else ""
    if url:
        made["url"] = url
    if one.note and row[one.note]:
        made["note"] = row[one.note]
    phone = _beside(row, one, _PHONE)
    if phone:
        made["note"] = mask_phone(phone)
    return made


def sheet_value(row: Row, one: Field) -> Value | None:
    """The value for a spreadsheet, in the shapes of lib.sheets."""
    found = value(row, one)
    if found is None or found == "" or found == []:
        return None
    match one.type:
        case Type.INTEGER | Type.NUMBER:
            return NumberValue(Decimal(found))
        case Type.MONEY:
            return MoneyValue(Decimal(found))
        case Type.DATE:
            return DateValue(found, found)
        case Type.YES_NO:
            return bool(found)
        case Type.CHOICE:
            return str(found)
        case Type.CHOICES:
            return tuple(map(str, found))
        case Type.NAMES:
            return tuple(map(str, found))
        case Type.PERSON:
            return PersonValue(str(found), str(_beside(row, one, _PHONE) or ""))
    return str(found)
