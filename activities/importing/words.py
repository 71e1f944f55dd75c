"""What the words of an activity ledger mean: types, steps of projects, house numbers, places, names of projects."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from activities.models import ActivityType, PlaceKind, Step
from lib.chinese.text import fold, match_key, without_list_mark

# Usual words for the types of the common presets; they hold where the programme year has the type.
USUAL: Mapping[str, tuple[str, ...]] = {
    "labour_day": ("集中劳动日", "全民集中劳动", "全民集中劳动日", "劳动日", "义务劳动"),
    "benefit_project": ("利民项目建设", "领办利民项目", "领办项目", "项目建设"),
    "livelihood_item": ("办理民生实事", "办实事", "实事", "民生实事清单"),
    "courtyard": ("美丽庭院建设", "庭院建设", "建设美丽庭院", "新建美丽庭院"),
    "reception": ("接访", "接待来访", "接待群众", "群众来访", "群众接访", "来访接待"),
    "research_visit": ("调研", "走访调研", "驻村调研"),
    "theme_party_day": ("党日", "党日活动", "主题党日活动"),
    "training": ("培训", "农民夜校", "技能培训", "业务培训"),
}
_FIVE_ONES = re.compile(r"^(?:落实)?[“\"]?五个一[”\"]?(?:之|:|、|-)?")
_COUNT = re.compile(r"(?:[0-9]+|[一二三四五六七八九十两]+)(?:件|次|个|户|场|项|宗)$")
_BRACKETS = re.compile(r"\([^()]*\)$")
_ACTIVITY = re.compile(r"(?:活动|工作)$")


def type_words(types: Iterable[ActivityType]) -> dict[str, str]:
    """How each type of a year may be written (as it compares) → its code; a word that fits two fits none."""
    found: dict[str, str] = {}
    doubtful: set[str] = set()
    types = list(types)
    for one in types:
        for word in (one.name, one.code):
            found[match_key(word)] = one.code
    for one in types:
        for word in (*one.name.split("/"), *USUAL.get(one.code, ())):
            key = match_key(word)
            if found.setdefault(key, one.code) != one.code and key != match_key(one.name):
                doubtful.add(key)
    names = {match_key(one.name) for one in types}
    return {key: code for key, code in found.items() if key in names or key not in doubtful}


def type_spellings(text: str) -> tuple[str, ...]:
    """How a written type may compare: as it stands, then without its number, its count, brackets and 活动."""
    key = match_key(without_list_mark(text))
    spellings = [match_key(text), key]
    for pattern in (_FIVE_ONES, _BRACKETS, _COUNT, _ACTIVITY):
        key = match_key(without_list_mark(pattern.sub("", key)))
        spellings.append(key)
    return tuple(dict.fromkeys(spelling for spelling in spellings if spelling))


_COMPLETED = re.compile(r"竣工|完工|已建成|建成投入|通过验收|验收合格|交付使用")
_STARTED = re.compile(r"开工|动工|奠基|破土")
_INTENDED = re.compile(r"(?:预计|计划|拟|力争|争取|确保|准备|即将|未|尚未|推动|督促)[^,.;。;]{0,12}$")


def project_step(*texts: str) -> str:
    """What a project's row reports: begun, finished, or a stage on the way; an intention is neither."""
    said = fold("。".join(texts))
    for step, pattern in ((Step.COMPLETED, _COMPLETED), (Step.STARTED, _STARTED)):
        if any(not _INTENDED.search(said[: found.start()]) for found in pattern.finditer(said)):
            return step
    return Step.STAGE


_QUOTED = re.compile(r"[《“「『]([^《》“”「」『』]{2,60})[》”」』]")


def thing_named(title: str, text: str, type_name: str) -> str:
    """What a project or livelihood item is called: quoted words, else the theme, else how the sentence begins.

    A theme that only repeats the type (利民项目活动) names nothing: every project of the village would be one.
    """
    quoted = _QUOTED.search(title) or _QUOTED.search(text)
    if quoted:
        return quoted[1].strip()
    own = match_key(type_name)
    says_nothing = own in type_spellings(title) if title else True
    return (title if not says_nothing else text.strip()[:60] or title).strip()


_HOUSE = re.compile(r"(?<![月第0-9年.])([0-9]{1,4}(?:-[0-9]{1,3})?)号(?![线文召机码楼])")
_HOUSEHOLDER = re.compile(r"户主(?:姓名)?[:是为]?\s*([一-鿿]{2,4}?)(?=[,。;、()\s]|$|[家户的新建庭院房])")
_HOUSES = re.compile(r"(?<![0-9])([0-9]{1,3})户")


def house_number(*texts: str) -> str:
    """A house number in the row's words; empty when there is none."""
    found = _HOUSE.search(fold(" ".join(texts)))
    return f"{found[1]}号" if found else ""


def householder(*texts: str) -> str:
    """The householder that the row names; empty when it names none."""
    found = _HOUSEHOLDER.search(fold(" ".join(texts)))
    return found[1] if found else ""


def number_of_houses(*texts: str) -> int:
    """How many households the row speaks of; 1 when it does not say."""
    found = _HOUSES.search(fold(" ".join(texts)))
    return int(found[1]) if found else 1


_ONLINE = re.compile(r"线上|视频|网络会议|腾讯会议|电话")


def place_kind(place: str, unit: str) -> str:
    """Where it was, as far as the place says so: online, at the unit; else in the village, as ledgers mean it."""
    if _ONLINE.search(place):
        return PlaceKind.ONLINE
    if place and match_key(place).endswith(match_key(unit)):
        return PlaceKind.AT_UNIT
    return PlaceKind.IN_VILLAGE
