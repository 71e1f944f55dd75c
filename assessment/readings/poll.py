"""The villagers' poll of a pairing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from assessment.readings.declare import Reading, register
from assessment.terms import Figures, Terms

ANSWERS = ("satisfied", "fairly", "dissatisfied", "unknown")


@register
class Poll(Reading):
    """``valid``: answers without "do not know". Until somebody enters the poll, its figure is missing."""

    slug = "poll"
    title = _("villagers' poll")
    is_by_system = False
    figures = {
        "satisfied": _("satisfied"),
        "fairly": _("fairly satisfied"),
        "dissatisfied": _("dissatisfied"),
        "unknown": _("do not know"),
        "valid": _("valid answers"),
    }
    hidden = ("is_held",)

    def join(self, terms: Terms, alias: str) -> str:
        return f"LEFT JOIN assessment_poll {alias} ON {alias}.cycle_id = %(cycle)s AND {alias}.pairing_id = s.pairing_id"

    def columns(self, terms: Terms, alias: str) -> dict[str, str]:
        return {
            **{answer: f"coalesce({alias}.{answer}, 0)" for answer in ANSWERS},
            "valid": f"coalesce({alias}.satisfied + {alias}.fairly + {alias}.dissatisfied, 0)",
            "is_held": f"{alias}.id IS NOT NULL",
        }

    def is_there(self, terms: Terms, figure: Figures) -> str:
        return figure("is_held")
