"""Writing the towns and villages of one county in bulk, from an edition of the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from lib.chinese.pinyin import pinyin_key
from lib.chinese.text import match_key
from tenancy.models import Tenant
from units.divisions.edition import CountyList, Entry
from units.divisions.names import PlaceName, everyday_names, town_display_name
from units.models import Unit, UnitAlias, UnitKind


def place_names(county: CountyList) -> dict[str, PlaceName]:
    """How each town and village of a list is called in the product, by code."""
    towns = {town.code: PlaceName(UnitKind.TOWN, town_display_name(town.name)) for town in county.towns}
    return towns | everyday_names(county.villages)


def load_units(tenant: Tenant, county: CountyList, *, starts_on: date) -> tuple[int, int]:
    """Create every town and village of ``county``; the tenant is in scope and has none yet. (towns, villages)"""
    names = place_names(county)
    towns = create_places(tenant, county.towns, names, {}, starts_on=starts_on)
    villages = create_places(tenant, county.villages, names, {t.division_code: t.pk for t in towns}, starts_on=starts_on)
    return len(towns), len(villages)


def create_places(
    tenant: Tenant,
    entries: Iterable[Entry],
    names: Mapping[str, PlaceName],
    parents: Mapping[str, int],
    *,
    starts_on: date,
) -> list[Unit]:
    """Create units of these entries and, where people call the place otherwise, an alias with the official name."""
    official = {entry.code: entry.name for entry in entries}
    made = Unit.objects.bulk_create(
        [_unit(tenant, code, names[code], parents.get(code[:9]), starts_on) for code in official], batch_size=1000
    )
    UnitAlias.objects.bulk_create(
        [
            UnitAlias(tenant=tenant, unit=unit, name=official[unit.division_code], key=match_key(official[unit.division_code]))
            for unit in made
            if official[unit.division_code] != unit.name
        ],
        batch_size=1000,
    )
    return list(made)


def _unit(tenant: Tenant, code: str, place: PlaceName, parent_id: int | None, starts_on: date) -> Unit:
    key = pinyin_key(place.name)
    return Unit(
        tenant=tenant,
        kind=place.kind,
        name=place.name,
        pinyin=key.full,
        initials=key.initials,
        parent_id=parent_id,
        division_code=code,
        starts_on=starts_on,
    )
