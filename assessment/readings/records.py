"""Confirmed records of some types that happened in the cycle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Term, Terms, literal


@register
class Records(Reading):
    """``only``: "principal" counts those at which the head of the unit was present."""

    slug = "records"
    title = _("confirmed records")
    declared = {
        "types": Term(_("activity types"), "words"),
        "only": Term(_("only when"), "word", is_needed=False, words=("principal",)),
    }
    figures = {"done": _("confirmed")}

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        types = sorted({literal(name) for terms in all_terms for name in terms["types"]})
        yield (
            "r_records",
            f"""
            SELECT h.pairing_id, h.type, count(*) AS done, count(*) FILTER (WHERE h.principal_present) AS principal
            FROM subject s
            JOIN activities_share h ON h.pairing_id = s.pairing_id
            WHERE h.status = 'confirmed'
              AND h.type IN ({", ".join(types)}) AND h.counts_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
            GROUP BY h.pairing_id, h.type
            """,  # noqa: S608 - codes only
        )

    def join(self, terms: Terms, alias: str) -> str:
        types = sorted({literal(name) for name in terms["types"]})
        column = "principal" if terms.get("only") == "principal" else "done"
        # One type is the common case: no second grouping for it.
        if len(types) == 1:
            return (
                f"LEFT JOIN (SELECT pairing_id, {column} AS done FROM r_records WHERE type = {types[0]}) {alias}"  # noqa: S608
                f" ON {alias}.pairing_id = s.pairing_id"
            )
        return (
            f"LEFT JOIN (SELECT pairing_id, sum({column}) AS done FROM r_records WHERE type IN ({', '.join(types)})"  # noqa: S608
            f" GROUP BY pairing_id) {alias} ON {alias}.pairing_id = s.pairing_id"
        )

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {"done": f"coalesce({alias}.done, 0)"}
