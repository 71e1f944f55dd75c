"""Complaints and suggestions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate, now

from lib.workdays import add_workdays
from tenancy import limits
from tenancy.models import AuditEntry, Feedback, PlatformFeedback, RateCount, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_account, make_member, make_tenant

pytestmark = pytest.mark.django_db
TEXT = "台账要求重复填报,请合并。"


@pytest.fixture
def tenant() -> Tenant:
    return make_tenant()


def send(client: Client, **more: str) -> int:
    return client.post("/gaozhou/feedback/", {"text": TEXT, "about": "county", **more}).status_code


def only(tenant: Tenant) -> Feedback:
    with tenant_scope(tenant):
        found: Feedback = Feedback.objects.get()
        return found


def test_anybody_may_write_without_a_name(client: Client, tenant: Tenant) -> None:
    assert send(client) == 302
    feedback = only(tenant)
    assert (feedback.text, feedback.author_id) == (TEXT, None)
    assert feedback.due_on == add_workdays(localdate(), 5)
    with tenant_scope(tenant):
        entry = AuditEntry.objects.get()
        assert (entry.action, entry.actor, entry.address) == ("feedback_sent", "", "")
        assert TEXT not in str(entry.details)


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_member_may_hide_the_name(client: Client, tenant: Tenant, anonymous: bool) -> None:
    member = make_member(tenant, "VS")
    client.force_login(member)
    send(client, **({"anonymous": "on"} if anonymous else {}))
    assert only(tenant).author_id == (None if anonymous else member.pk)


def test_what_is_missing_is_said(client: Client, tenant: Tenant) -> None:
    assert client.post("/gaozhou/feedback/", {"text": "", "about": "county"}).status_code == 422
    assert client.post("/gaozhou/feedback/", {"text": TEXT, "about": "x"}).status_code == 422
    with tenant_scope(tenant):
        assert Feedback.objects.count() == 0


def test_a_machine_is_stopped_after_ten(client: Client, tenant: Tenant) -> None:
    assert [send(client) for _n in range(11)] == [302] * 10 + [429]
    assert send(Client(REMOTE_ADDR="10.0.0.9")) == 302
    assert "127.0.0.1" not in str(list(RateCount.objects.values()))


@pytest.mark.parametrize(("role", "reads", "answers"), [("CA", 200, 200), ("CS", 200, 403), ("UL", 403, 403), ("AU", 403, 403)])
def test_who_reads_and_who_answers(client: Client, tenant: Tenant, role: str, reads: int, answers: int) -> None:
    send(client)
    uid = only(tenant).uid
    visitor = Client()
    visitor.force_login(make_member(tenant, role))
    assert visitor.get("/gaozhou/feedback/list/").status_code == reads
    assert visitor.get(f"/gaozhou/feedback/{uid}/answer/").status_code == answers


def test_one_answer_is_kept(client: Client, tenant: Tenant) -> None:
    send(client)
    uid = only(tenant).uid
    client.force_login(make_member(tenant, "CA"))
    assert client.post(f"/gaozhou/feedback/{uid}/answer/", {"answer": "已合并。"}).status_code == 302
    client.post(f"/gaozhou/feedback/{uid}/answer/", {"answer": "另一个答复"})
    assert only(tenant).answer == "已合并。"
    page = client.get("/gaozhou/feedback/list/").content.decode()
    assert "已合并。" in page


def test_another_countys_feedback_is_not_there(client: Client, tenant: Tenant) -> None:
    send(client)
    uid = only(tenant).uid
    other = make_tenant("nanhai", "440605", "南海区")
    client.force_login(make_member(other, "CA"))
    assert client.get(f"/nanhai/feedback/{uid}/answer/").status_code == 404


def test_what_is_about_the_software_goes_to_the_operator(client: Client, tenant: Tenant) -> None:
    send(client, about="platform")
    with tenant_scope(tenant):
        assert Feedback.objects.count() == 0
    row = PlatformFeedback.objects.get()
    operator = Client()
    operator.force_login(make_account("op", is_operator=True))
    assert TEXT in operator.get("/operator/feedback/").content.decode()
    assert operator.post(f"/operator/feedback/{row.uid}/answer/", {"answer": "下一版改进。"}).status_code == 302
    row.refresh_from_db()
    assert row.answer == "下一版改进。"


def test_a_budget_counts_within_its_window_and_starts_again() -> None:
    start = now()
    hour = timedelta(hours=1)
    assert [limits.spend("x", "a", limit=2, within=hour, now=start) for _n in range(3)] == [True, True, False]
    assert limits.spend("x", "b", limit=2, within=hour, now=start)
    assert limits.spend("y", "a", limit=2, within=hour, now=start)
    assert limits.spend("x", "a", limit=2, within=hour, now=start + hour)
    assert limits.forget_old(now=start + hour) == 2
