"""A person's judgement as points: within a range, or a mark out of a hundred."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, held, plain, register
from assessment.terms import Figures, Term, Terms, decimal, number


@register
class Points(Pattern):
    """A reviewer's range (酌情扣0.5–2分): what is entered is given, or taken off the marks."""

    slug = "points"
    title = gettext_lazy("points within a range")
    declared = {
        "from": Term(gettext_lazy("range from"), "points", is_needed=False, is_points=True),
        "to": Term(gettext_lazy("range to"), "points", is_needed=False, is_points=True),
        "deduct": Term(gettext_lazy("off the marks"), "truth", is_needed=False),
    }

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return ("value",)

    def _range(self, terms: Terms, marks: Decimal) -> tuple[Decimal, Decimal]:
        return decimal(terms.get("from", 0)), decimal(terms.get("to", marks))

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        least, most = self._range(terms, marks)
        # 0 is always possible: nothing to take off, or nothing to give.
        given = f"CASE WHEN {f('value')} = 0 THEN 0 ELSE greatest({number(least)}, least({number(most)}, {f('value')})) END"
        return held(f"{number(marks)} - {given}" if terms.get("deduct") else given, number(marks), floor=True)

    def words(self, terms: Terms, marks: Decimal) -> str:
        least, most = self._range(terms, marks)
        text = _("As the reviewer judges, %(least)s to %(most)s off.") if terms.get("deduct") else _(
            "As the reviewer judges, %(least)s to %(most)s."
        )  # fmt: skip
        return text % {"least": plain(least), "most": plain(most)}

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        least, most = self._range(terms, marks)
        entered = decimal(figures["value"])
        given = entered if entered == 0 else max(least, min(most, entered))
        text = plain(given) if given == entered else f"{plain(entered)} → {plain(given)}"
        return f"{plain(marks)} − {text}" if terms.get("deduct") else text

    def faults(self, terms: Terms, marks: Decimal) -> Iterator[str]:
        least, most = self._range(terms, marks)
        if least > most or most > marks:
            yield _("The range does not fit the marks of the line.")


@register
class Mark(Pattern):
    slug = "mark"
    title = gettext_lazy("a mark in proportion")
    declared = {"of": Term(gettext_lazy("best mark"), "count")}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return ("value",)

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        return held(f"{number(marks)} * {f('value')} / {number(terms['of'])}", number(marks), floor=True)

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("%(marks)s × mark ÷ %(of)s.") % {"marks": plain(marks), "of": plain(terms["of"])}

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        return f"{plain(marks)} × {plain(decimal(figures['value']))} ÷ {plain(terms['of'])}"
