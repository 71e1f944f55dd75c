"""Deduct for each time missing, with or without floor, doubled after a reminder; points for each time done."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, by_months, held, plain, register
from assessment.terms import Figures, Term, Terms, decimal, number, word

_EACH = Term(gettext_lazy("points for each"), "points", is_points=True)
_FLOOR = Term(gettext_lazy("not below 0"), "truth", is_needed=False)


def _floor_words(terms: Terms) -> str:
    return _("not below 0") if terms.get("floor", True) else _("may go below 0")


def _held_words(points: str, terms: Terms, marks: Decimal, total: Decimal) -> str:
    """The formula with its bound, where the bound was reached."""
    if terms.get("floor", True) and total < 0:
        return f"max(0, {points})"
    if total > marks:
        return f"min({plain(marks)}, {points})"
    return points


@register
class PerMissing(Pattern):
    """So many a year; each short costs. ``required``: a number, scaled by the months, or a figure that says it already."""

    slug = "per_missing"
    title = gettext_lazy("points off for each time missing")
    declared = {
        "required": Term(gettext_lazy("at least so many"), "required"),
        "each": _EACH,
        "floor": _FLOOR,
        "figure": Term(gettext_lazy("counted figure"), "word", is_needed=False),
        "late_each": Term(gettext_lazy("points off for each late one"), "points", is_needed=False, is_points=True),
    }

    def _figure(self, terms: Terms) -> str:
        return word(terms.get("figure", "done"))

    def _is_figure(self, terms: Terms) -> bool:
        return isinstance(terms["required"], str) and not terms["required"].isdigit()

    def _required(self, terms: Terms, f: Figures) -> str:
        return f(word(terms["required"])) if self._is_figure(terms) else by_months(number(terms["required"]))

    def _missing(self, terms: Terms, f: Figures) -> str:
        return f"greatest(0, {self._required(terms, f)} - {f(self._figure(terms))})"

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (
            self._figure(terms),
            *([word(terms["required"])] if self._is_figure(terms) else []),
            *(["late"] if "late_each" in terms else []),
        )

    def own(self, terms: Terms, f: Figures) -> dict[str, str]:
        return {"required": self._required(terms, f), "missing": self._missing(terms, f), "months": "s.months"}

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        points = f"{number(marks)} - {number(terms['each'])} * {self._missing(terms, f)}"
        if "late_each" in terms:
            points += f" - {number(terms['late_each'])} * {f('late')}"
        return held(points, number(marks), floor=terms.get("floor", True))

    def words(self, terms: Terms, marks: Decimal) -> str:
        if self._is_figure(terms):
            text = _("Each one missing costs %(each)s, %(floor)s.")
        else:
            text = _("At least %(required)s a year; each one missing costs %(each)s, %(floor)s.")
        found = text % {"required": plain(terms["required"]) if not self._is_figure(terms) else "", "each": plain(terms["each"]),
                        "floor": _floor_words(terms)}  # fmt: skip
        if "late_each" in terms:
            found += _(" Each late one costs %(each)s.") % {"each": plain(terms["late_each"])}
        return found

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        missing, late = decimal(figures["missing"]), decimal(figures.get("late", 0))
        points = f"{plain(marks)} − {plain(terms['each'])} × {plain(missing)}"
        total = marks - decimal(terms["each"]) * missing
        if "late_each" in terms:
            points += f" − {plain(terms['late_each'])} × {plain(late)}"
            total -= decimal(terms["late_each"]) * late
        points = _held_words(points, terms, marks, total)
        if decimal(figures["months"]) < 12 and not self._is_figure(terms):
            points += _(" (%(months)s months active: %(required)s asked for)") % {
                "months": plain(figures["months"]),
                "required": plain(figures["required"]),
            }
        return points


@register
class PerMissed(Pattern):
    """Each missed period, each household that does not know: costs; double when it is missed after a reminder."""

    slug = "per_missed"
    title = gettext_lazy("points off for each one missed")
    declared = {
        "each": _EACH,
        "floor": _FLOOR,
        "figure": Term(gettext_lazy("counted figure"), "word", is_needed=False),
        "doubled_after_reminder": Term(gettext_lazy("double after a reminder"), "truth", is_needed=False),
    }

    def _figure(self, terms: Terms) -> str:
        return word(terms.get("figure", "missed"))

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (self._figure(terms), *(["reminded"] if terms.get("doubled_after_reminder") else []))

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        times = f(self._figure(terms))
        if terms.get("doubled_after_reminder"):
            times = f"({times} + {f('reminded')})"
        return held(f"{number(marks)} - {number(terms['each'])} * {times}", number(marks), floor=terms.get("floor", True))

    def words(self, terms: Terms, marks: Decimal) -> str:
        found = _("Each one missed costs %(each)s, %(floor)s.") % {"each": plain(terms["each"]), "floor": _floor_words(terms)}
        if terms.get("doubled_after_reminder"):
            found += _(" Not done after a reminder it costs double.")
        return found

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        missed, reminded = decimal(figures[self._figure(terms)]), Decimal(0)
        points = f"{plain(marks)} − {plain(terms['each'])} × {plain(missed)}"
        if terms.get("doubled_after_reminder"):
            reminded = decimal(figures["reminded"])
            points = f"{plain(marks)} − {plain(terms['each'])} × ({plain(missed)} + {plain(reminded)})"
        return _held_words(points, terms, marks, marks - decimal(terms["each"]) * (missed + reminded))


@register
class PerMet(Pattern):
    """Points for each period met. ``of_due``: a waived or not due period takes no points away; those due carry the marks."""

    slug = "per_met"
    title = gettext_lazy("points for each one done")
    declared = {
        "each": _EACH,
        "figure": Term(gettext_lazy("counted figure"), "word", is_needed=False),
        "of_due": Term(gettext_lazy("periods that are not due take no points away"), "truth", is_needed=False),
    }

    def _figure(self, terms: Terms) -> str:
        return word(terms.get("figure", "met"))

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (self._figure(terms), *(["due"] if terms.get("of_due") else []))

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        points = f"{number(terms['each'])} * {f(self._figure(terms))}"
        if terms.get("of_due"):
            carried = f"{number(terms['each'])} * {f('due')}"
            points = (
                f"CASE WHEN {carried} < {number(marks)} THEN {number(marks)} * {f(self._figure(terms))} / nullif({f('due')}, 0)"
                f" ELSE {points} END"
            )
        return f"least({number(marks)}, {points})"

    def words(self, terms: Terms, marks: Decimal) -> str:
        found = _("Each one done earns %(each)s, at most %(marks)s.") % {"each": plain(terms["each"]), "marks": plain(marks)}
        if terms.get("of_due"):
            found += _(" Waived periods and those not due take nothing away.")
        return found

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        met, each = decimal(figures[self._figure(terms)]), decimal(terms["each"])
        if terms.get("of_due") and each * decimal(figures["due"]) < marks:
            return f"{plain(marks)} × {plain(met)} ÷ {plain(figures['due'])}"
        points = f"{plain(each)} × {plain(met)}"
        return f"min({plain(marks)}, {points})" if each * met > marks else points


@register
class Halved(Pattern):
    """Each one costs; those of the second figure cost half (减半扣分)."""

    slug = "halved"
    title = gettext_lazy("points off, half for some")
    declared = {
        "each": _EACH,
        "full": Term(gettext_lazy("figure that costs in full"), "word"),
        "half": Term(gettext_lazy("figure that costs half"), "word"),
        "floor": _FLOOR,
    }

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (word(terms["full"]), word(terms["half"]))

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        each = number(terms["each"])
        points = f"{number(marks)} - {each} * {f(word(terms['full']))} - {each} * {f(word(terms['half']))} / 2"
        return held(points, number(marks), floor=terms.get("floor", True))

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("Each one costs %(each)s, some half of it, %(floor)s.") % {
            "each": plain(terms["each"]),
            "floor": _floor_words(terms),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        full, half, each = decimal(figures[terms["full"]]), decimal(figures[terms["half"]]), decimal(terms["each"])
        points = f"{plain(marks)} − {plain(each)} × {plain(full)} − {plain(each)} × {plain(half)} ÷ 2"
        return _held_words(points, terms, marks, marks - each * full - each * half / 2)
