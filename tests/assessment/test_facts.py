"""What people bring to a score: who may, what is refused, what is kept (domain.md §3.2, §4.5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assessment.actions import facts
from assessment.models import Cycle, Entry, Honour, Poll, RubricLine, Veto
from pairing.models import Pairing
from tenancy import clock
from tenancy.access import Access, LiveGrant
from tenancy.models import AuditEntry, Tenant
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.factories import make_account, make_pairing, make_person, make_post, make_tenant, make_town, make_unit, make_village
from units.models import Unit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 8)


@dataclass
class Review:
    """A cycle under review with a line for one reviewer, one for two on site, and the village's mark."""

    tenant: Tenant
    pairing: Pairing
    cycle: Cycle
    plain: RubricLine
    on_site: RubricLine
    mark: RubricLine
    member: Callable[..., Access]

    def enter(self, line: RubricLine, value: Any, access: Access | None, **more: Any) -> Entry:
        values = {"note": "现场核对", **more}
        return facts.enter(cycle=self.cycle, pairing=self.pairing, line=line, value=value, access=access, **values)


@pytest.fixture
def review(db: None) -> Iterator[Review]:
    tenant = make_tenant()
    with tenant_scope(tenant), clock.at(datetime(2026, 1, 8, 9, tzinfo=ZoneInfo("Asia/Shanghai"))):
        pairing = make_pairing(make_unit(), make_village())
        rubric = judged.make_rubric()
        group = judged.make_group(rubric)
        plain = judged.make_line(group, "F1", "5")
        on_site = judged.make_line(group, "B2", "4", on_site=True)
        mark = judged.make_line(group, "G1", "10", source="other_side", pattern="mark", pattern_terms={"of": 100})
        cycle = judged.make_cycle(pairing.programme, rubric, state="review")
        judged.make_assessed(cycle, pairing)

        def member(role: str, at_unit: Unit | None = None, name: str = "") -> Access:
            account = make_account()
            if name:
                make_person(name, account=account)
            where = at_unit or {"UL": pairing.unit, "UG": pairing.unit, "VS": pairing.village}.get(role)
            return Access(account, tenant, (LiveGrant(role, "unit" if where else "tenant", where.pk if where else None, None),))

        yield Review(tenant, pairing, cycle, plain, on_site, mark, member)


def code_of(call: Callable[[], Any]) -> str:
    with pytest.raises(ValidationError) as refused:
        call()
    # A refusal by field carries its code on the field.
    return str(getattr(refused.value, "code", "") or refused.value.error_dict.popitem()[1][0].code)


# -- entries --------------------------------------------------------------------------------------
def test_a_figure_is_kept_with_its_scorer_note_and_day(review: Review) -> None:
    row = review.enter(review.plain, "3.50", review.member("CS", name="评审甲"))
    row.refresh_from_db()
    assert (row.value, row.scorer_name, row.note, row.entered_on) == ("3.5", "评审甲", "现场核对", TODAY)
    assert AuditEntry.objects.filter(action="entry_made", object_uid=row.uid).count() == 1


def test_a_correction_is_a_version_of_the_same_row(review: Review) -> None:
    scorer = review.member("CS")
    first = review.enter(review.plain, "3", scorer)
    again = review.enter(review.plain, "4", scorer)
    assert first.pk == again.pk
    assert [version.value for version in again.versions.order_by("pgh_id")] == ["3", "4"]  # type: ignore[attr-defined]


def test_a_line_for_one_has_one_figure_whoever_corrects_it(review: Review) -> None:
    review.enter(review.plain, "3", review.member("CS", name="评审甲"))
    row = review.enter(review.plain, "2", review.member("IN", name="评审乙"))
    assert (Entry.objects.count(), row.value, row.scorer_name) == (1, "2", "评审乙")


def test_two_enter_on_site_and_a_third_only_when_they_are_apart(review: Review) -> None:
    review.enter(review.on_site, "3", review.member("IN"))
    review.enter(review.on_site, "2.5", review.member("IN"))
    assert code_of(lambda: review.enter(review.on_site, "3", review.member("IN"))) == "enough_entries"


