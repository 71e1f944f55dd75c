"""The review page: what scorers enter, what stays when a row is wrong, who sees whose figures."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from assessment.actions.facts import enter
from assessment.actions.self_reports import Saying, save_report
from assessment.models import CycleState, Entry, RubricLine
from assessment.queries.review import review_rows
from assessment.scoring import score
from tests import factories as make
from tests.assessment.cycle.conftest import ACTOR, County

S = CycleState


def form(county: County, **rows: tuple[str, str]) -> dict[str, str]:
    """``p0=("50", "note")``: what is typed for the first pairing."""
    found: dict[str, str] = {}
    for name, (value, note) in rows.items():
        key = county.pairings[int(name[1:])].uid
        found |= {f"value_{key}": value, f"note_{key}": note}
    return found


def post(client: Client, county: County, **rows: tuple[str, str]) -> Any:
    return client.post(county.url("review/") + "?line=B1", form(county, **rows))


@pytest.fixture
def reviewed(county: County) -> County:
    with county.inside():
        county.bring_to(S.REVIEW)
    return county


def entries(county: County) -> list[tuple[str, str]]:
    with county.inside():
        return list(Entry.objects.order_by("id").values_list("value", "note"))


@pytest.mark.parametrize(("role", "reads", "writes"), [
    ("CA", 200, 403), ("CS", 200, 302), ("IN", 200, 302), ("AU", 200, 403), ("UL", 403, 403), ("UG", 403, 403), ("VS", 403, 403),
    ("TO", 403, 403), ("CL", 403, 403),
])  # fmt: skip
def test_who_reviews(client: Client, reviewed: County, role: str, reads: int, writes: int) -> None:
    reviewed.sign_in(client, role)
    assert client.get(reviewed.url("review/")).status_code == reads
    assert post(client, reviewed, p0=("50", "评审会")).status_code == writes
    assert len(entries(reviewed)) == (writes == 302)


def test_a_page_of_figures_is_kept_at_once(client: Client, reviewed: County) -> None:
    reviewed.sign_in(client, "CS")
    assert post(client, reviewed, p0=("50", "一"), p1=("41.5", "二"), p2=("", "")).status_code == 302
    assert entries(reviewed) == [("50", "一"), ("41.5", "二")]
    # Only what was changed is entered again.
    assert post(client, reviewed, p0=("50", "一"), p1=("42", "更正")).status_code == 302
    assert entries(reviewed) == [("50", "一"), ("42", "更正")]


@pytest.mark.parametrize("wrong", ["61", "-1", "五十", "1e9", "NaN", "50.555", ""])
def test_one_wrong_row_keeps_none_and_loses_nothing_typed(client: Client, reviewed: County, wrong: str) -> None:
    reviewed.sign_in(client, "CS")
    response = post(client, reviewed, p0=("50", "第一条依据"), p1=(wrong, "第二条依据"))
    body = response.content.decode()
    assert response.status_code == 422
    assert entries(reviewed) == []
    assert 'value="50"' in body
    assert "第一条依据" in body
    assert "第二条依据" in body
    assert f'value="{wrong}"' in body
    assert body.count('aria-invalid="true"') == 1


def test_a_figure_without_a_note_is_refused(client: Client, reviewed: County) -> None:
    reviewed.sign_in(client, "CS")
    assert post(client, reviewed, p0=("50", " ")).status_code == 422
    assert entries(reviewed) == []


def test_nothing_is_entered_before_or_after_the_review(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
    county.sign_in(client, "CS")
    response = post(client, county, p0=("50", "早了"))
    assert response.status_code == 422
    assert entries(county) == []


def test_a_scorer_does_not_see_what_another_entered(client: Client, reviewed: County) -> None:
    with reviewed.inside():
        RubricLine.objects.filter(pk=reviewed.line("B1").pk).update(on_site=True)
        other = make.make_member(reviewed.tenant, "IN")
        enter(cycle=reviewed.cycle, pairing=reviewed.pairings[0], line=reviewed.line("B1"), value="57.25", note="机密依据",
              actor=_of(other))  # fmt: skip
    reviewed.sign_in(client, "IN")
    body = client.get(reviewed.url("review/") + "?line=B1").content.decode()
    assert "57.25" not in body
    assert "机密依据" not in body
    reviewed.sign_in(client, "CS")
    assert "57.25" in client.get(reviewed.url("review/") + "?line=B1").content.decode()


def _of(account: Any) -> Any:
    from tenancy.scope import Actor

    return Actor(name=account.login, account_id=account.pk)


def test_two_far_apart_on_site_ask_for_a_third(reviewed: County) -> None:
    with reviewed.inside():
        RubricLine.objects.filter(pk=reviewed.line("B1").pk).update(on_site=True)
        line = reviewed.line("B1")
        for value in ("50", "37"):
            who = make.make_member(reviewed.tenant, "IN")
            enter(cycle=reviewed.cycle, pairing=reviewed.pairings[0], line=line, value=value, note="现场", actor=_of(who))
        rows = review_rows(reviewed.cycle, line, live=score(reviewed.cycle), account_id=-1, sees_all=True)
        assert [row.needs_third for row in rows] == [True, False, False, False, False, False]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, "填得分，0 到 60"),
        ({"pattern": "mark", "pattern_terms": {"of": 100}}, "填评分，0 到 100"),
        (
            {
                "pattern": "per_missing",
                "reading_terms": {"most": 366},
                "pattern_terms": {"required": 4, "each": 1, "figure": "value"},
            },
            "填次数，0 到 366",
        ),
        (
            {"pattern": "per_missed", "reading_terms": {"sampled": 10}, "pattern_terms": {"each": 1, "figure": "value"}},
            "填抽查 10 户中的户数，最少 0",
        ),
    ],
)
def test_what_a_figure_counts_stands_beside_its_bounds(
    client: Client, reviewed: County, terms: dict[str, Any], said: str
) -> None:
    with reviewed.inside():
        RubricLine.objects.filter(pk=reviewed.line("B1").pk).update(**terms)
    assert said in reviewed.sign_in(client, "CS").get(reviewed.url("review/") + "?line=B1").content.decode()


def test_one_of_two_on_site_is_told_to_the_county_and_not_to_the_other(client: Client, reviewed: County) -> None:
    with reviewed.inside():
        RubricLine.objects.filter(pk=reviewed.line("B1").pk).update(on_site=True)
        who = make.make_member(reviewed.tenant, "IN")
        enter(cycle=reviewed.cycle, pairing=reviewed.pairings[0], line=reviewed.line("B1"), value=50, note="现场", actor=_of(who))
    url = reviewed.url("review/") + "?line=B1"
    assert "还缺第二人录入" in reviewed.sign_in(client, "CS").get(url).content.decode()
    assert "还缺第二人录入" not in reviewed.sign_in(client, "IN").get(url).content.decode()


def test_more_than_a_tenth_from_the_units_own_score_is_marked(county: County) -> None:
    with county.inside():
        county.bring_to(S.SELF_REPORT)
        for number, own in ((0, 60), (1, 56)):
            saying = Saying("x", None, {"B1": Decimal(own)})
            save_report(cycle=county.cycle, pairing_id=county.pairings[number].pk, saying=saying, actor=ACTOR)
        county.bring_to(S.REVIEW)
        line = county.line("B1")
        for pairing in county.pairings[:2]:
            enter(cycle=county.cycle, pairing=pairing, line=line, value=50, note="现场", actor=ACTOR)
        rows = {
            row.assessed.pairing_id: row
            for row in review_rows(county.cycle, line, live=score(county.cycle), account_id=-1, sees_all=True)
        }
        first, second = rows[county.pairings[0].pk], rows[county.pairings[1].pk]
        # 10 of 60 is more than a tenth, 6 of 60 is not.
        assert (first.difference, first.differs) == (Decimal("-10.00"), True)
        assert (second.difference, second.differs) == (Decimal("-6.00"), False)


def test_the_review_asks_a_constant_number_of_queries(
    client: Client, reviewed: County, django_assert_max_num_queries: Any
) -> None:
    with reviewed.inside():
        line = reviewed.line("B1")
        with django_assert_max_num_queries(8):
            review_rows(reviewed.cycle, line, live=score(reviewed.cycle), account_id=-1, sees_all=True)
