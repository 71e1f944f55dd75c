"""Reading rules: which version is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import date, timedelta

from django.db.models import Prefetch, Q, QuerySet

from activities.models import Rule, RuleTerms
from pairing.models import Programme


def published() -> QuerySet[RuleTerms]:
    """Versions that bind, oldest first."""
    rows: QuerySet[RuleTerms] = RuleTerms.objects.exclude(published_at=None).order_by("effective_from", "number")
    return rows


def terms_on(rule: Rule, day: date) -> RuleTerms | None:
    """The version of a rule in force on a day."""
    found: RuleTerms | None = (
        published()
        .filter(Q(effective_to=None) | Q(effective_to__gte=day), rule=rule, effective_from__lte=day)
        .order_by("-number")
        .first()
    )
    return found


def rules_of(programme: Programme) -> list[Rule]:
    """Rules of a programme year in their order, each with ``rule.versions_published`` (oldest first) and ``rule.drafts``."""
    rows = Rule.objects.filter(programme=programme).prefetch_related(
        Prefetch("terms", published(), to_attr="versions_published"),
        Prefetch("terms", RuleTerms.objects.filter(published_at=None), to_attr="drafts"),
    )
    return list(rows.order_by("position", "id"))


def in_force(versions: Iterable[RuleTerms], day: date) -> RuleTerms | None:
    """Of versions read before, the one in force on a day."""
    fitting = [one for one in versions if one.effective_from <= day and (one.effective_to is None or one.effective_to >= day)]
    return max(fitting, key=lambda one: one.number, default=None)


def versions_of(rule: Rule) -> Sequence[RuleTerms]:
    """Published versions of a rule read by ``rules_of``."""
    versions: Sequence[RuleTerms] = rule.versions_published  # type: ignore[attr-defined]
    return versions


def last_day_before(terms: RuleTerms, day: date) -> date | None:
    """The last day of a published version once another is in force from ``day`` on.

    One that would begin on ``day`` or later ends the day before it begins: kept and readable, on no day in force.
    """
    if terms.effective_to is not None and terms.effective_to < day:
        return terms.effective_to
    return (day if terms.effective_from < day else terms.effective_from) - timedelta(days=1)


def as_if_published(versions: Iterable[RuleTerms], draft: RuleTerms, day: date) -> list[RuleTerms]:
    """Versions as they would stand with ``draft`` in force from ``day`` on; nothing is written."""
    changed = []
    for terms in versions:
        other = copy(terms)
        other.effective_to = last_day_before(terms, day)
        changed.append(other)
    new = copy(draft)
    new.effective_from, new.effective_to = day, None
    return [*changed, new]
