"""1+1+N: households put on a pairing's list, who looks after them, and taken off it (domain.md §1.3 row 31)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from pairing.actions.common import PairingRefused
from pairing.models import HouseholdContact, Pairing
from pairing.models.pairing import LIVE_STATES
from pairing.queries import within
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, because, current_tenant
from units.signing import hand_of

# Stands where a rehearsal needs somebody and nobody real may be named.
_REHEARSED = ("单位党员", "村党员")


@dataclass(frozen=True, slots=True)
class HouseholdFacts:
    """What is said of a household: number and name, and who of either side looks after it. No identity number."""

    house_no: str
    householder: str = ""
    unit_member: str = ""
    village_member: str = ""
    notes: str = ""


def tidy(facts: HouseholdFacts) -> HouseholdFacts:
    """The same in one spelling: full-width signs folded, spaces at the ends and inside short names gone."""
    number = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", facts.house_no)).strip()[:40]
    return HouseholdFacts(
        number, _name(facts.householder), _name(facts.unit_member), _name(facts.village_member), facts.notes.strip()[:200]
    )


def _name(written: str) -> str:
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", written)).strip()
    # 张 三: two to four characters with gaps are one name.
    closed = text.replace(" ", "")
    return (closed if len(closed) <= 4 and not closed.isascii() else text)[:40]


@transaction.atomic
def list_household(
    *, pairing: Pairing, facts: HouseholdFacts, listed_on: date | None = None, access: Access | None = None,
    actor: Actor | None = None,
) -> HouseholdContact:  # fmt: skip
    """Put a household on the list of a pairing; covered at once when both sides have named somebody.

    Raises PermissionDenied outside the own scope; PairingRefused ``invalid``, ``household_twice``, ``wrong_state``,
    ``future``.
    """
    made = list_households(pairing=pairing, many=[facts], listed_on=listed_on, access=access, actor=actor)
    return made[0]


@transaction.atomic
def list_households(
    *, pairing: Pairing, many: Sequence[HouseholdFacts], listed_on: date | None = None, access: Access | None = None,
    actor: Actor | None = None,
) -> list[HouseholdContact]:  # fmt: skip
    """Put several on the list, all or none. Raises as ``list_household``; ``too_many`` above 500."""
    _must_reach(access, pairing, "C")
    pairing = Pairing.objects.select_for_update(of=("self",)).get(pk=pairing.pk)
    day = listed_on or clock.today()
    _refuse_unfit(pairing, day)
    if len(many) > 500:
        raise PairingRefused(_("At most 500 households at a time. Split the list."), "too_many")
    facts = [tidy(one) for one in many]
    _refuse_doubles(pairing, facts)
    rows = HouseholdContact.objects.bulk_create(
        HouseholdContact(
            tenant=current_tenant(),
            pairing=pairing,
            listed_on=day,
            covered_from=day if one.unit_member and one.village_member else None,
            **_values(one),
        )
        for one in facts
    )
    who = hand_of(access, actor)
    if len(rows) == 1:
        audit.append(who, "household_listed", object_kind="household", object_uid=rows[0].uid)
    else:
        audit.append(who, "households_listed", object_kind="pairing", object_uid=pairing.uid, n=len(rows))
    return list(rows)


@transaction.atomic
def change_household(
    *, household: HouseholdContact, facts: HouseholdFacts, reason: str = "", access: Access | None = None,
    actor: Actor | None = None,
) -> HouseholdContact:  # fmt: skip
    """Change what is written of a household. Covered from today when both are named now, no longer when one is missing.

    Raises PermissionDenied; PairingRefused ``invalid``, ``household_twice``, ``wrong_state`` for one off the list.
    """
    row = _held(household, access)
    new = tidy(facts)
    _refuse_doubles(row.pairing, [new], but=row.pk)
    who = hand_of(access, actor)
    values: dict[str, Any] = {name: value for name, value in _values(new).items() if getattr(row, name) != value}
    both = bool(new.unit_member and new.village_member)
    if both != (row.covered_from is not None):
        values["covered_from"] = max(clock.today(), row.listed_on) if both else None
    if values:
        if reason:
            because(reason, actor=who)
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
        audit.append(who, "household_changed", object_kind="household", object_uid=row.uid, fields=sorted(values))
    return row


@transaction.atomic
def delist_household(
    *, household: HouseholdContact, reason: str, on: date | None = None, access: Access | None = None, actor: Actor | None = None
) -> HouseholdContact:
    """Take a household off the list, with why; it stays readable. ``on``: the first day off it, default today.

    Raises PermissionDenied; PairingRefused ``reason_missing``, ``before_start``, ``future``, ``wrong_state``.
    """
    row = _held(household, access)
    if not reason.strip():
        raise PairingRefused(_("Say why."), "reason_missing")
    day = on or clock.today()
    if day > clock.today():
        raise PairingRefused(_("The day cannot lie in the future. Come back on the day itself."), "future")
    if day < row.listed_on:
        raise PairingRefused(_("The day cannot lie before the household was listed."), "before_start")
    who = hand_of(access, actor)
    because(reason.strip()[:200], actor=who)
    row.delisted_on = day
    row.save(update_fields=["delisted_on"])
    audit.append(who, "household_delisted", object_kind="household", object_uid=row.uid, reason=reason.strip()[:200])
    return row


@transaction.atomic
def set_counts(*, pairing: Pairing, listed: int, covered: int, actor: Actor | None = None) -> None:
    """Let a pairing have so many households, so many of them covered: for rehearsals, which name nobody real.

    Works from what is there: adds or takes off the last, names or forgets the members. Raises PairingRefused ``invalid``.
    """
    if not 0 <= covered <= listed <= 5000:
        raise PairingRefused(_("There cannot be more households covered than listed."), "invalid")
    day = clock.today()
    rows = list(HouseholdContact.objects.filter(pairing=pairing, delisted_on=None).order_by("id"))
    surplus = [row.pk for row in rows[listed:]]
    HouseholdContact.objects.filter(pk__in=surplus).update(delisted_on=day)
    rows = rows[:listed]
    HouseholdContact.objects.filter(pk__in=[row.pk for row in rows[covered:]]).exclude(covered_from=None).update(
        covered_from=None, unit_member=""
    )
    HouseholdContact.objects.filter(pk__in=[row.pk for row in rows[:covered]], covered_from=None).update(
        covered_from=day, unit_member=_REHEARSED[0], village_member=_REHEARSED[1]
    )
    taken = {row.house_no for row in rows}
    free = (number for n in range(1, 2 * listed + 1) if (number := f"{n}号") not in taken)
    HouseholdContact.objects.bulk_create(
        HouseholdContact(
            tenant=current_tenant(), pairing=pairing, house_no=next(free), listed_on=day,
            **(_covered(day) if n < covered else {}),
        )
        for n in range(len(rows), listed)
    )  # fmt: skip
    audit.append(hand_of(None, actor), "households_listed", object_kind="pairing", object_uid=pairing.uid, n=listed)


def _covered(day: date) -> dict[str, Any]:
    return {"unit_member": _REHEARSED[0], "village_member": _REHEARSED[1], "covered_from": day}


def _values(facts: HouseholdFacts) -> Mapping[str, str]:
    return {name: getattr(facts, name) for name in ("house_no", "householder", "unit_member", "village_member", "notes")}


def _must_reach(access: Access | None, pairing: Pairing, action: str) -> None:
    if access is None:
        return
    reach = access.reach("household", action)
    if reach is not None and not Pairing.objects.filter(within(reach), pk=pairing.pk).exists():
        raise PermissionDenied


def _held(household: HouseholdContact, access: Access | None) -> HouseholdContact:
    """The row as it is now, held; still on the list."""
    row: HouseholdContact = (
        HouseholdContact.objects.select_for_update(of=("self",)).select_related("pairing").get(pk=household.pk)
    )
    _must_reach(access, row.pairing, "U")
    if row.delisted_on is not None:
        raise PairingRefused(
            _("This household is no longer on the list. What was written of it is kept as it was."), "wrong_state"
        )
    return row


def _refuse_unfit(pairing: Pairing, day: date) -> None:
    if pairing.state not in LIVE_STATES:
        raise PairingRefused(_("An ended pairing is kept as it was."), "wrong_state")
    if day > clock.today():
        raise PairingRefused(_("The day cannot lie in the future. Come back on the day itself."), "future")


def _refuse_doubles(pairing: Pairing, facts: Iterable[HouseholdFacts], *, but: int = 0) -> None:
    there = HouseholdContact.objects.filter(pairing=pairing, delisted_on=None).exclude(pk=but)
    taken = set(there.values_list("house_no", flat=True))
    for one in facts:
        if not one.house_no:
            raise PairingRefused(_("Write the house number: households are told apart by it."), "invalid")
        if one.house_no in taken:
            message = _("%(house)s is on the list of this pairing already. Open it there, or correct the number.")
            raise PairingRefused(message % {"house": one.house_no}, "household_twice")
        taken.add(one.house_no)
