"""Points by a ratio: in proportion, or off for each tenth of a percentage point below a target."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.patterns.declare import Pattern, held, plain, register
from assessment.terms import Figures, Term, Terms, number, word

_PART = Term(gettext_lazy("part"), "word")
_WHOLE = Term(gettext_lazy("whole"), "word")


@register
class Ratio(Pattern):
    slug = "ratio"
    title = gettext_lazy("in proportion")
    declared = {"part": _PART, "whole": _WHOLE}

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (word(terms["part"]), word(terms["whole"]))

    def applies(self, terms: Terms, f: Figures) -> str:
        return f"{f(word(terms['whole']))} > 0"

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        part, whole = f(word(terms["part"])), f(word(terms["whole"]))
        return held(f"{number(marks)} * {part} / nullif({whole}, 0)", number(marks), floor=True)

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("%(marks)s × the share that is done.") % {"marks": plain(marks)}

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        return f"{plain(marks)} × {plain(figures[terms['part']])} ÷ {plain(figures[terms['whole']])}"


@register
class TenthPoints(Pattern):
    """每减少0.1个百分点: each full tenth of a percentage point below the target costs, down to 0."""

    slug = "tenth_points"
    title = gettext_lazy("points off for each tenth of a percentage point")
    declared = {
        "part": _PART,
        "whole": _WHOLE,
        "target": Term(gettext_lazy("target in per cent"), "points"),
        "each": Term(gettext_lazy("points for each tenth"), "points", is_points=True),
    }

    def _tenths(self, terms: Terms, f: Figures) -> str:
        part, whole = f(word(terms["part"])), f(word(terms["whole"]))
        # Whole-number division, exact: no per cent is rounded on the way.
        return f"greatest(0, div(({number(terms['target'])} * {whole} - 100 * {part}) * 10, nullif({whole}, 0)))"

    def needs(self, terms: Terms) -> tuple[str, ...]:
        return (word(terms["part"]), word(terms["whole"]))

    def own(self, terms: Terms, f: Figures) -> dict[str, str]:
        return {"tenths": self._tenths(terms, f)}

    def applies(self, terms: Terms, f: Figures) -> str:
        return f"{f(word(terms['whole']))} > 0"

    def score(self, terms: Terms, marks: Decimal, f: Figures) -> str:
        return held(f"{number(marks)} - {number(terms['each'])} * {self._tenths(terms, f)}", number(marks), floor=True)

    def words(self, terms: Terms, marks: Decimal) -> str:
        return _("Each 0.1 percentage point below %(target)s%% costs %(each)s, not below 0.") % {
            "target": plain(terms["target"]),
            "each": plain(terms["each"]),
        }

    def formula(self, terms: Terms, marks: Decimal, figures: Mapping[str, Any]) -> str:
        tenths, each = Decimal(str(figures["tenths"])), Decimal(str(terms["each"]))
        points = f"{plain(marks)} − {plain(each)} × {plain(tenths)}"
        return f"max(0, {points})" if each * tenths > marks else points
