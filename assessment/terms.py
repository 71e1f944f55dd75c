"""What a line of a rubric says beside its words: the terms of a reading or a pattern, declared, checked and put into SQL.

Terms are data that people write. Nothing of them goes into a statement but numbers and words that pass here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Terms = Mapping[str, Any]
# The SQL of a figure by its name.
Figures = Callable[[str], str]
_WORD = re.compile(r"[a-z][a-z0-9_]{0,29}")
_MOST = Decimal(10) ** 9


class TermWrong(ValueError):
    """A term cannot be what is written; the text is a sentence for people."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its name for people, how it is checked, and whether it must stand there. ``sort`` names the reader."""

    label: Promise
    sort: str
    is_needed: bool = True
    # What a word may be; empty: any code.
    words: tuple[str, ...] = ()
    # Points, which follow the marks of the line when these are changed.
    is_points: bool = False


def decimal(value: Any) -> Decimal:
    """A number of a term, exactly as written. Raises TermWrong."""
    try:
        if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
            raise InvalidOperation
        found = Decimal(str(value))
        if not found.is_finite() or abs(found) > _MOST:
            raise InvalidOperation
    except InvalidOperation:
        raise TermWrong(_("“%(value)s” is no number.") % {"value": str(value)[:40]}) from None
    return found


def number(value: Any) -> str:
    """A number as SQL, of type numeric."""
    return f"({decimal(value):f})::numeric"


def word(value: Any) -> str:
    """A code as it may stand in SQL. Raises TermWrong."""
    if not isinstance(value, str) or not _WORD.fullmatch(value):
        raise TermWrong(_("“%(value)s” is no code. Codes are lower-case letters, digits and _.") % {"value": str(value)[:40]})
    return value


def literal(value: Any) -> str:
    """A code as an SQL string."""
    return f"'{word(value)}'"


def _known(value: Any, term: Term) -> str:
    found = word(value)
    if term.words and found not in term.words:
        raise TermWrong(
            _("“%(value)s” is not known here. Write one of: %(words)s.") % {"value": found, "words": "、".join(term.words)}
        )
    return found


def _count(value: Any) -> None:
    found = decimal(value)
    if found < 1 or found != found.to_integral_value():
        raise TermWrong(_("“%(value)s” does not fit. Write a whole number of at least 1.") % {"value": str(value)[:40]})


def _points(value: Any) -> None:
    if decimal(value) < 0:
        raise TermWrong(_("“%(value)s” does not fit. Write a number that is not below 0.") % {"value": str(value)[:40]})


def _check(term: Term, value: Any) -> None:
    if term.sort == "number":
        decimal(value)
    elif term.sort == "points":
        _points(value)
    elif term.sort == "count":
        _count(value)
    elif term.sort == "truth":
        if not isinstance(value, bool):
            raise TermWrong(_("“%(value)s” is neither yes nor no.") % {"value": str(value)[:40]})
    elif term.sort == "word":
        if value != "" or term.is_needed:
            _known(value, term)
    elif term.sort == "words":
        if not isinstance(value, (list, tuple)) or not value:
            raise TermWrong(_("Name at least one."))
        for each in value:
            _known(each, term)
    elif term.sort == "table":
        _check_table(term, value)
    elif term.sort == "steps":
        _check_steps(value)
    elif term.sort == "penalties":
        _check_penalties(value)
    elif term.sort == "beside":
        if not isinstance(value, Mapping):
            raise TermWrong(_("The terms are not readable. Write them again."))
    elif term.sort == "required":
        # A number, scaled by the months, or the name of a figure that says it already.
        if isinstance(value, str) and _WORD.fullmatch(value):
            return
        _count(value)
    else:
        raise ValueError(f"No reader for terms of sort {term.sort!r}.")


def _check_table(term: Term, value: Any) -> None:
    if not isinstance(value, Mapping) or not value:
        raise TermWrong(_("Name at least one."))
    for name, points in value.items():
        _known(name, term)
        decimal(points)


def _check_steps(value: Any) -> None:
    if not isinstance(value, (list, tuple)) or not value:
        raise TermWrong(_("Name at least one step."))
    lower: Decimal | None = None
    for step in value:
        if not isinstance(step, Mapping) or ("from" in step) == ("above" in step) or "score" not in step:
            raise TermWrong(_("A step says from which figure on, or above which, there are how many points."))
        _points(step["score"])
        begins = decimal(step.get("from", step.get("above")))
        if lower is not None and begins >= lower:
            raise TermWrong(_("Write the highest step first; each begins below the one before it."))
        lower = begins


def _check_penalties(value: Any) -> None:
    if not isinstance(value, Mapping) or not value:
        raise TermWrong(_("Name at least one."))
    for name, penalty in value.items():
        word(name)
        if not isinstance(penalty, Mapping) or set(penalty) != {"each", "every"}:
            raise TermWrong(_("A penalty says how many points, and for how many each time."))
        _points(penalty["each"])
        _count(penalty["every"])


def faults_of(declared: Mapping[str, Term], given: Any) -> Iterator[tuple[str, str]]:
    """(name of the term, sentence) for what is missing, unknown or does not fit."""
    if not isinstance(given, Mapping):
        yield "", _("The terms are not readable. Write them again.")
        return
    for name, term in declared.items():
        if name not in given:
            if term.is_needed:
                yield name, _("“%(name)s” is missing.") % {"name": term.label}
            continue
        try:
            _check(term, given[name])
        except TermWrong as wrong:
            yield name, f"{term.label}：{wrong}"
    for name in given:
        if name not in declared:
            yield name, _("“%(name)s” is not known here.") % {"name": str(name)[:40]}
