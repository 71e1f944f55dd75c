"""Reading programme years: which one is on, how large it is, who published its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Min

from activities.models import RuleTerms
from pairing.models import Pairing, Programme
from pairing.queries import live
from tenancy.names import names_of


def current_programme(today: date) -> Programme | None:
    """The newest programme year that lasts today, else the newest that there is."""
    rows = Programme.objects.order_by("-year", "-starts_on", "id")
    found: Programme | None = rows.filter(starts_on__lte=today, ends_on__gte=today).first() or rows.first()
    return found


def county_size(programme: Programme) -> tuple[int, int]:
    """How many live pairings a year has, in how many villages."""
    counted = live(Pairing.objects.filter(programme=programme)).aggregate(
        pairings=Count("pk"), villages=Count("village", distinct=True)
    )
    return counted["pairings"], counted["villages"]


def publishers(versions: Sequence[RuleTerms]) -> dict[int, str]:
    """Who put each version in force: the person's name, or the login; two queries."""
    kept = RuleTerms.versions.rel.related_model.objects  # type: ignore[attr-defined]
    firsts = (
        kept.filter(pgh_obj__in=[one.pk for one in versions], published_at__isnull=False)
        .values("pgh_obj")
        .annotate(first=Min("pgh_id"))
        .values_list("first", flat=True)
    )
    rows = list(kept.filter(pgh_id__in=list(firsts)).values_list("pgh_obj", "pgh_context"))
    accounts = {context.get("account") for _terms, context in rows if context} - {None}
    names = names_of(accounts) if accounts else {}
    return {terms: names.get(context.get("account"), str(context.get("actor", ""))) for terms, context in rows if context}
