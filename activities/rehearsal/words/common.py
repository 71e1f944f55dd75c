"""What several words share."""

from __future__ import annotations

from django.utils.translation import gettext as _

from activities.rehearsal.registry import Given


def reason_of(given: Given) -> str:
    """The reason given, or that it is a rehearsal."""
    reason: str = given.get("reason") or _("rehearsal")
    return reason
