"""Towns and villages of a county as the shipped division codes name them, without any county being set up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from lib.chinese.text import match_key
from units.divisions.edition import read_shipped
from units.divisions.loading import place_names

_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class Village:
    """A village or community: its town, its name, whether it is a ``village`` or a ``community``."""

    town: str
    name: str
    kind: str

    @property
    def full(self) -> str:
        return self.town + self.name


@dataclass(frozen=True)
class Gazetteer:
    """The places of one county, by the names people write: everyday and official."""

    towns: Mapping[str, str]
    villages: Mapping[str, Village]

    def town(self, name: str) -> str | None:
        """The town's name as shown, or None."""
        return self.towns.get(match_key(name))

    def village(self, name: str) -> Village | None:
        """The village that ``曹江镇荷垌村`` names, or None."""
        return self.villages.get(match_key(name))

    def towns_like(self, name: str) -> list[str]:
        return [self.towns[key] for key in get_close_matches(match_key(name), self.towns, _MOST_NEAR, 0.5)]

    def villages_like(self, name: str) -> list[str]:
        """Names that come near; of the same town first."""
        key = match_key(name)
        found = [self.villages[near].full for near in get_close_matches(key, self.villages, _MOST_NEAR, 0.6)]
        if found:
            return list(dict.fromkeys(found))
        return list(dict.fromkeys(village.full for other, village in self.villages.items() if key and other.endswith(key)))[
            :_MOST_NEAR
        ]


@lru_cache(maxsize=4)
def places_of(code: str) -> Gazetteer:
    """The places of a county of the shipped edition; about half a second, then kept."""
    county = read_shipped(code)
    names = place_names(county)
    towns, villages = {}, {}
    for town in county.towns:
        for name in (town.name, names[town.code].name):
            towns[match_key(name)] = names[town.code].name
    official_towns = {town.code: town.name for town in county.towns}
    for entry in county.villages:
        shown_town = names[entry.code[:9]].name
        village = Village(shown_town, names[entry.code].name, str(names[entry.code].kind))
        for town_name in (official_towns[entry.code[:9]], shown_town):
            for name in (entry.name, village.name):
                villages[match_key(town_name + name)] = village
    return Gazetteer(towns, villages)
