"""Quarterly joint reports: how many of those that are owed were signed by both, and how many of them late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Figures, Term, Terms, literal, number


@register
class Reports(Reading):
    """Read from records, so that it works where the county has no rule for reports.

    Where it has one, its cells say which quarters are owed: a waived quarter is out, and so is its report. Elsewhere
    ``a_year`` are owed, scaled by the months.
    """

    slug = "reports"
    title = _("quarterly joint reports")
    declared = {
        "type": Term(_("activity type"), "word"),
        "rule": Term(_("rule"), "word", is_needed=False),
        "a_year": Term(_("a year"), "count"),
        "days": Term(_("days after the quarter"), "number"),
    }
    figures = {"submitted": _("submitted"), "late": _("of them late"), "due": _("owed")}
    hidden = ("n_cells",)

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        types = sorted({literal(terms["type"]) for terms in all_terms})
        rules = sorted({literal(terms["rule"]) for terms in all_terms if terms.get("rule")})
        yield (
            "r_report_cells",
            f"""
            SELECT o.pairing_id, r.code AS rule, o.starts_on, o.state NOT IN ('waived', 'not_due') AS is_owed
            FROM activities_rule r
            JOIN activities_obligation o ON o.tenant_id = r.tenant_id AND o.rule_id = r.id
            WHERE r.programme_id = %(programme)s AND r.is_active AND r.code IN ({", ".join(rules) or "NULL"})
              AND o.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject))
              AND o.period_kind = 'quarter' AND o.starts_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
            """,  # noqa: S608 - codes only
        )
        # Two reports on one quarter are one report, and in time when one of them was.
        yield (
            "r_reports",
            f"""
            SELECT h.pairing_id, h.type, q.starts_on, min(h.submitted_on) AS submitted_on,
                   (q.starts_on + interval '3 months - 1 day')::date AS ends_on
            FROM activities_share h
            CROSS JOIN LATERAL (SELECT date_trunc('quarter', h.counts_on::timestamp)::date AS starts_on) q
            WHERE h.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND h.status = 'confirmed'
              AND h.type IN ({", ".join(types)}) AND h.counts_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
            GROUP BY h.pairing_id, h.type, q.starts_on
            """,  # noqa: S608 - codes only
        )

    def join(self, terms: Terms, alias: str) -> str:
        rule = literal(terms["rule"]) if terms.get("rule") else "NULL"
        return f"""
            LEFT JOIN LATERAL (
                SELECT count(*) AS n_cells, count(*) FILTER (WHERE c.is_owed) AS due
                FROM r_report_cells c WHERE c.pairing_id = s.pairing_id AND c.rule = {rule}
            ) {alias}c ON true
            LEFT JOIN LATERAL (
                SELECT count(*) AS submitted,
                       count(*) FILTER (WHERE t.submitted_on > t.ends_on + {number(terms["days"])}::int) AS late
                FROM r_reports t
                LEFT JOIN r_report_cells c ON c.pairing_id = t.pairing_id AND c.rule = {rule} AND c.starts_on = t.starts_on
                WHERE t.pairing_id = s.pairing_id AND t.type = {literal(terms["type"])} AND coalesce(c.is_owed, true)
            ) {alias} ON true
        """  # noqa: S608 - codes and numbers only

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        scaled = f"greatest(1, floor({number(terms['a_year'])} * s.months / 12))"
        return {
            "submitted": f"{alias}.submitted",
            "late": f"{alias}.late",
            "due": f"CASE WHEN {alias}c.n_cells > 0 THEN {alias}c.due ELSE {scaled} END",
            "n_cells": f"{alias}c.n_cells",
        }

    def applies(self, terms: Terms, figure: Figures) -> str:
        return f"{figure('due')} > 0"
