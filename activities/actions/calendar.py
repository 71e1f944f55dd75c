"""Which days are worked on, and months opened again after their lock (domain.md §2.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.models import Reopening, WorkingDay, YearSettings
from activities.obligations import refresh
from lib.periods import period_of
from pairing.models import Pairing, Programme
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant

# Days of the week on the edge of a year belong to periods inside it.
_MARGIN = timedelta(days=31)
_FIRST, _LAST = date(2010, 1, 1), date(2060, 12, 31)


class CalendarRefused(Refused):
    """The day or month cannot be set so. ``code`` is a stable word."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What an import of the published holidays did. ``unknown``: years whose holidays are not published yet."""

    n_days: int
    unknown: tuple[int, ...]


def published_day(day: date) -> tuple[bool, str] | None:
    """(is worked on, why) of a day that differs from a plain week; None for the others and for unknown years."""
    try:
        is_free, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return None
    if is_free == (day.weekday() >= 5):
        return None
    word = str(chinese_calendar.Holiday(name).chinese) if name else ""
    # Translated nowhere: the note is kept in the row as data, like the names of the holidays.
    return not is_free, word if is_free else f"{word}调休上班"


def is_published(year: int) -> bool:
    """Whether the library knows the holidays of a year."""
    try:
        chinese_calendar.is_workday(date(year, 7, 1))
    except NotImplementedError:
        return False
    return True


def load_days(programme: Programme) -> Loaded:
    """Write the published holidays over the programme's span and a month around it; the caller refreshes.

    Days that the county set itself stay as they are; a day that the library took back becomes a plain one again.
    """
    first, last = programme.starts_on - _MARGIN, programme.ends_on + _MARGIN
    first, last = max(first, _FIRST), min(last, _LAST)
    known = {row.day: row for row in WorkingDay.objects.filter(day__range=(first, last))}
    tenant = current_tenant()
    made: list[WorkingDay] = []
    n_changed = 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        row = known.get(day)
        if row is not None and row.source == WorkingDay.Source.COUNTY:
            continue
        found = published_day(day)
        if found is None:
            if row is None or not is_published(day.year):
                continue
            found = (day.weekday() < 5, "")
        is_working, note = found
        if row is None:
            made.append(WorkingDay(tenant=tenant, day=day, is_working=is_working, source=WorkingDay.Source.LIBRARY, note=note))
        elif (row.is_working, row.note) != (is_working, note):
            row.is_working, row.note = is_working, note
            row.save(update_fields=["is_working", "note"])
            n_changed += 1
    WorkingDay.objects.bulk_create(made)
    unknown = tuple(year for year in range(first.year, last.year + 1) if not is_published(year))
    return Loaded(len(made) + n_changed, unknown)


@transaction.atomic
def load_library(*, programme: Programme, actor: Actor) -> Loaded:
    """Import the published holidays again, and count anew."""
    loaded = load_days(programme)
    audit.append(actor, "calendar_loaded", object_kind="programme", object_uid=programme.uid, n=loaded.n_days)
    refresh()
    return loaded


@transaction.atomic
def set_days(*, days: Mapping[date, bool] | Iterable[tuple[date, bool]], note: str = "", actor: Actor) -> list[WorkingDay]:
    """Say of several days whether they are worked on; counted anew once.

    Raises CalendarRefused for a day outside 2010 to 2060 or a note of more than 60 characters.
    """
    wanted = dict(days)
    if len(note) > 60:
        raise CalendarRefused({"note": _("Write at most 60 characters.")})
    for day in wanted:
        if not _FIRST <= day <= _LAST:
            raise CalendarRefused({"day": _("Choose a day between 2010 and 2060.")})
    tenant = current_tenant()
    rows: list[WorkingDay] = []
    for day, is_working in sorted(wanted.items()):
        row, _is_new = WorkingDay.objects.update_or_create(
            tenant=tenant, day=day, defaults={"is_working": is_working, "source": WorkingDay.Source.COUNTY, "note": note}
        )
        rows.append(row)
        audit.append(actor, "working_day_set", object_kind="working_day", object_uid=row.uid)
    if rows:
        refresh()
    return rows


@transaction.atomic
def set_day(*, day: date, is_working: bool, note: str = "", actor: Actor) -> WorkingDay:
    """Say whether a day is worked on. Raises CalendarRefused as ``set_days``."""
    return set_days(days={day: is_working}, note=note, actor=actor)[0]


def lock_on(month: date, lock_day: int) -> date:
    """The last day on which entries of ``month`` (its first day) are taken without staff."""
    following = (month.replace(day=28) + timedelta(days=7)).replace(day=1)
    return following.replace(day=lock_day)


@transaction.atomic
def reopen_month(
    *, programme: Programme, month: date, pairing: Pairing | None = None, until: date, reason: str, actor: Actor
) -> Reopening:
    """Let a locked month take late entries again, up to and including ``until``; of one pairing, or of all.

    Raises CalendarRefused when the month is not of the programme or not locked yet, the pairing is of another
    programme, the day has passed, or no reason is given.
    """
    first, last = period_of("month", month).starts_on, period_of("month", month).ends_on
    if last < programme.starts_on or first > programme.ends_on:
        raise CalendarRefused({"month": _("This month is not part of the programme year.")}, code="outside")
    if pairing is not None and pairing.programme_id != programme.pk:
        raise CalendarRefused({"pairing": _("This pairing belongs to another programme year.")}, code="outside")
    settings = YearSettings.objects.filter(programme=programme).first()
    locked_after = lock_on(first, settings.lock_day if settings else 15)
    if clock.today() <= locked_after:
        raise CalendarRefused(
            {"month": _("This month takes entries until %(day)s anyway.") % {"day": locked_after.isoformat()}},
            code="not_locked",
        )
    if until < clock.today():
        raise CalendarRefused({"until": _("Choose today or a later day.")}, code="in_past")
    if not reason.strip():
        raise CalendarRefused({"reason": _("Say why: the reason stands in the history.")})
    if len(reason) > 200:
        raise CalendarRefused({"reason": _("Write at most 200 characters.")})
    because(reason, actor=actor)
    row: Reopening = Reopening.objects.create(
        tenant=current_tenant(), programme=programme, month=first, pairing=pairing, until=until, reason=reason.strip()
    )
    audit.append(actor, "month_reopened", object_kind="programme", object_uid=programme.uid, month=f"{first:%Y-%m}")
    return row
