"""A finding is issued, handed in, closed or sent back; overdue once its day has passed (domain.md §4.3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from notices.models import OutboxMessage
from supervision import actions
from supervision.models import Finding
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
