"""A village's figure of the cycle's year beside that of the year before."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Figures, Term, Terms, literal
from units.models.figure import Metric

# Growth from nothing has no rate; it reaches every step.
FROM_NOTHING = 1_000_000


@register
class Growth(Reading):
    """``growth`` is in per cent, exact as far as the figures are. Without both figures: not applicable."""

    slug = "growth"
    title = _("growth of a village's figure")
    declared = {"metric": Term(_("figure"), "word", words=tuple(Metric.values))}
    figures = {"before": _("the year before"), "after": _("this year"), "growth": _("growth in per cent")}

    def join(self, terms: Terms, alias: str) -> str:
        return " ".join(
            f"LEFT JOIN units_figure {alias}{which} ON {alias}{which}.unit_id = s.village_id"
            f" AND {alias}{which}.metric = {literal(terms['metric'])} AND {alias}{which}.year = %(year)s{less}"
            for which, less in (("b", " - 1"), ("a", ""))
        )

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        before, after = f"{alias}b.value", f"{alias}a.value"
        return {
            "before": f"trim_scale({before})",
            "after": f"trim_scale({after})",
            # Thirty digits: a growth of 4.9999… is not 5.
            "growth": f"""CASE WHEN {before} > 0
                THEN trim_scale(({after} - {before}) * 100 / (({before})::numeric(60, 30)))
                WHEN {after} > {before} THEN {FROM_NOTHING} ELSE 0 END""",
        }

    def applies(self, terms: Terms, figure: Figures) -> str:
        return f"{figure('before')} IS NOT NULL AND {figure('after')} IS NOT NULL"
