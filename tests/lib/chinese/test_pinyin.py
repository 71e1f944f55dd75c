"""Keys for sorting and searching."""

import pytest

from lib.chinese.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("曹江镇", "caojiangzhen", "cjz"),
        ("长坡镇", "changpozhen", "cpz"),
        ("石仔岭街道", "shizailingjiedao", "szljd"),
        ("重点村", "zhongdiancun", "zdc"),
        ("A1 村", "a1cun", "a1c"),
        ("（）", "", ""),
        ("绿洲", "lvzhou", "lz"),
    ],
)
def test_keys_of_places_and_units(text: str, full: str, initials: str) -> None:
    assert (pinyin_key(text).full, pinyin_key(text).initials) == (full, initials)


@pytest.mark.parametrize(
    ("name", "full"), [("曾永康", "zengyongkang"), ("单伟", "shanwei"), ("区建华", "oujianhua"), ("冼丽", "xianli")]
)
def test_surnames_are_read_as_surnames(name: str, full: str) -> None:
    assert pinyin_key(name, person=True).full == full
