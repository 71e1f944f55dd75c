"""Experiences of a pairing that were promoted in the cycle; of one matter the highest level only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.models.facts import HonourLevel
from assessment.readings.declare import Reading, register
from assessment.terms import Terms

LEVELS = tuple(str(level) for level in HonourLevel.values)
_ORDER = "array_position(ARRAY[" + ", ".join(f"'{level}'" for level in LEVELS) + "]::text[], h.level::text)"


@register
class Honours(Reading):
    slug = "honours"
    title = _("promoted experience")
    figures = {
        "town": _("by the town"),
        "county": _("by the county"),
        "city": _("by the city"),
        "province": _("by the province"),
        "nation": _("nationally"),
    }

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        counts = ", ".join(f"count(*) FILTER (WHERE m.level = '{level}') AS {level}" for level in LEVELS)
        yield (
            "r_honours",
            f"""
            SELECT m.pairing_id, {counts}
            FROM (
                SELECT DISTINCT ON (h.pairing_id, h.matter) h.pairing_id, h.level
                FROM assessment_honour h
                WHERE h.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND h.withdrawn_because = ''
                  AND h.promoted_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
                ORDER BY h.pairing_id, h.matter, {_ORDER} DESC
            ) m
            GROUP BY m.pairing_id
            """,  # noqa: S608 - our own text
        )

    def join(self, terms: Terms, alias: str) -> str:
        return f"LEFT JOIN r_honours {alias} ON {alias}.pairing_id = s.pairing_id"

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {level: f"coalesce({alias}.{level}, 0)" for level in LEVELS}
