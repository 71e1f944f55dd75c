"""What waits for the reader's own hand, as figures that open their lists. Only what exists and only what one may do."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.models import Status
from activities.queries.records import to_confirm, visible_records
from assessment.models import Cycle, CycleState
from pairing.models import PairingState
from pairing.queries import visible_pairings
from reports.queries.board import Figure
from supervision.kinds.warnings import PROPOSED
from supervision.queries.kept import visible_warnings
from tenancy.access import Access
from tenancy.models import Role

# Whoever confirms for others, once the other side has let its time pass.
_PROXIES = {Role.CS, Role.TO}
_PREPARING = (PairingState.PROPOSED, PairingState.AGREED, PairingState.SIGNED)


@dataclass(frozen=True, slots=True)
class Waiting:
    """One matter: what is to be done, how many, and where; or one thing by its name."""

    label: str | Promise
    figure: Figure | None
    # Without a figure: the page of the one thing that waits.
    url: str = ""


def waiting_for(access: Access, tenant: str) -> list[Waiting]:
    """Matters with something in them; at most one query each."""
    found: list[Waiting] = []

    def add(label: str | Promise, n_rows: int, route: str, query: str = "") -> None:
        if n_rows:
            found.append(Waiting(label, Figure(n_rows, reverse(route, args=[tenant]) + query)))

    if access.can("record_confirm", "X"):
        add(_("Records for my side to confirm"), to_confirm(access).count(), "activities:record_waiting")
        if _PROXIES.intersection(access.roles):
            n_rows = visible_records(access).filter(status=Status.SUBMITTED).count()
            add(
                _("Records waiting for the other side; may be confirmed for it once its time is over"),
                n_rows,
                "activities:record_list",
                "?state=waiting",
            )
    if access.everywhere("pairing", "X"):
        n_rows = visible_pairings(access).filter(state__in=_PREPARING).count()
        add(_("Pairings being prepared, to be decided"), n_rows, "pairing:pairing_list", "?state=preparing")
    if access.can("warning", "X") and access.can("warning", "R"):
        n_rows = visible_warnings(access).filter(PROPOSED).count()
        add(_("Warnings proposed, to be signed"), n_rows, "supervision:warning_list", "?state=proposed")
    if access.can("result", "X"):
        for cycle in Cycle.objects.filter(state=CycleState.DECISION):
            url = reverse("assessment:decision", args=[tenant, cycle.uid])
            found.append(Waiting(gettext("%(title)s: the group's decision") % {"title": cycle.title}, None, url))
    return found
