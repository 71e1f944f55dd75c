"""What a written name means: exactly, folded, by alias; and when it is a doubt."""

from __future__ import annotations

from datetime import date

import pytest

from lib.chinese.text import match_key
from tenancy.models import Tenant
from tests.factories import make_town, make_unit, make_village
from units.importing.names import best_like, likeness, unit_keys, village_keys
from units.importing.places import Found, Places
from units.models import UnitAlias

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 10)


@pytest.fixture
def places(tenant: Tenant) -> Places:
    cao, dong = make_town("曹江镇"), make_town("东岸镇")
    make_town("深镇镇")
    for name in ("荷垌村", "茅坡村", "程村村"):
        make_village(name, town=cao)
    make_unit("荷垌社区", "community", parent=cao)
    make_village("茅坡村", town=dong)
    for name in ("高州市林业局", "高州市委办公室", "高州市市场监督管理局", "高州市高州中学", "团市委", "中国电信高州分公司"):
        make_unit(name)
    make_unit("高州市林业站", ends_on=date(2020, 1, 1))
    alias = make_unit("高州市农业农村局")
    UnitAlias.objects.create(tenant=tenant, unit=alias, name="农业局", key=match_key("农业局"))
    return Places.load("高州市", TODAY)


def name_of(found: Found) -> str:
    if found.unit is None:
        return f"?{found.doubt}"
    return f"{found.unit.parent.name if found.unit.parent else ''}{found.unit.name}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高州市林业局", "高州市林业局"),
        ("市林业局", "高州市林业局"),
        ("林业局", "高州市林业局"),
        ("高州林业局", "高州市林业局"),
        ("高州市　林业局", "高州市林业局"),
        ("市委办公室", "高州市委办公室"),
        ("市委办", "高州市委办公室"),
        ("中共高州市委办公室", "高州市委办公室"),
        ("市场监督管理局", "高州市市场监督管理局"),
        ("市市场监督管理局", "高州市市场监督管理局"),
        ("高州中学", "高州市高州中学"),
        ("团市委", "团市委"),
        ("中国电信高州分公司", "中国电信高州分公司"),
        ("农业局", "高州市农业农村局"),
        ("市场监管局", "?unknown"),
        ("市林业站", "?unknown"),
        ("市某某服务中心", "?unknown"),
    ],
)
def test_unit_is_found_however_it_is_written(places: Places, text: str, expected: str) -> None:
    assert name_of(places.organisation(text)) == expected


def test_unknown_unit_comes_with_the_likeliest_first(places: Places) -> None:
    found = places.organisation("市场监管局")
    assert found.candidates[0].name == "高州市市场监督管理局"


@pytest.mark.parametrize(
    ("text", "town", "expected"),
    [
        ("荷垌村", "", "曹江镇荷垌村"),
        ("荷垌村委会", "曹江", "曹江镇荷垌村"),
        ("曹江镇荷垌村", "", "曹江镇荷垌村"),
        ("高州市曹江镇荷垌村", "", "曹江镇荷垌村"),
        ("曹江荷垌村", "", "曹江镇荷垌村"),
        ("荷垌社区", "", "曹江镇荷垌社区"),
        ("荷垌居委会", "曹江镇", "曹江镇荷垌社区"),
        ("荷垌", "曹江镇", "?several"),
        ("程村", "", "曹江镇程村村"),
        ("程村村", "", "曹江镇程村村"),
        ("茅坡村", "", "?several"),
        ("茅坡村", "东岸镇", "东岸镇茅坡村"),
        ("东岸镇茅坡村", "", "东岸镇茅坡村"),
        ("东岸镇茅坡村", "曹江镇", "?town_differs"),
        ("荷洞村", "曹江镇", "?unknown"),
        ("荷垌村", "某某镇", "?town_unknown"),
        ("荷垌村", "东岸镇", "?unknown"),
    ],
)
def test_village_is_found_inside_its_town_first(places: Places, text: str, town: str, expected: str) -> None:
    assert name_of(places.village(text, town)) == expected


def test_misspelt_village_suggests_the_one_that_sounds_alike(places: Places) -> None:
    found = places.village("荷洞村", "曹江镇")
    assert found.candidates[0].name in ("荷垌村", "荷垌社区")
    assert {unit.name for unit in found.candidates} >= {"荷垌村"}


def test_of_two_villages_of_one_name_the_one_already_paired_is_meant(places: Places) -> None:
    dong = next(unit for unit in places.by_id.values() if unit.name == "茅坡村" and places.town_of(unit) == "东岸镇")
    assert places.village("茅坡村", "", prefer={dong.pk}).unit == dong


def test_keys_fold_what_people_write_differently() -> None:
    prefixes = ("高州市", "高州", "市")
    assert unit_keys("高州市林业局", prefixes)[1] in unit_keys("市林业局", prefixes)
    assert village_keys("荷垌村民委员会")[-1] == village_keys("荷垌")[-1] == "荷垌"
    assert likeness("荷洞", "荷垌") == 0.95
    assert likeness("市监局", "市场监督管理局") >= 0.7
    assert likeness("", "x") == 0.0
    assert best_like(["荷洞"], [("荷垌", 0), ("茅坡", 1), ("东坡", 2)]) == [0]
