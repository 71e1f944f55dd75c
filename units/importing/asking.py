"""Questions that every ledger asks alike: which unit, which village is meant."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from lib.sheets.readings import Choice
from units.importing.places import Found, names_of
from units.importing.registry import Context
from units.importing.rows import NEW, Row
from units.models import Unit
from units.models.unit import VILLAGE_KINDS

MOST_LIKELY = 3


def find_unit(row: Row, column: str, context: Context, *, may_be_new: bool = False, likely: Sequence[Unit] = ()) -> Unit | None:
    """The unit that a cell names. None, with a question on the row, when that is not plain.

    ``likely``: offered first in the question, for what other cells of the row say.

    None without a question when the cell is empty, or when the answer was that the unit is new (``says_new``).
    """
    text = row.text(column)
    if not text:
        return None
    found = context.places.organisation(text)
    if found.unit is not None:
        return found.unit
    chosen = chosen_unit(row, column, text, context)
    if chosen is None and not (may_be_new and says_new(row, column)):
        ask_which_unit(row, column, text, _first(likely, found.candidates), may_be_new=may_be_new)
    return chosen


def says_new(row: Row, column: str) -> bool:
    """Whether somebody answered that the unit named in this cell is a new one."""
    return row.asked("unit_unknown", column, row.text(column)) == NEW


def chosen_unit(row: Row, column: str, text: str, context: Context) -> Unit | None:
    """The unit that somebody chose for these words: by picking it, or by writing its name."""
    answer = row.asked("unit_unknown", column, text)
    if not answer or answer == NEW:
        return None
    return learn(row, text, context.places.by_uid.get(answer) or context.places.organisation(answer).unit)


def learn(row: Row, text: str, unit: Unit | None) -> Unit | None:
    """Note that these words mean this unit: once the row is imported, every ledger knows it."""
    if unit is not None:
        row.learnt.append((text, unit))
    return unit


def ask_which_unit(row: Row, column: str, text: str, candidates: tuple[Unit, ...], *, may_be_new: bool = False) -> None:
    """Ask which unit is meant, the likeliest first."""
    choices = tuple(Choice(str(unit.uid), unit.name) for unit in candidates)
    if may_be_new:
        choices = (*choices, Choice(NEW, _("New unit: %(name)s") % {"name": text}))
    message = (
        _("No unit is called “%(name)s”. Which one is meant?")
        if not candidates
        else _("“%(name)s” is not the name of a unit here. Is it one of these?")
    )
    row.ask("unit_unknown", column, text, message % {"name": text}, choices, free=True)


def _first(likely: Sequence[Unit], candidates: tuple[Unit, ...]) -> tuple[Unit, ...]:
    return tuple(dict.fromkeys((*likely[:MOST_LIKELY], *candidates)))


def find_village(
    row: Row,
    column: str,
    town_column: str,
    context: Context,
    *,
    prefer: Collection[int] = (),
    likely: Sequence[Unit] = (),
) -> Unit | None:
    """The village that a cell names, in the town that another cell (or the name itself) gives.

    ``prefer``: ids of those meant where two towns have one of the name; ``likely``: offered first when none has.

    None, with a question on the row, when that is not plain; None without one when the cell is empty.
    """
    text, town = row.text(column), row.text(town_column) if town_column else ""
    if not text:
        return None
    found = context.places.village(text, town, prefer=prefer)
    if found.unit is not None:
        return found.unit
    match found.doubt:
        case "town_unknown":
            return _settle_town(row, column, town_column, context, found, prefer)
        case "several" | "town_differs":
            return _settle_several(row, column, text, context, found)
        case _:
            return _settle_unknown(row, column, text, context, replace(found, candidates=_first(likely, found.candidates)))


def _settle_town(row: Row, column: str, town_column: str, context: Context, found: Found, prefer: Collection[int]) -> Unit | None:
    town = row.text(town_column)
    answer = row.asked("town_unknown", town_column, town)
    if answer:
        named = context.places.by_uid.get(answer)
        again = context.places.village(row.text(column), named.name if named else answer, prefer=prefer)
        if again.unit is not None:
            learn(row, town, context.places.by_id.get(again.unit.parent_id or 0))
            return again.unit
        if again.doubt != "town_unknown":
            return _settle_unknown(row, column, row.text(column), context, again)
    choices = tuple(Choice(str(unit.uid), unit.name) for unit in found.candidates)
    message = _("There is no town called “%(name)s” here. Which one is meant?") % {"name": town}
    row.ask("town_unknown", town_column, town, message, choices, free=True)
    return None


def _settle_several(row: Row, column: str, text: str, context: Context, found: Found) -> Unit | None:
    # The same name may mean another village in the next row: the answer is for this cell.
    answer = row.asked("village_several", column, text, per_cell=True)
    if answer in context.places.by_uid:
        return context.places.by_uid[answer]
    choices = tuple(_choice(unit, context) for unit in found.candidates)
    if found.doubt == "town_differs":
        message = _("“%(name)s” names another town than the column of towns. Which village is meant?")
    else:
        message = _("Several villages are called “%(name)s”. Which town's is meant? (Write the town to avoid the question.)")
    row.ask("village_several", column, text, message % {"name": text}, choices, per_cell=True)
    return None


def _settle_unknown(row: Row, column: str, text: str, context: Context, found: Found) -> Unit | None:
    # The town is part of what was asked: 荷洞 may be 荷垌 in one town and a village of its own in another.
    subject = f"{found.town.name}{text}" if found.town is not None and not text.startswith(found.town.name) else text
    answer = row.asked("village_unknown", column, subject)
    if answer:
        chosen = context.places.by_uid.get(answer)
        if chosen is None:
            chosen = context.places.village(answer, found.town.name if found.town is not None else "").unit
        if chosen is not None and chosen.kind in VILLAGE_KINDS:
            return learn(row, text, chosen)
    where = found.town.name if found.town is not None else ""
    names = {"name": text, "town": where, "near": names_of(found.candidates)}
    if found.candidates:
        message = (
            _("There is no village called “%(name)s” in %(town)s. Is it one of these: %(near)s?")
            if where
            else _("There is no village called “%(name)s”. Is it one of these: %(near)s?")
        )
    else:
        message = _("There is no village called “%(name)s”. Which one is meant?")
    row.ask("village_unknown", column, subject, message % names, tuple(_choice(u, context) for u in found.candidates), free=True)
    return None


def _choice(village: Unit, context: Context) -> Choice:
    return Choice(str(village.uid), f"{context.places.town_of(village)} {village.name}".strip())
