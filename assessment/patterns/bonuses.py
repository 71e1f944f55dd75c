"""Bonus by level: for each matter, or for the highest only."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, plain, register
from assessment.terms import Figures, Term, Terms, decimal, number, word


class _ByLevel(Pattern):
    declared = {"levels": Term(gettext_lazy("points for each level"), "table", is_points=True)}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return tuple(word(name) for name in terms["levels"])

    def _names(self, terms: Terms) -> str:
        from assessment.patterns.steps import in_order, name_of

        return "，".join(f"{name_of(name)} {plain(points)}" for name, points in in_order(terms["levels"]))


@register
class Levels(_ByLevel):
    """Each matter by its level. Of one matter the reading gives the highest only."""

    slug = "levels"
    title = gettext_lazy("points by level")

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        points = " + ".join(f"{number(each)} * {f(word(name))}" for name, each in terms["levels"].items())
        return f"least({number(marks)}, {points})"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("For each matter by its highest level: %(levels)s; at most %(marks)s.") % {
            "levels": self._names(terms),
            "marks": plain(marks),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        from assessment.patterns.steps import in_order

        counted = [(decimal(each), decimal(figures[name])) for name, each in in_order(terms["levels"]) if decimal(figures[name])]
        points = " + ".join(f"{plain(each)} × {plain(n)}" for each, n in counted) or "0"
        return f"min({plain(marks)}, {points})" if sum(each * n for each, n in counted) > marks else points


@register
class HighestOnly(_ByLevel):
    """Of all matters the highest level only."""

    slug = "highest_only"
    title = gettext_lazy("the highest level only")

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        each = ", ".join(
            f"CASE WHEN {f(word(name))} > 0 THEN {number(points)} ELSE 0 END" for name, points in terms["levels"].items()
        )
        return f"least({number(marks)}, greatest(0, {each}))"

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("The highest only: %(levels)s; at most %(marks)s.") % {"levels": self._names(terms), "marks": plain(marks)}

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        found = [decimal(points) for name, points in terms["levels"].items() if decimal(figures[name]) > 0]
        best = max(found, default=Decimal(0))
        text = f"max({', '.join(plain(points) for points in found)})" if len(found) > 1 else plain(best)
        return f"min({plain(marks)}, {text})" if best > marks else text
