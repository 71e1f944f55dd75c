"""The address name of a county, made from its name: 高州市 is gaozhou, 三江侗族自治县 is sanjiang."""

from __future__ import annotations

import re

from lib.chinese.pinyin import pinyin_key

# Peoples that stand in the names of autonomous counties.
_PEOPLES = "|".join(
    (
        "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族",
        "佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯",
        "普米族|塔吉克|怒族|鄂温克族|鄂伦春|鄂温克|保安族|裕固族|独龙族|阿昌族|各族",
    )
)
_AUTONOMOUS = re.compile(rf"(?:{_PEOPLES})*自治[县旗]$")
_ENDING = re.compile(r"(?:特区|林区|矿区|新区|[市县区旗])$")
SHORTEST, LONGEST = 3, 40


def default_slug(name: str) -> str:
    """Pinyin without the word for county; the whole name where that leaves too little (安县)."""
    short = _ENDING.sub("", _AUTONOMOUS.sub("", name))
    for text in (short, name):
        slug = pinyin_key(text).full[:LONGEST] if text else ""
        if len(slug) >= SHORTEST and slug.isascii() and slug[0].isalpha():
            return slug
    return ""
