"""Pinyin keys by which Chinese names are sorted and searched (PostgreSQL's own order needs ICU)."""

from dataclasses import dataclass

from lib.chinese.text import fold, remember_short

# Surnames that are read otherwise than the character usually is.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "区": "ou", "仇": "qiu", "解": "xie", "查": "zha", "盖": "ge", "任": "ren", "朴": "piao",
    "翟": "zhai", "尉": "wei", "黑": "he", "秘": "bi", "冼": "xian", "缪": "miao", "洗": "xian", "覃": "qin", "谌": "chen",
    "乐": "yue", "燕": "yan", "葛": "ge", "华": "hua", "纪": "ji", "宁": "ning", "曲": "qu", "召": "shao", "员": "yun",
}  # fmt: skip

# As the first character of a place or unit: 长坡镇 is Changpo, 重阳 Chongyang.
_PLACES = {"长": "chang", "重": "chong", "厦": "xia", "蚌": "beng"}


@dataclass(frozen=True, slots=True)
class PinyinKey:
    """`full` is caojiangzhen, `initials` is cjz; other letters and digits stay, signs go."""

    full: str
    initials: str


@remember_short
def pinyin_key(text: str, *, person: bool = False) -> PinyinKey:
    """Keys of a name; `person` reads the first character as a surname (曾 zeng, 单 shan)."""
    # Loading the dictionary takes a quarter of a second; programs that never sort do not pay it.
    from pypinyin import Style, lazy_pinyin

    kept = "".join(c for c in fold(text).casefold() if c.isalnum())
    if not kept:
        return PinyinKey("", "")
    head = _SURNAMES.get(kept[0], "") if person else _PLACES.get(kept[0], "")
    if kept.startswith("重点"):
        head = ""
    syllables = [head] if head else []
    # `errors=list` keeps letters and digits one by one; the annotation knows only the str form.
    rest = kept[1:] if head else kept
    syllables += lazy_pinyin(rest, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    return PinyinKey("".join(syllables), "".join(s[0] for s in syllables if s))
