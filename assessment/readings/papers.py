"""Papers of a pairing that are on file: its agreement and its yearly plan."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Term, Terms

# The day that stands in the pairing for each paper.
DAYS = {"agreement": "agreement_signed_on", "plan": "plan_approved_on"}


@register
class Papers(Reading):
    slug = "papers"
    title = _("papers on file")
    declared = {"papers": Term(_("papers"), "words", words=tuple(DAYS))}
    figures = {"agreement": _("agreement on file"), "plan": _("yearly plan on file")}

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {
            paper: f"CASE WHEN s.{day} <= %(ends_on)s::date THEN 1 ELSE 0 END" if paper in terms["papers"] else "0"
            for paper, day in DAYS.items()
        }
