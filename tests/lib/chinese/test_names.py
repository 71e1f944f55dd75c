"""Names of people and units."""

import pytest

from lib.chinese.names import clean_name, clean_unit_name, parse_person, split_people


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("张 三", "张三"),
        ("张　三", "张三"),
        ("欧 阳 娜 娜", "欧阳娜娜"),
        ("李某", "李某"),
        ("John Smith", "John Smith"),
        ("𠮷 田", "𠮷田"),
    ],
)
def test_spaces_inside_short_chinese_names_go(typed: str, name: str) -> None:
    assert clean_name(typed) == name


def test_spaces_inside_unit_names_go_except_between_latin_words() -> None:
    assert clean_unit_name("高州市 档案馆") == "高州市档案馆"
    assert clean_unit_name("AB Corp 中心") == "AB Corp中心"


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("李某、王某,张某;赵某", ("李某", "王某", "张某", "赵某")),
        ("李某，王某；张某/赵某", ("李某", "王某", "张某", "赵某")),
        ("张三  李四", ("张三", "李四")),
        ("张三\n李四", ("张三", "李四")),
        ("张三 李四 王五", ("张三", "李四", "王五")),
        ("张 三、李 四", ("张三", "李四")),
        ("张 三", ("张三",)),
        ("欧阳 娜娜", ("欧阳娜娜",)),
        ("1、张三 2、李四", ("张三", "李四")),
        ("张三、张三", ("张三",)),
        ("", ()),
    ],
)
def test_lists_of_people_are_split(typed: str, names: tuple[str, ...]) -> None:
    assert split_people(typed) == names


@pytest.mark.parametrize(
    "typed",
    [
        "张三,13900001234",
        "张三（13900001234）",
        "13900001234 张三",
        "张 三 电话：139 0000 1234",
        "张三\n１３９００００１２３４",
        "张三/13900001234",
    ],
)
def test_name_and_phone_in_one_cell_are_told_apart(typed: str) -> None:
    found = parse_person(typed)
    assert found.phone is not None
    assert (found.name, found.phone.number) == ("张三", "13900001234")


def test_a_name_alone_has_no_phone() -> None:
    assert parse_person("张三").phone is None


def test_a_phone_with_a_digit_too_many_is_not_cut_to_fit() -> None:
    found = parse_person("张三 139000012345")
    assert found.phone is not None
    assert (found.name, found.phone.number) == ("张三", None)
