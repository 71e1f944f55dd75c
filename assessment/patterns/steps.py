"""All or nothing at a threshold; steps by a figure; points for each paper; a word's points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, by_months, plain, register
from assessment.terms import Figures, Term, Terms, decimal, literal, number, word

_FIGURE = Term(gettext_lazy("counted figure"), "word", is_needed=False)


@register
class Threshold(Pattern):
    """达标得满分，否则不得分. A number of times is scaled by the months; a pass mark is not (``scaled``: false)."""

    slug = "threshold"
    title = gettext_lazy("full marks from a threshold on")
    declared = {
        "at_least": Term(gettext_lazy("at least"), "number"),
        "else": Term(gettext_lazy("points otherwise"), "points", is_needed=False, is_points=True),
        "figure": _FIGURE,
        "scaled": Term(gettext_lazy("scaled by the months active"), "truth", is_needed=False),
    }

    def _least(self, terms: Terms) -> str:
        least = number(terms["at_least"])
        return by_months(least) if terms.get("scaled", True) else least

    def _figure(self, terms: Terms) -> str:
        return word(terms.get("figure", "done"))

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (self._figure(terms),)

    def own(self, terms: Terms, f: Figures) -> dict[str, str]:
        return {"at_least": self._least(terms)}

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        otherwise = number(terms.get("else", 0))
        return f"CASE WHEN {f(self._figure(terms))} >= {self._least(terms)} THEN {number(marks)} ELSE {otherwise} END"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("From %(least)s on %(marks)s, below it %(else)s.") % {
            "least": plain(terms["at_least"]),
            "marks": plain(marks),
            "else": plain(terms.get("else", 0)),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        given, least = decimal(figures[self._figure(terms)]), decimal(figures["at_least"])
        return f"{plain(given)} {'≥' if given >= least else '<'} {plain(least)}"

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        if decimal(terms.get("else", 0)) > marks:
            yield _("More points below the threshold than the line has marks.")


@register
class Steps(Pattern):
    """Points by the first step that a figure reaches, the highest first; below all of them none."""

    slug = "steps"
    title = gettext_lazy("points by steps")
    declared = {"steps": Term(gettext_lazy("steps"), "steps", is_points=True), "figure": _FIGURE}

    def _figure(self, terms: Terms) -> str:
        return word(terms.get("figure", "growth"))

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (self._figure(terms),)

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        figure = f(self._figure(terms))
        cases = " ".join(
            f"WHEN {figure} >= {number(step['from'])} THEN {number(step['score'])}"
            if "from" in step
            else f"WHEN {figure} > {number(step['above'])} THEN {number(step['score'])}"
            for step in terms["steps"]
        )
        return f"CASE {cases} ELSE 0::numeric END"

    def words(self, terms: Terms, marks: Decimal) -> str:
        unit = "%" if self._figure(terms) == "growth" else ""
        parts = [
            (f"≥ {plain(step['from'])}" if "from" in step else f"> {plain(step['above'])}")
            + unit
            + _(": ")
            + plain(step["score"])
            for step in terms["steps"]
        ]
        return "；".join([*parts, _("otherwise 0")])

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        from assessment.readings.growth import FROM_NOTHING

        figure = decimal(figures[self._figure(terms)])
        if "before" not in figures:
            return plain(figure)
        before, after = plain(figures["before"]), plain(figures["after"])
        if figure == FROM_NOTHING or decimal(figures["before"]) <= 0:
            return f"{before} → {after}"
        # Two digits say it, unless they would lift it over a step.
        told = round(figure, 2)
        if any((told >= decimal(step.get("from", step.get("above")))) != (figure >= decimal(step.get("from", step.get("above"))))
               for step in terms["steps"]):  # fmt: skip
            told = figure
        return f"({after} − {before}) ÷ {before} = {told:f}%"

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        if any(decimal(step["score"]) > marks for step in terms["steps"]):
            yield _("A step gives more points than the line has marks.")
        scores = [decimal(step["score"]) for step in terms["steps"]]
        if any(higher < lower for higher, lower in pairwise(scores)):
            yield _("A higher step gives fewer points than a lower one.")


@register
class Parts(Pattern):
    """Points for each part that is there: agreement 2, plan 2."""

    slug = "parts"
    title = gettext_lazy("points for each part that is there")
    declared = {"parts": Term(gettext_lazy("points for each part"), "table", is_points=True)}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return tuple(word(name) for name in terms["parts"])

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        points = " + ".join(
            f"CASE WHEN {f(word(name))} > 0 THEN {number(each)} ELSE 0 END" for name, each in terms["parts"].items()
        )
        return f"least({number(marks)}, {points})"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("Points for each that is there: %(points)s.") % {
            "points": "，".join(f"{name_of(name)} {plain(each)}" for name, each in in_order(terms["parts"]))
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        return " + ".join(plain(each) if decimal(figures[name]) > 0 else "0" for name, each in in_order(terms["parts"]))

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        if sum(decimal(each) for each in terms["parts"].values()) != marks:
            yield _("The points of the parts do not add up to the marks of the line.")


CHOICES = {"adopted": gettext_lazy("adopted"), "submitted": gettext_lazy("submitted"), "none": gettext_lazy("none")}


def in_order(table: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The entries of a table in the order of what they name: the database keeps none. Unknown codes last, by themselves."""
    from assessment.readings import READINGS

    known = [*CHOICES, *(name for reading in READINGS.values() for name in reading.figures)]
    place = {name: known.index(name) for name in table if name in known}
    return sorted(table.items(), key=lambda entry: (place.get(entry[0], len(known)), entry[0]))


def name_of(code: str) -> str:
    """A figure's or a choice's name for people; the code where it has none."""
    from assessment.readings import READINGS

    for reading in READINGS.values():
        if code in reading.figures:
            return str(reading.figures[code])
    return str(CHOICES.get(code, code))


@register
class Choice(Pattern):
    """The reviewer says a word; each has its points."""

    slug = "choice"
    title = gettext_lazy("points by a word")
    declared = {"choices": Term(gettext_lazy("points for each word"), "table", is_points=True)}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return ("word",)

    def is_there(self, terms: Terms, f: Figures) -> str:
        return f"{f('word')} IN ({', '.join(literal(name) for name in terms['choices'])})"

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        cases = " ".join(f"WHEN {literal(name)} THEN {number(points)}" for name, points in terms["choices"].items())
        return f"CASE {f('word')} {cases} END"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return "；".join(f"{name_of(name)} {plain(points)}" for name, points in in_order(terms["choices"]))

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        return name_of(str(figures["value"]))

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        if max(decimal(each) for each in terms["choices"].values()) != marks:
            yield _("The best word does not give the marks of the line.")
