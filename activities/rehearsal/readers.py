"""Reading one value of a scenario: the right kind of thing, or a sentence saying what to write instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from activities.actions.terms import TERM_FIELDS
from activities.models import Carrier, RuleTerms
from activities.presets import Preset
from activities.rehearsal.faults import Wrong
from activities.rehearsal.gazetteer import Gazetteer, Village
from lib.periods import Span, period_named

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")
# Before and after, the table of periods has no rows (activities/migrations).
FIRST_YEAR, LAST_YEAR = 2015, 2060
_MOST_SHOWN = 40
# Control characters but for tab and line ends, and halves of letters: PostgreSQL keeps none of them.
_UNKEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass
class Names:
    """What the words of one scenario may refer to."""

    places: Gazetteer
    preset: Preset
    # By code, of the rule set in use: a county's own may differ from every preset.
    rules: Collection[str] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    pairings: Collection[str] = ()
    records: Collection[str] = ()
    units: Collection[str] = ()
    villages: Collection[str] = ()


Reader = Callable[[Any, Names], Any]


def shown(value: Any) -> str:
    """A value as it stands in the file, short."""
    text = (
        value
        if isinstance(value, str)
        else "null"
        if value is None
        else str(value).lower()
        if value is True or value is False
        else str(value)
    )
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 1] + "…"


def _said(value: Any, expected: str, **more: Any) -> Wrong:
    return Wrong(expected % {"value": shown(value), **more})


def near(value: str, known: Collection[str]) -> str:
    """``known``, those that look like ``value`` first, as text for a sentence."""
    close = get_close_matches(value, list(known), 3, 0.5)
    return _(", ").join(close or list(known)[:20])


def words(most: int) -> Reader:
    """Some words, of so many letters at most: nothing is cut off."""

    def read(value: Any, names: Names) -> str:
        if not isinstance(value, str) or not value.strip():
            raise _said(value, _("“%(value)s” is no text. Write some words between quotation marks."))
        found = value.strip()
        if _UNKEPT.search(found):
            raise _said(_UNKEPT.sub("?", found), _("“%(value)s” holds letters that cannot be kept. Type it anew."))
        if len(found) > most:
            raise _said(found, _("“%(value)s” is too long: %(most)d letters at most."), most=most)
        return found

    return read


# What most columns hold: reasons, names of records. Names of people, of units and the like: as their tables do.
text = words(200)
PERSON, UNIT, HOUSE, PROJECT, MATTER, DOC_NO = 40, 80, 40, 120, 120, 60


def any_text(value: Any, names: Names) -> str:
    """Words or none."""
    return "" if value == "" else words(400)(value, names)


def truth(value: Any, names: Names) -> bool:
    if not isinstance(value, bool):
        raise _said(value, _("“%(value)s” is neither true nor false. Write true or false, without quotation marks."))
    return value


def whole(least: int, most: int) -> Reader:
    """A whole number from ``least`` to ``most``."""

    def read(value: Any, names: Names) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise _said(
                value, _("“%(value)s” does not fit. Write a whole number from %(least)d to %(most)d."), least=least, most=most
            )
        return value

    return read


def yuan(value: Any, names: Names) -> Decimal:
    """A sum of money, as a number or as text so that no fen is lost."""
    try:
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float, str))
            or (isinstance(value, float) and not math.isfinite(value))
        ):
            raise InvalidOperation
        amount = Decimal(str(value))
        if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14:
            raise InvalidOperation
        return amount.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise _said(value, _("“%(value)s” is no sum of money. Write a number of yuan.")) from None


def number(value: Any, names: Names) -> Decimal | str:
    """A raw figure of the assessment: a number, or one of the words of item F."""
    if isinstance(value, str) and value in ("none", "submitted", "adopted"):
        return value
    try:
        return yuan(value, names)
    except Wrong:
        raise _said(value, _("“%(value)s” is no figure. Write a number, or none, submitted or adopted.")) from None


def day(value: Any, names: Names) -> date:
    """2024-09-03."""
    try:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise ValueError
        found = date.fromisoformat(value)
    except ValueError:
        raise _said(value, _("“%(value)s” is no date. Write it like 2024-09-03.")) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _said(value, _("“%(value)s” lies outside of %(first)d to %(last)d."), first=FIRST_YEAR, last=LAST_YEAR)
    return found


def instant(value: Any, names: Names) -> datetime:
    """2024-09-03T09:00, local time; midnight may not be written 24:00."""
    try:
        if not isinstance(value, str) or not _INSTANT.fullmatch(value):
            raise ValueError
        found = datetime.fromisoformat(value)
    except ValueError:
        raise _said(value, _("“%(value)s” is no time. Write it like 2024-09-03T09:00, without a time zone.")) from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise _said(value, _("“%(value)s” lies outside of %(first)d to %(last)d."), first=FIRST_YEAR, last=LAST_YEAR)
    return timezone.make_aware(found)


def midnight(on: date) -> datetime:
    """The first instant of a day, local."""
    return timezone.make_aware(datetime.combine(on, time()))


def one_of(*words: str) -> Reader:
    def read(value: Any, names: Names) -> str:
        if not isinstance(value, str) or value not in words:
            raise _said(value, _("“%(value)s” is not known here. Write one of: %(words)s."), words=_(", ").join(words))
        return value

    return read


def each(reader: Reader) -> Reader:
    """A list with one entry at least, none twice."""

    def read(value: Any, names: Names) -> tuple[Any, ...]:
        if not isinstance(value, list) or not value:
            raise _said(value, _("“%(value)s” is no list. Write it in square brackets, with one entry at least."))
        found = tuple(reader(entry, names) for entry in value)
        if len(set(found)) < len(found):
            raise _said(value, _("“%(value)s” names something twice."))
        return found

    return read


def _known(kind: Callable[[Names], Collection[str]], sentence: Callable[[], str]) -> Reader:
    def read(value: Any, names: Names) -> str:
        found = kind(names)
        if not isinstance(value, str) or value not in found:
            raise _said(value, sentence(), words=near(str(value), found) or "—")
        return value

    return read


pairing = _known(lambda names: names.pairings, lambda: _("No pairing has the key “%(value)s”. Known: %(words)s."))
record = _known(lambda names: names.records, lambda: _("No record has the key “%(value)s”. Known: %(words)s."))
rule = _known(lambda names: names.rules, lambda: _("There is no rule “%(value)s”. Known: %(words)s."))
activity_type = _known(lambda names: names.types, lambda: _("There is no activity type “%(value)s”. Known: %(words)s."))
unit = _known(lambda names: names.units, lambda: _("No pairing of this scenario has the unit “%(value)s”. Known: %(words)s."))


def village(value: Any, names: Names) -> Village:
    """曹江镇荷垌村, of the county's list."""
    written = text(value, names)
    found = names.places.village(written)
    if found is None:
        like = names.places.villages_like(written)
        if like:
            raise _said(value, _("The county has no village “%(value)s”. Did you mean %(words)s?"), words=_(", ").join(like))
        raise _said(value, _("The county has no village “%(value)s”. Write town and village, like 曹江镇荷垌村."))
    return found


