"""A finding is issued, handed in, closed or sent back; overdue once its day has passed (domain.md §4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from notices.models import OutboxMessage
from supervision import actions
from supervision.models import Finding
from supervision.queries import overdue
from tests.factories import make_member
from tests.supervision.conftest import TODAY, Place, at

pytestmark = pytest.mark.django_db
DUE = date(2025, 3, 31)


def issue(place: Place, role: str = "CS", **more: Any) -> Finding:
    values = {"content": "台账与实际不符", "due_on": DUE, **more}
    return actions.issue_finding(pairing=place.pairing, access=place.member(role), **values)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(actions.SupervisionRefused) as refused:
        call()
    return str(refused.value.code)


def signed_in(place: Place, role: str) -> Client:
    client = Client()
    unit = {"UL": place.unit, "TO": place.town}.get(role)
    client.force_login(make_member(place.tenant, role, unit=unit), backend="tenancy.backends.AccountBackend")
    return client


def test_numbers_go_on_within_a_year(place: Place) -> None:
    assert [issue(place).number for _n in range(2)] == ["督〔2025〕1号", "督〔2025〕2号"]
    assert issue(place, number="督〔2025〕12号").number == "督〔2025〕12号"
    assert issue(place).number == "督〔2025〕13号"
    assert issue(place, issued_on=date(2024, 12, 3)).number == "督〔2024〕1号"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"content": " "}, "reason_missing"),
        ({"due_on": date(2025, 3, 5)}, "invalid"),
        ({"issued_on": date(2025, 3, 7)}, "invalid"),
        ({"source": "rumour"}, "invalid"),
    ],
)
def test_what_does_not_fit_is_refused(place: Place, more: dict[str, Any], code: str) -> None:
    assert code_of(lambda: issue(place, **more)) == code
    assert not Finding.objects.exists()


def test_a_taken_number_is_refused(place: Place) -> None:
    issue(place)
    assert code_of(lambda: issue(place, number="督〔2025〕1号")) == "twice"


def test_the_way_to_a_closed_finding(place: Place) -> None:
    row = issue(place)
    assert code_of(lambda: actions.close_finding(finding=row, access=place.member("CS"))) == "wrong_state"
    row = actions.hand_in_finding(finding=row, measures="已核对并更正", access=place.member("UL"))
    assert (row.state, row.submitted_on) == ("submitted", TODAY)
    with at(date(2025, 3, 12)):
        row = actions.close_finding(finding=row, access=place.member("CS", name="督导员丁"))
    assert (row.state, row.closed_on, row.checker) == ("closed", date(2025, 3, 12), "督导员丁")


def test_sent_back_with_why_and_a_new_day(place: Place) -> None:
    row = actions.hand_in_finding(finding=issue(place), measures="已核对", access=place.member("UG"))
    assert code_of(lambda: actions.send_back_finding(finding=row, reason="", access=place.member("CS"))) == "reason_missing"
    row = actions.send_back_finding(finding=row, reason="缺少对照表", due_on=date(2025, 4, 10), access=place.member("CS"))
    assert (row.state, row.sent_back_because, row.due_on) == ("issued", "缺少对照表", date(2025, 4, 10))
    assert row.measures == "已核对"
    actions.hand_in_finding(finding=row, measures="已附对照表", access=place.member("VS"))


def test_the_unit_is_told_of_each_step_that_asks_something(place: Place) -> None:
    row = issue(place)
    actions.hand_in_finding(finding=row, measures="已核对", access=place.member("UL"))
    actions.send_back_finding(finding=row, reason="缺少对照表", access=place.member("CS"))
    kinds = sorted(OutboxMessage.objects.values_list("kind", flat=True))
    assert kinds == ["finding_issued"] * 2 + ["finding_sent_back"] * 2
    actions.hand_in_finding(finding=row, measures="已附", access=place.member("UL"))
    actions.close_finding(finding=row, access=place.member("CA"))
    assert set(OutboxMessage.objects.values_list("outcome", flat=True)) == {"dropped"}


@pytest.mark.parametrize("role", ["CA", "TO", "UL", "UG", "VS", "CL", "AU"])
def test_only_staff_and_inspectors_issue(place: Place, role: str) -> None:
    with pytest.raises(PermissionDenied):
        issue(place, role)


def test_nobody_else_hands_in_or_closes(place: Place) -> None:
    row = issue(place)
    for access in (place.member("UL", place.other.unit), place.member("CS"), place.member("TO")):
        with pytest.raises(PermissionDenied):
            actions.hand_in_finding(finding=row, measures="已核对", access=access)
    actions.hand_in_finding(finding=row, measures="已核对", access=place.member("UL"))
    for role in ("UL", "UG", "VS", "TO", "AU"):
        with pytest.raises(PermissionDenied):
            actions.close_finding(finding=row, access=place.member(role))


def test_the_administrator_and_the_staff_close_on_the_page(place: Place) -> None:
    row = actions.hand_in_finding(finding=issue(place), measures="已核对", access=place.member("UL"))
    client = signed_in(place, "CA")
    url = f"/{place.tenant.slug}/supervision/findings/{row.uid}/"
    assert f"{url}close/" in client.get(url).content.decode()
    assert client.post(f"{url}close/", {"checker": "核查人甲"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.checker) == ("closed", "核查人甲")
    for role in ("UL", "TO", "AU"):
        shown = signed_in(place, role).get(url)
        assert shown.status_code == 200
        assert f"{url}close/" not in shown.content.decode()


def test_more_time_is_asked_for_before_the_day_and_given_with_a_reason(place: Place) -> None:
    row = issue(place)
    row = actions.ask_extension(finding=row, until=date(2025, 4, 20), reason="雨季无法施工", access=place.member("UL"))
    assert (row.due_on, row.extension_until, row.extension_because) == (DUE, date(2025, 4, 20), "雨季无法施工")
    row = actions.extend_finding(finding=row, due_on=date(2025, 4, 15), reason="同意延期半月", access=place.member("CA"))
    assert (row.due_on, row.extension_until, row.extension_because) == (date(2025, 4, 15), None, "")
    assert row.extension_answer == "同意延期半月"
    days = list(row.versions.order_by("pgh_id").values_list("due_on", flat=True))  # type: ignore[attr-defined]
    assert (days[0], days[-1]) == (DUE, date(2025, 4, 15))
    told = OutboxMessage.objects.filter(kind="finding_extended")
    assert told.count() == 2
    assert told[0].payload["due_on"] == "2025-04-15"
    with at(date(2025, 4, 10)):
        assert not Finding.objects.filter(overdue(date(2025, 4, 10)), pk=row.pk).exists()


def test_more_time_is_refused_with_a_reason(place: Place) -> None:
    row = issue(place)
    assert code_of(lambda: actions.refuse_extension(finding=row, reason="须按期", access=place.member("CS"))) == "not_asked"
    actions.ask_extension(finding=row, until=date(2025, 4, 20), reason="雨季", access=place.member("VS"))
    assert code_of(lambda: actions.refuse_extension(finding=row, reason=" ", access=place.member("CS"))) == "reason_missing"
    row = actions.refuse_extension(finding=row, reason="须按期整改", access=place.member("CS"))
    assert (row.due_on, row.extension_until, row.extension_answer) == (DUE, None, "须按期整改")
    assert OutboxMessage.objects.filter(kind="finding_not_extended").count() == 2


def test_more_time_has_its_bounds(place: Place) -> None:
    row = issue(place)
    unit, staff = place.member("UL"), place.member("CS")
    later = date(2025, 4, 20)
    assert code_of(lambda: actions.ask_extension(finding=row, until=DUE, reason="雨季", access=unit)) == "invalid"
    assert code_of(lambda: actions.ask_extension(finding=row, until=later, reason=" ", access=unit)) == "reason_missing"
    assert code_of(lambda: actions.extend_finding(finding=row, due_on=DUE, reason="雨季", access=staff)) == "invalid"
    assert code_of(lambda: actions.extend_finding(finding=row, due_on=later, reason="", access=staff)) == "reason_missing"
    with at(date(2025, 4, 1)):
        assert code_of(lambda: actions.ask_extension(finding=row, until=later, reason="雨季", access=unit)) == "too_late"
        assert (
            code_of(lambda: actions.extend_finding(finding=row, due_on=date(2025, 3, 31), reason="x", access=staff)) == "invalid"
        )
    for stranger in (place.member("UL", place.other.unit), place.member("TO"), staff):
        with pytest.raises(PermissionDenied):
            actions.ask_extension(finding=row, until=later, reason="雨季", access=stranger)
    for side in (unit, place.member("TO"), place.member("AU")):
        with pytest.raises(PermissionDenied):
            actions.extend_finding(finding=row, due_on=later, reason="雨季", access=side)
    actions.ask_extension(finding=row, until=later, reason="雨季", access=unit)
    row = actions.hand_in_finding(finding=row, measures="已提前完成", access=unit)
    assert row.extension_until is None
    assert code_of(lambda: actions.extend_finding(finding=row, due_on=later, reason="雨季", access=staff)) == "wrong_state"


def test_the_pages_ask_and_give(place: Place) -> None:
    row = issue(place)
    url = f"/{place.tenant.slug}/supervision/findings/{row.uid}/"
    unit, office = signed_in(place, "UL"), signed_in(place, "CA")
    assert f"{url}ask-time/" in unit.get(url).content.decode()
    refused = unit.post(f"{url}ask-time/", {"until": "2025-03-01", "reason": "雨季无法施工"})
    assert refused.status_code == 422
    assert "雨季无法施工" in refused.content.decode()
    assert unit.post(f"{url}ask-time/", {"until": "2025-04-20", "reason": "雨季无法施工"}).status_code == 302
    page = office.get(url).content.decode()
    assert "雨季无法施工" in page
    assert f"{url}keep-day/" in page
    assert 'value="2025-04-20"' in office.get(f"{url}extend/").content.decode()
    assert "state=more_time" in office.get(f"/{place.tenant.slug}/").content.decode()
    assert office.post(f"{url}extend/", {"due_on": "2025-04-20", "reason": "同意"}).status_code == 302
    row.refresh_from_db()
    assert row.due_on == date(2025, 4, 20)
