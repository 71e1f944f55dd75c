"""What the operator sees: the directory of counties and the division list, nothing of a county's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from lib.chinese.pinyin import pinyin_key
from lib.chinese.text import fold
from tenancy.models import Tenant
from units.divisions.edition import Entry, upper_divisions
from units.divisions.slugs import default_slug

MOST_FOUND = 20


@dataclass(frozen=True, slots=True)
class FoundCounty:
    """A county of the division list; ``tenant`` when it is set up already."""

    code: str
    name: str
    above: str
    slug: str
    tenant: Tenant | None


def counties() -> QuerySet[Tenant]:
    """Every county, in the order of the codes."""
    return Tenant.objects.select_related("division__parent").order_by("division_id")


def county_with(slug: str) -> Tenant | None:
    """One county, in use or not."""
    return Tenant.objects.filter(slug=slug).first()


def find_counties(words: str) -> list[FoundCounty]:
    """Counties of the list by code, name or pinyin, at most 20."""
    wanted = fold(words).strip().lower()
    if not wanted:
        return []
    divisions = upper_divisions()
    found = [entry for entry in divisions.values() if _is_county(entry.code) and _fits(entry, wanted)][:MOST_FOUND]
    tenants = {tenant.division_id: tenant for tenant in Tenant.objects.filter(division_id__in=[e.code for e in found])}
    return [
        FoundCounty(entry.code, entry.name, _above(divisions, entry), default_slug(entry.name), tenants.get(entry.code))
        for entry in found
    ]


def _is_county(code: str) -> bool:
    return len(code) == 6 and not code.endswith("00")


def _fits(entry: Entry, wanted: str) -> bool:
    if wanted.isdigit():
        return entry.code.startswith(wanted)
    if not wanted.isascii():
        return wanted in entry.name
    key = pinyin_key(entry.name)
    return key.full.startswith(wanted) or key.initials.startswith(wanted)


def _above(divisions: dict[str, Entry], entry: Entry) -> str:
    names, parent = [], entry.parent_code
    while parent and parent in divisions:
        names.append(divisions[parent].name)
        parent = divisions[parent].parent_code
    return "".join(reversed(names))
