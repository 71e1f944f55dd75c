"""A unit is merged or reorganised: its pairings move to the successor with their history (domain.md A23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from pairing import changes
from pairing.actions.activation import activate_ready
from pairing.actions.common import PairingRefused, not_later, record
from pairing.actions.resting import finish
from pairing.models import ChangeKind, EndingReason, Pairing
from pairing.models.pairing import LIVE_STATES
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import because
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """How many pairings moved, and how many ended because the successor has that village already."""

    n_moved: int
    n_merged: int


@transaction.atomic
def move_pairings(*, from_unit: Unit, to_unit: Unit, on: date, doc_no: str = "", reason: str = "", access: Access) -> Moved:
    """Give all live pairings of a unit to its successor from a day on, and write down who succeeded it.

    Where the successor is paired with the village already, the two become one: the old pairing ends the day before.
    Raises PairingRefused: ``same_unit``, ``side_ended``, ``not_alike``, ``future``, ``before_start``, ``hindered``,
    ``nothing_to_move``.
    """
    # In the order of ids: two of the staff who move against each other wait, and do not lock each other out.
    units = {
        one.pk: one
        for one in Unit.objects.select_for_update(of=("self",)).filter(pk__in=[from_unit.pk, to_unit.pk]).order_by("pk")
    }
    source, target = units[from_unit.pk], units[to_unit.pk]
    _check_units(source, target, on)
    live = list(Pairing.objects.select_for_update(of=("self",)).filter(unit=source, state__in=LIVE_STATES).order_by("pk"))
    if not live:
        raise PairingRefused(_("This unit has no live pairing to move."), "nothing_to_move")
    because(reason or doc_no or str(EndingReason.REORGANISATION.label), actor=access.actor)
    has = {
        (one.programme_id, one.village_id): one
        for one in Pairing.objects.select_for_update(of=("self",)).filter(unit=target, state__in=LIVE_STATES).order_by("pk")
    }
    told = {"from_unit": source, "to_unit": target, "doc_no": doc_no, "reason": reason}
    touched: set[int] = set()
    n_merged = 0
    for pairing in live:
        _check_day(pairing, on)
        other = has.get((pairing.programme_id, pairing.village_id))
        touched |= {pairing.pk} | ({other.pk} if other else set())
        if other is None:
            pairing.unit, pairing.party_org = target, None
            pairing.save(update_fields=["unit", "party_org"])
            record([pairing], ChangeKind.MOVED, access=access, on=on, **told)
            continue
        was_lead, n_merged = pairing.is_lead, n_merged + 1
        last_day = on - timedelta(days=1)
        if found := changes.ending_hindrances(pairing, last_day):
            raise PairingRefused(" ".join(found), "hindered")
        finish(pairing, on=last_day, reason=EndingReason.REORGANISATION)
        record([pairing], ChangeKind.ENDED, access=access, on=last_day, **told)
        if was_lead:
            other.is_lead = True
            other.save(update_fields=["is_lead"])
    source.succeeded_by = target
    source.save(update_fields=["succeeded_by"])
    audit.append(access, "pairings_moved", object_kind="organisation", object_uid=source.uid, n=len(live))
    changes.changed(touched)
    activate_ready(Pairing.objects.filter(unit=target), access=access)
    return Moved(len(live) - n_merged, n_merged)


def _check_units(source: Unit, target: Unit, on: date) -> None:
    not_later(on)
    if source.pk == target.pk:
        raise PairingRefused(_("A unit cannot follow itself. Choose another."), "same_unit")
    if source.kind != target.kind:
        raise PairingRefused(_("The successor must be of the same kind."), "not_alike")
    if target.ends_on is not None:
        raise PairingRefused(_("%(unit)s has ended. Choose another, or an earlier day.") % {"unit": target.name}, "side_ended")


def _check_day(pairing: Pairing, on: date) -> None:
    if on <= pairing.starts_on:
        message = _("The pairing with %(village)s began on %(day)s. Choose a later day.")
        told = {"village": pairing.village.name, "day": pairing.starts_on.isoformat()}
        raise PairingRefused(message % told, "before_start")
