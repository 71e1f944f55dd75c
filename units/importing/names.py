"""How people write the names of units and villages, folded so that the same thing compares equal."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from lib.chinese.pinyin import pinyin_key
from lib.chinese.text import match_key

_PARTY = "中共"
_OFFICE = re.compile(r"办公室$")
_VILLAGE_KINDS = re.compile(r"(?:社区居民委员会|社区居委会|村民委员会|居民委员会|村委会|居委会|村委|居委|社区|村|居)$")
_COMMUNITY = re.compile(r"(?:社区居民委员会|社区居委会|居民委员会|居委会|居委|社区|居)$")
_TOWN_KINDS = re.compile(r"(?:街道办事处|街道办|街道|镇|乡)$")


def county_prefixes(county: str) -> tuple[str, ...]:
    """Openings of unit names that only say which county: 高州市, 高州, 市 of 高州市.

    The longest first. A name is compared without them, but never shown so.
    """
    name = match_key(county)
    short = name[:-1] if len(name) > 2 else name
    return tuple(dict.fromkeys(prefix for prefix in (name, short, name[-1:]) if prefix))


@lru_cache(maxsize=32768)
def unit_keys(name: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """Keys under which a unit's name may match, the name itself first.

    市林业局, 林业局 and 高州市林业局 share a key; so do 市委办 and 中共高州市委办公室.
    """
    whole = match_key(name)
    bare = whole.removeprefix(_PARTY)
    found = [whole, bare]
    found += [bare.removeprefix(prefix) for prefix in prefixes if bare.startswith(prefix)]
    found += [_OFFICE.sub("办", key) for key in found]
    return tuple(dict.fromkeys(key for key in found if len(key) >= 2))


@lru_cache(maxsize=32768)
def core_key(name: str, prefixes: tuple[str, ...]) -> str:
    """A unit's name without the county before it: what tells it from the county's other units."""
    bare = match_key(name).removeprefix(_PARTY)
    rest = bare.removeprefix(prefixes[0]) if prefixes else bare
    return rest if len(rest) >= 2 else bare


def unit_likeness(text: str, name: str, prefixes: tuple[str, ...]) -> float:
    """How alike a written name is to a unit's, 0 to 1, whatever stands before either."""
    core = core_key(name, prefixes)
    return max((likeness(key, core) for key in unit_keys(text, prefixes)), default=0.0)


@lru_cache(maxsize=32768)
def village_keys(name: str) -> tuple[str, ...]:
    """荷垌, 荷垌村 and 荷垌村委会 share a key; 程村村 and 程村 too."""
    whole = match_key(name)
    bare = _VILLAGE_KINDS.sub("", whole)
    return (whole, bare) if bare and bare != whole else (whole,)


def says_community(name: str) -> bool | None:
    """True for 社区 and 居委会, False for 村, None when the name does not say."""
    whole = match_key(name)
    if _COMMUNITY.search(whole):
        return True
    return False if _VILLAGE_KINDS.search(whole) else None


@lru_cache(maxsize=4096)
def town_keys(name: str) -> tuple[str, ...]:
    """曹江 and 曹江镇 share a key."""
    whole = match_key(name)
    bare = _TOWN_KINDS.sub("", whole)
    return (whole, bare) if len(bare) >= 2 and bare != whole else (whole,)


def likeness(text: str, name: str) -> float:
    """How alike two names are, 0 to 1: the same sounds (荷洞, 荷垌), a short form (市监局), shared characters."""
    if text == name:
        return 1.0
    if not text or not name:
        return 0.0
    if pinyin_key(text).full == pinyin_key(name).full:
        return 0.95
    shared = sum((Counter(text) & Counter(name)).values())
    dice = 2 * shared / (len(text) + len(name))
    short, long = sorted((text, name), key=len)
    if len(short) >= 2 and short in long:
        return max(dice, 0.75)
    if len(short) >= 3 and _is_short_form(short, long):
        return max(dice, 0.7)
    return dice


def _is_short_form(short: str, long: str) -> bool:
    """Whether the characters of one stand in the other in the same order: 市监局 in 市场监督管理局."""
    rest = iter(long)
    return all(character in rest for character in short)


def best_like(texts: Iterable[str], names: Iterable[tuple[str, int]], *, most: int = 5, least: float = 0.5) -> list[int]:
    """Numbers of the names most like one of the spellings ``texts``, the likest first; ties keep the order given."""
    spellings = [(text, set(text)) for text in texts]
    scored = [
        (
            max(
                likeness(text, name) if not wanted.isdisjoint(name) or _sounds(text, name) else 0.0 for text, wanted in spellings
            ),
            number,
        )
        for name, number in names
    ]
    scored = sorted((pair for pair in scored if pair[0] >= least), key=lambda pair: -pair[0])
    return list(dict.fromkeys(number for _score, number in scored))[:most]


def _sounds(text: str, name: str) -> bool:
    return len(text) == len(name) and pinyin_key(text).full == pinyin_key(name).full
