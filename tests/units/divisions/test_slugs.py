"""Address names of counties."""

from __future__ import annotations

import pytest

from tenancy.models.tenant import RESERVED_SLUGS
from units.divisions.edition import upper_divisions
from units.divisions.slugs import default_slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("高州市", "gaozhou"),
        ("南海区", "nanhai"),
        ("三江侗族自治县", "sanjiang"),
        ("双江拉祜族佤族布朗族傣族自治县", "shuangjiang"),
        ("鄂温克族自治旗", "ewenkezuzizhiqi"),
        ("安县", "anxian"),
        ("神农架林区", "shennongjia"),
        ("阿荣旗", "arong"),
    ],
)
def test_slug_is_the_pinyin_without_the_word_for_county(name: str, slug: str) -> None:
    assert default_slug(name) == slug


def test_every_county_of_the_country_gets_a_slug_that_the_database_takes() -> None:
    import re

    for entry in upper_divisions().values():
        if len(entry.code) == 6:
            slug = default_slug(entry.name)
            assert re.fullmatch(r"[a-z][a-z0-9-]{1,38}[a-z0-9]", slug), entry
            assert slug not in RESERVED_SLUGS, entry
