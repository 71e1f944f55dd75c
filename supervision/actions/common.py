"""What the steps of warnings and findings share: refusals, who may, and the word to the unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from notices import outbox
from notices.models import OutboxMessage
from pairing.models import Pairing, PairingPost, PairingPostKind
from pairing.models.pairing import LIVE_STATES
from pairing.queries import within
from tenancy import clock
from tenancy.access import Access
from units.models import Person


class SupervisionRefused(Refused):
    """It cannot be done as asked; ``code``: wrong_state, reason_missing, nobody_signs, twice, not_live or invalid."""


def may(access: Access | None, pairing: Pairing, *rights: tuple[str, str]) -> bool:
    """Whether any of the rights (object, action) holds over the pairing; no access is the system itself."""
    if access is None:
        return True
    for kind, action in rights:
        reach = access.reach(kind, action)
        if reach is None or (reach and Pairing.objects.filter(within(reach), pk=pairing.pk).exists()):
            return True
    return False


def must(access: Access | None, pairing: Pairing, *rights: tuple[str, str]) -> None:
    """Raises PermissionDenied unless one of the rights holds."""
    if not may(access, pairing, *rights):
        raise PermissionDenied


def must_live(pairing: Pairing) -> None:
    """Raises SupervisionRefused ``not_live`` for a pairing that was rejected or has ended."""
    if pairing.state not in LIVE_STATES:
        raise SupervisionRefused(_("An ended pairing is kept as it was."), "not_live")


def said(text: str, what: Any, most: int) -> str:
    """The text without spaces around it. Raises SupervisionRefused with ``what`` when nothing is left."""
    if not text.strip():
        raise SupervisionRefused(what, "reason_missing")
    return text.strip()[:most]


def readers(pairing: Pairing) -> list[Person]:
    """Liaison and group leader today, each once: who hears for the unit."""
    today = clock.today()
    held = PairingPost.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today),
        pairing=pairing,
        starts_on__lte=today,
        kind__in=[PairingPostKind.LIAISON, PairingPostKind.GROUP_LEADER],
    )
    return list({post.person_id: post.person for post in held.select_related("person").order_by("id")}.values())


def tell(pairing: Pairing, *, key: str, kind: str, level: int | None, subject: Any, payload: dict[str, Any]) -> int:
    """Promise the message to everybody who hears for the unit; once, however often it is called. How many are new."""
    named = {"unit": pairing.unit.name, "village": pairing.village.name, **payload}
    return sum(
        outbox.put(
            idem_key=f"{key}:{person.pk}",
            kind=kind,
            person=person,
            payload=named,
            level=level,
            pairing_uid=pairing.uid,
            subject_uid=subject,
        )
        for person in readers(pairing)
    )


def untell(subject: Any, kinds: Iterable[str], why: str) -> int:
    """Withdraw what still waits to be told of a subject. How many had not been sent yet."""
    waiting = OutboxMessage.objects.filter(subject_uid=subject, kind__in=list(kinds), done_at=None)
    return outbox.drop(list(waiting.values_list("pk", flat=True)), why)
