"""The demonstration's years: the ledger of the first, then each year renewed and played, some well and some badly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db.models import Count, Q

from activities.models import Item, Obligation, ObligationState, Record, Status
from pairing.models import Pairing, Programme
from tenancy import clock
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from units.demo import loading

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 18, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def county(tmp_path: Path, settings: object) -> Iterator[Tenant]:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    with clock.at(NOW):
        loading.load(now=NOW, say=lambda text: None)
        tenant = Tenant.objects.get(slug="gaozhou")
        with tenant_scope(tenant):
            yield tenant


def test_years_are_renewed_and_played_to_today(county: Tenant) -> None:
    assert list(Programme.objects.order_by("year").values_list("year", "starts_on", "ends_on")) == [
        (2024, date(2024, 1, 1), date(2024, 12, 31)),
        (2025, date(2025, 1, 1), date(2025, 12, 31)),
    ]
    assert Pairing.objects.filter(programme__year=2024).exclude(state="ended").count() == 0
    live = Pairing.objects.filter(programme__year=2025, state="active")
    assert live.count() == Pairing.objects.filter(programme__year=2024).count() == 110
    # Leaders and liaisons went on.
    assert live.filter(posts__kind="group_leader", posts__ends_on=None).distinct().count() == 110
    # 112 rows of the ledger, less those that joint rows share.
    assert Record.objects.filter(programme__year=2024, is_proxy=True, status=Status.CONFIRMED).count() == 112
    assert not Record.objects.filter(occurred_on__gte=NOW.date()).exists()
    done = Record.objects.filter(programme__year=2025).aggregate(
        n=Count("pk"), waiting=Count("pk", Q(status="submitted")), returned=Count("pk", Q(status="returned"))
    )
    assert done["n"] > 2000
    assert 0 < done["returned"] < done["n"] / 20
    assert 0 < done["waiting"] < done["n"] / 5
    # Confirmed courtyards are built, confirmed items closed.
    assert Item.objects.filter(kind="courtyard", state="built").count() > 200
    assert Item.objects.filter(kind="livelihood_item", completed_on__isnull=False).count() > 200
    months = Obligation.objects.filter(programme__year=2025, rule__code="labour_day", starts_on__lte="2025-02-01")
    states = dict(months.values_list("state").annotate(n=Count("pk")))
    assert states[ObligationState.MET] > 150
    assert states[ObligationState.MISSED] > 10
