"""The county as a tree: towns and their villages, in three queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from lib.chinese.text import fold, match_key
from tenancy.access import Access
from units.models import UnitAlias
from units.models.unit import VILLAGE_KINDS, UnitKind
from units.queries.units import visible_units


@dataclass(slots=True)
class Branch:
    """A town with those of its villages that are asked for; ``n_villages`` counts all of them."""

    name: str
    uid: Any
    n_villages: int = 0
    n_communities: int = 0
    is_hit: bool = False
    villages: list[dict[str, Any]] = field(default_factory=list)


def _hits(typed: str) -> Q:
    plain, key = fold(typed), match_key(typed)
    found = Q(name__icontains=plain) | Q(pk__in=UnitAlias.objects.filter(key__icontains=key).values("unit_id"))
    if key.isascii() and key.isalnum():
        found |= Q(pinyin__contains=key) | Q(initials__contains=key)
    return found


def town_tree(access: Access, typed: str = "") -> list[Branch]:
    """Live towns in the order of their codes with live villages. ``typed``: only what fits by name, pinyin or initials.

    A town that fits comes with all its villages; a village that fits, with its town.
    """
    rows = visible_units(access).filter(ends_on=None, kind__in=[UnitKind.TOWN, *VILLAGE_KINDS])
    listed = rows.order_by("division_code", "pinyin", "id").values("pk", "uid", "name", "kind", "parent_id")
    towns = {row["pk"]: Branch(row["name"], row["uid"]) for row in listed if row["kind"] == UnitKind.TOWN}
    hits = set(rows.filter(_hits(typed)).values_list("pk", flat=True)) if match_key(typed) else None
    for row in listed:
        branch = towns.get(row["parent_id"] or 0)
        if row["kind"] == UnitKind.TOWN or branch is None:
            continue
        if row["kind"] == UnitKind.COMMUNITY:
            branch.n_communities += 1
        else:
            branch.n_villages += 1
        if hits is None or row["pk"] in hits or row["parent_id"] in hits:
            branch.villages.append({"uid": row["uid"], "name": row["name"]})
            branch.is_hit = True
    if hits is None:
        return list(towns.values())
    return [branch for pk, branch in towns.items() if branch.is_hit or pk in hits]
