"""A warning is proposed, signed by a person, told to the unit, answered or withdrawn (domain.md §4.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from notices.delivery import deliver
from notices.models import Notice, OutboxMessage
from supervision import actions
from supervision.models import Warning
from tenancy.models import AuditEntry
from tenancy.scope import Actor
from tests.supervision.conftest import TODAY, Place, at

pytestmark = pytest.mark.django_db


def propose(place: Place, level: int = 2, role: str = "CS", **more: Any) -> Warning:
    return actions.propose_warning(
        pairing=place.pairing, level=level, reason="集中劳动连续两月未完成", access=place.member(role), **more
    )


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(actions.SupervisionRefused) as refused:
        call()
    return str(refused.value.code)


def test_a_proposal_is_told_to_nobody(place: Place) -> None:
    row = propose(place)
    assert (row.proposed_on, row.signed_on, row.answer_due_on) == (TODAY, None, None)
    assert not OutboxMessage.objects.exists()


def test_the_same_proposal_waits_once(place: Place) -> None:
    propose(place)
    assert code_of(lambda: propose(place)) == "twice"
    propose(place, level=3)
    assert Warning.objects.count() == 2


@pytest.mark.parametrize(("level", "due"), [(2, date(2025, 3, 13)), (3, date(2025, 3, 20))])
def test_a_signature_names_the_person_and_the_day_of_the_answer(place: Place, level: int, due: date) -> None:
    signer = place.member("CA", name="科长丙")
    row = actions.sign_warning(warning=propose(place, level), doc_no="督〔2025〕1号", access=signer)
    row.refresh_from_db()
    assert (row.signed_on, row.signed_name, row.signed_by_id) == (TODAY, "科长丙", signer.account.pk)
    assert (row.answer_due_on, row.doc_no) == (due, "督〔2025〕1号")


def test_liaison_and_leader_are_told_once(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    assert set(OutboxMessage.objects.values_list("person__name", "kind")) == {
        ("联络员甲", "warning_signed"), ("组长乙", "warning_signed"),
    }  # fmt: skip
    deliver()
    told = Notice.objects.filter(subject_uid=row.uid)
    assert {one.person_id for one in told} == {place.liaison.pk, place.leader.pk}
    assert {one.payload["answer_due_on"] for one in told} == {"2025-03-13"}


def test_nobody_signs_twice(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    assert code_of(lambda: actions.sign_warning(warning=row, access=place.member("CA"))) == "wrong_state"
    assert OutboxMessage.objects.count() == 2


def test_the_machine_signs_nothing(place: Place) -> None:
    row = propose(place)
    assert code_of(lambda: actions.sign_warning(warning=row)) == "nobody_signs"
    assert actions.sign_warning(warning=row, actor=Actor(name="科长丙")).signed_name == "科长丙"


@pytest.mark.parametrize("role", ["CS", "IN", "TO", "UL", "UG", "VS", "AU"])
def test_only_the_county_administrator_signs(place: Place, role: str) -> None:
    row = propose(place)
    with pytest.raises(PermissionDenied):
        actions.sign_warning(warning=row, access=place.member(role))


@pytest.mark.parametrize("role", ["CA", "TO", "UL", "UG", "VS", "AU"])
def test_only_staff_and_inspectors_propose(place: Place, role: str) -> None:
    with pytest.raises(PermissionDenied):
        propose(place, role=role)


def test_the_unit_s_leader_answers_what_is_in_force(place: Place) -> None:
    row = propose(place)
    leader = place.member("UG")
    assert code_of(lambda: actions.answer_warning(warning=row, text="已安排补做", access=leader)) == "wrong_state"
    actions.sign_warning(warning=row, access=place.member("CA"))
    assert code_of(lambda: actions.answer_warning(warning=row, text="  ", access=leader)) == "reason_missing"
    with at(date(2025, 3, 10)):
        answered = actions.answer_warning(warning=row, text="已安排补做", access=leader)
    assert (answered.answered_on, answered.answer) == (date(2025, 3, 10), "已安排补做")


def test_another_unit_does_not_answer(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    for access in (place.member("UG", place.other.unit), place.member("VS"), place.member("CS")):
        with pytest.raises(PermissionDenied):
            actions.answer_warning(warning=row, text="已安排补做", access=access)


def test_a_withdrawn_warning_says_why_and_its_word_is_stopped(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    assert code_of(lambda: actions.withdraw_warning(warning=row, reason=" ", access=place.member("CA"))) == "reason_missing"
    row = actions.withdraw_warning(warning=row, reason="记录已补录", access=place.member("CA"))
    assert (row.withdrawn_on, row.withdrawn_because) == (TODAY, "记录已补录")
    # Nobody had been told yet: nothing is told now either.
    assert set(OutboxMessage.objects.values_list("outcome", "why")) == {("dropped", "warning_withdrawn")}


def test_whoever_was_told_is_told_of_the_withdrawal(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    deliver()
    actions.withdraw_warning(warning=row, reason="记录已补录", access=place.member("CA"))
    assert OutboxMessage.objects.filter(done_at=None, kind="warning_withdrawn").count() == 2


def test_staff_drop_a_proposal_but_no_signed_warning(place: Place) -> None:
    dropped = actions.withdraw_warning(warning=propose(place), reason="误报", access=place.member("CS"))
    assert dropped.withdrawn_on == TODAY
    signed = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    with pytest.raises(PermissionDenied):
        actions.withdraw_warning(warning=signed, reason="误报", access=place.member("CS"))
    assert code_of(lambda: actions.withdraw_warning(warning=dropped, reason="误报", access=place.member("CA"))) == "wrong_state"


def test_every_step_stands_in_the_audit_chain(place: Place) -> None:
    row = actions.sign_warning(warning=propose(place), access=place.member("CA"))
    actions.answer_warning(warning=row, text="已安排补做", access=place.member("UG"))
    actions.withdraw_warning(warning=row, reason="记录已补录", access=place.member("CA"))
    deeds = list(AuditEntry.objects.filter(object_uid=row.uid).order_by("seq").values_list("action", flat=True))
    assert deeds == ["warning_proposed", "warning_signed", "warning_answered", "warning_withdrawn"]
