"""What keeps obligations true when a floor below changes: pairings begin, rest, move and end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from pairing.models import Pairing


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities.demo.loading import add_the_years, n_steps
    from activities.demo.others import OTHERS
    from pairing import changes
    from units.demo.loading import and_county, and_then

    and_then(add_the_years, n_steps)
    for county in OTHERS:
        and_county(county.code, county.slug, county.fill)
    changes.on_change(_refresh)
    changes.before_removal(_drop)
    changes.before_ending_pairing(_locked)


def _refresh(pairing_ids: Sequence[int]) -> None:
    from activities.obligations import refresh

    refresh(pairings=pairing_ids)


def _drop(pairing_ids: Sequence[int]) -> None:
    """An import is taken back: what was computed of its pairings goes; what people wrote stays, and keeps them."""
    from activities.models import Obligation, ObligationFlip

    Obligation.objects.filter(pairing__in=pairing_ids).delete()
    ObligationFlip.objects.filter(pairing__in=pairing_ids).delete()


def _locked(pairing: Pairing, last_day: date) -> str:
    """domain.md §4.1: a pairing ends no earlier than the last locked period."""
    from activities.queries.locks import last_locked_day

    locked = last_locked_day(pairing.programme_id)
    if locked is None or last_day >= locked:
        return ""
    words = {"day": last_day.isoformat(), "locked": locked.isoformat()}
    return _("%(day)s lies in a locked month. Choose %(locked)s or a later day.") % words
