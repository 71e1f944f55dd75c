"""A county's own rubric from ready rules: groups and lines added and taken away, subjects chosen, steps and tables edited."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from assessment.actions.rubric_lines import add_group, add_line, drop_group, drop_line
from assessment.actions.rubrics import freeze, make_preset
from assessment.models import CycleState, Rubric, RubricBand, RubricGroup, RubricLine, Section
from assessment.patterns import PATTERNS, words
from assessment.presets.starters import STARTERS, Of
from assessment.readings import READINGS
from assessment.refusals import AssessmentRefused
from assessment.rubrics import faults
from assessment.scoring import score
from tests import factories as make
from tests.assessment.cycle.conftest import ACTOR, County
from tests.assessment.cycle.test_rubrics import as_shown, base

SUBJECT = {Of.NOTHING: "", Of.TYPE: "training", Of.RULE: "reception", Of.METRIC: "operating_income"}


def _empty(county: County) -> Rubric:
    rubric: Rubric = Rubric.objects.create(tenant=county.tenant, code="OWN", title="本县细则")
    for grade, word, bound in (("good", "好", 90), ("fairly_good", "较好", 80), ("average", "一般", 60), ("poor", "较差", None)):
        RubricBand.objects.create(tenant=county.tenant, rubric=rubric, grade=grade, word=word, from_score=bound)
    return rubric


def _group(rubric: Rubric, section: str = Section.BASE, code: str = "A") -> RubricGroup:
    return add_group(rubric=rubric, code=code, name="组织共建", section=section, cap=None, actor=ACTOR)


def test_a_ready_rule_for_every_pattern_and_every_reading() -> None:
    assert {one.pattern for one in STARTERS.values()} == set(PATTERNS)
    assert {one.reading for one in STARTERS.values()} == set(READINGS)


@pytest.mark.parametrize("slug", STARTERS)
def test_a_ready_rule_is_sound_and_is_scored(county: County, slug: str) -> None:
    starter = STARTERS[slug]
    section = Section.BASE if starter.fits(Section.BASE) else Section.DEDUCTION
    with county.inside():
        rubric = _empty(county)
        line = add_line(
            group=_group(rubric, section), code="A1", name="指标", max_score=Decimal("7.5"), starter=slug,
            subject=SUBJECT[starter.of], actor=ACTOR,
        )  # fmt: skip
        assert [one.sentence for one in faults(rubric) if one.line == "A1"] == []
        assert words(line)
        county.bring_to(CycleState.CONFIGURED)
        found = score(county.cycle, rubric=rubric)
        assert len(found) == len(county.pairings)
        assert all(one.score is None or -100 <= one.score <= Decimal("7.5") for scored in found for one in scored.lines)


def test_a_rubric_is_made_from_nothing_on_pages_and_binds(client: Client, county: County) -> None:
    with county.inside():
        rubric = _empty(county)
        make.make_programme(2027)
    county.sign_in(client, "CS")
    here = f"{base(county)}{rubric.uid}/"
    assert "添加分组" in client.get(here).content.decode()
    sent = {"code": "Ａ", "name": "组织共建", "section": "base", "cap": ""}
    assert client.post(f"{here}add-group/", sent).status_code == 302
    assert client.post(f"{here}add-group/", {**sent, "code": "A"}).status_code == 422
    added = client.post(
        f"{here}groups/A/add-line/", {"code": "A1", "name": "现场核查", "max_score": "60", "starter": "reviewer_gives"}
    )
    assert added["Location"] == f"{here}lines/A1/"
    client.post(f"{here}groups/A/add-line/", {"code": "A2", "name": "材料", "max_score": "40", "starter": "papers"})
    with county.inside():
        assert [one.sentence for one in faults(rubric) if not one.is_warning] == []
        freeze(rubric=rubric, actor=ACTOR)
    # Once it binds nothing is added to it or taken away.
    for path in ("add-group/", "groups/A/add-line/", "groups/A/drop/", "lines/A1/drop/"):
        assert client.post(here + path, {"code": "B", "name": "乙", "section": "base"})["Location"] == here
    with county.inside():
        assert RubricLine.objects.filter(rubric=rubric).count() == 2
        assert RubricGroup.objects.filter(rubric=rubric).count() == 1


BAD = [
    ({"code": "A/1"}, "code"),
    ({"code": ""}, "code"),
    ({"code": "a2"}, "code"),
    ({"max_score": "-1"}, "max_score"),
    ({"max_score": "1e9"}, "max_score"),
    ({"max_score": "四"}, "max_score"),
    ({"starter": "nobody"}, "starter"),
    ({"starter": "conduct"}, "starter"),
    ({"starter": "records_short"}, "type"),
    ({"starter": "records_short", "type": "no_such_type"}, "type"),
    ({"starter": "growth"}, "metric"),
]


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_what_cannot_be_is_refused_at_its_field_and_stays_typed(
    client: Client, county: County, typed: dict[str, str], field: str
) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
    county.sign_in(client, "CA")
    sent = {"code": "A9", "name": "新指标名", "max_score": "3", "starter": "papers", **typed}
    answer = client.post(f"{base(county)}{rubric.uid}/groups/A/add-line/", sent)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert 'value="新指标名"' in answer.content.decode()
    with county.inside():
        assert RubricLine.objects.filter(rubric=rubric, code="A9").count() == 0


def test_only_those_who_write_rubrics_may(client: Client, county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
    for role in ("IN", "CL", "TO", "UL", "UG", "VS", "AU"):
        county.sign_in(client, role)
        for path in ("add-group/", "groups/A/add-line/", "groups/A/drop/", "lines/A1/drop/"):
            assert client.post(f"{base(county)}{rubric.uid}/{path}").status_code == 403


def test_a_line_is_taken_away_and_its_group_when_it_is_empty(client: Client, county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
    county.sign_in(client, "CA")
    here = f"{base(county)}{rubric.uid}/"
    said = client.post(f"{here}groups/F/drop/", follow=True).content.decode()
    assert "分组里还有指标" in said
    assert "中添加指标" in said
    client.post(f"{here}lines/F/drop/")
    page = client.get(here).content.decode()
    assert "基础分各项分值合计" in page
    assert "还没有指标" in page
    client.post(f"{here}groups/F/drop/")
    with county.inside():
        assert not RubricLine.objects.filter(rubric=rubric, code="F").exists()
        assert not RubricGroup.objects.filter(rubric=rubric, code="F").exists()


def test_a_line_that_something_was_entered_for_stays(county: County) -> None:
    with county.inside():
        county.bring_to(CycleState.SCORED)
        Rubric.objects.filter(pk=county.rubric.pk).update(frozen_at=None)
        with pytest.raises(AssessmentRefused) as refused:
            drop_line(line=county.line("B1"), actor=ACTOR)
        assert refused.value.code == "in_use"
        assert county.line("B1").name
        with pytest.raises(AssessmentRefused):
            drop_group(group=county.line("B1").group, actor=ACTOR)


def test_penalties_are_never_given_as_points_nor_points_taken_for_good_work(county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
        base_group = RubricGroup.objects.get(rubric=rubric, code="A")
        off = RubricGroup.objects.get(rubric=rubric, code="I")
        for group, slug in ((base_group, "conduct"), (off, "periods_missed"), (off, "reviewer_takes"), (off, "honours")):
            with pytest.raises(AssessmentRefused) as refused:
                add_line(group=group, code="X1", name="x", max_score=Decimal(1), starter=slug, subject="reception", actor=ACTOR)
            assert refused.value.code == "section"
        # A rubric that came to be so otherwise cannot bind.
        RubricLine.objects.filter(rubric=rubric, code="I").update(group=base_group)
        RubricLine.objects.filter(rubric=rubric, code="E1").update(group=off)
        assert {one.line for one in faults(rubric) if one.code == "section"} == {"I", "E1"}


def test_a_forbidden_word_in_a_groups_name_is_found(county: County) -> None:
    with county.inside():
        rubric = make_preset(actor=ACTOR)
        RubricGroup.objects.filter(rubric=rubric, code="A").update(name="登录情况")
        assert [one.line for one in faults(rubric) if one.code == "forbidden"] == ["A"]


# -- the page of one line ---------------------------------------------------------------------------


def _line(county: County, rubric: Rubric, code: str) -> RubricLine:
    with county.inside():
        found: RubricLine = RubricLine.objects.get(rubric=rubric, code=code)
        return found


def _post(client: Client, county: County, rubric: Rubric, code: str, **changed: Any) -> Any:
    url = f"{base(county)}{rubric.uid}/lines/{code}/"
    sent = {**as_shown(client, url), **changed}
    return client.post(url, {name: value for name, value in sent.items() if value is not None})


@pytest.fixture
def preset(client: Client, county: County) -> Rubric:
    county.sign_in(client, "CS")
    with county.inside():
        return make_preset(actor=ACTOR)


def test_a_line_reads_another_type_rule_or_figure(client: Client, county: County, preset: Rubric) -> None:
    assert _post(client, county, preset, "C3", **{"reading_terms-metric": "operating_income"}).status_code == 302
    assert _line(county, preset, "C3").reading_terms == {"metric": "operating_income"}
    assert _post(client, county, preset, "C3", **{"reading_terms-metric": "weather"}).status_code == 422
    assert _post(client, county, preset, "A3", **{"reading_terms-types": []}).status_code == 422


def test_a_step_is_added_anywhere_and_left_out(client: Client, county: County, preset: Rubric) -> None:
    spare = {"pattern_terms-steps-3-from": "8", "pattern_terms-steps-3-score": "3.5"}
    assert _post(client, county, preset, "C3", **spare).status_code == 302
    steps = _line(county, preset, "C3").pattern_terms["steps"]
    assert steps == [{"from": 10, "score": 4}, {"from": 8, "score": "3.5"}, {"from": 5, "score": 3}, {"above": 0, "score": 2}]
    gone = {"pattern_terms-steps-1-from": "", "pattern_terms-steps-1-score": ""}
    assert _post(client, county, preset, "C3", **gone).status_code == 302
    steps = _line(county, preset, "C3").pattern_terms["steps"]
    assert steps == [{"from": 10, "score": 4}, {"from": 5, "score": 3}, {"above": 0, "score": 2}]
    half = _post(client, county, preset, "C3", **{"pattern_terms-steps-3-from": "8"})
    assert half.status_code == 422
    assert list(half.context["form"].errors) == ["pattern_terms-steps-3-score"]
    assert 'value="8"' in half.content.decode()


def test_levels_and_penalties_are_added_and_left_out(client: Client, county: County, preset: Rubric) -> None:
    changed = {"pattern_terms-levels-nation": "4", "pattern_terms-levels-city": ""}
    assert _post(client, county, preset, "H", **changed).status_code == 302
    assert _line(county, preset, "H").pattern_terms == {"levels": {"province": 3, "nation": 4}}
    left_out = {"pattern_terms-penalties-yellow-each": "", "pattern_terms-penalties-yellow-every": ""}
    assert _post(client, county, preset, "I", **left_out).status_code == 302
    assert set(_line(county, preset, "I").pattern_terms["penalties"]) == {"untrue", "overdue", "red"}
    half = _post(client, county, preset, "I", **{"pattern_terms-penalties-yellow-each": "1"})
    assert list(half.context["form"].errors) == ["pattern_terms-penalties-yellow-every"]


@pytest.mark.parametrize("typed", ["-1", "0"])
def test_numbers_that_no_rule_can_mean_are_refused_at_once(client: Client, county: County, preset: Rubric, typed: str) -> None:
    assert _post(client, county, preset, "A3", **{"pattern_terms-required": typed}).status_code == 422
    assert _post(client, county, preset, "I", **{"pattern_terms-penalties-red-every": typed}).status_code == 422


def test_rules_name_their_parts_in_the_order_of_the_plan(county: County, preset: Rubric) -> None:
    """The database keeps no order of names; the sentences do."""
    told = {code: words(_line(county, preset, code)) for code in ("A1", "C3", "F", "G2", "H", "I")}
    for code, parts in {
        "A1": ("协议", "计划"),
        "C3": ("≥ 10%", "≥ 5%", "> 0%"),
        "F": ("采用", "报送", "无"),
        "G2": ("满意 × 1", "基本满意 × 0.75", "不满意 × 0.55"),
        "H": ("市级", "省级"),
        "I": ("不实", "逾期", "黄色", "红色"),
    }.items():
        places = [told[code].index(part) for part in parts]
        assert places == sorted(places), told[code]


def test_two_pages_at_once_do_not_write_over_each_other(client: Client, county: County, preset: Rubric) -> None:
    url = f"{base(county)}{preset.uid}/lines/A3/"
    first, second = as_shown(client, url), as_shown(client, url)
    assert client.post(url, {**first, "pattern_terms-required": "６"}).status_code == 302
    late = client.post(url, {**second, "pattern_terms-each": "0.5"})
    assert late.status_code == 422
    assert "打开本页以后，有人改动了这项指标" in late.content.decode()
    assert 'value="0.5"' in late.content.decode()
    assert _line(county, preset, "A3").pattern_terms == {"required": 6, "each": 1, "floor": True}


def test_a_higher_step_never_gives_fewer_points(client: Client, county: County, preset: Rubric) -> None:
    assert _post(client, county, preset, "C3", **{"pattern_terms-steps-0-from": "3"}).status_code == 302
    with county.inside():
        assert [one.line for one in faults(preset) if not one.is_warning] == ["C3"]
        with pytest.raises(AssessmentRefused):
            freeze(rubric=preset, actor=ACTOR)
