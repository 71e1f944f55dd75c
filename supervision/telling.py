"""What the unit is told of warnings and findings, in its reader's language (notices)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.kinds import cells
from notices import words
from notices.words import Message, Words
from supervision.actions.findings import EXTENDED, ISSUED, NOT_EXTENDED, SENT_BACK
from supervision.actions.warnings import SIGNED, WITHDRAWN
from supervision.models import WarningLevel


def _sides(told: Mapping[str, Any]) -> str:
    return f"{told.get('unit', '')} — {told.get('village', '')}"


def _day(told: Mapping[str, Any], name: str) -> str:
    return cells.long_day(date.fromisoformat(str(told[name]))) if told.get(name) else ""


def _level(told: Mapping[str, Any]) -> str:
    level = told.get("level")
    return str(WarningLevel(level).label) if level in WarningLevel.values else ""


def _url(route: str, message: Message, slug: str) -> str:
    return reverse(route, args=[slug, message.subject_uid]) if message.subject_uid else ""


@words.of_kind(SIGNED, gettext_lazy("warning"))
def signed(message: Message, slug: str) -> Words:
    """A warning that a person signed."""
    told = message.payload
    lines = [_sides(told), str(told.get("reason", ""))]
    by = " ".join(part for part in (str(told.get("by", "")), str(told.get("doc_no", ""))) if part)
    if by:
        lines.append(_("Signed by: %(by)s") % {"by": by})
    ask = _("The group leader answers by %(day)s.") % {"day": _day(told, "answer_due_on")} if told.get("answer_due_on") else ""
    return Words(_("%(level)s warning") % {"level": _level(told)}, tuple(lines), ask, _url("supervision:warning", message, slug))


@words.of_kind(WITHDRAWN, gettext_lazy("warning withdrawn"))
def withdrawn(message: Message, slug: str) -> Words:
    """A warning that does not count any more."""
    told = message.payload
    lines = (_sides(told), str(told.get("reason", "")), _("Why: %(why)s") % {"why": told.get("because", "")})
    return Words(
        _("%(level)s warning withdrawn") % {"level": _level(told)}, lines, url=_url("supervision:warning", message, slug)
    )


@words.of_kind(ISSUED, gettext_lazy("finding"))
def issued(message: Message, slug: str) -> Words:
    """Something to be rectified."""
    told = message.payload
    return Words(
        _("Finding %(number)s, to be rectified by %(day)s") % {"number": told.get("number", ""), "day": _day(told, "due_on")},
        (_sides(told), str(told.get("content", ""))),
        _("Rectify it, then hand it in for a check."),
        _url("supervision:finding", message, slug),
    )


@words.of_kind(SENT_BACK, gettext_lazy("finding sent back"))
def sent_back(message: Message, slug: str) -> Words:
    """A check was not satisfied."""
    told = message.payload
    return Words(
        _("Finding %(number)s was sent back") % {"number": told.get("number", "")},
        (_sides(told), str(told.get("content", "")), _("What is missing: %(what)s") % {"what": told.get("because", "")}),
        _("To be rectified by %(day)s.") % {"day": _day(told, "due_on")},
        _url("supervision:finding", message, slug),
    )


@words.of_kind(EXTENDED, gettext_lazy("more time for a finding"))
def extended(message: Message, slug: str) -> Words:
    """The day of rectification was moved."""
    told = message.payload
    return Words(
        _("Finding %(number)s: the day was moved to %(day)s") % {"number": told.get("number", ""), "day": _day(told, "due_on")},
        (_sides(told), str(told.get("content", "")), _("Why: %(why)s") % {"why": told.get("because", "")}),
        _("To be rectified by %(day)s.") % {"day": _day(told, "due_on")},
        _url("supervision:finding", message, slug),
    )


@words.of_kind(NOT_EXTENDED, gettext_lazy("no more time for a finding"))
def not_extended(message: Message, slug: str) -> Words:
    """More time was asked for and is not given."""
    told = message.payload
    return Words(
        _("Finding %(number)s: the day stays") % {"number": told.get("number", "")},
        (_sides(told), str(told.get("content", "")), _("Why: %(why)s") % {"why": told.get("because", "")}),
        _("To be rectified by %(day)s.") % {"day": _day(told, "due_on")},
        _url("supervision:finding", message, slug),
    )
