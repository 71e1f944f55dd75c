"""What people bring for a line: a reviewer's figure or word, the number of sampled households, the other side's mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import READINGS, Reading, register
from assessment.terms import Figures, Term, Terms, decimal

# Beside a reviewer's figure stands the system's own; it does not count.
BESIDE = ("records", "periods", "reports", "households")


@register
class Entry(Reading):
    """Of several scorers the mean; a settling figure stands alone. Words are taken when all say the same.

    ``is_alone``: one scorer's figure and no other. A figure that no account entered is an agreed paper, typed in once.
    ``least`` and ``most``: what may be entered. ``sampled``: out of how many. ``beside``: a reading with its terms.
    """

    slug = "entry"
    title = _("figure entered by a person")
    is_by_system = False
    declared = {
        "least": Term(_("at least"), "number", is_needed=False),
        "most": Term(_("at most"), "number", is_needed=False),
        "sampled": Term(_("out of"), "count", is_needed=False),
        "beside": Term(_("the system's figure beside it"), "beside", is_needed=False),
    }
    figures = {"value": _("entered")}
    hidden = ("word", "lowest", "highest", "is_settled", "is_alone")

    def shared(self, all_terms: Sequence[Terms]) -> Iterator[tuple[str, str]]:
        # A settling figure stands alone: of each line's, only those of the highest rank.
        yield (
            "r_entries",
            r"""
            SELECT e.pairing_id, l.code, avg(e.number) AS value, min(e.number) AS lowest, max(e.number) AS highest,
                   CASE WHEN min(e.value) = max(e.value) THEN min(e.value) END AS word, bool_or(e.is_settling) AS is_settled,
                   count(*) = 1 AND bool_and(e.scorer_id IS NOT NULL AND NOT e.is_settling) AS is_alone
            FROM (
                SELECT t.*, CASE WHEN t.value ~ '^-?[0-9]+(\.[0-9]+)?$' THEN trim_scale(t.value::numeric) END AS number,
                       rank() OVER (PARTITION BY t.pairing_id, t.line_id ORDER BY t.is_settling DESC) AS place
                FROM assessment_entry t WHERE t.cycle_id = %(cycle)s
            ) e
            JOIN assessment_rubricline l ON l.tenant_id = e.tenant_id AND l.id = e.line_id
            WHERE e.place = 1
            GROUP BY e.pairing_id, l.code
            """,
        )

    def join(self, terms: Terms, alias: str) -> str:
        return f"LEFT JOIN r_entries {alias} ON {alias}.pairing_id = s.pairing_id AND {alias}.code = c.code"

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {
            "value": f"trim_scale({alias}.value)",
            **{name: f"{alias}.{name}" for name in ("word", "lowest", "highest")},
            "is_settled": f"coalesce({alias}.is_settled, false)",
            "is_alone": f"coalesce({alias}.is_alone, false)",
        }

    def is_there(self, terms: Terms, figure: Figures) -> str:
        return f"{figure('word')} IS NOT NULL OR {figure('value')} IS NOT NULL"

    def faults(self, terms: Terms) -> Iterator[str]:
        if "least" in terms and "most" in terms and decimal(terms["least"]) > decimal(terms["most"]):
            yield str(_("The least figure lies above the most."))
        beside = terms.get("beside")
        if beside is not None and (
            not isinstance(beside, dict) or beside.get("reading") not in BESIDE or beside["reading"] not in READINGS
        ):
            yield str(_("This cannot stand beside an entered figure."))