def test_the_third_settles_and_nobody_comes_fourth(review: Review) -> None:
    first = review.member("IN")
    review.enter(review.on_site, "4", first)
    review.enter(review.on_site, "2", review.member("IN"))
    third = review.enter(review.on_site, "3", review.member("CS"))
    assert third.is_settling
    assert list(Entry.objects.order_by("id").values_list("is_settling", flat=True)) == [False, False, True]
    assert code_of(lambda: review.enter(review.on_site, "3", review.member("IN"))) == "enough_entries"
    assert review.enter(review.on_site, "3.5", first).value == "3.5"


def test_nobody_scores_the_own_unit(review: Review) -> None:
    by_role = review.member("CS")
    by_role = Access(by_role.account, by_role.tenant, (*by_role.grants, LiveGrant("UL", "unit", review.pairing.unit_id, None)))
    by_post = review.member("IN")
    make_post(review.pairing.unit, make_person("评审丙", account=by_post.account), "staff")
    for access in (by_role, by_post):
        assert code_of(lambda access=access: review.enter(review.plain, "3", access)) == "own_unit"  # type: ignore[misc]
    assert not Entry.objects.exists()


def test_a_manual_figure_needs_a_note(review: Review) -> None:
    assert code_of(lambda: review.enter(review.plain, "3", review.member("CS"), note=" ")) == "reason_missing"


@pytest.mark.parametrize("role", ["CA", "UL", "UG", "VS", "AU", "CL"])
def test_only_staff_and_inspectors_enter(review: Review, role: str) -> None:
    with pytest.raises(PermissionDenied):
        review.enter(review.plain, "3", review.member(role))


def test_the_village_marks_its_partner_and_no_other(review: Review) -> None:
    row = review.enter(review.mark, "92", review.member("VS"), note="")
    assert row.value == "92"
    with pytest.raises(PermissionDenied):
        review.enter(review.mark, "92", review.member("VS", make_village("茅坡村", town=make_town("根子镇"))), note="")
    with pytest.raises(PermissionDenied):
        review.enter(review.mark, "92", review.member("UL"))


def test_a_line_that_the_system_counts_takes_no_entry(review: Review) -> None:
    line = judged.make_line(review.plain.group, "E1", source="system", reading="periods", pattern="per_missed")
    assert code_of(lambda: review.enter(line, "3", review.member("CS"))) == "wrong_line"


def test_another_rubric_s_line_takes_no_entry(review: Review) -> None:
    line = judged.make_line(judged.make_group(judged.make_rubric("other")), "F1")
    assert code_of(lambda: review.enter(line, "3", review.member("CS"))) == "wrong_line"


def test_who_is_not_assessed_gets_no_figure(review: Review) -> None:
    stranger = make_pairing(make_unit("高州市水务局"), make_village("茅坡村", town=make_town("根子镇")), review.pairing.programme)
    call: dict[str, Any] = {
        "cycle": review.cycle,
        "line": review.plain,
        "value": "3",
        "note": "核对",
        "access": review.member("CS"),
    }
    assert code_of(lambda: facts.enter(pairing=stranger, **call)) == "not_assessed"
    judged.make_assessed(review.cycle, stranger, exempt_because="机构改革")
    assert code_of(lambda: facts.enter(pairing=stranger, **call)) == "not_assessed"


@pytest.mark.parametrize("state", ["scored", "decision", "publicity"])
def test_after_the_scores_a_change_says_why(review: Review, state: str) -> None:
    Cycle.objects.update(state=state)
    scorer = review.member("CS")
    assert code_of(lambda: review.enter(review.plain, "3", scorer)) == "reason_missing"
    assert review.enter(review.plain, "3", scorer, reason="复核纠正").value == "3"


def test_a_final_assessment_takes_nothing(review: Review) -> None:
    Cycle.objects.update(state="final")
    calls: list[Callable[[], Any]] = [
        lambda: review.enter(review.plain, "3", review.member("CS"), reason="纠正"),
        lambda: poll(review, reason="纠正"),
        lambda: veto(review, reason="纠正"),
        lambda: honour(review),
    ]
    assert [code_of(call) for call in calls] == ["final"] * 4


