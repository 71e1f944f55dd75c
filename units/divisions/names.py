"""From the official name of a village's committee to the village's name as people write it.

The list names committees (荷垌村委会, 桂一社区居委会); ledgers name places (荷垌村, 桂一社区). The endings here are
those of the whole country's list, its misspellings among them; what fits none stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from units.divisions.edition import Entry
from units.models import UnitKind

# In counties that write 牌坊村村委会 the committee's name holds the whole village name; in those that write
# 荷垌村委会 it does not, and 彭村村委会 is the committee of 彭村村. Villages whose own name ends in 村 are rarely
# more than a quarter, so a larger share of 村村 shows the first habit.
WHOLE_NAME_SHARE = 0.3

_QUALIFIER = re.compile(r"[（(][^（）()]*[）)]+$")
# 委会 in all its spellings: 民委员会, 委会, 委员会, 会, 委, 民委会, 委员会会 …
_VILLAGE = re.compile(r"(?P<stem>.+)村[民委员会]*[委会员]$")
_HERDERS = re.compile(r"(?P<stem>.+?)(?:牧民委员会|牧委会)$")
_GACHA = re.compile(r"(?P<stem>.+?)嘎查(?:村)?[嘎民委员会]*[委会]$")
_NEIGHBOURS = re.compile(r"(?P<stem>.+?)(?:社区)?居[民名员]*(?:管理)?[委员会]*[委会]$")
_COMMUNITY = re.compile(r"(?P<stem>.+?)社区[居民名员管理委会区]*$")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A village or community as the product shows it."""

    kind: UnitKind
    name: str


def village_kind(entry: Entry) -> UnitKind:
    """村 or 居: by the words of the name, else by the code (000–199 and 400–499 are neighbourhoods)."""
    bare = _QUALIFIER.sub("", entry.name)
    if _VILLAGE.fullmatch(bare) or _HERDERS.fullmatch(bare) or _GACHA.fullmatch(bare) or bare.endswith(("村", "嘎查")):
        return UnitKind.VILLAGE
    if _NEIGHBOURS.fullmatch(bare) or bare.endswith("社区"):
        return UnitKind.COMMUNITY
    return UnitKind.COMMUNITY if entry.code[9] in "014" else UnitKind.VILLAGE


def _village_name(bare: str, *, stem_is_whole: bool) -> str | None:
    found = _GACHA.fullmatch(bare)
    if found:
        return f"{found['stem']}嘎查"
    found = _HERDERS.fullmatch(bare)
    if found:
        return found["stem"] if found["stem"].endswith("村") else f"{found['stem']}村"
    found = _VILLAGE.fullmatch(bare)
    if not found:
        return None
    stem = found["stem"]
    if stem.endswith(("社区", "嘎查")) or (stem.endswith("村") and stem_is_whole):
        return stem
    return f"{stem}村"


def _community_name(bare: str) -> str | None:
    found = _COMMUNITY.fullmatch(bare) or _NEIGHBOURS.fullmatch(bare)
    return f"{found['stem']}社区" if found else None


def everyday_name(entry: Entry, *, stem_is_whole: bool) -> PlaceName:
    """The place's name; what stands in brackets at the end stays, it tells two places of one name apart."""
    kind = village_kind(entry)
    qualifier = _QUALIFIER.search(entry.name)
    bare = entry.name[: qualifier.start()] if qualifier else entry.name
    name = _village_name(bare, stem_is_whole=stem_is_whole) if kind == UnitKind.VILLAGE else _community_name(bare)
    return PlaceName(kind, (name or bare) + (qualifier[0] if qualifier else ""))


def stems_are_whole(villages: Sequence[Entry]) -> bool:
    """Whether a county's habit is 牌坊村村委会 (True) or 荷垌村委会 (False)."""
    stems = [re.sub(r"村(?:民委员会|委会)$", "", e.name) for e in villages if re.search(r"村(?:民委员会|委会)$", e.name)]
    stems = [stem for stem in stems if not stem.endswith(("社区", "嘎查"))]
    return bool(stems) and sum(stem.endswith("村") for stem in stems) / len(stems) > WHOLE_NAME_SHARE


def everyday_names(villages: Sequence[Entry]) -> dict[str, PlaceName]:
    """Place names by code for the villages of one county, each once in its town.

    Where two committees of a town would come out alike (荷花居委会 and 荷花社区居委会), both keep the official name.
    """
    whole = stems_are_whole(villages)
    names = {entry.code: everyday_name(entry, stem_is_whole=whole) for entry in villages}
    taken = Counter((code[:9], place) for code, place in names.items())
    official = {entry.code: entry.name for entry in villages}
    return {
        code: place if taken[code[:9], place] == 1 else PlaceName(place.kind, official[code]) for code, place in names.items()
    }


def town_display_name(official: str) -> str:
    """城东街道办事处 is 城东街道 to everybody; other towns, farms and zones keep their name."""
    return official.removesuffix("办事处") if official.endswith("街道办事处") else official


def usual_official_name(kind: str, name: str) -> str:
    """The committee's usual name for a place's, for finding it; empty where there is no usual one."""
    if kind == UnitKind.VILLAGE and name.endswith("村"):
        return f"{name}委会"
    if kind == UnitKind.COMMUNITY and name.endswith("社区"):
        return f"{name}居委会"
    return ""
