"""Where a reminder leads: to 记一笔 with pairing and type filled in, or to the card to confirm."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from activities.reminders.planning import plan_all
from notices.models import OutboxMessage
from notices.words import words_of
from tenancy import clock
from tests.activities.records.conftest import BACKEND
from tests.activities.reminders.conftest import Owing, local
from tests.factories import make_member, make_person, make_post, make_record

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def planned(moment: str, kind: str) -> OutboxMessage:
    with clock.at(local(moment)):
        plan_all()
    found: OutboxMessage = OutboxMessage.objects.filter(kind=kind).order_by("id")[0]
    return found


@pytest.mark.parametrize(
    ("moment", "kind", "state"), [("2024-10-28 09:00", "due_soon", "open"), ("2024-11-12 09:00", "overdue", "missed")]
)
def test_what_is_owed_leads_to_the_form_with_pairing_and_type(owing: Owing, moment: str, kind: str, state: str) -> None:
    owing.cell("2024-10", state=state)
    message = planned(moment, kind)
    url = words_of(message, owing.tenant.slug).url
    assert url == f"/{owing.tenant.slug}/records/new/?pairing={owing.pairing.uid}&type=labour_day&for=2024-10"


def test_the_type_is_the_rules_own_whatever_the_rule_is_called(owing: Owing) -> None:
    cell = owing.cell("2024-10", code="leader_reception", state="missed")
    cell.terms.types = ["reception"]
    cell.terms.save()
    assert words_of(planned("2024-11-12 09:00", "overdue"), owing.tenant.slug).url.endswith("&type=reception&for=2024-10")


def test_a_message_planned_before_knows_no_type_and_leads_to_the_pairing(owing: Owing) -> None:
    owing.cell("2024-10", state="missed")
    message = planned("2024-11-12 09:00", "overdue")
    del message.payload["type"]
    assert words_of(message, owing.tenant.slug).url == f"/{owing.tenant.slug}/pairings/{owing.pairing.uid}/"


def asking(owing: Owing) -> tuple[Any, OutboxMessage]:
    with clock.at(local("2024-10-09 09:00")):
        record = make_record(owing.pairing, text="清理村道", occurred_on=date(2024, 10, 8), submitted_on=date(2024, 10, 9))
    make_post(owing.village, make_person("书记甲"), "village_secretary", starts_on=date(2024, 1, 1))
    return record, planned("2024-10-21 09:00", "to_confirm")


def test_a_record_to_confirm_leads_to_its_card_which_comes_first(owing: Owing) -> None:
    record, message = asking(owing)
    url = words_of(message, owing.tenant.slug).url
    assert url == f"/{owing.tenant.slug}/records/confirm/?record={record.uid}"
    with clock.at(local("2024-10-21 09:00")):
        earlier = make_record(owing.pairing, text="更早的一条", submitted_on=date(2024, 9, 20), occurred_on=date(2024, 9, 19))
        client = Client()
        client.force_login(make_member(owing.tenant, "VS", unit=owing.village), backend=BACKEND)
        cards = client.get(url).context["cards"]
        assert [str(card["uid"]) for card in cards] == [str(record.uid), str(earlier.uid)]
        client.post(f"/{owing.tenant.slug}/records/{record.uid}/confirm/")
        done = client.get(url)
        assert (done.status_code, done["Location"]) == (302, f"/{owing.tenant.slug}/records/{record.uid}/")
        assert client.get(url.replace(str(record.uid), "nonsense")).status_code == 200
