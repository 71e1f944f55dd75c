"""What costs points: records found untrue, rectifications overdue, signed warnings (domain.md §3.2, I)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Terms

# For a row f of supervision_finding: its day has passed, and it was not closed by then.
OVERDUE = "f.due_on < %(today)s::date AND (f.closed_on IS NULL OR f.closed_on > f.due_on)"
DUE_IN_CYCLE = "f.due_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date"
# For a row w of supervision_warning.
COUNTS = "w.signed_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date AND w.withdrawn_on IS NULL"


@register
class Conduct(Reading):
    """Overdue ones are told apart: closed all the same by the cycle's last day, or not."""

    slug = "conduct"
    title = _("untrue records, overdue rectifications, warnings")
    figures = {
        "untrue": _("records found untrue"),
        "overdue": _("rectifications overdue"),
        "overdue_closed": _("of them closed in the year"),
        "overdue_open": _("of them not closed in the year"),
        "yellow": _("yellow warnings"),
        "red": _("red warnings"),
    }

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        yield (
            "r_untrue",
            """
            SELECT h.pairing_id, count(*) AS n
            FROM activities_record r JOIN activities_share h ON h.tenant_id = r.tenant_id AND h.record_id = r.id
            WHERE r.status = 'voided' AND r.found_untrue AND r.occurred_on BETWEEN %(starts_on)s::date AND %(ends_on)s::date
              AND h.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject))
            GROUP BY h.pairing_id
            """,
        )
        yield (
            "r_overdue",
            f"""
            SELECT f.pairing_id, count(*) AS n, count(*) FILTER (WHERE f.closed_on <= %(ends_on)s::date) AS closed
            FROM supervision_finding f
            WHERE f.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND {DUE_IN_CYCLE} AND {OVERDUE}
            GROUP BY f.pairing_id
            """,  # noqa: S608 - our own text
        )
        yield (
            "r_warnings",
            f"""
            SELECT w.pairing_id, count(*) FILTER (WHERE w.level = 2) AS yellow, count(*) FILTER (WHERE w.level = 3) AS red
            FROM supervision_warning w
            WHERE w.pairing_id = ANY (ARRAY(SELECT pairing_id FROM subject)) AND {COUNTS}
            GROUP BY w.pairing_id
            """,  # noqa: S608 - our own text
        )

    def join(self, terms: Terms, alias: str) -> str:
        return " ".join(
            f"LEFT JOIN r_{name} {alias}{name[0]} ON {alias}{name[0]}.pairing_id = s.pairing_id"
            for name in ("untrue", "overdue", "warnings")
        )

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {
            "untrue": f"coalesce({alias}u.n, 0)",
            "overdue": f"coalesce({alias}o.n, 0)",
            "overdue_closed": f"coalesce({alias}o.closed, 0)",
            "overdue_open": f"coalesce({alias}o.n - {alias}o.closed, 0)",
            "yellow": f"coalesce({alias}w.yellow, 0)",
            "red": f"coalesce({alias}w.red, 0)",
        }
