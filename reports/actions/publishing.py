"""Publishing a county's sums of a year to its prefecture, and taking them back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Max, Q

from activities.kinds.obligations import DONE, OVERDUE, OWED, WAITING
from activities.models import Obligation
from reports.models import PublishedSum
from reports.queries.prefecture import LEAST
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import current_tenant


@dataclass(frozen=True, slots=True)
class Told:
    """One rule in one ended period, as it would be published."""

    rule_code: str
    rule_name: str
    period_kind: str
    starts_on: date
    n_due: int
    n_met: int
    n_waiting: int
    n_missed: int
    n_pairings: int

    @property
    def is_hidden(self) -> bool:
        """Too small a group: the prefecture sees that there is one, not its numbers."""
        return min(self.n_pairings, self.n_due) < LEAST


def sums_of(year: int) -> list[Told]:
    """What the programmes of ``year`` owe in periods that are over; joint duties once; one query."""
    rows = Obligation.objects.filter(OWED, programme__year=year, is_carrier=True, ends_on__lt=clock.today())
    found = (
        rows.order_by()
        .values("rule__code", "period_kind", "starts_on")
        .annotate(
            name=Max("rule__name"),
            position=Max("rule__position"),
            n_due=Count("pk"),
            n_met=Count("pk", filter=DONE),
            n_waiting=Count("pk", filter=WAITING),
            n_missed=Count("pk", filter=OVERDUE),
            of_pairings=Count("pairing", distinct=True),
            of_villages=Count("village", distinct=True, filter=Q(pairing=None)),
        )
        .annotate(n_pairings=F("of_pairings") + F("of_villages"))
        .order_by("position", "rule__code", "period_kind", "starts_on")
    )
    return [
        Told(
            one["rule__code"],
            one["name"],
            one["period_kind"],
            one["starts_on"],
            *(one[name] for name in ("n_due", "n_met", "n_waiting", "n_missed", "n_pairings")),
        )
        for one in found
    ]


@transaction.atomic
def publish_sums(*, year: int, access: Access) -> int:
    """Put the year's sums in place of what was published before; answers how many groups."""
    tenant, now = current_tenant(), clock.now()
    PublishedSum.objects.filter(programme_year=year).delete()
    names = ("rule_code", "rule_name", "period_kind", "starts_on", "n_due", "n_met", "n_waiting", "n_missed", "n_pairings")
    rows = [
        PublishedSum(tenant=tenant, programme_year=year, published_at=now, **{name: getattr(told, name) for name in names})
        for told in sums_of(year)
    ]
    PublishedSum.objects.bulk_create(rows)
    audit.append(access, "sums_published", object_kind="programme", year=year, n_rows=len(rows))
    return len(rows)


@transaction.atomic
def retract_sums(*, year: int, access: Access) -> int:
    """Take back what was published of a year; the prefecture sees nothing of it from now on."""
    n_rows: int = PublishedSum.objects.filter(programme_year=year).delete()[0]
    if n_rows:
        audit.append(access, "sums_retracted", object_kind="programme", year=year, n_rows=n_rows)
    return n_rows
