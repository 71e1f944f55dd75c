"""Periods of a rule: how many were due and how many were met. What a cell is worth, activities.obligations judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Figures, Term, Terms, literal

# A week belongs to the year of its Thursday (domain.md §2.3).
IN_CYCLE = "o.starts_on + CASE o.period_kind WHEN 'week' THEN 3 ELSE 0 END BETWEEN %(starts_on)s::date AND %(ends_on)s::date"


@register
class Periods(Reading):
    """``due`` leaves out waived periods, those that are not due, and those that have not begun.

    ``reminded``: missed ones of which the unit had been reminded (level 1); read only when a line doubles for them.
    """

    slug = "periods"
    title = _("periods of a rule")
    declared = {
        "rule": Term(_("rule"), "word"),
        "reminded": Term(_("tell those missed after a reminder"), "truth", is_needed=False),
    }
    figures = {
        "met": _("done"),
        "due": _("due"),
        "missed": _("not done"),
        "waiting": _("waiting for confirmation"),
        "open": _("in progress"),
        "reminded": _("not done after a reminder"),
    }

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        rules = sorted({literal(terms["rule"]) for terms in all_terms})
        yield (
            "r_cells",
            f"""
            SELECT o.pairing_id, r.code AS rule, o.period_kind, o.starts_on, o.state
            FROM activities_rule r
            JOIN activities_obligation o ON o.tenant_id = r.tenant_id AND o.rule_id = r.id
            WHERE r.programme_id = %(programme)s AND r.is_active AND r.code IN ({", ".join(rules)})
              AND o.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND o.state NOT IN ('waived', 'not_due')
              AND {IN_CYCLE}
            """,  # noqa: S608 - codes only
        )
        yield (
            "r_periods",
            """
            SELECT pairing_id, rule, count(*) AS due, count(*) FILTER (WHERE state IN ('met', 'met_late')) AS met,
                   count(*) FILTER (WHERE state = 'missed') AS missed, count(*) FILTER (WHERE state = 'waiting') AS waiting,
                   count(*) FILTER (WHERE state = 'open') AS open
            FROM r_cells GROUP BY pairing_id, rule
            """,
        )
        if any(terms.get("reminded") for terms in all_terms):
            yield (
                "r_reminded",
                """
                SELECT c.pairing_id, c.rule, count(*) AS n
                FROM r_cells c
                JOIN subject s ON s.pairing_id = c.pairing_id
                JOIN activities_period d ON d.kind = c.period_kind AND d.starts_on = c.starts_on
                WHERE c.state = 'missed' AND EXISTS (
                    SELECT 1 FROM notices_notice n
                    WHERE n.pairing_uid = s.pairing_uid AND n.rule = c.rule AND n.period = d.code AND n.level = 1
                )
                GROUP BY c.pairing_id, c.rule
                """,
            )

    def join(self, terms: Terms, alias: str) -> str:
        rule = literal(terms["rule"])
        text = f"LEFT JOIN r_periods {alias} ON {alias}.pairing_id = s.pairing_id AND {alias}.rule = {rule}"
        if terms.get("reminded"):
            text += f" LEFT JOIN r_reminded {alias}r ON {alias}r.pairing_id = s.pairing_id AND {alias}r.rule = {rule}"
        return text

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        found = {name: f"coalesce({alias}.{name}, 0)" for name in ("met", "due", "missed", "waiting", "open")}
        return {**found, "reminded": f"coalesce({alias}r.n, 0)" if terms.get("reminded") else "0"}

    def applies(self, terms: Terms, figure: Figures) -> str:
        return f"{figure('due')} > 0"
