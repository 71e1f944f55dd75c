"""Finding the unit, town or village that a cell means: set-based, one query for the whole county.

Found exactly, else folded (市林业局 for 高州市林业局, 荷垌村委会 for 荷垌村), else by an alias learnt before.
Whatever fits two, or none, is no match but a doubt with suggestions: the importer asks instead of guessing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db.models import Q

from lib.chinese.text import match_key
from units.importing.names import best_like, core_key, county_prefixes, says_community, town_keys, unit_keys, village_keys
from units.models import Unit, UnitAlias, UnitKind
from units.models.unit import VILLAGE_KINDS

Doubt = Literal["", "unknown", "several", "town_unknown", "town_differs"]
ORGANISATIONS = (UnitKind.ORGANISATION, UnitKind.EXTERNAL)
# Comparing a name with every other is the one slow step; a file of nothing but unknown names gets this many.
MOST_SUGGESTED = 300


@dataclass(frozen=True, slots=True)
class Found:
    """The unit that a text means, or a doubt and what may have been meant, the likeliest first."""

    unit: Unit | None = None
    doubt: Doubt = ""
    candidates: tuple[Unit, ...] = ()
    town: Unit | None = None


@dataclass
class Places:
    """The county's live units, indexed by how their names are written."""

    prefixes: tuple[str, ...]
    by_uid: dict[str, Unit] = field(default_factory=dict)
    by_id: dict[int, Unit] = field(default_factory=dict)
    aliases: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    organisations: list[Unit] = field(default_factory=list)
    towns: list[Unit] = field(default_factory=list)
    villages: dict[int | None, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    _whole: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    _folded: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    _towns: dict[str, list[Unit]] = field(default_factory=lambda: defaultdict(list))
    _villages: dict[tuple[int | None, str], list[Unit]] = field(default_factory=lambda: defaultdict(list))
    _memory: dict[tuple[str, ...], Found] = field(default_factory=dict)
    _n_suggested: int = 0

    @classmethod
    def load(cls, county: str, today: date) -> Places:
        """All live units and aliases of the county in scope; two queries."""
        places = cls(county_prefixes(county))
        live = Q(ends_on=None) | Q(ends_on__gte=today)
        kinds = [UnitKind.TOWN, *VILLAGE_KINDS, *ORGANISATIONS]
        for unit in Unit.objects.filter(live, kind__in=kinds).order_by("id"):
            places.add(unit)
        for key, unit_id in UnitAlias.objects.order_by("id").values_list("key", "unit_id"):
            if unit_id in places.by_id:
                places.aliases[key].append(places.by_id[unit_id])
        return places

    def add(self, unit: Unit) -> None:
        """Know a unit from here on: a stored one, or one that this import makes."""
        self._memory.clear()
        self.by_uid[str(unit.uid)] = unit
        if unit.pk is not None:
            self.by_id[unit.pk] = unit
        if unit.kind in VILLAGE_KINDS:
            self.villages[unit.parent_id].append(unit)
            for key in village_keys(unit.name):
                self._villages[unit.parent_id, key].append(unit)
                self._villages[None, key].append(unit)
        elif unit.kind == UnitKind.TOWN:
            self.towns.append(unit)
            for key in town_keys(unit.name):
                self._towns[key].append(unit)
        else:
            self.organisations.append(unit)
            whole, *folded = unit_keys(unit.name, self.prefixes)
            self._whole[whole].append(unit)
            for key in (whole, *folded):
                self._folded[key].append(unit)

    # -- units ------------------------------------------------------------------------------
    def organisation(self, text: str) -> Found:
        """The government unit, enterprise or partner that a text names."""
        known = self._memory.get(("unit", text))
        if known is None:
            known = self._memory["unit", text] = self._organisation(text)
        return known

    def _organisation(self, text: str) -> Found:
        whole, *folded = unit_keys(text, self.prefixes) or ("",)
        exact = self._whole.get(whole, [])
        if len(exact) == 1:
            return Found(exact[0])
        for key in (whole, *folded):
            found = self._folded.get(key, [])
            if found:
                return Found(found[0]) if len(found) == 1 else Found(doubt="several", candidates=tuple(found))
        named = [unit for unit in self.aliases.get(whole, []) if unit.kind in ORGANISATIONS]
        if named:
            return Found(named[0]) if len(named) == 1 else Found(doubt="several", candidates=tuple(named))
        return Found(doubt="unknown", candidates=self._like(text, self.organisations))

    def _like(self, text: str, pool: list[Unit]) -> tuple[Unit, ...]:
        if self._n_suggested >= MOST_SUGGESTED:
            return ()
        self._n_suggested += 1
        names = ((core_key(unit.name, self.prefixes), number) for number, unit in enumerate(pool))
        return tuple(pool[number] for number in best_like(unit_keys(text, self.prefixes) or ("",), names))

    # -- towns and villages -----------------------------------------------------------------
    def town(self, text: str) -> Found:
        """The town that a text names, with or without its kind and the county before it."""
        key = match_key(text)
        for spelled in dict.fromkeys((key, key.removeprefix(self.prefixes[0]))):
            for wanted in town_keys(spelled):
                found = self._towns.get(wanted, [])
                if len(found) == 1:
                    return Found(found[0])
                if found:
                    return Found(doubt="several", candidates=tuple(found))
        named = [unit for unit in self.aliases.get(key, []) if unit.kind == UnitKind.TOWN]
        if len(named) == 1:
            return Found(named[0])
        like = best_like([key], ((town.name, number) for number, town in enumerate(self.towns)))
        return Found(doubt="town_unknown", candidates=tuple(self.towns[number] for number in like))

    def village(self, text: str, town_text: str = "", *, prefer: Collection[int] = ()) -> Found:
        """The village that a text names, inside its town first.

        The town may stand in a column of its own or before the village (曹江镇荷垌村). Without a town, a name
        that stands in two towns is a doubt, unless exactly one of the two is in ``prefer`` (ids).
        """
        memory = ("village", text, town_text, *map(str, sorted(prefer)))
        known = self._memory.get(memory)
        if known is None:
            known = self._memory[memory] = self._village(text, town_text, prefer)
        return known

    def _village(self, text: str, town_text: str, prefer: Collection[int]) -> Found:
        town: Unit | None = None
        if town_text:
            place = self.town(town_text)
            if place.unit is None:
                return Found(doubt="town_unknown", candidates=place.candidates)
            town = place.unit
        key = match_key(text).removeprefix(self.prefixes[0])
        inner, rest = self._leading_town(key)
        if inner is not None and rest:
            if town is not None and inner is not town and self._in_town(inner, rest):
                return Found(
                    doubt="town_differs", candidates=(*self._in_town(town, rest), *self._in_town(inner, rest)), town=town
                )
            found = self._in_town(inner, rest)
            if found:
                return self._one_of(found, rest, prefer, inner)
        found = self._in_town(town, key)
        if found:
            return self._one_of(found, key, prefer, town)
        named = [u for u in self.aliases.get(match_key(text), []) if u.kind in VILLAGE_KINDS and _is_in(u, town)]
        if len(named) == 1:
            return Found(named[0], town=town)
        around = inner if inner is not None and rest else town
        wanted = rest if inner is not None and rest else key
        return Found(doubt="unknown", candidates=self._villages_like(wanted, around), town=around)

    def _leading_town(self, key: str) -> tuple[Unit | None, str]:
        """The town that a village's text begins with, and what is left: 曹江镇荷垌村 is 曹江镇 and 荷垌村."""
        for short in (False, True):
            for town in self.towns:
                names = town_keys(town.name)
                name = names[-1] if short else names[0]
                if key.startswith(name) and len(key) > len(name):
                    rest = key[len(name) :]
                    if not short or self._in_town(town, rest):
                        return town, rest
        return None, key

    def _in_town(self, town: Unit | None, key: str) -> list[Unit]:
        """Villages of a town (None: of the county) whose name is written so."""
        place = town.pk if town is not None else None
        for wanted in village_keys(key):
            found = self._villages.get((place, wanted), [])
            if found:
                return found
        return []

    def _one_of(self, found: list[Unit], text: str, prefer: Collection[int], town: Unit | None) -> Found:
        if len(found) > 1:
            # 南塘村 and 南塘社区 share a stem; the text may say which it is.
            community = says_community(text)
            wanted = UnitKind.COMMUNITY if community else UnitKind.VILLAGE
            kept = [unit for unit in found if unit.kind == wanted] if community is not None else []
            found = kept or found
        if len(found) > 1 and prefer:
            kept = [unit for unit in found if unit.pk in prefer]
            found = kept if len(kept) == 1 else found
        return Found(found[0], town=town) if len(found) == 1 else Found(doubt="several", candidates=tuple(found), town=town)

    def _villages_like(self, text: str, town: Unit | None) -> tuple[Unit, ...]:
        if self._n_suggested >= MOST_SUGGESTED:
            return ()
        self._n_suggested += 1
        pool = self.villages[town.pk] if town is not None else [unit for units in self.villages.values() for unit in units]
        bare = village_keys(text)[-1]
        names = [(village_keys(unit.name)[-1], number) for number, unit in enumerate(pool)]
        return tuple(pool[number] for number in best_like([bare], names))

    def town_of(self, village: Unit) -> str:
        """Name of the town that a village belongs to; empty when there is none."""
        town = self.by_id.get(village.parent_id) if village.parent_id else village.parent
        return town.name if town is not None else ""


def _is_in(unit: Unit, town: Unit | None) -> bool:
    return town is None or unit.parent_id == town.pk


def names_of(units: Iterable[Unit]) -> str:
    """Unit names in a row, for a sentence."""
    return "、".join(unit.name for unit in units)
