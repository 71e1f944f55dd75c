"""What lines of a rubric may read of a county: its types, rules and figures, as choices. Of each code the newest name."""

from __future__ import annotations

from activities.models import ActivityType, Rule
from units.models.figure import Metric

Choices = list[tuple[str, str]]


def type_choices() -> Choices:
    """Activity types of all programme years."""
    rows = ActivityType.objects.filter(is_active=True).order_by("-programme__year", "position", "id")
    return _first_of_each(rows.values_list("code", "name"))


def rule_choices() -> Choices:
    """Rules of all programme years that pairings owe."""
    rows = Rule.objects.filter(is_active=True).order_by("-programme__year", "position", "id")
    return _first_of_each(rows.values_list("code", "name"))


def metric_choices() -> Choices:
    """Figures of villages."""
    return [(str(code), str(label)) for code, label in Metric.choices]


def _first_of_each(rows: object) -> Choices:
    found: dict[str, str] = {}
    for code, name in rows:  # type: ignore[attr-defined]
        found.setdefault(code, name)
    return list(found.items())
