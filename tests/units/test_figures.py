"""Yearly figures of villages: who writes them, what is kept of a correction, how they grew (domain.md §7, §3.2 C3)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_member, make_tenant, make_town, make_unit, make_village
from units.actions.figures import set_figure
from units.models import Figure, Unit
from units.queries.figures import by_year, growth

pytestmark = pytest.mark.django_db
BACKEND = "tenancy.backends.AccountBackend"
METRIC = "collective_income"


@pytest.fixture
def county() -> tuple[Tenant, Unit, Unit]:
    tenant = make_tenant()
    with tenant_scope(tenant):
        return tenant, make_village("荷垌村", town=make_town("曹江镇")), make_village("茅坡村", town=make_town("根子镇"))


def client_of(tenant: Tenant, role: str, unit: Unit | None = None) -> Client:
    client = Client()
    client.force_login(make_member(tenant, role, unit=unit), backend=BACKEND)
    return client


def set_value(unit: Unit, year: int, value: str, **more: Any) -> Figure:
    return set_figure(unit=unit, metric=METRIC, year=year, value=Decimal(value), **more)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [("86000", "93000", "8.14"), ("100", "90", "-10.00"), ("0", "5", None), ("-5", "5", None), (None, "5", None)],
)
def test_growth_is_rounded_half_up_and_needs_something_to_compare_with(before: str | None, after: str, told: str | None) -> None:
    found = growth(None if before is None else Decimal(before), Decimal(after))
    assert (None if found is None else str(found)) == told


def test_a_year_without_its_predecessor_has_no_growth(county: tuple[Tenant, Unit, Unit]) -> None:
    tenant, village, _far = county
    with tenant_scope(tenant):
        for year, value in ((2021, "100"), (2023, "110"), (2024, "121")):
            set_value(village, year, value)
        assert [(one.year, one.growth) for one in by_year(village, METRIC)] == [
            (2021, None),
            (2023, None),
            (2024, Decimal("10.00")),
        ]


def test_a_correction_keeps_what_stood_there(county: tuple[Tenant, Unit, Unit]) -> None:
    tenant, village, _far = county
    with tenant_scope(tenant):
        first = set_value(village, 2024, "86000")
        again = set_value(village, 2024, "93000", reason="年报更正")
        assert first.pk == again.pk
        versions = list(again.versions.order_by("pgh_id"))  # type: ignore[attr-defined]
        assert [version.value for version in versions] == [Decimal(86000), Decimal(93000)]
        assert versions[-1].pgh_context["reason"] == "年报更正"


@pytest.mark.parametrize(("year", "value", "field"), [(1999, "1", "year"), (2999, "1", "year"), (2024, "100000000000", "value")])
def test_what_cannot_be_is_refused(county: tuple[Tenant, Unit, Unit], year: int, value: str, field: str) -> None:
    tenant, village, _far = county
    with tenant_scope(tenant):
        with pytest.raises(ValidationError) as refused:
            set_value(village, year, value)
        assert field in refused.value.error_dict
        with pytest.raises(ValidationError):
            set_value(make_unit(), 2024, "1")
        assert not Figure.objects.exists()


@pytest.mark.parametrize(
    ("role", "near", "far"), [("CS", 302, 302), ("TO", 302, 422), ("CA", 403, 403), ("VS", 403, 403), ("AU", 403, 403)]
)
def test_who_writes_figures_of_which_village(county: tuple[Tenant, Unit, Unit], role: str, near: int, far: int) -> None:
    tenant, village, other = county
    scope = {"TO": village.parent, "VS": village}.get(role)
    client = client_of(tenant, role, scope)
    for unit, status in ((village, near), (other, far)):
        sent = {"unit": str(unit.uid), "metric": METRIC, "year": "2024", "value": "86000"}
        assert client.post(f"/{tenant.slug}/units/figures/new/", sent).status_code == status


def test_a_year_is_not_written_twice_nor_moved(county: tuple[Tenant, Unit, Unit]) -> None:
    tenant, village, _far = county
    client = client_of(tenant, "CS")
    sent = {"unit": str(village.uid), "metric": METRIC, "year": "2024", "value": "86000"}
    assert client.post(f"/{tenant.slug}/units/figures/new/", sent).status_code == 302
    again = client.post(f"/{tenant.slug}/units/figures/new/", {**sent, "value": "1"})
    assert (again.status_code, "2024 年的数据已登记" in again.content.decode()) == (422, True)
    with tenant_scope(tenant):
        row = Figure.objects.get()
    moved = client.post(f"/{tenant.slug}/units/figures/{row.uid}/edit/", {**sent, "year": "2023"})
    assert moved.status_code == 422
    assert client.post(f"/{tenant.slug}/units/figures/{row.uid}/edit/", {**sent, "value": "86001"}).status_code == 302
    with tenant_scope(tenant):
        assert Figure.objects.get().value == 86001


def test_the_village_page_shows_years_with_growth_to_those_who_may_read(county: tuple[Tenant, Unit, Unit]) -> None:
    tenant, village, other = county
    with tenant_scope(tenant):
        judged.make_figure(village, 2023, "86000")
        judged.make_figure(village, 2024, "93000")
    page: Callable[..., str] = lambda client: client.get(f"/{tenant.slug}/units/villages/{village.uid}/").content.decode()  # noqa: E731
    assert "+8.14%" in page(client_of(tenant, "VS", village))
    assert "+8.14%" in page(client_of(tenant, "CS"))
    rows = client_of(tenant, "VS", other).get(f"/{tenant.slug}/units/figures/").content.decode()
    assert "86,000" not in rows
