"""群众测评: how many villagers answered what (domain.md §3.2, G2)."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.facts.common import FactRefused, must, must_be_assessed, open_cycle
from assessment.models import Cycle, Poll
from pairing.models import Pairing
from tenancy import audit, clock
from tenancy.access import Access
from tenancy.scope import Actor, current_tenant
from units.signing import hand_of, name_of

# More than a village's villagers: a slip of the pen.
_MOST = 100_000


@transaction.atomic
def set_poll(
    *, cycle: Cycle, pairing: Pairing, satisfied: int, fairly: int, dissatisfied: int, unknown: int = 0,
    held_on: date | None = None, note: str = "", reason: str = "", access: Access | None = None, actor: Actor | None = None,
) -> Poll:  # fmt: skip
    """Write down the poll on a pairing, or correct it; what stood there is kept as a version.

    Raises PermissionDenied; FactRefused ``final``, ``not_assessed``, ``reason_missing``, ``invalid``.
    """
    must(access, pairing, "poll", "C")
    who = hand_of(access, actor)
    cycle = open_cycle(cycle, reason, who)
    must_be_assessed(cycle, pairing)
    counts = {"satisfied": satisfied, "fairly": fairly, "dissatisfied": dissatisfied, "unknown": unknown}
    wrong = [name for name, n in counts.items() if not 0 <= n <= _MOST]
    if wrong:
        raise FactRefused({wrong[0]: [_("Write how many answered so: a whole number from 0.")]}, "invalid")
    if not any(counts.values()):
        raise FactRefused({"satisfied": [_("Nobody answered? Then leave the poll out.")]}, "invalid")
    day = held_on or clock.today()
    if day > clock.today():
        raise FactRefused({"held_on": [_("The day cannot lie in the future.")]}, "invalid")
    values = {**counts, "held_on": day, "note": note.strip()[:200]}
    row: Poll | None = Poll.objects.select_for_update().filter(cycle=cycle, pairing=pairing).first()
    if row is None:
        row = Poll.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, author_name=name_of(who), **values)
    else:
        differing = {name: new for name, new in values.items() if getattr(row, name) != new}
        if not differing:
            return row
        for name, new in differing.items():
            setattr(row, name, new)
        row.author_name = name_of(who)
        row.save(update_fields=[*differing, "author_name"])
    audit.append(who, "poll_set", object_kind="poll", object_uid=row.uid)
    return row
