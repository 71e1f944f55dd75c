"""A unit does not end under a live pairing: the pairing is ended first, with its own day and reason."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import ngettext

from pairing.models import Pairing
from pairing.queries import live
from units.models import Unit


def live_pairings_first(unit: Unit, last_day: date) -> str:
    """The sentence that stands against ending ``unit``; empty when no live pairing hangs on it."""
    n_live = live(Pairing.objects.filter(Q(unit=unit) | Q(village=unit) | Q(party_org=unit))).count()
    if not n_live:
        return ""
    sentence = ngettext("It has %(n)d live pairing. End that first.", "It has %(n)d live pairings. End them first.", n_live)
    return sentence % {"n": n_live}
