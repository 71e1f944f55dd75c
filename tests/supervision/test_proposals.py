"""建议黄牌: what the ladder's second step fits is shown to staff, and proposed by a person only (domain.md §4.4)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from pairing.models import Pairing
from supervision import actions
from supervision.models import Warning
from supervision.queries.proposals import proposals
from tenancy import clock
from tests import factories_judgement as judged
from tests.factories import make_member, make_obligation, make_rule
from tests.supervision.conftest import TODAY, Place

pytestmark = pytest.mark.django_db
BACKEND = "tenancy.backends.AccountBackend"


def missed(pairing: Pairing, code: str, periods: dict[str, str], kind: str = "month") -> None:
    """Cells of a rule: period → state, all past their grace."""
    rule = make_rule(pairing.programme, code, code, period_kind=kind)
    for period, state in periods.items():
        make_obligation(pairing, rule, period, state=state, grace_until=date(2025, 3, 5))


def suggested(place: Place, role: str = "CS") -> list[tuple[int, str]]:
    return [(one.pairing.pk, one.reason) for one in proposals(place.member(role), TODAY)]


def test_a_rule_missed_in_the_last_two_periods(place: Place) -> None:
    missed(place.pairing, "集中劳动", {"2025-01": "missed", "2025-02": "missed"})
    assert suggested(place) == [(place.pairing.pk, "集中劳动连续两期未完成（2025年1月、2025年2月）")]


@pytest.mark.parametrize(
    "periods",
    [
        {"2025-01": "missed", "2025-02": "met"},
        {"2024-12": "missed", "2025-01": "missed", "2025-02": "met_late"},
        {"2025-02": "missed"},
        {"2025-01": "missed", "2025-02": "open"},
    ],
)
def test_what_was_made_good_is_not_suggested(place: Place, periods: dict[str, str]) -> None:
    missed(place.pairing, "集中劳动", periods)
    assert suggested(place) == []


def test_a_waived_period_is_passed_over(place: Place) -> None:
    missed(place.pairing, "集中劳动", {"2024-12": "missed", "2025-01": "waived", "2025-02": "missed"})
    assert [reason for _pairing, reason in suggested(place)] == ["集中劳动连续两期未完成（2024年12月、2025年2月）"]


@pytest.mark.parametrize(("n_missed", "n_found"), [(3, 0), (4, 1)])
def test_of_weeks_four_of_the_last_eight(place: Place, n_missed: int, n_found: int) -> None:
    weeks = {f"2025-W{week:02}": "missed" if week % 2 and week // 2 < n_missed else "met" for week in range(1, 9)}
    missed(place.pairing, "接访", weeks, "week")
    told = ["接访近八周有 4 周未完成（2025年第1周、2025年第3周、2025年第5周、2025年第7周）"]
    assert [reason for _pairing, reason in suggested(place)] == told[:n_found]


@pytest.mark.parametrize(("n_rules", "n_found"), [(2, 0), (3, 1)])
def test_three_rules_missed_in_one_month(place: Place, n_rules: int, n_found: int) -> None:
    for n in range(n_rules):
        missed(place.pairing, f"规则{n}", {"2025-01": "missed", "2025-02": "met"})
    assert len(suggested(place)) == n_found


def test_a_finding_overdue(place: Place) -> None:
    judged.make_finding(place.pairing, number="督1", issued_on=date(2025, 1, 6), due_on=date(2025, 3, 5))
    judged.make_finding(place.other, number="督2", issued_on=date(2025, 1, 6), due_on=TODAY)
    assert suggested(place) == [(place.pairing.pk, "督导问题 督1 逾期未整改（时限 2025年3月5日）")]


def test_what_was_proposed_is_suggested_no_more_even_when_it_was_dropped(place: Place) -> None:
    missed(place.pairing, "集中劳动", {"2025-01": "missed", "2025-02": "missed"})
    [(_pairing, reason)] = suggested(place)
    row = actions.propose_warning(pairing=place.pairing, level=2, reason=reason, access=place.member("CS"))
    actions.withdraw_warning(warning=row, reason="已说明", access=place.member("CS"))
    assert suggested(place) == []


@pytest.mark.parametrize("role", ["CA", "TO", "UL", "UG", "VS", "AU"])
def test_nobody_else_gets_suggestions(place: Place, role: str) -> None:
    missed(place.pairing, "集中劳动", {"2025-01": "missed", "2025-02": "missed"})
    assert suggested(place, role) == []


@pytest.fixture
def staff(place: Place) -> Client:
    client = Client()
    client.force_login(make_member(place.tenant, "CS"), backend=BACKEND)
    return client


def test_one_tap_proposes_and_a_stale_or_made_up_one_is_refused(place: Place, staff: Client) -> None:
    missed(place.pairing, "集中劳动", {"2025-01": "missed", "2025-02": "missed"})
    url = f"/{place.tenant.slug}/supervision/proposals/"
    [(_pairing, reason)] = suggested(place)
    assert reason in staff.get(url).content.decode()
    assert not Warning.objects.exists()
    sent = {"pairing": str(place.pairing.uid), "reason": reason}
    assert staff.post(url, {**sent, "reason": "随意编写"}).status_code == 409
    assert staff.post(url, sent).status_code == 302
    row = Warning.objects.get()
    assert (row.level, row.reason, row.signed_on, row.proposed_on) == (2, reason, None, clock.today())
    assert staff.post(url, sent).status_code == 409
    assert Warning.objects.count() == 1
