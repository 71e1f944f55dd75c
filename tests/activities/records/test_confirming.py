"""属实 / 不属实: the other side alone, one tap, ten seconds to take it back; a superior after the deadline, and it shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from activities.models import Record, Share
from tenancy import clock
from tenancy.scope import tenant_scope
from tests.activities.records.conftest import DAY, TODAY, County, sent
from tests.factories import make_member, make_record

AsRole = Callable[[str], Client]
HTMX = {"HX-Request": "true"}


def written(county: County, *pairings: Any, **fields: Any) -> Record:
    with tenant_scope(county.tenant):
        values = {"text": "清理村道两侧杂草", "author": county.members["UL"], "submitted_on": DAY, **fields}
        record: Record = make_record(*(pairings or (county.first,)), **values)
    return record


def status(county: County, record: Record) -> str:
    with tenant_scope(county.tenant):
        return str(Record.objects.get(pk=record.pk).status)


def test_the_other_side_finds_the_card_on_its_first_page_and_confirms(county: County, as_role: AsRole) -> None:
    record = written(county)
    client = as_role("VS")
    home = client.get(county.url()).content.decode()
    done = client.post(county.url(f"records/{record.uid}/confirm/"), headers=HTMX)

    for words in ("高州市林业局", "2024年10月16日", "集中劳动", "清理村道两侧杂草", "属实", "不属实"):
        assert words in home, words
    assert status(county, record) == "confirmed"
    answer = done.content.decode()
    assert "已确认属实" in answer
    assert "撤销" in answer
    assert f'id="card-{record.uid}"' in answer
    assert "清理村道两侧杂草" not in client.get(county.url("records/confirm/")).content.decode()


def test_a_village_confirms_two_units_joint_work_once(county: County, as_role: AsRole) -> None:
    record = written(county, county.first, county.second)
    client = as_role("VS")
    cards = client.get(county.url("records/confirm/")).context["cards"]
    client.post(county.url(f"records/{record.uid}/confirm/"))

    assert [card["who"] for card in cards] == ["高州市林业局、高州市水务局"]
    with tenant_scope(county.tenant):
        assert set(Share.objects.values_list("status", flat=True)) == {"confirmed"}


@pytest.mark.parametrize(("role", "words"), [("UL", "本方填报"), ("UG", "本方填报")])
def test_ones_own_side_cannot_confirm(county: County, as_role: AsRole, role: str, words: str) -> None:
    record = written(county)
    client = as_role(role)
    answer = client.post(county.url(f"records/{record.uid}/confirm/"), headers=HTMX)

    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert "属实" not in client.get(county.url()).content.decode()
    assert status(county, record) == "submitted"


def test_what_the_village_wrote_the_unit_confirms(county: County, as_role: AsRole) -> None:
    record = written(county, author_side="village", author=county.members["VS"])
    card = as_role("UG").get(county.url("records/confirm/")).context["cards"][0]
    as_role("UG").post(county.url(f"records/{record.uid}/confirm/"))

    assert card["who"] == "曹江镇荷垌村"
    assert status(county, record) == "confirmed"


def test_undo_takes_ones_own_confirmation_back_in_its_ten_seconds(county: County, as_role: AsRole) -> None:
    record = written(county)
    client, path = as_role("VS"), county.url(f"records/{record.uid}/")
    client.post(path + "confirm/")
    with clock.at(TODAY + timedelta(seconds=9)):
        assert "撤销" in client.get(path).content.decode()
        answer = client.post(path + "undo/", headers=HTMX)

    assert answer.status_code == 200
    assert "不属实" in answer.content.decode()
    assert status(county, record) == "submitted"


def test_too_late_for_undo_and_somebody_elses_confirmation_stay(county: County, as_role: AsRole) -> None:
    record = written(county)
    path = county.url(f"records/{record.uid}/")
    as_role("VS").post(path + "confirm/")
    with clock.at(TODAY + timedelta(seconds=9)):
        theirs = as_role("CS").post(path + "undo/", headers=HTMX)
    with clock.at(TODAY + timedelta(minutes=2)):
        late = as_role("VS").post(path + "undo/", headers=HTMX)

    assert theirs.status_code == late.status_code == 409
    assert "10 秒" in late.content.decode()
    assert status(county, record) == "confirmed"


def test_returning_asks_why_and_the_writers_read_it(county: County, as_role: AsRole) -> None:
    record = written(county)
    path = county.url(f"records/{record.uid}/")
    client = as_role("VS")
    asked = client.get(path + "return/", headers=HTMX)
    empty = client.post(path + "return/", {"reason": " "}, headers=HTMX)
    done = client.post(path + "return/", {"reason": "当天没有来"}, headers=HTMX)

    assert asked.status_code == 200
    assert "原因" in asked.content.decode()
    assert empty.status_code == 422
    assert "原因" in empty.content.decode()
    assert done.status_code == 200
    assert status(county, record) == "returned"
    assert "当天没有来" in as_role("UL").get(path).content.decode()
    home = as_role("UL").get(county.url()).content.decode()
    assert "被退回的和草稿" in home


def test_the_record_says_first_whom_it_waits_for_and_why_it_came_back(county: County, as_role: AsRole) -> None:
    record = written(county)
    page = county.url(f"records/{record.uid}/")
    writers = as_role("UL")
    waiting = writers.get(page).content.decode()
    as_role("VS").post(county.url(f"records/{record.uid}/return/"), {"reason": "实到18人"})
    back = writers.get(page).content.decode()

    assert "等曹江镇荷垌村确认" in waiting
    assert "退回：实到18人" in back
    assert back.index("退回：实到18人") < back.index("基本情况</h2>")


def test_the_top_of_the_first_page_says_how_many_wait(county: County, as_role: AsRole) -> None:
    for _n in range(3):
        written(county, text="又一条")
    page = as_role("VS").get(county.url())
    waits = {panel.key: panel.waits for panel in page.context["waits"]}

    assert waits["to-confirm"] == "待我确认 3 条"
    html = page.content.decode()
    assert html.index('href="#to-confirm"') < html.index('id="write"') < html.index('id="to-confirm"')
    assert html.count("属实</button>") == 2


@pytest.mark.parametrize("role", ["CS", "TO"])
def test_a_superior_confirms_after_the_deadline_and_says_on_what_basis(county: County, as_role: AsRole, role: str) -> None:
    record = written(county)
    path = county.url(f"records/{record.uid}/confirm-for/")
    client = as_role(role)
    early = client.post(path, {"basis": "电话"})
    with clock.at(TODAY + timedelta(days=12)):
        without = client.post(path, {"basis": ""})
        done = client.post(path, {"basis": "10月30日与书记通电话"})
        page = client.get(county.url(f"records/{record.uid}/")).content.decode()

    assert early.status_code == 422
    assert "2024-10-30" in early.content.decode()
    assert without.status_code == 422
    assert done.status_code == 302
    assert status(county, record) == "confirmed"
    assert f"某{role}" in page
    assert "10月30日与书记通电话" in page


def test_a_town_stands_in_for_its_own_village_only(county: County, as_role: AsRole) -> None:
    record = written(county, county.second, county.third, author=county.members["water"])
    client = as_role("TO")
    with clock.at(TODAY + timedelta(days=12)):
        done = client.post(county.url(f"records/{record.uid}/confirm-for/"), {"basis": "电话"})

    assert done.status_code == 302
    with tenant_scope(county.tenant):
        parts = Share.objects.filter(record=record).values_list("pairing", "status")
        assert set(parts) == {(county.second.pk, "confirmed"), (county.third.pk, "submitted")}
    assert status(county, record) == "submitted"


@pytest.mark.parametrize(("role", "code"), [("CA", 302), ("CS", 302), ("UL", 403), ("VS", 403), ("AU", 403), ("TO", 403)])
def test_the_county_voids_with_a_reason(county: County, as_role: AsRole, role: str, code: int) -> None:
    record = written(county, status="confirmed")
    path = county.url(f"records/{record.uid}/")
    answer = as_role(role).post(path + "void/", {"reason": "抽查不属实", "verdict": "untrue"})

    assert answer.status_code == code
    assert status(county, record) == ("voided" if code == 302 else "confirmed")
    if code == 302:
        assert as_role(role).post(path + "void/", {"reason": "再来一次", "verdict": "untrue"}).status_code == 422
        assert "抽查不属实" in as_role("VS").get(path).content.decode()


@pytest.mark.parametrize(("verdict", "is_untrue", "words"), [("untrue", True, "查实不属实"), ("mistaken", False, "登记有误")])
def test_it_is_told_whether_a_check_found_it_untrue(
    county: County, as_role: AsRole, verdict: str, is_untrue: bool, words: str
) -> None:
    record = written(county, status="confirmed")
    path = county.url(f"records/{record.uid}/")
    as_role("CS").post(path + "void/", {"reason": "对照签到表", "verdict": verdict})
    with tenant_scope(county.tenant):
        assert Record.objects.get(pk=record.pk).found_untrue is is_untrue
    page = as_role("VS").get(path).content.decode()
    assert words in page
    assert "对照签到表" in page
    assert ("查实不属实" in as_role("VS").get(path + "history/").content.decode()) is is_untrue


def test_one_must_say_which(county: County, as_role: AsRole) -> None:
    record = written(county, status="confirmed")
    answer = as_role("CS").post(county.url(f"records/{record.uid}/void/"), {"reason": "对照签到表"})
    assert answer.status_code == 422
    assert "对照签到表" in answer.content.decode()
    assert status(county, record) == "confirmed"


def test_voiding_without_a_reason_is_refused(county: County, as_role: AsRole) -> None:
    record = written(county)
    assert as_role("CS").post(county.url(f"records/{record.uid}/void/"), {"reason": "", "verdict": "mistaken"}).status_code == 422
    assert status(county, record) == "submitted"


@pytest.mark.parametrize("path", ["", "edit/", "history/", "void/", "return/", "confirm-for/"])
def test_another_countys_record_is_as_if_there_were_none(county: County, as_role: AsRole, path: str) -> None:
    client = as_role("CS")
    missing = client.get(county.url("records/00000000-0000-4000-8000-000000000000/"))
    foreign = client.get(county.url(f"records/{county.theirs.uid}/{path}"))
    assert (foreign.status_code, foreign.content) == (404, missing.content)


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("CA", 200), ("CS", 200), ("IN", 200), ("CL", 200), ("TO", 200), ("UL", 200), ("UG", 200), ("VS", 200), ("AU", 200),
        ("HC", 403), ("water", 404),
    ],
)  # fmt: skip
def test_who_reads_a_record(county: County, as_role: AsRole, role: str, code: int) -> None:
    record = written(county)
    assert as_role(role).get(county.url(f"records/{record.uid}/")).status_code == code


def test_the_page_shows_steps_with_who_and_both_sides(county: County, as_role: AsRole) -> None:
    as_role("UL").post(county.url("records/new/"), sent(county.first, joint=[str(county.second.uid)]))
    with tenant_scope(county.tenant):
        record = Record.objects.get()
    as_role("VS").post(county.url(f"records/{record.uid}/confirm/"))
    context = as_role("CS").get(county.url(f"records/{record.uid}/")).context

    assert [(event["title"], event["who"]) for event in context["events"]] == [("已确认", "某VS"), ("提交", "某UL")]
    assert [(side["unit"], side["chip"]["word"]) for side in context["sides"]] == [
        ("高州市林业局", "已确认"), ("高州市水务局", "已确认"),
    ]  # fmt: skip


def test_the_first_page_costs_the_same_however_many_wait(county: County, as_role: AsRole) -> None:
    client = as_role("VS")
    written(county)
    client.get(county.url())
    with CaptureQueriesContext(connection) as few:
        client.get(county.url("records/confirm/"))
    for _number in range(8):
        written(county, county.first, county.second)
    with CaptureQueriesContext(connection) as many:
        client.get(county.url("records/confirm/"))
    assert len(many) == len(few)


def test_a_village_secretary_of_elsewhere_sees_nothing_of_it(county: County, as_role: AsRole) -> None:
    record = written(county)
    member = make_member(county.tenant, "VS", unit=county.far)
    client = Client()
    client.force_login(member, backend="tenancy.backends.AccountBackend")

    assert client.post(county.url(f"records/{record.uid}/confirm/")).status_code == 404
    assert client.get(county.url("records/confirm/")).context["cards"] == []
