"""1+1+N: households on the list of a pairing on the cycle's last day, and those looked after by both members."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Figures, Terms

# For a row h of the table, on the cycle's last day.
LISTED = "h.listed_on <= %(ends_on)s::date AND (h.delisted_on IS NULL OR h.delisted_on > %(ends_on)s::date)"
COVERED = "h.covered_from <= %(ends_on)s::date"


@register
class Households(Reading):
    """Where no household is on the list, there is nothing to cover: not applicable."""

    slug = "households"
    title = _("households and who looks after them")
    figures = {"covered": _("looked after"), "listed": _("on the list")}

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        yield (
            "r_households",
            f"""
            SELECT h.pairing_id, count(*) AS listed, count(*) FILTER (WHERE {COVERED}) AS covered
            FROM pairing_householdcontact h
            WHERE h.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND {LISTED}
            GROUP BY h.pairing_id
            """,  # noqa: S608 - our own text
        )

    def join(self, terms: Terms, alias: str) -> str:
        return f"LEFT JOIN r_households {alias} ON {alias}.pairing_id = s.pairing_id"

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {name: f"coalesce({alias}.{name}, 0)" for name in self.figures}

    def applies(self, terms: Terms, figure: Figures) -> str:
        return f"{figure('listed')} > 0"
