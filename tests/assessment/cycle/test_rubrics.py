"""Rubrics: versions, copies, changing drafts and never frozen ones, the validator beside them, and what if."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from assessment.actions import rubrics as actions
from assessment.actions.rubrics import change_bands, change_line, copy_rubric, drop_rubric, freeze, make_preset, weigh
from assessment.actions.scoring import compute
from assessment.models import Cycle, CycleState, Rubric, RubricBand, RubricGroup, RubricLine, Sheet, SheetLine
from assessment.presets.jdgj_100 import GROUPS
from assessment.queries.results import compared
from assessment.refusals import AssessmentRefused
from assessment.scoring import score, unit_results
from assessment.weights import scaled
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, County

S = CycleState
MARKS = [58, 56, 45, 40, 20, 56]


def test_the_preset_is_made_in_one_go_and_again_as_the_next_version(county: County) -> None:
    with county.inside():
        first, second = make_preset(actor=ACTOR), make_preset(actor=ACTOR)
        assert (first.number, second.number) == (1, 2)
        assert RubricLine.objects.filter(rubric=second).count() == sum(len(group.lines) for group in GROUPS)


def test_a_copy_is_the_same_in_everything_but_its_number(county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
        twin = copy_rubric(rubric=rubric, actor=ACTOR)
        assert (twin.number, twin.frozen_at, twin.copied_from_id) == (2, None, rubric.pk)
        for model, names in (
            (RubricGroup, ("code", "name", "section", "cap")),
            (RubricBand, ("grade", "word", "from_score")),
            (RubricLine, ("code", "max_score", "reading", "reading_terms", "pattern", "pattern_terms", "group__code", "on_site")),
        ):
            rows = [sorted(map(str, model.objects.filter(rubric=one).values_list(*names))) for one in (rubric, twin)]
            assert rows[0] == rows[1]


def test_a_frozen_version_is_never_changed(county: County) -> None:
    with county.inside():
        freeze(rubric=county.rubric, actor=ACTOR)
        line, group = county.line("A1"), RubricGroup.objects.get(rubric=county.rubric, code="A")
        before = list(RubricLine.objects.filter(rubric=county.rubric).values())
        deeds = (
            lambda: change_line(line=line, values={"max_score": Decimal(50)}, actor=ACTOR),
            lambda: actions.change_group(group=group, name="x", cap=None, actor=ACTOR),
            lambda: actions.change_rubric(rubric=county.rubric, values={"top_share": 50}, actor=ACTOR),
            lambda: change_bands(rubric=county.rubric, bands={"good": ("优", Decimal(95))}, actor=ACTOR),
            lambda: weigh(rubric=county.rubric, marks={"A1": Decimal(50)}, actor=ACTOR),
            lambda: drop_rubric(rubric=county.rubric, actor=ACTOR),
        )
        for deed in deeds:
            with pytest.raises(AssessmentRefused) as refused:
                deed()
            assert refused.value.code == "frozen"
        assert list(RubricLine.objects.filter(rubric=county.rubric).values()) == before
        assert Rubric.objects.get(pk=county.rubric.pk).top_share == 30


def test_bounds_may_change_places_and_leave_no_hole(county: County) -> None:
    with county.inside():
        change_bands(
            rubric=county.rubric,
            bands={
                "good": ("优", Decimal(80)),
                "fairly_good": ("良", Decimal(90)),
                "average": ("中", Decimal(60)),
                "poor": ("差", None),
            },
            actor=ACTOR,
        )
        told = dict(RubricBand.objects.filter(rubric=county.rubric).values_list("grade", "from_score"))
        assert told == {"good": 80, "fairly_good": 90, "average": 60, "poor": None}
        for bands in ({"good": ("优", None)}, {"good": ("优", Decimal(60))}):
            with pytest.raises(AssessmentRefused) as refused:
                change_bands(rubric=county.rubric, bands=bands, actor=ACTOR)
            assert refused.value.code == "bands"


def test_a_draft_in_use_or_copied_stays(county: County) -> None:
    with county.inside():
        with pytest.raises(AssessmentRefused) as refused:
            drop_rubric(rubric=county.rubric, actor=ACTOR)
        assert refused.value.code == "in_use"
        twin = copy_rubric(rubric=county.rubric, actor=ACTOR)
        drop_rubric(rubric=twin, actor=ACTOR)
        assert not Rubric.objects.filter(pk=twin.pk).exists()


@pytest.mark.parametrize(
    ("pattern", "terms", "wanted"),
    [
        ("per_missing", {"required": 4, "each": 1, "floor": True, "late_each": "0.5"},
         {"required": 4, "each": 2, "floor": True, "late_each": 1}),
        ("parts", {"parts": {"agreement": 2, "plan": 2}}, {"parts": {"agreement": 4, "plan": 4}}),
        ("steps", {"steps": [{"from": 10, "score": 4}, {"above": 0, "score": 2}]},
         {"steps": [{"from": 10, "score": 8}, {"above": 0, "score": 4}]}),
        ("choice", {"choices": {"adopted": 5, "none": 0}}, {"choices": {"adopted": 10, "none": 0}}),
        ("penalties", {"penalties": {"yellow": {"each": 1, "every": 2}}}, {"penalties": {"yellow": {"each": 2, "every": 2}}}),
        ("points", {"from": "0.5", "to": 2}, {"from": 1, "to": 4}),
        ("mark", {"of": 100}, {"of": 100}),
        ("weighted_poll", {"weights": {"satisfied": "1"}, "least_valid": 10}, {"weights": {"satisfied": "1"}, "least_valid": 10}),
    ],
)  # fmt: skip
def test_points_in_a_rule_move_with_its_marks(pattern: str, terms: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert scaled(pattern, terms, Decimal(2)) == wanted


# -- what if -------------------------------------------------------------------------------------


def moved_copy(county: County) -> Rubric:
    copy = copy_rubric(rubric=county.cycle.rubric, what_if=True, actor=ACTOR)
    weigh(rubric=copy, marks={"A1": Decimal(80), "B1": Decimal(20)}, actor=ACTOR)
    return copy


def test_what_if_tells_who_changes_grade_and_by_which_line_and_writes_no_sheet(county: County) -> None:
    with county.inside():
        county.bring_to(S.SCORED, MARKS)
        before = list(Sheet.objects.values().order_by("id")), list(SheetLine.objects.values().order_by("id"))
        copy = moved_copy(county)
        found = {one.unit_id: one for one in compared(county.cycle, copy)}
        last = found[county.pairings[4].unit_id]
        # 40 of 40 becomes 80 of 80; 20 points are the range's end now.
        assert (str(last.before.final), str(last.after.final)) == ("60.00", "100.00")
        assert last.before.grade_by_score == "average"
        assert last.lines == {"A1": (Decimal("40.00"), Decimal("80.00"))}
        first = found[county.pairings[0].unit_id]
        assert first.lines == {"A1": (Decimal("40.00"), Decimal("80.00")), "B1": (Decimal("57.00"), Decimal("20.00"))}
        assert (list(Sheet.objects.values().order_by("id")), list(SheetLine.objects.values().order_by("id"))) == before


def test_what_if_is_what_a_real_scoring_with_that_rubric_gives(county: County) -> None:
    with county.inside():
        county.bring_to(S.SCORED, MARKS)
        copy = moved_copy(county)
        wanted = {one.pairing_id: (one.final, one.grade) for one in score(county.cycle, rubric=copy)}
        units = {one.unit_id: (one.final, one.grade_final) for one in unit_results(county.cycle, rubric=copy)}
        # The same weights for real: the cycle takes the copy as its rubric and is computed.
        Rubric.objects.filter(pk=copy.pk).update(is_what_if=False, number=9)
        entries = {line.code: line for line in RubricLine.objects.filter(rubric=copy)}
        from assessment.models import Entry

        for entry in Entry.objects.select_related("line"):
            Entry.objects.filter(pk=entry.pk).update(line=entries[entry.line.code])
        Cycle.objects.filter(pk=county.cycle.pk).update(rubric=copy)
        cycle = Cycle.objects.get(pk=county.cycle.pk)
        compute(cycle=cycle, actor=ACTOR)
        assert {one.pairing_id: (one.final, one.grade) for one in Sheet.objects.filter(cycle=cycle)} == wanted
        assert {one.unit_id: (one.final, one.grade_final) for one in unit_results(cycle)} == units


def test_a_what_if_copy_is_never_taken_for_an_assessment(county: County) -> None:
    from assessment.actions.cycles import choose_rubric

    with county.inside():
        copy = copy_rubric(rubric=county.rubric, what_if=True, actor=ACTOR)
        with pytest.raises(AssessmentRefused) as refused:
            choose_rubric(cycle=county.cycle, rubric=copy, actor=ACTOR)
        assert refused.value.code == "what_if"


# -- pages ---------------------------------------------------------------------------------------


def base(county: County) -> str:
    return f"/{county.tenant.slug}/assessment/rubrics/"


@pytest.mark.parametrize(
    ("role", "read", "edit", "create"),
    [
        ("CA", 200, 200, 302), ("CS", 200, 200, 302), ("AU", 200, 403, 403), ("UL", 200, 403, 403), ("VS", 200, 403, 403),
        ("IN", 200, 403, 403),
    ],
)  # fmt: skip
def test_who_reads_and_who_edits(client: Client, county: County, role: str, read: int, edit: int, create: int) -> None:
    county.sign_in(client, role)
    one = f"{base(county)}{county.rubric.uid}/"
    assert client.get(base(county)).status_code == read
    assert client.get(one).status_code == read
    for path in ("edit/", "bands/", "lines/A1/", "groups/A/"):
        assert client.get(one + path).status_code == edit
    assert client.post(f"{base(county)}preset/").status_code == create
    assert client.post(f"{one}copy/").status_code == create


def test_each_line_of_the_preset_can_be_changed_on_its_page(client: Client, county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
        codes = list(RubricLine.objects.filter(rubric=rubric).values_list("code", flat=True))
    county.sign_in(client, "CA")
    for code in codes:
        url = f"{base(county)}{rubric.uid}/lines/{code}/"
        response = client.post(url, {**as_shown(client, url), "on_site": "on"})
        assert response.status_code == 302, (code, response.content.decode()[-2000:])
    with county.inside():
        for group in GROUPS:
            for line in group.lines:
                row = RubricLine.objects.get(rubric=rubric, code=line.code)
                assert (row.pattern_terms, row.reading_terms) == (line.pattern_terms, line.reading_terms), line.code


def as_shown(client: Client, url: str) -> dict[str, Any]:
    """What a browser sends when nothing on the page of a form was touched."""
    form = client.get(url).context["form"]
    return {bound.name: bound.value() for bound in form if bound.value() is not None and bound.value() is not False}


def test_a_number_of_a_rule_is_changed_and_the_sentence_follows(client: Client, county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
    county.sign_in(client, "CS")
    page = f"{base(county)}{rubric.uid}/lines/A3/"
    form = {
        "name": "联合主题党日",
        "max_score": "4",
        "pattern_terms-required": "6",
        "pattern_terms-each": "0.5",
        "pattern_terms-floor": "on",
        "reading_terms-types": ["theme_party_day"],
    }
    assert client.post(page, form).status_code == 302
    with county.inside():
        row = RubricLine.objects.get(rubric=rubric, code="A3")
        assert row.pattern_terms == {"required": 6, "each": "0.5", "floor": True}
    refused = client.post(page, {**form, "pattern_terms-each": "半分", "name": "改了名"})
    assert refused.status_code == 422
    assert "半分" in refused.content.decode()
    assert "改了名" in refused.content.decode()


def test_the_validator_stands_beside_the_rubric(client: Client, county: County) -> None:
    with county.inside():
        change_line(line=county.line("A1"), values={"max_score": Decimal(70)}, actor=ACTOR)
        change_line(line=county.line("B1"), values={"max_score": Decimal(20)}, actor=ACTOR)
    county.sign_in(client, "CA")
    page = client.get(f"{base(county)}{county.rubric.uid}/").content.decode()
    assert 'data-tone="error"' in page
    assert 'data-tone="warning"' in page


def test_the_pages_of_a_frozen_version_change_nothing(client: Client, county: County) -> None:
    with county.inside():
        freeze(rubric=county.rubric, actor=ACTOR)
    county.sign_in(client, "CA")
    one = f"{base(county)}{county.rubric.uid}/"
    assert f'href="{one}lines/A1/"' not in client.get(one).content.decode()
    response = client.post(f"{one}lines/A1/", {"name": "x", "max_score": "1"})
    assert response.headers["Location"] == one
    with county.inside():
        assert county.line("A1").max_score == 40


def test_what_if_on_its_page(client: Client, county: County) -> None:
    with county.inside():
        county.bring_to(S.SCORED, MARKS)
    county.sign_in(client, "CS")
    made = client.post(county.url("what-if/"))
    page = made.headers["Location"]
    assert "没有单位等次变化" in client.get(page).content.decode()
    assert client.post(page, {"marks_A1": "80", "marks_B1": "20"}).headers["Location"] == page
    body = client.get(page).content.decode()
    assert "高州市统计局" in body
    assert "A1 40.00 → 80.00" in body
    refused = client.post(page, {"marks_A1": "八十", "marks_B1": "20"})
    assert refused.status_code == 422
    assert "八十" in refused.content.decode()
    for role, status in (("AU", 403), ("IN", 403), ("UL", 403)):
        county.sign_in(client, role)
        assert client.get(page).status_code == status


def test_rubrics_of_another_county_are_not_there(client: Client, county: County) -> None:
    other = make.make_tenant("nanhai", "440605", "南海区")
    client.force_login(make.make_member(other, "CA"))
    one = f"/nanhai/assessment/rubrics/{county.rubric.uid}/"
    for path in ("", "edit/", "bands/", "lines/A1/", "groups/A/"):
        assert client.get(one + path).status_code == 404
    for path in ("copy/", "drop/"):
        assert client.post(one + path).status_code == 404
    with county.inside():
        assert Rubric.objects.count() == 1


def test_a_veto_stays_in_a_what_if(county: County) -> None:
    with county.inside():
        county.bring_to(S.REVIEW)
        judged.make_veto(county.cycle, county.pairings[4])
        county.bring_to(S.SCORED, MARKS)
        found = {one.unit_id: one.after.grade_final for one in compared(county.cycle, moved_copy(county))}
        assert found[county.pairings[4].unit_id] == "poor"
