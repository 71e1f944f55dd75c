"""The lists of facts lead to their import: those who may bring the ledger in, and nobody else."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tenancy.scope import tenant_scope
from tests.factories import make_member, make_pairing, make_tenant, make_town, make_unit, make_village
from tests.live import session_key

pytestmark = pytest.mark.django_db
LISTS = {
    "households": "pairing:household_list",
    "figures": "units:figure_list",
    "polls": "assessment:poll_list",
    "honours": "assessment:honour_list",
    "vetoes": "assessment:veto_list",
}


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("CA", {"households", "figures", "polls", "honours", "vetoes"}),
        ("CS", {"households", "figures", "polls", "honours"}),
        ("VS", {"households"}),
        ("TO", {"households"}),
        ("UL", set()),
        ("AU", set()),
    ],
)
def test_a_list_leads_to_its_import(role: str, expected: set[str]) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        pairing = make_pairing(make_unit(), make_village(town=make_town()))
        scopes = {"VS": pairing.village, "TO": pairing.village.parent, "UL": pairing.unit}
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(make_member(tenant, role, unit=scopes.get(role)))
    upload = reverse("importing:new", args=["gaozhou"])
    found = set()
    for ledger, name in LISTS.items():
        page = client.get(reverse(name, args=["gaozhou"]))
        assert page.status_code in (200, 403)
        if f'href="{upload}?kind={ledger}"' in page.content.decode():
            found.add(ledger)
            assert client.get(f"{upload}?kind={ledger}").status_code == 200
    assert found == expected
