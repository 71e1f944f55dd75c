"""What differs between a county's towns and villages and a newer edition of the list. Pure: asks and writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from lib.chinese.text import match_key
from units.divisions.edition import CountyList
from units.divisions.loading import place_names
from units.divisions.names import PlaceName
from units.models import DivisionChange, UnitKind

Kind = DivisionChange.Kind


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A live town or village of the county. ``code`` and ``town_code`` are empty for those that have none."""

    unit_id: int
    kind: str
    name: str
    code: str
    town_code: str = ""
    town_name: str = ""
    other_names: frozenset[str] = field(default_factory=frozenset)  # match keys

    def is_called(self, name: str) -> bool:
        return match_key(name) in self.other_names or match_key(name) == match_key(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """One proposed change. ``unit_id`` is None for what is new."""

    kind: Kind
    unit_id: int | None
    code: str
    name: str
    parent_code: str = ""


def compare(known: Iterable[KnownPlace], county: CountyList) -> list[Line]:
    """The lines of a revision, towns before villages, in the order of the codes."""
    known = list(known)
    names = place_names(county)
    official = {entry.code: entry.name for entry in (*county.towns, *county.villages)}
    towns = _Side(
        [place for place in known if place.kind == UnitKind.TOWN],
        {code: p for code, p in names.items() if len(code) == 9},
        official,
    )
    town_lines = towns.lines(same_place=lambda place: (place.name,), new_place=lambda code, name: (name,), movable=False)
    # A town that got another code is still the same place to its villages.
    now_coded = {place.code: line.code for line in town_lines for place in towns.known if place.unit_id == line.unit_id}
    villages = _Side(
        [place for place in known if place.kind != UnitKind.TOWN],
        {code: p for code, p in names.items() if len(code) == 12},
        official,
    )
    town_names = {code: place.name for code, place in names.items() if len(code) == 9}
    village_lines = villages.lines(
        same_place=lambda place: (now_coded.get(place.town_code, place.town_code) or place.town_name, place.name),
        new_place=lambda code, name: (code[:9], name),
        new_place_without_town_code=lambda code, name: (town_names[code[:9]], name),
        movable=True,
    )
    return sorted([*town_lines, *village_lines], key=lambda line: (len(line.code) > 9, line.code))


class _Side:
    """One level (towns, or villages) of both sides, and the matching between them."""

    def __init__(self, known: list[KnownPlace], listed: Mapping[str, PlaceName], official: Mapping[str, str]) -> None:
        self.known = known
        self.listed = dict(listed)
        self.official = official

    def lines(
        self,
        *,
        same_place: Callable[[KnownPlace], Hashable],
        new_place: Callable[[str, str], Hashable],
        movable: bool,
        new_place_without_town_code: Callable[[str, str], Hashable] | None = None,
    ) -> list[Line]:
        coded = {place.code: place for place in self.known if place.code}
        lines = [
            self._line(Kind.RENAMED, coded[code], code) for code in coded if code in self.listed and self._is_renamed(coded[code])
        ]
        gone = [place for code, place in coded.items() if code not in self.listed]
        codeless = [place for place in self.known if not place.code]
        fresh = [code for code in self.listed if code not in coded]
        for kind, candidates, old_key, new_key in (
            (Kind.RECODED, gone, same_place, new_place),
            (Kind.RECODED, codeless, same_place, new_place),
            (Kind.RECODED, codeless, same_place, new_place_without_town_code),
            (Kind.MOVED, gone, (lambda place: place.name) if movable else None, lambda _code, name: name),
        ):
            if old_key is None or new_key is None:
                continue
            pairs = _match(candidates, fresh, old_key, lambda code, key=new_key: key(code, self.listed[code].name))  # type: ignore[misc]
            lines += [self._line(kind, place, code) for place, code in pairs]
            found = {place.unit_id for place, _code in pairs}
            gone = [place for place in gone if place.unit_id not in found]
            codeless = [place for place in codeless if place.unit_id not in found]
            taken = {code for _place, code in pairs}
            fresh = [code for code in fresh if code not in taken]
        lines += [Line(Kind.REMOVED, place.unit_id, place.code, place.name, place.town_code) for place in gone]
        lines += [self._line(Kind.ADDED, None, code) for code in fresh]
        return lines

    def _is_renamed(self, place: KnownPlace) -> bool:
        # A county that calls a place otherwise than the list, and keeps the list's name as another name, meant it.
        return not place.is_called(self.listed[place.code].name) and not place.is_called(self.official[place.code])

    def _line(self, kind: Kind, place: KnownPlace | None, code: str) -> Line:
        return Line(kind, place.unit_id if place else None, code, self.listed[code].name, code[:9] if len(code) == 12 else "")


def _match(
    places: list[KnownPlace], codes: list[str], old_key: Callable[[KnownPlace], Hashable], new_key: Callable[[str], Hashable]
) -> list[tuple[KnownPlace, str]]:
    """Pairs whose key stands once on each side: two places of one name are never taken for one another."""
    n_old = Counter(old_key(place) for place in places)
    n_new = Counter(new_key(code) for code in codes)
    by_key = {new_key(code): code for code in codes}
    return [(place, by_key[key]) for place in places if (key := old_key(place)) in by_key and n_old[key] == 1 and n_new[key] == 1]
