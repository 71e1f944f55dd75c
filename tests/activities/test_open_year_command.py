"""``manage.py open_year`` and ``manage.py rebuild_obligations``."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from activities.models import Obligation
from tenancy.models import Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_pairing, make_programme, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def tenant(db: None) -> Tenant:
    county: Tenant = make_tenant()
    with tenant_scope(county):
        make_pairing(programme=make_programme())
    return county


def test_year_is_opened_once_with_its_rules(tenant: Tenant) -> None:
    call_command("open_year", "gaozhou", "2024", stdout=StringIO())

    with tenant_scope(tenant):
        assert Obligation.objects.filter(rule__code="labour_day").count() == 16
    with pytest.raises(CommandError, match="设置"):
        call_command("open_year", "gaozhou", "2024", stdout=StringIO())


def test_a_county_is_known_by_its_division_code_too(tenant: Tenant) -> None:
    told = StringIO()
    call_command("open_year", "440981", "2024", stdout=told)
    call_command("rebuild_obligations", "440981", "gaozhou", "--check", stdout=told)

    assert told.getvalue().count("高州市") == 2
    with pytest.raises(CommandError, match="没有这个县：440982。"):
        call_command("rebuild_obligations", "440981", "440982", stdout=StringIO())


@pytest.mark.parametrize(("county", "year", "words"), [("nowhere", "2024", "没有这个县"), ("gaozhou", "2031", "0 个方案")])
def test_unknown_county_or_year_is_named(tenant: Tenant, county: str, year: str, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command("open_year", county, year, stdout=StringIO())


def test_rebuild_mends_what_went_past_the_actions_and_check_only_tells(tenant: Tenant) -> None:
    call_command("open_year", "gaozhou", "2024", stdout=StringIO())
    with tenant_scope(tenant):
        wrong = Obligation.objects.filter(rule__code="labour_day", state="missed")
        n_wrong = wrong.update(counted=7)
    assert n_wrong > 0

    with pytest.raises(CommandError, match="不一致"):
        call_command("rebuild_obligations", "--check", stdout=StringIO())
    told = StringIO()
    call_command("rebuild_obligations", "gaozhou", stdout=told)
    assert f"改变 {n_wrong}" in told.getvalue()
    again = StringIO()
    call_command("rebuild_obligations", "--check", stdout=again)
    assert "改变 0" in again.getvalue()
