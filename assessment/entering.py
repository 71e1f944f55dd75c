"""What a reviewer may type for a line, and how far two reviewers are apart: by the line's rule.

A figure is kept as typed and tidied: a number with at most two decimals, or one of the rule's words ("adopted").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessment.models import Entry, RubricLine

_CENT = Decimal("0.01")
# Above this a count was certainly a slip of the pen.
_MOST = Decimal(1_000_000)
# A bound above this is none that people need to be told.
_TOLD = Decimal(10_000)
# Rules that reckon with how often something was done, or missed.
_TIMES = ("per_missing", "per_met", "threshold")
_MISSED = ("per_missed", "halved")
# Above this share of a line's marks, two people on site are too far apart (domain.md §4.5).
APART = Decimal("0.2")


def words_of(line: RubricLine) -> dict[str, Decimal]:
    """The words that a line takes instead of a number, with their points; empty for a number."""
    if line.pattern != "choice":
        return {}
    return {str(word): Decimal(str(points)) for word, points in line.pattern_terms["choices"].items()}


def bounds_of(line: RubricLine) -> tuple[Decimal, Decimal]:
    """The least and the greatest number that a line takes: as its reading says, else as its rule does."""
    terms, own = line.pattern_terms, line.reading_terms
    least, most = Decimal(0), _MOST
    if line.pattern == "points":
        least, most = Decimal(str(terms.get("from", 0))), Decimal(str(terms.get("to", line.max_score)))
    elif line.pattern == "mark":
        most = Decimal(str(terms.get("of", 100)))
    most = Decimal(str(own.get("most", own.get("sampled", most))))
    return Decimal(str(own.get("least", least))), most


def is_times(line: RubricLine) -> bool:
    """Whether a rule reckons with how often something was done; a pass mark (``scaled``: false) is no such number."""
    return line.pattern in _TIMES and bool(line.pattern_terms.get("scaled", True))


def is_count(line: RubricLine) -> bool:
    """Whether what is typed was counted: visits, households. Nobody is half a household."""
    return is_times(line) or line.pattern in _MISSED or "sampled" in line.reading_terms


def asked_for(line: RubricLine) -> str:
    """What a number typed for a line counts, and its bounds: "times, 0 to 366"; empty where there is no upper bound to tell."""
    least, most = bounds_of(line)
    if words_of(line) or most > _TOLD:
        return ""
    if line.pattern == "mark":
        text = _("mark, from %(least)s to %(most)s")
    elif line.pattern == "points":
        text = (
            _("points off, from %(least)s to %(most)s")
            if line.pattern_terms.get("deduct")
            else _("points, from %(least)s to %(most)s")
        )
    elif "sampled" in line.reading_terms:
        text = _("how many of the %(most)s sampled, from %(least)s")
    elif is_times(line):
        text = _("number of times, from %(least)s to %(most)s")
    else:
        text = _("figure, from %(least)s to %(most)s")
    return text % {"least": f"{least.normalize():f}", "most": f"{most.normalize():f}"}


def checked(line: RubricLine, value: str) -> str:
    """The value as it is kept. Raises ValidationError (``value``) that says what may be typed."""
    text = unicodedata.normalize("NFKC", str(value)).strip().replace(",", "")
    words = words_of(line)
    if words:
        if text not in words:
            raise ValidationError({"value": _("Choose one of the words of this line.")}, "wrong_value")
        return text
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValidationError({"value": _("Write a number, for example 3 or 2.5.")}, "wrong_value") from None
    least, most = bounds_of(line)
    # Within a range of points, nothing to give or to take off is always possible.
    is_nothing = line.pattern == "points" and number == 0
    if not number.is_finite() or not (is_nothing or least <= number <= most):
        told = {"least": f"{least:f}", "most": f"{most:f}"}
        raise ValidationError({"value": _("Write a number from %(least)s to %(most)s.") % told}, "wrong_value")
    if is_count(line) and number != number.to_integral_value():
        raise ValidationError({"value": _("This is counted: write a whole number.")}, "wrong_value")
    if number != number.quantize(_CENT):
        raise ValidationError({"value": _("At most two decimals.")}, "wrong_value")
    return f"{number.normalize():f}"


def points(line: RubricLine, value: str) -> Decimal:
    """About how many points a figure is worth, for comparing two; of a count, the count."""
    words = words_of(line)
    if words:
        return words[value]
    number = Decimal(value)
    if line.pattern == "mark":
        return number / Decimal(str(line.pattern_terms.get("of", 100))) * line.max_score
    if "each" in line.pattern_terms:
        return number * abs(Decimal(str(line.pattern_terms["each"])))
    return number


def is_alone(line: RubricLine, entries: Sequence[Entry]) -> bool:
    """Whether one of the two people on site has entered and the other has not (domain.md §4.5).

    A figure that no account entered is an agreed paper, typed in once.
    """
    return line.on_site and len(entries) == 1 and entries[0].scorer_id is not None and not entries[0].is_settling


def why_pending(line: RubricLine, entries: Sequence[Entry]) -> str:
    """Why a line that people enter has no points yet."""
    if is_alone(line, entries):
        return _("One of the two people on site has entered; the other figure is missing")
    if line.on_site and needs_third(line, entries):
        return _("The two figures are more than a fifth of the marks apart: a third person settles it")
    return _("The figure is still missing")


def needs_third(line: RubricLine, entries: Sequence[Entry]) -> bool:
    """Whether two figures are too far apart and nobody has settled it yet."""
    return not any(entry.is_settling for entry in entries) and are_apart(line, [entry.value for entry in entries])


def are_apart(line: RubricLine, values: Sequence[str]) -> bool:
    """Whether two figures differ by more than a fifth of the line's marks, so that a third person settles it."""
    found = [points(line, value) for value in values]
    return len(found) > 1 and max(found) - min(found) > APART * line.max_score
