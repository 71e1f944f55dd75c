"""建议黄牌: pairings to which the ladder's second step fits, for a person to look at (domain.md §4.4). Nothing is issued.

Worked out from the judged cells by one statement: a rule missed in two periods running (of weeks: four of the last eight);
three or more rules missed in one month; a finding overdue. What stands in a warning already, by the same words, is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import connection
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from activities.reminders.telling import period_words
from lib.periods import period_named
from pairing.models import Pairing
from supervision.models import Warning
from tenancy.access import Access

# Older misses are no news: last year's are assessed, not warned of.
_DAYS = 183
_SQL = """
    WITH cells AS MATERIALIZED (
        SELECT o.pairing_id, r.name AS rule, o.rule_id, o.period_kind, o.starts_on, d.code::text AS code,
               o.state = 'missed' AS is_missed,
               row_number() OVER (PARTITION BY o.pairing_id, o.rule_id, o.period_kind ORDER BY o.starts_on DESC) AS age
        FROM activities_obligation o
        JOIN activities_rule r ON r.id = o.rule_id
        JOIN activities_period d ON d.kind = o.period_kind AND d.starts_on = o.starts_on
        JOIN pairing_pairing p ON p.id = o.pairing_id AND p.state IN ('active', 'suspended')
        WHERE o.is_due AND o.state NOT IN ('waived', 'not_due') AND o.grace_until < %(today)s AND o.starts_on >= %(since)s
    )
    SELECT pairing_id, 'running', rule, array_agg(code ORDER BY starts_on), 0
    FROM cells WHERE age <= 2 AND period_kind <> 'week' AND is_missed
    GROUP BY pairing_id, rule, rule_id HAVING count(*) = 2
    UNION ALL
    SELECT pairing_id, 'weeks', rule, array_agg(code ORDER BY starts_on), count(*)
    FROM cells WHERE age <= 8 AND period_kind = 'week' AND is_missed
    GROUP BY pairing_id, rule, rule_id HAVING count(*) >= 4
    UNION ALL
    SELECT pairing_id, 'rules', string_agg(DISTINCT rule, '、' ORDER BY rule), ARRAY[code], count(DISTINCT rule_id)
    FROM cells WHERE period_kind = 'month' AND is_missed
    GROUP BY pairing_id, code HAVING count(DISTINCT rule_id) >= 3
    UNION ALL
    SELECT f.pairing_id, 'finding', f.number, ARRAY[f.due_on::text], 0
    FROM supervision_finding f JOIN pairing_pairing p ON p.id = f.pairing_id AND p.state IN ('active', 'suspended')
    WHERE f.state <> 'closed' AND f.due_on < %(today)s
"""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One pairing and why a yellow warning would fit, in words."""

    pairing: Pairing
    reason: str

    @property
    def uid(self) -> UUID:
        found: UUID = self.pairing.uid
        return found


def _period(why: str, code: str) -> str:
    """As a letter writes it: 2026年6月, 2026年第38周, a day."""
    if why == "finding":
        return date_format(date.fromisoformat(code), "DATE_FORMAT")
    span = period_named(code)
    if span.kind != "week":
        return period_words(code)
    year, week, _day = span.starts_on.isocalendar()
    return _("week %(n)s of %(year)s") % {"n": week, "year": year}


def _words(why: str, what: str, periods: list[str], n: int) -> str:
    told = {"what": what, "periods": _("、").join(_period(why, code) for code in periods), "n": n}
    if why == "running":
        return _("%(what)s: not done in two periods running (%(periods)s)") % told
    if why == "weeks":
        return _("%(what)s: not done in %(n)s of the last eight weeks (%(periods)s)") % told
    if why == "rules":
        return _("%(n)s rules not met in %(periods)s: %(what)s") % told
    return _("Finding %(what)s was not rectified by %(periods)s") % told


def proposals(access: Access, today: date) -> list[Proposal]:
    """What the rule suggests today, in administrative order; nothing for whoever may not propose everywhere."""
    if not access.can("warning", "C") or not access.everywhere("warning", "C"):
        return []
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"today": today, "since": today - timedelta(days=_DAYS)})
        rows_found = cursor.fetchall()
    # A warning is a document of the county, and the same one whoever looks: its words are Chinese.
    with translation.override("zh-hans"):
        found = [(pairing, _words(why, what, periods, n)[:400]) for pairing, why, what, periods, n in rows_found]
    told = set(Warning.objects.filter(proposed_on__gte=today - timedelta(days=2 * _DAYS)).values_list("pairing_id", "reason"))
    rows = Pairing.objects.filter(pk__in={pairing for pairing, _reason in found}).select_related("unit", "village__parent")
    order = rows.order_by("village__parent__division_code", "village__parent__pinyin", "village__pinyin", "unit__pinyin", "id")
    reasons: dict[int, list[str]] = {}
    for pairing, reason in sorted(set(found) - told):
        reasons.setdefault(pairing, []).append(reason)
    return [Proposal(pairing, reason) for pairing in order for reason in reasons.get(pairing.pk, [])]