def paired_village(value: Any, names: Names) -> str:
    """A village of one of the scenario's pairings, by its full name."""
    found = village(value, names)
    if found.full not in names.villages:
        raise _said(
            value,
            _("No pairing of this scenario has the village “%(value)s”. Known: %(words)s."),
            words=_(", ").join(names.villages),
        )
    return found.full


def town(value: Any, names: Names) -> str:
    written = text(value, names)
    found = names.places.town(written)
    if found is None:
        like = _(", ").join(names.places.towns_like(written))
        if like:
            raise _said(value, _("The county has no town “%(value)s”. Did you mean %(words)s?"), words=like)
        raise _said(value, _("The county has no town “%(value)s”. Write it like 曹江镇."))
    return found


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a waiver is for: everybody, a town by name, a pairing by key."""

    kind: str
    name: str = ""


def scope(value: Any, names: Names) -> Scope:
    if value == "all":
        return Scope("all")
    if isinstance(value, dict) and len(value) == 1:
        [(kind, name)] = value.items()
        if kind == "town":
            return Scope("town", town(name, names))
        if kind == "pairing":
            return Scope("pairing", pairing(name, names))
    raise _said(value, _('“%(value)s” is no scope. Write "all", {"town": …} or {"pairing": …}.'))


def period(*kinds: str) -> Reader:
    """2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024; of these kinds only when some are named."""

    def read(value: Any, names: Names) -> Span:
        try:
            if not isinstance(value, str) or not value.isascii():
                raise ValueError
            found = period_named(value)
        except ValueError:
            raise _said(
                value, _("“%(value)s” is no period. Write it like 2024-W41, 2024-10, 2024-Q4, 2024-H2 or 2024.")
            ) from None
        if kinds and found.kind not in kinds:
            raise _said(value, _("“%(value)s” is not the kind of period asked for here. Write it like 2025-Q1."))
        return found

    return read


year = whole(FIRST_YEAR, LAST_YEAR)

# What a version of a rule says, but for its wording.
_TERMS: dict[str, Any] = {name: RuleTerms._meta.get_field(name) for name in TERM_FIELDS if name not in ("source_text", "doc_no")}
TERMS = tuple(_TERMS)


def term(name: str, value: Any, names: Names) -> Any:
    """A value for one field of a rule's terms. Raises Wrong; KeyError for a field that terms do not have."""
    column = _TERMS[name]
    if name == "types":
        return list(each(activity_type)(value, names))
    if value is None and column.null:
        return None
    if column.choices:
        words = [str(choice) for choice, _label in column.flatchoices if choice]
        return "" if value == "" and column.blank else one_of(*words)(value, names)
    if isinstance(column.get_default() if column.has_default() else None, bool):
        return truth(value, names)
    found = whole(0, 32767)(value, names)
    try:
        column.run_validators(found)
    except ValidationError as refused:
        raise _said(value, _("“%(value)s” does not fit: %(why)s"), why=" ".join(refused.messages)) from None
    return found


def carrier_of(type_code: str, names: Names) -> str:
    """How the records of a type are carried; what fields they take hangs on it."""
    return names.types.get(type_code, Carrier.ACTIVITY)
