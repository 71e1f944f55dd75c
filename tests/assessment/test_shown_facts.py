"""Where a grade is held down, the fact and its document are one step away; for those who may read them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_member, make_pairing, make_tenant, make_town, make_unit, make_village
from tests.live import session_key

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("role", "sees"), [("CA", True), ("AU", True), ("UL", False)])
def test_a_pairing_and_its_sheet_lead_to_the_veto(role: str, sees: bool) -> None:
    tenant = make_tenant()
    with tenant_scope(tenant):
        pairing = make_pairing(make_unit(), make_village(town=make_town()))
        cycle = judged.make_cycle(pairing.programme, judged.make_rubric(), state="publicity")
        judged.make_assessed(cycle, pairing)
        judged.make_sheet(cycle, pairing, is_vetoed=True)
        gone = judged.make_veto(cycle, pairing, doc_no="督字1号", lifted_because="复核更正")
        held = judged.make_veto(cycle, pairing, doc_no="督字7号")
        unit = pairing.unit
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session_key(make_member(tenant, role, unit=unit if role == "UL" else None))
    paths = {name: reverse("assessment:veto", args=["gaozhou", row.uid]) for name, row in (("gone", gone), ("held", held))}
    page = client.get(reverse("pairing:pairing", args=["gaozhou", pairing.uid]))
    assert page.status_code == 200
    assert [path in page.content.decode() for path in paths.values()] == [sees, sees]
    sheet = client.get(reverse("assessment:sheet", args=["gaozhou", cycle.uid, pairing.uid]))
    assert sheet.status_code == 200
    told = sheet.content.decode()
    assert (paths["held"] in told, "一票否决：督字7号" in told, paths["gone"] in told) == (sees, sees, False)
