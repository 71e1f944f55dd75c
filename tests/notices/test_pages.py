"""The inbox of each role, answering, and what county staff see of what was sent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from notices import answers
from notices.models import Notice, OutboxMessage
from tenancy import clock
from tenancy.models import Account, AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests.factories import make_member, make_message, make_notice, make_person, make_tenant, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(tenant: Tenant) -> Account:
    """A liaison with one overdue reminder, a digest of two lines, and a message that is read."""
    with tenant_scope(tenant):
        unit = make_unit()
    account = make_member(tenant, "UL", unit=unit)
    with tenant_scope(tenant):
        person = make_person("联络员甲", account=account)
        late = {
            "title": "十月的劳动日没有完成",
            "lines": ["林业局 — 荷垌村"],
            "next_step": "请补录或说明。",
            "url": "/gaozhou/pairings/",
        }
        make_notice(person, "late", level=1, payload=late, due_on=date(2024, 11, 15))
        digest = make_notice(person, "digest", kind="digest", level=0, payload={"week": "2024-W47"})
        for name in ("接访", "调研"):
            make_notice(person, name, level=0, in_digest=digest, payload={"title": f"本周{name}还未完成"})
        make_notice(person, "seen", payload={"title": "记录已确认"}, read_at=clock.now())
    return account


def row(tenant: Tenant, key: str) -> Notice:
    with tenant_scope(tenant):
        found: Notice = Notice.objects.get(idem_key=key)
        return found


def test_the_inbox_says_what_where_and_what_comes_next(client: Client, tenant: Tenant, reader: Account) -> None:
    client.force_login(reader)
    page = client.get("/gaozhou/inbox/").content.decode()
    for text in (
        "十月的劳动日没有完成",
        "林业局 — 荷垌村",
        "请补录或说明。",
        "2024-11-15",
        "本周接访还未完成",
        "本周调研还未完成",
        "记录已确认",
    ):
        assert text in page
    assert '<a class="btn btn-primary" href="/gaozhou/pairings/">' in page
    assert "消息（2）" in page, "unread lines are counted in the navigation, a digest as one"


def test_tabs_narrow_the_inbox(client: Client, tenant: Tenant, reader: Account) -> None:
    client.force_login(reader)
    shown = {
        query: [text in client.get(f"/gaozhou/inbox/?{query}").content.decode() for text in ("劳动日没有", "本周接访", "已确认")]
        for query in ("", "unread=1", "level=1", "level=0")
    }
    assert shown == {
        "": [True, True, True],
        "unread=1": [True, True, False],
        "level=1": [True, False, False],
        "level=0": [False, True, False],
    }


def test_marking_as_read_one_and_all(client: Client, tenant: Tenant, reader: Account) -> None:
    client.force_login(reader)
    assert client.post(f"/gaozhou/inbox/{row(tenant, 'late').uid}/read/").status_code == 302
    assert (row(tenant, "late").read_at is None, row(tenant, "digest").read_at is None) == (False, True)
    client.post("/gaozhou/inbox/read/")
    assert row(tenant, "digest").read_at is not None
    assert "消息（" not in client.get("/gaozhou/inbox/").content.decode()


def test_an_answer_is_kept_once_told_on_and_logged(
    client: Client, tenant: Tenant, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, Any]] = []
    monkeypatch.setattr(answers, "_listeners", [lambda notice: told.append((notice.answer, notice.promise_on))])
    client.force_login(reader)
    day = clock.today() + timedelta(days=9)
    url = f"/gaozhou/inbox/{row(tenant, 'late').uid}/answer/"
    assert "十月的劳动日没有完成" in client.get(url).content.decode()
    assert client.post(url, {"text": "已知,台风后补做", "promise_on": day.isoformat()}).status_code == 302
    assert client.post(url, {"text": "另一个"}).status_code == 302
    kept = row(tenant, "late")
    assert (kept.answer, kept.promise_on, kept.read_at == kept.answered_at) == ("已知,台风后补做", day, True)
    assert told == [("已知,台风后补做", day)]
    with tenant_scope(tenant):
        assert AuditEntry.objects.filter(action="notice_answered", object_uid=kept.uid).count() == 1
    page = client.get("/gaozhou/inbox/").content.decode()
    assert day.isoformat() in page
    assert "已知,台风后补做" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"text": "  "}, "请写明做了什么或没做的原因，或填写拟完成的日期。"),
        ({"text": "x", "promise_on": "2020-01-01"}, "这一天已经过去，请填今天或以后的日期。"),
        ({"text": "保留", "promise_on": "明天"}, "日期请写成 2024-09-03 的样子。"),
    ],
)
def test_a_bad_answer_is_told_in_words_and_what_was_typed_stays(
    client: Client, tenant: Tenant, reader: Account, typed: dict[str, str], sentence: str
) -> None:
    client.force_login(reader)
    response = client.post(f"/gaozhou/inbox/{row(tenant, 'late').uid}/answer/", typed)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert typed["text"] in page
    assert row(tenant, "late").answered_at is None


@pytest.mark.parametrize("what", ["answer", "read"])
def test_a_colleagues_message_is_not_there(client: Client, tenant: Tenant, reader: Account, what: str) -> None:
    client.force_login(make_member(tenant, "CA"))
    uid = row(tenant, "late").uid
    assert client.post(f"/gaozhou/inbox/{uid}/{what}/", {"text": "x"}).status_code == 404
    assert client.post(f"/gaozhou/api/v1/inbox/{uid}/{what}/", {"text": "x"}).status_code == 404
    kept = row(tenant, "late")
    assert (kept.answered_at, kept.read_at) == (None, None)


def test_a_digest_and_a_plain_message_ask_for_no_answer(client: Client, tenant: Tenant, reader: Account) -> None:
    client.force_login(reader)
    for key in ("digest", "seen"):
        assert client.get(f"/gaozhou/inbox/{row(tenant, key).uid}/answer/").status_code == 404
        assert client.post(f"/gaozhou/api/v1/inbox/{row(tenant, key).uid}/answer/", {"text": "x"}).status_code == 409
    assert client.get(f"/gaozhou/inbox/{row(tenant, '接访').uid}/answer/").status_code == 200


@pytest.mark.parametrize(
    ("role", "status"), [("CA", 200), ("CS", 200), ("AU", 200), ("IN", 403), ("UL", 403), ("VS", 403), ("TO", 403)]
)
def test_who_sees_what_was_sent(client: Client, tenant: Tenant, role: str, status: int) -> None:
    client.force_login(make_member(tenant, role))
    assert client.get("/gaozhou/inbox/").status_code == 200
    assert client.get("/gaozhou/inbox/sent/").status_code == status


def test_nothing_that_was_promised_vanishes_from_the_list(client: Client, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        person = make_person("联络员甲")
        done: dict[str, Any] = {"done_at": clock.now()}
        make_message(person, payload={"title": "等待中的"}, level=0)
        make_message(person, payload={"title": "送到了的"}, level=1, outcome="sent", **done)
        make_message(person, payload={"title": "撤回了的"}, level=1, outcome="dropped", why="met", **done)
        make_message(make_person("联络员乙"), payload={"title": "过期了的"}, level=1, outcome="expired", why="too_old", **done)
    client.force_login(make_member(tenant, "CS"))
    words = ("等待中的", "送到了的", "撤回了的", "过期了的")

    def shown(**query: str) -> list[bool]:
        page = client.get("/gaozhou/inbox/sent/", query).content.decode()
        return [word in page for word in words]

    assert shown() == [True] * 4
    assert shown(outcome="waiting") == [True, False, False, False]
    assert shown(outcome="expired") == [False, False, False, True]
    assert shown(level="1") == [False, True, True, True]
    assert shown(person="乙") == [False, False, False, True]
    assert shown(pairing="5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11") == [False] * 4
    assert client.get("/gaozhou/inbox/sent/?level=x").status_code == 422
    page = client.get("/gaozhou/inbox/sent/").content.decode()
    assert "期间已完成" in page
    assert "超过时限" in page


@pytest.mark.parametrize("n_rows", [1, 3])
def test_pages_cost_the_same_queries_however_many_rows(
    client: Client, tenant: Tenant, django_assert_num_queries: Any, n_rows: int
) -> None:
    account = make_member(tenant, "CS")
    with tenant_scope(tenant):
        person = make_person("经办甲", account=account)
        for number in range(n_rows):
            digest = make_notice(person, f"d{number}", kind="digest", level=0, payload={"week": f"2024-W0{number + 1}"})
            make_notice(person, f"l{number}", level=0, in_digest=digest)
            make_message(person, f"m{number}")
    client.force_login(account)
    client.get("/gaozhou/inbox/")
    with django_assert_num_queries(15):
        client.get("/gaozhou/inbox/")
    with django_assert_num_queries(13):
        client.get("/gaozhou/inbox/sent/")


def test_the_api_gives_ones_own_messages_and_takes_an_answer(client: Client, tenant: Tenant, reader: Account) -> None:
    client.force_login(reader)
    make_tenant("nanhai", "440605", "南海区")
    answer = client.get("/gaozhou/api/v1/inbox/?limit=10").json()
    assert answer["count"] == 5
    by_title = {line["title"]: line for line in answer["results"]}
    assert by_title["十月的劳动日没有完成"]["lines"] == ["林业局 — 荷垌村"]
    assert by_title["本周接访还未完成"]["in_digest"] == str(row(tenant, "digest").uid)
    assert client.get("/gaozhou/api/v1/inbox/?level=1").json()["count"] == 1
    assert client.get("/gaozhou/api/v1/inbox/?unread=true").json()["count"] == 4
    uid = by_title["十月的劳动日没有完成"]["id"]
    day = (clock.today() + timedelta(days=3)).isoformat()
    told = client.post(f"/gaozhou/api/v1/inbox/{uid}/answer/", {"text": "已知", "promise_on": day}).json()
    assert (told["answer"], told["promise_on"], told["answered_at"] is None) == ("已知", day, False)
    again = client.post(f"/gaozhou/api/v1/inbox/{uid}/answer/", {"text": "又"})
    assert (again.status_code, again.json()["code"]) == (409, "already_done")
    assert client.post(f"/gaozhou/api/v1/inbox/{by_title['本周接访还未完成']['id']}/answer/", {}).status_code == 400
    assert client.post(f"/gaozhou/api/v1/inbox/{uid}/read/").status_code == 200


def test_a_person_without_a_login_keeps_the_messages_until_one_is_given(client: Client, tenant: Tenant) -> None:
    with tenant_scope(tenant):
        person = make_person("村支书甲")
        make_notice(person, payload={"title": "早先的消息"})
        assert OutboxMessage.objects.count() == 0
    account = make_member(tenant, "VS")
    client.force_login(account)
    assert "早先的消息" not in client.get("/gaozhou/inbox/").content.decode()
    with tenant_scope(tenant):
        person.account = account
        person.save()
    assert "早先的消息" in client.get("/gaozhou/inbox/").content.decode()
