"""The marks of a record's status: shape, word and colour, the same everywhere (ui.md)."""

from __future__ import annotations

from activities.models import Status

_TONES: dict[str, tuple[str, str]] = {
    Status.DRAFT: ("grey", "half"),
    Status.SUBMITTED: ("indigo", "hourglass"),
    Status.CONFIRMED: ("green", "tick"),
    Status.RETURNED: ("amber", "question"),
    Status.VOIDED: ("grey", "dash"),
    Status.ABANDONED: ("grey", "dash"),
}


def status_chip(status: str) -> dict[str, str]:
    """The mark of a status, for templates/parts/chip.html."""
    tone, mark = _TONES[status]
    return {"word": str(Status(status).label), "tone": tone, "mark": mark}
