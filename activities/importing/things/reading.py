"""From the cells of a row to what it says of a project, a livelihood item or a courtyard."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from activities.forms.items import details_of
from activities.importing.reading import MOST_PERSONS, MOST_YUAN
from activities.models import Item, ItemKind, ItemState
from lib.chinese.money import parse_money
from lib.chinese.text import fold
from lib.kinds.declare import Type
from lib.sheets.readings import DateValue, MoneyValue, NumberValue
from units.importing.rows import Row

_CENT = Decimal("0.01")
_CLOSED = re.compile(r"(?<![未没待不])(?:已?办结|已?完成|已解决|已落实|结案)(?!\d*[%％])")
_ONE_WORD = re.compile(r"^(?:[√✓是]|在办|办理中|正在办理|进行中|已办结|办结|已完成|完成)$")
_PROPOSED = frozenset({"提出", "拟办", "未开始", "未办", "待办", "已提出"})
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    ItemKind.PROJECT: ("name", "category", "description", "money_yuan", "raised_on", "planned_on", "person_in_charge"),
    ItemKind.LIVELIHOOD: (
        "name", "category", "description", "raised_on", "planned_on", "money_yuan", "beneficiaries", "person_in_charge",
    ),
    ItemKind.COURTYARD: ("house_no", "householder", "raised_on"),
}  # fmt: skip
_SOURCES = {
    "funds_state": ("财政", "上级"),
    "funds_unit": ("单位", "自筹"),
    "funds_society": ("社会", "捐"),
    "funds_other": ("其他", "其它"),
}


@dataclass(slots=True)
class Said:
    """What a row says; what its cells leave empty is absent. Dates of its steps stand apart: they become records."""

    columns: dict[str, Any] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    # Only where the cell says a day: 2024年10月 begins no milestone.
    started_on: date | None = None
    finished_on: date | None = None
    awarded_on: date | None = None
    state: str = ""
    outcome: str = ""

    @property
    def days(self) -> tuple[date, ...]:
        """The days it names, those of its steps first."""
        found = (self.finished_on, self.awarded_on, self.started_on, self.columns.get("raised_on"))
        return tuple(day for day in found if day is not None)


def said_by(row: Row, kind: str) -> Said:
    """What the row's cells say; errors on the row for numbers that cannot be."""
    said = Said()
    for name in _COLUMNS[kind]:
        value = _value(row, name, last=name == "planned_on")
        if value not in (None, ""):
            said.columns[name] = value
    for one in details_of(kind):
        value = _value(row, one.key)
        if value not in (None, ""):
            said.details[one.key] = _plain(value, one.type)
    if kind == ItemKind.PROJECT:
        _read_sources(row, said)
        begun = row.read("raised_on")
        said.started_on = begun.start if isinstance(begun, DateValue) and begun.precision == "day" else None
    if kind == ItemKind.LIVELIHOOD:
        _read_state(row, said)
    said.finished_on, said.awarded_on = _day(row, "completed_on"), _day(row, "awarded_on") if kind == ItemKind.COURTYARD else None
    raised_on = said.columns.get("raised_on")
    if raised_on is not None and said.finished_on is not None and said.finished_on < raised_on:
        message = _("Nothing is finished before it was raised or begun. Correct one of the days.")
        row.error("completed_on", "finished_before_raised", message)
    if kind == ItemKind.LIVELIHOOD and _CLOSED.search(fold(row.text("state"))) and said.finished_on is None:
        row.error("completed_on", "closed_without_day", _("It says that the item is closed, and not when. Fill in 实际完成时间."))
    return said


def _value(row: Row, name: str, *, last: bool = False) -> Any:
    value = row.read(name)
    match value:
        case DateValue():
            # 计划 2024年12月 means by its end, 开工 2024年9月 from its beginning.
            return value.end if last else value.start
        case MoneyValue():
            if not 0 <= value.yuan < MOST_YUAN:
                row.error(name, "too_much", _("%(n)s yuan cannot be. Correct the amount.") % {"n": value.yuan})
                return None
            return value.yuan.quantize(_CENT)
        case NumberValue():
            most = 100 if name in ("progress", "score") else MOST_PERSONS
            if not 0 <= value.value <= most:
                message = _("%(n)s cannot be: at most %(most)d. Correct the number.")
                row.error(name, "too_many", message % {"n": value.value, "most": most})
                return None
            return value.value
    return value


def _plain(value: Any, kind: Type) -> Any:
    """A further column's value as the form keeps it: whole numbers as such, amounts as exact text."""
    if kind == Type.INTEGER:
        return int(value)
    return format(value, "f") if isinstance(value, Decimal) else value


def _day(row: Row, name: str) -> date | None:
    value = row.read(name)
    return value.start if isinstance(value, DateValue) else None


def _read_state(row: Row, said: Said) -> None:
    """How far an item has come, and what was said of it beside the one word."""
    text = row.text("state")
    said.state = ItemState.PROPOSED if text in _PROPOSED else ItemState.IN_PROGRESS
    words = {str(ItemState(state).label) for state in ItemState}
    said.outcome = "" if _ONE_WORD.match(text) or text in _PROPOSED or text in words else text


def _read_sources(row: Row, said: Said) -> None:
    """Amounts out of 财政50万元、单位自筹20万元; a source named alone brings the whole total."""
    text = fold(row.text("sources"))
    if not text or any(key in said.details for key in _SOURCES):
        return
    found: dict[str, Decimal] = {}
    named = []
    for part in re.split(r"[、,;。+\s]+", text):
        key = next((key for key, words in _SOURCES.items() if any(word in part for word in words)), None)
        if key is None:
            continue
        named.append(key)
        amount = re.search(r"[0-9][0-9.,]*\s*(?:万|亿)?元?", part)
        parsed = parse_money(amount[0], None) if amount else None
        if parsed is not None and parsed.yuan is not None:
            found[key] = found.get(key, Decimal(0)) + parsed.yuan.quantize(_CENT)
    total = said.columns.get("money_yuan")
    if not found and len(set(named)) == 1 and total is not None:
        found[named[0]] = total
    for key, amount_found in found.items():
        said.details[key] = format(amount_found, "f")
    if not found or len(found) < len(set(named)):
        message = _("The sources of the money are named without amounts, which cannot be kept apart: %(text)s")
        row.note("sources", "sources_unclear", message % {"text": row.text("sources")[:80]})


def differences(item: Item, said: Said) -> tuple[dict[str, Any], dict[str, Any]]:
    """Columns and further columns that would change. What a row leaves empty stays as it is."""
    columns = {name: value for name, value in said.columns.items() if getattr(item, name) != value}
    details = {key: value for key, value in said.details.items() if not _same(item.details.get(key), value)}
    # A site that names the village and no more is the village's column of the paper form.
    if "site" in details and not item.details.get("site") and details["site"] == item.village.name:
        del details["site"]
    return columns, details


def _same(kept: Any, value: Any) -> bool:
    if kept == value:
        return True
    try:
        return kept is not None and Decimal(str(kept)) == Decimal(str(value))
    except ArithmeticError:
        return False


__all__ = ["Said", "differences", "said_by"]
