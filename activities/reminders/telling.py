"""What reminders say, in their reader's language, and how the duty stands by the time they are read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Obligation, Period
from activities.reminders.planning import DUE_SOON, OVERDUE, TO_CONFIRM
from lib.kinds import cells
from lib.periods import Span, period_named
from notices import words
from notices.models import Notice
from notices.words import Message, Words


def period_words(code: str, *, this_year: int | None = None) -> str:
    """A period as people say it: 2024年10月, 2024年第41周(10-07至10-13); in ``this_year`` without the year."""
    span = period_named(code)
    if code.startswith(f"{this_year}-"):
        return _period_this_year(span)
    if span.kind == "week":
        year, week, _day = span.starts_on.isocalendar()
        return _("week %(week)s of %(year)s (%(first)s to %(last)s)") % {
            "year": year,
            "week": week,
            "first": span.starts_on.strftime("%m-%d"),
            "last": span.ends_on.strftime("%m-%d"),
        }
    year = span.starts_on.year
    if span.kind == "month":
        return _("%(year)s-%(month)s") % {"year": year, "month": span.starts_on.month}
    if span.kind == "quarter":
        return _("quarter %(n)s of %(year)s") % {"year": year, "n": (span.starts_on.month + 2) // 3}
    if span.kind == "half":
        return (_("first half of %(year)s") if span.starts_on.month == 1 else _("second half of %(year)s")) % {"year": year}
    return _("the year %(year)s") % {"year": year}


def _period_this_year(span: Span) -> str:
    if span.kind == "week":
        first, last = (f"{day.month}.{day.day}" for day in (span.starts_on, span.ends_on))
        return f"{first}—{last}"
    if span.kind == "month":
        return _("month %(month)s") % {"month": span.starts_on.month}
    if span.kind == "quarter":
        return _("quarter %(n)s") % {"n": (span.starts_on.month + 2) // 3}
    return _("first half of the year") if span.starts_on.month == 1 else _("second half of the year")


def _sides(told: Mapping[str, Any]) -> str:
    return f"{told.get('unit', '')} — {told.get('village', '')}"


def _names(message: Message) -> dict[str, str]:
    return {"rule": str(message.payload.get("rule", message.rule)), "period": period_words(message.period)}


def _how_far(told: Mapping[str, Any]) -> str:
    return _("%(counted)s of %(required)s done.") % {"counted": told.get("counted", 0), "required": told.get("required", 1)}


def _write_url(message: Message, slug: str) -> str:
    """记一笔 with pairing, type and period; the pairing's page where an older message does not know the type."""
    if not message.pairing_uid:
        return ""
    kind = message.payload.get("type")
    if not kind:
        return reverse("pairing:pairing", args=[slug, message.pairing_uid])
    asked = urlencode({"pairing": message.pairing_uid, "type": kind, "for": message.period})
    return f"{reverse('activities:record_create', args=[slug])}?{asked}"


def _card_url(message: Message, slug: str) -> str:
    """The card to confirm, first on its page."""
    return f"{reverse('activities:record_waiting', args=[slug])}?{urlencode({'record': message.subject_uid})}"


def _day(told: Mapping[str, Any], name: str) -> str:
    return cells.long_day(date.fromisoformat(str(told[name]))) if told.get(name) else ""


@words.of_kind(DUE_SOON, gettext_lazy("due soon"))
def due_soon(message: Message, slug: str) -> Words:
    """Level 0."""
    told = message.payload
    lines = [_sides(told), _how_far(told)]
    if told.get("ends_on"):
        lines.append(_("The period ends on %(day)s.") % {"day": _day(told, "ends_on")})
    return Words(
        _("%(rule)s: still open in %(period)s") % _names(message),
        tuple(lines),
        _("Write down what was done."),
        _write_url(message, slug),
    )


@words.of_kind(OVERDUE, gettext_lazy("overdue"))
def overdue(message: Message, slug: str) -> Words:
    """Level 1, the first time or after a promise."""
    told = message.payload
    lines = [_sides(told), _how_far(told)]
    if told.get("promised"):
        lines.append(_("It was promised for %(day)s.") % {"day": _day(told, "promised")})
    return Words(
        _("%(rule)s: not done in %(period)s") % _names(message),
        tuple(lines),
        _("Enter it late, or explain, within 5 working days."),
        _write_url(message, slug),
    )


@words.of_kind(TO_CONFIRM, gettext_lazy("waiting to be confirmed"))
def to_confirm(message: Message, slug: str) -> Words:
    """A record that the other side has not looked at for a week."""
    told = message.payload
    names = {"type": str(told.get("type", "")), "day": _day(told, "day")}
    lines = [_sides(told)]
    if told.get("text"):
        lines.append(str(told["text"]))
    if told.get("handed_in"):
        lines.append(_("Waiting since %(day)s.") % {"day": _day(told, "handed_in")})
    return Words(
        _("%(type)s of %(day)s waits for your confirmation") % names,
        tuple(lines),
        _("Say whether it is true. One tap is enough."),
        _card_url(message, slug),
    )


def standing(notices: list[Notice]) -> dict[int, dict[str, Any]]:
    """The state of each duty today, by notice."""
    told = [notice for notice in notices if notice.kind in (DUE_SOON, OVERDUE)]
    if not told:
        return {}
    periods = {
        (kind, starts_on): code
        for kind, starts_on, code in Period.objects.filter(code__in={notice.period for notice in told}).values_list(
            "kind", "starts_on", "code"
        )
    }
    rows = Obligation.objects.filter(
        pairing__uid__in={notice.pairing_uid for notice in told},
        rule__code__in={notice.rule for notice in told},
        starts_on__in={starts_on for _kind, starts_on in periods},
    ).values_list("pairing__uid", "rule__code", "period_kind", "starts_on", "state")
    states = {(uid, rule, periods.get((kind, starts_on))): state for uid, rule, kind, starts_on, state in rows}
    found = {notice.pk: states.get((notice.pairing_uid, notice.rule, notice.period)) for notice in told}
    return {pk: {"state": state} for pk, state in found.items() if state}
