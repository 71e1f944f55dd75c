"""Penalties: so many points for each so many of a figure (每2次黄牌扣1分)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, plain, register
from assessment.terms import Figures, Term, Terms, decimal, number, word


@register
class Penalties(Pattern):
    """A line of the deductions: its points are positive, and come off the base."""

    slug = "penalties"
    title = gettext_lazy("penalties")
    declared = {"penalties": Term(gettext_lazy("penalties"), "penalties", is_points=True)}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return tuple(word(name) for name in terms["penalties"])

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        points = " + ".join(
            f"{number(penalty['each'])} * div({f(word(name))}::numeric, {number(penalty['every'])})"
            for name, penalty in terms["penalties"].items()
        )
        return f"least({number(marks)}, {points})"

    def words(self, terms: Terms, marks: Decimal) -> str:
        from assessment.patterns.steps import in_order, name_of

        parts = []
        for name, penalty in in_order(terms["penalties"]):
            one = decimal(penalty["every"]) == 1
            text = _("%(name)s: %(each)s for each") if one else _("%(name)s: %(each)s for every %(every)s")
            parts.append(text % {"name": name_of(name), "each": plain(penalty["each"]), "every": plain(penalty["every"])})
        return "；".join(parts) + _("; at most %(marks)s.") % {"marks": plain(marks)}

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        from assessment.patterns.steps import in_order

        parts, total = [], Decimal(0)
        for name, penalty in in_order(terms["penalties"]):
            n, each, every = decimal(figures[name]), decimal(penalty["each"]), decimal(penalty["every"])
            if n:
                times = n // every
                total += each * times
                parts.append(f"{plain(each)} × {plain(n)}" if every == 1 else f"{plain(each)} × ⌊{plain(n)} ÷ {plain(every)}⌋")
        points = " + ".join(parts) or "0"
        return f"min({plain(marks)}, {points})" if total > marks else points
