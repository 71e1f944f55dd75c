"""Whether the group leader was there is asked each time: what was so last time says nothing about this time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from activities.models import Record
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import County, sent

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
AsRole = Callable[[str], Client]


@pytest.mark.parametrize("again", ["", "?again=1"])
def test_whether_the_leader_was_there_is_asked_each_time(county: County, as_role: AsRole, again: str) -> None:
    client = as_role("UG")
    given = sent(county.first, type="reception", form="at_desk", visitors="3", leader_present="on")
    assert client.post(county.url("records/new/"), given).status_code == 302
    with tenant_scope(county.tenant):
        last = Record.objects.get(leader_present=True)
    for query in (again, f"?from={last.uid}"):
        form = client.get(county.url(f"records/new/{query}")).context["form"]
        assert form["type"].value() == "reception"
        assert not form["leader_present"].value()
