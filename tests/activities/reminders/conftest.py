"""One pairing with its people and one cell of a rule, made by hand: what reminders are planned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from activities.models import Obligation, Rule, RuleTerms, YearSettings
from activities.reminders.planning import plan_all
from lib.periods import period_named
from notices.delivery import deliver
from notices.models import Notice, OutboxMessage
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_pairing, make_pairing_post, make_person, make_programme, make_tenant, make_village

CHINA = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    """``2024-11-18 09:00`` in China."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@dataclass
class Owing:
    """A pairing of a county in scope, and what it owes."""

    tenant: Tenant
    programme: Any
    village: Any
    pairing: Any
    liaison: Any
    leader: Any

    def cell(self, period: str, *, code: str = "labour_day", state: str = "open", **fields: Any) -> Obligation:
        """One cell of the rule ``code``; grace 10 days."""
        span = period_named(period)
        rule, _new = Rule.objects.get_or_create(
            tenant=self.tenant, programme=self.programme, code=code, defaults={"name": {"labour_day": "集中劳动"}.get(code, code)}
        )
        terms, _new = RuleTerms.objects.get_or_create(
            tenant=self.tenant,
            rule=rule,
            defaults={"number": 1, "types": [code], "period_kind": span.kind, "effective_from": date(2024, 1, 1)},
        )
        values = {"is_due": True, "required": 1, "grace_until": span.ends_on + timedelta(days=10), **fields}
        made: Obligation = Obligation.objects.create(
            tenant=self.tenant,
            programme=self.programme,
            rule=rule,
            terms=terms,
            pairing=self.pairing,
            period_kind=span.kind,
            starts_on=span.starts_on,
            ends_on=span.ends_on,
            state=state,
            **values,
        )
        return made


@pytest.fixture
def owing(db: None) -> Iterator[Owing]:
    tenant = make_tenant()
    with tenant_scope(tenant):
        programme, village = make_programme(), make_village()
        pairing = make_pairing(village=village, programme=programme)
        liaison, leader = make_person("联络员甲"), make_person("组长甲")
        make_pairing_post(pairing, liaison, "liaison")
        make_pairing_post(pairing, leader, "group_leader")
        YearSettings.objects.create(tenant=tenant, programme=programme, switched_on=date(2024, 9, 3))
        yield Owing(tenant, programme, village, pairing, liaison, leader)


def day(at: str) -> list[tuple[str, str, str]]:
    """What a morning brings: plan at 02:00, deliver at 08:30. Answers (to, kind, period) of what is new in inboxes."""
    before = set(Notice.objects.values_list("pk", flat=True))
    with clock.at(local(f"{at} 02:00")):
        plan_all()
        deliver()
    with clock.at(local(f"{at} 08:30")):
        deliver()
    rows = Notice.objects.exclude(pk__in=before).exclude(kind="digest").order_by("id")
    return list(rows.values_list("person__name", "kind", "period"))


def days(first: str, last: str) -> dict[str, list[tuple[str, str, str]]]:
    """What each morning from ``first`` to ``last`` brings; mornings that bring nothing are left out."""
    found, morning = {}, date.fromisoformat(first)
    while morning <= date.fromisoformat(last):
        told = day(morning.isoformat())
        if told:
            found[morning.isoformat()] = told
        morning += timedelta(days=1)
    return found


def ends() -> list[tuple[str, str, str]]:
    """(kind, outcome, why) of every message, in order."""
    return list(OutboxMessage.objects.order_by("id").values_list("kind", "outcome", "why"))
