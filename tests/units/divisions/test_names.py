"""Names of places from names of committees: every ending of the country's list, its misspellings among them."""

from __future__ import annotations

import pytest

from units.divisions.edition import Entry, read_shipped
from units.divisions.names import everyday_name, everyday_names, stems_are_whole, town_display_name, village_kind


@pytest.mark.parametrize(
    ("official", "code3", "kind", "name"),
    [
        ("荷垌村委会", "201", "village", "荷垌村"),
        ("彭村村委会", "202", "village", "彭村村"),
        ("镇大岭村委会", "208", "village", "镇大岭村"),
        ("东沟村民委员会", "200", "village", "东沟村"),
        ("吕复村委", "243", "village", "吕复村"),
        ("闫庄村民委员会会", "201", "village", "闫庄村"),
        ("某庄村委会员", "201", "village", "某庄村"),
        ("吕复村委会（新）", "243", "village", "吕复村（新）"),
        ("座细村民委员会（农村社区）", "201", "village", "座细村（农村社区）"),
        ("东沟社区村民委员会", "202", "village", "东沟社区"),
        ("马泉村", "200", "village", "马泉村"),
        ("第一嘎查村民委员会", "352", "village", "第一嘎查"),
        ("阿达日嘎嘎查委员会", "210", "village", "阿达日嘎嘎查"),
        ("哈日乌拉嘎查委会", "203", "village", "哈日乌拉嘎查"),
        ("毕克梯嘎查", "200", "village", "毕克梯嘎查"),
        ("吉仁牧委会", "208", "village", "吉仁村"),
        ("边麻村牧民委员会", "202", "village", "边麻村"),
        ("桂一社区居委会", "001", "community", "桂一社区"),
        ("南宫居委会", "001", "community", "南宫社区"),
        ("管村社区居委会", "005", "community", "管村社区"),
        ("谢村居委会", "003", "community", "谢村社区"),
        ("西苑社区居民委员会", "015", "community", "西苑社区"),
        ("沙洛社区居委会会", "003", "community", "沙洛社区"),
        ("文苑社区居委", "008", "community", "文苑社区"),
        ("凤凰社区居名委员会", "015", "community", "凤凰社区"),
        ("文联社区居员会", "002", "community", "文联社区"),
        ("逸园社区居民管理委员会", "010", "community", "逸园社区"),
        ("中兴居民社区委员会", "005", "community", "中兴居民社区"),
        ("瓜园居委会（社区）", "001", "community", "瓜园社区（社区）"),
        ("红岛社区", "400", "community", "红岛社区"),
        ("团结农场虚拟生活区", "598", "village", "团结农场虚拟生活区"),
        ("浓江农场第七管理区", "507", "village", "浓江农场第七管理区"),
        ("查巴奇林场管理区", "406", "community", "查巴奇林场管理区"),
        ("濠河生产队", "523", "village", "濠河生产队"),
        ("第七街委员会", "207", "village", "第七街委员会"),
        ("居委会", "002", "community", "居委会"),
    ],
)
def test_place_is_named_as_people_name_it(official: str, code3: str, kind: str, name: str) -> None:
    entry = Entry(f"440981002{code3}", official)
    place = everyday_name(entry, stem_is_whole=False)
    assert (place.kind.value, place.name) == (kind, name)
    assert village_kind(entry) == place.kind


@pytest.mark.parametrize(
    ("official", "name"),
    [
        ("牌坊村村民委员会", "牌坊村"),
        ("三间房东村村委会", "三间房东村"),
        ("东沟村委会", "东沟村"),
        ("下庄村牧民委员会", "下庄村"),
    ],
)
def test_where_the_habit_is_to_write_the_whole_name_no_second_village_word_is_added(official: str, name: str) -> None:
    assert everyday_name(Entry("110105034200", official), stem_is_whole=True).name == name


def test_habit_of_a_county_is_read_from_its_list() -> None:
    def entries(*names: str) -> list[Entry]:
        return [Entry(f"44098100220{n}", name) for n, name in enumerate(names)]

    assert not stems_are_whole(entries("荷垌村委会", "彭村村委会", "茅坡村委会", "上坡村委会"))
    assert stems_are_whole(entries("牌坊村村民委员会", "肖村村民委员会", "东沟村民委员会"))
    assert not stems_are_whole([])


def test_two_committees_of_one_town_that_would_be_called_alike_keep_their_official_names() -> None:
    names = everyday_names(
        [
            Entry("440981002001", "荷花居委会"),
            Entry("440981002002", "荷花社区居委会"),
            Entry("440981003001", "荷花居委会"),
            Entry("440981002201", "荷花村委会"),
        ]
    )
    assert [place.name for place in names.values()] == ["荷花居委会", "荷花社区居委会", "荷花社区", "荷花村"]


@pytest.mark.parametrize(("official", "name"), [("城东街道办事处", "城东街道"), ("曹江镇", "曹江镇"), ("团结农场", "团结农场")])
def test_town_is_called_as_people_call_it(official: str, name: str) -> None:
    assert town_display_name(official) == name


@pytest.mark.parametrize("code", ["440981", "110112", "131026", "150626", "632324", "659010"])
def test_no_two_places_of_a_town_share_kind_and_name(code: str) -> None:
    county = read_shipped(code)
    places = [(place_code[:9], place) for place_code, place in everyday_names(county.villages).items()]
    assert len(places) == len(county.villages) > 0
    assert len(set(places)) == len(places)
