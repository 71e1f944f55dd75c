"""signed → active: by county staff, or by itself once the first day has come and the guards hold (domain.md §4.1)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from pairing import changes
from pairing.actions.common import PairingRefused, locked, not_later, record
from pairing.models import ChangeKind, Pairing, PairingState
from pairing.queries import HINDRANCES, hindrance_codes, ready
from tenancy import audit, clock
from tenancy.access import Access


@transaction.atomic
def activate_ready(pairings: QuerySet[Pairing], *, access: Access | None = None) -> list[int]:
    """Make those active whose day has come and whose guards hold, from their first day on. Three statements in all.

    Answers their ids. The guards are asked again by the update: what another transaction took away meanwhile is left.
    """
    due = ready(pairings, clock.today()).order_by("pk").select_for_update(of=("self",))
    ids = list(due.values_list("pk", flat=True))
    if not ids:
        return []
    ready(Pairing.objects.filter(pk__in=ids), clock.today()).update(state=PairingState.ACTIVE, active_from=F("starts_on"))
    rows = list(Pairing.objects.filter(pk__in=ids, state=PairingState.ACTIVE).order_by("pk"))
    record(rows, ChangeKind.ACTIVATED, access=access)
    changes.changed(row.pk for row in rows)
    return [row.pk for row in rows]


def activate_group(pairing: Pairing, *, access: Access | None) -> None:
    """After a step that may have been the last one missing: this pairing, and the others of its village."""
    group = Pairing.objects.filter(programme_id=pairing.programme_id, village_id=pairing.village_id)
    activate_ready(group, access=access)


@transaction.atomic
def activate_pairing(*, pairing: Pairing, on: date | None = None, access: Access) -> Pairing:
    """Let a signed pairing count from a day: ``on``, else its first day.

    Raises PairingRefused: ``no_group_leader``, ``no_lead_unit``, ``future``, ``before_start``, ``wrong_state``.
    """
    row = locked(pairing, PairingState.SIGNED)
    day = on or row.starts_on
    if day < row.starts_on:
        raise PairingRefused(_("It cannot be active before its first day. Choose a later day."), "before_start")
    if on is None and day > clock.today():
        message = _("Its first day is %(day)s: it becomes active by itself on that day.")
        raise PairingRefused(message % {"day": day.isoformat()}, "future")
    not_later(day)
    for code in hindrance_codes(row, clock.today()):
        raise PairingRefused(HINDRANCES[code], code)
    row.state, row.active_from = PairingState.ACTIVE, day
    row.save(update_fields=["state", "active_from"])
    record([row], ChangeKind.ACTIVATED, access=access)
    audit.append(access, "pairing_activated", object_kind="pairing", object_uid=row.uid)
    changes.changed([row.pk])
    return row
