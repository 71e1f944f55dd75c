"""Whose hand writes or confirms: the unit's, the village's, or a superior's for one of them (domain.md §4.2, §7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from activities.models import AuthorSide
from activities.refusals import RecordRefused, refusal
from pairing.models import Pairing
from tenancy.access import Access
from tenancy.models import Role
from tenancy.scope import SYSTEM, Actor
from units.models import Unit

_UNIT_ROLES = (Role.UL, Role.UG)
_VILLAGE_ROLES = (Role.VS,)
_PROXY_ROLES = (Role.CS, Role.TO)
OTHER = {AuthorSide.UNIT: AuthorSide.VILLAGE, AuthorSide.VILLAGE: AuthorSide.UNIT}


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody acting for one side.

    ``units``: the units in whose name (villages, offices, Party organisations); None for any, as an import by the
    county or a rehearsal acts. ``basis``: why a superior could enter it (a telephone call, a paper sheet, a file).
    """

    actor: Actor
    side: str
    units: frozenset[int] | None = None
    is_proxy: bool = False
    basis: str = ""

    def holds(self, pairing: Pairing) -> bool:
        """Whether the hand belongs to its side of this pairing."""
        if self.units is None:
            return True
        if self.side == AuthorSide.VILLAGE:
            return pairing.village_id in self.units
        return pairing.unit_id in self.units or pairing.party_org_id in self.units


def system_hand(side: str, *, basis: str = "") -> Hand:
    """A hand without an account: for imports and rehearsals."""
    return Hand(SYSTEM, side, is_proxy=bool(basis), basis=basis)


def sides_of(access: Access, pairing: Pairing, action: str = "C", *, kind: str = "record") -> frozenset[str]:
    """Of ``unit``, ``village`` and ``proxy``, what this account is for the pairing (domain.md §7).

    Needs ``pairing.village`` read along where a town officer may ask.
    """
    found: set[str] = set()
    for grant, right in access.rights(kind, action):
        everywhere = not right.own or grant.scope_unit_id is None
        unit = grant.scope_unit_id
        if grant.role in _UNIT_ROLES and unit in (pairing.unit_id, pairing.party_org_id):
            found.add(AuthorSide.UNIT)
        elif grant.role in _VILLAGE_ROLES and unit == pairing.village_id:
            found.add(AuthorSide.VILLAGE)
        elif grant.role in _PROXY_ROLES and (everywhere or unit in (pairing.village_id, pairing.village.parent_id)):
            found.add("proxy")
    return frozenset(found)


def _units(access: Access, kind: str, action: str) -> frozenset[int]:
    return access.reach(kind, action) or frozenset()


def writing_hand(access: Access, pairings: Sequence[Pairing], *, side: str = AuthorSide.UNIT, basis: str = "") -> Hand:
    """Whose hand this account is when it writes of these pairings.

    One's own side wherever there is one; further pairings may stand beside it (A2: both units held it together).
    A superior writes for ``side`` and says on what basis.
    Raises RecordRefused: ``not_yours``; ``basis_missing`` for a superior who gives no basis.
    """
    sides = [sides_of(access, pairing) for pairing in pairings]
    for own in (AuthorSide.UNIT, AuthorSide.VILLAGE):
        if any(own in each for each in sides):
            return Hand(access.actor, own, _units(access, "record", "C"))
    if sides and all("proxy" in each for each in sides):
        return _proxy(access, side, basis, pairings)
    raise refusal("not_yours")


def confirming_hand(access: Access, *, author_side: str, pairings: Sequence[Pairing], basis: str = "") -> Hand:
    """Whose hand this account is when it confirms or returns what ``author_side`` wrote.

    Raises RecordRefused: ``own_side`` when it belongs to the writers only; ``not_yours``; ``basis_missing``.
    """
    other = OTHER.get(AuthorSide(author_side), AuthorSide.VILLAGE)
    found = [(pairing, sides_of(access, pairing, "X", kind="record_confirm")) for pairing in pairings]
    sides = frozenset[str]().union(*(each for _pairing, each in found))
    if other in sides:
        return Hand(access.actor, other, _units(access, "record_confirm", "X"))
    if "proxy" in sides:
        # A town stands in for its own villages, not for those of other towns that took part in a joint record.
        return _proxy(access, other, basis, [pairing for pairing, each in found if "proxy" in each])
    raise refusal("own_side" if author_side in sides else "not_yours")


def own_hand(access: Access, *, village: Unit | None, basis: str = "") -> Hand:
    """Whose hand this account is for what has no pairing: the county's own (``village`` None), or a village's own.

    Raises RecordRefused: ``not_yours``; ``basis_missing`` for a superior of the village who gives no basis.
    """
    may_proxy = False
    for grant, right in access.rights("record", "C"):
        everywhere = not right.own or grant.scope_unit_id is None
        if village is None and everywhere:
            return Hand(access.actor, AuthorSide.COUNTY)
        if village is not None and grant.role in _VILLAGE_ROLES and grant.scope_unit_id == village.pk:
            return Hand(access.actor, AuthorSide.VILLAGE, frozenset({village.pk}))
        near = village is not None and (everywhere or grant.scope_unit_id in (village.pk, village.parent_id))
        may_proxy = may_proxy or (grant.role in _PROXY_ROLES and near)
    if village is None or not may_proxy:
        raise refusal("not_yours")
    if not basis.strip():
        raise refusal("basis_missing")
    return Hand(access.actor, AuthorSide.VILLAGE, frozenset({village.pk}), is_proxy=True, basis=basis.strip()[:200])


def _proxy(access: Access, side: str, basis: str, pairings: Iterable[Pairing]) -> Hand:
    if not basis.strip():
        raise refusal("basis_missing")
    units = frozenset(pairing.village_id if side == AuthorSide.VILLAGE else pairing.unit_id for pairing in pairings)
    return Hand(access.actor, side, units, is_proxy=True, basis=basis.strip()[:200])


__all__ = ["OTHER", "Hand", "RecordRefused", "confirming_hand", "own_hand", "sides_of", "system_hand", "writing_hand"]