# -- polls ----------------------------------------------------------------------------------------
def poll(review: Review, role: str = "CS", **more: Any) -> Poll:
    values = {"satisfied": 13, "fairly": 5, "dissatisfied": 1, "unknown": 1, **more}
    return facts.set_poll(cycle=review.cycle, pairing=review.pairing, access=review.member(role), **values)


def test_a_poll_is_set_once_and_corrected(review: Review) -> None:
    first = poll(review)
    again = poll(review, satisfied=12)
    assert (first.pk, again.satisfied, again.held_on) == (again.pk, 12, TODAY)
    assert again.versions.count() == 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "wrong",
    [
        {"satisfied": -1},
        {"unknown": 100_001},
        {"satisfied": 0, "fairly": 0, "dissatisfied": 0, "unknown": 0},
        {"held_on": date(2026, 1, 9)},
    ],
)
def test_an_impossible_poll_is_refused(review: Review, wrong: dict[str, Any]) -> None:
    assert code_of(lambda: poll(review, **wrong)) == "invalid"
    assert not Poll.objects.exists()


@pytest.mark.parametrize("role", ["CA", "UL", "UG", "VS", "AU"])
def test_only_staff_and_inspectors_write_polls(review: Review, role: str) -> None:
    with pytest.raises(PermissionDenied):
        poll(review, role)


# -- honours and vetoes ---------------------------------------------------------------------------
def honour(review: Review, role: str = "CS", **more: Any) -> Honour:
    values = {"matter": "共建经验", "level": "city", "promoted_on": date(2025, 9, 1), **more}
    return facts.add_honour(pairing=review.pairing, access=review.member(role), **values)


def test_one_matter_stands_once_at_each_level(review: Review) -> None:
    honour(review)
    honour(review, level="province")
    assert code_of(lambda: honour(review)) == "twice"
    assert code_of(lambda: honour(review, level="galaxy")) == "invalid"
    assert code_of(lambda: honour(review, matter=" ")) == "reason_missing"


def test_a_withdrawn_honour_says_why_and_makes_room(review: Review) -> None:
    row = honour(review)
    assert code_of(lambda: facts.withdraw_honour(honour=row, reason="", access=review.member("CS"))) == "reason_missing"
    with pytest.raises(PermissionDenied):
        facts.withdraw_honour(honour=row, reason="误登", access=review.member("UL"))
    assert facts.withdraw_honour(honour=row, reason="误登", access=review.member("CS")).withdrawn_because == "误登"
    assert code_of(lambda: facts.withdraw_honour(honour=row, reason="误登", access=review.member("CS"))) == "wrong_state"
    honour(review)


def veto(review: Review, role: str = "CA", **more: Any) -> Veto:
    values = {"kind": "fabrication", "fact": "虚构记录", "decided_by": "督导组", "doc_no": "督〔2025〕9号", **more}
    return facts.add_veto(cycle=review.cycle, pairing=review.pairing, access=review.member(role), **values)


def test_a_veto_needs_fact_decider_and_document(review: Review) -> None:
    for missing in ("fact", "decided_by", "doc_no"):
        assert code_of(lambda missing=missing: veto(review, **{missing: ""})) == "reason_missing"  # type: ignore[misc]
    veto(review)
    assert code_of(lambda: veto(review)) == "twice"


def test_a_lifted_veto_says_why(review: Review) -> None:
    row = veto(review)
    with pytest.raises(PermissionDenied):
        facts.lift_veto(veto=row, reason="复查", access=review.member("CS"))
    assert facts.lift_veto(veto=row, reason="复查不成立", access=review.member("CA")).lifted_because == "复查不成立"
    assert code_of(lambda: facts.lift_veto(veto=row, reason="再来", access=review.member("CA"))) == "wrong_state"


@pytest.mark.parametrize("role", ["CS", "IN", "UL", "VS"])
def test_only_the_administrator_writes_vetoes(review: Review, role: str) -> None:
    with pytest.raises(PermissionDenied):
        veto(review, role)
