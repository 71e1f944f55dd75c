"""``python -m tests.drills.county SLUG CODE N``: a county with N pairings, each owing one thing whose grace is not over yet.

Committed at once; the drill then lets the days pass by moving the ends of grace (``drill.let_fall_due``).
"""

from __future__ import annotations

import sys
from datetime import date, timedelta

import django


def build(slug: str, code: str, n_pairings: int) -> None:
    """One programme, one rule, last month's cells; liaison and leader of each pairing are people of their own."""
    from activities.models import Obligation, Rule, RuleTerms, YearSettings
    from lib.periods import period_of
    from pairing.models import Pairing, PairingPost
    from tenancy.scope import tenant_scope
    from tests import factories as make
    from units.models import Person, Unit

    tenant = make.make_tenant(slug, code, f"演练县{code[-2:]}")
    span = period_of("month", date.today().replace(day=1) - timedelta(days=1))
    with tenant_scope(tenant):
        programme = make.make_programme(span.starts_on.year, starts_on=span.starts_on, ends_on=span.ends_on + timedelta(days=365))
        YearSettings.objects.create(tenant=tenant, programme=programme, switched_on=span.starts_on)
        rule = Rule.objects.create(tenant=tenant, programme=programme, code="labour_day", name="集中劳动")
        terms = RuleTerms.objects.create(
            tenant=tenant, rule=rule, number=1, types=["labour_day"], period_kind="month", effective_from=span.starts_on
        )
        village = make.make_village()
        names = {"pinyin": "x", "initials": "x"}
        units = Unit.objects.bulk_create(
            Unit(tenant=tenant, name=f"第{n}局", kind="organisation", **names) for n in range(n_pairings)
        )
        people = Person.objects.bulk_create(Person(tenant=tenant, name=f"人员{n}", **names) for n in range(2 * n_pairings))
        pairings = Pairing.objects.bulk_create(
            Pairing(
                tenant=tenant,
                programme=programme,
                unit=unit,
                village=village,
                state="active",
                starts_on=span.starts_on,
                active_from=span.starts_on,
            )
            for unit in units
        )
        PairingPost.objects.bulk_create(
            PairingPost(tenant=tenant, pairing=pairing, person=people[2 * n + which], kind=kind, starts_on=span.starts_on)
            for n, pairing in enumerate(pairings)
            for which, kind in enumerate(("liaison", "group_leader"))
        )
        Obligation.objects.bulk_create(
            Obligation(
                tenant=tenant,
                programme=programme,
                rule=rule,
                terms=terms,
                pairing=pairing,
                period_kind=span.kind,
                starts_on=span.starts_on,
                ends_on=span.ends_on,
                grace_until=date.today() + timedelta(days=30),
                is_due=True,
                required=1,
                state="open",
            )
            for pairing in pairings
        )


if __name__ == "__main__":
    django.setup()
    build(sys.argv[1], sys.argv[2], int(sys.argv[3]))
