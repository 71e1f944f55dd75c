"""Why a cell is what it is (ui.md, signature piece 2): the rule, the sum with its numbers, records counted and not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from activities import words
from activities.hands import sides_of
from activities.models import ActivityType, Obligation, ObligationAnswer, ObligationState, PeriodKind, Record, YearSettings
from activities.obligations import Line, explain
from activities.queries.lasts import Deadlines, deadlines_of
from activities.queries.records import visible_records, with_shares
from activities.queries.rule_words import how_many, in_words
from lib.kinds import cells, panels
from lib.periods import period_of
from tenancy import clock
from tenancy.access import Access

# What can still be mended by writing one down.
_LACKING = (ObligationState.OPEN, ObligationState.MISSED)


def why_context(request: Any, cell: Obligation) -> dict[str, Any]:
    """Everything the panel says, in ready words. ``cell`` with rule, terms, programme and both sides of its pairing."""
    tenant, access = request.tenant.slug, request.access
    told = explain(cell)
    settings = YearSettings.objects.filter(programme=cell.programme_id).first()
    types = dict(ActivityType.objects.filter(programme=cell.programme_id).values_list("code", "name"))
    named = _Named(access, tenant, types, [*told.counted, *told.not_counted])
    deadlines = deadlines_of([cell])[cell.pk]
    span = period_of(cell.period_kind, cell.starts_on)
    actions = panels.actions_of("obligation", request, cell)
    return {
        "cell": cell,
        "actions": actions,
        "period": span.code,
        "year": (cell.starts_on + timedelta(days=3)).year if span.kind == PeriodKind.WEEK else cell.starts_on.year,
        "who": who_owes(cell, tenant),
        "chip": {"state": cell.state},
        "sum": _sum(cell),
        "rule": in_words(cell.terms, types, lock_day=settings.lock_day if settings else None),
        "rule_url": reverse("activities:rule", args=[tenant, cell.rule.uid]) if access.can("programme", "R") else "",
        "version": _("version %(n)d, in force from %(day)s")
        % {"n": cell.terms.number, "day": cells.day(cell.terms.effective_from)},
        "source": cell.terms.source_text,
        "counted": named.lines(told.counted),
        "not_counted": named.lines(told.not_counted),
        "is_once": bool(cell.terms.distinct_by) and len(told.counted) > cell.counted,
        "waived": words.waived(cell.waived_because),
        "not_owed": _not_owed(cell),
        "dates": _dates(cell, deadlines),
        "answers": _answers(cell),
        # What has a page of its own is not written down in the common form.
        "write_url": "" if actions else _write_url(cell, access, tenant, deadlines),
        "strip_url": reverse("activities:strip", args=[tenant, cell.pairing.uid]) if cell.pairing is not None else "",
    }


def who_owes(cell: Obligation, tenant: str) -> dict[str, str]:
    """The pairing, the village or the programme year, with its page."""
    if cell.pairing is not None:
        url = reverse("pairing:pairing", args=[tenant, cell.pairing.uid])
        return {"label": f"{cell.pairing.unit.name} — {cell.pairing.village.name}", "url": url}
    if cell.village is not None:
        return {"label": cell.village.name, "url": reverse("units:village", args=[tenant, cell.village.uid])}
    return {"label": cell.programme.title, "url": reverse("pairing:programme", args=[tenant, cell.programme.uid])}


def _sum(cell: Obligation) -> str:
    """The formula with its numbers put in."""
    numbers = {
        "counted": how_many(cell.counted, cell.terms.unit_of_count),
        "required": how_many(cell.required, cell.terms.unit_of_count),
        "carried": cell.carried,
        "waiting": cell.waiting,
    }
    parts = [_("%(counted)s counted, %(required)s asked for") % numbers]
    if cell.carried:
        parts.append(_("%(carried)d left over from earlier periods") % numbers)
    if cell.waiting:
        parts.append(_("%(waiting)d more will count once confirmed") % numbers)
    return _("; ").join(parts)


def _not_owed(cell: Obligation) -> str:
    """Why nothing is owed although the rule is in force; empty where something is, or will be."""
    if cell.is_due:
        return ""
    return _("This is the pairing's first or last period, and not a whole one: nothing is owed, what was done is shown.")


def _dates(cell: Obligation, deadlines: Deadlines) -> list[str]:
    """补录至 …, … 锁定: only of what was owed and is not met."""
    if not cell.is_due or cell.waived_because or cell.state in (ObligationState.MET, ObligationState.MET_LATE):
        return []
    today = clock.today()
    days = {
        "end": cells.day(cell.ends_on),
        "grace": cells.day(deadlines.in_time_until),
        "lock": cells.day(deadlines.locked_after),
        "until": cells.day(deadlines.last_day()),
    }
    found = []
    if today <= cell.ends_on:
        found.append(_("The period ends on %(end)s.") % days)
    found.append(_("Entered until %(grace)s it is in time, later it is marked as late; locked after %(lock)s.") % days)
    if not deadlines.is_open(today):
        found.append(_("The month is locked. County staff can open it again, with a reason."))
    elif deadlines.reopened_until is not None and today > deadlines.locked_after:
        found.append(_("Opened again for entries until %(until)s.") % days)
    return found


def _answers(cell: Obligation) -> list[dict[str, str]]:
    if cell.pairing_id is None:
        return []
    rows = ObligationAnswer.objects.filter(
        pairing=cell.pairing_id, rule=cell.rule_id, period_kind=cell.period_kind, starts_on=cell.starts_on
    )
    return [
        {
            "who": row.actor_name,
            "when": cells.minute(row.at),
            "text": row.text,
            "promise": _("will be done on %(day)s") % {"day": cells.day(row.promise_on)} if row.promise_on else "",
        }
        for row in rows
    ]


def may_write(access: Access, cell: Obligation) -> bool:
    """Whether this account writes for the cell's pairing, in its own name or by proxy."""
    if cell.pairing is not None:
        return bool(sides_of(access, cell.pairing))
    reach = access.reach("record", "C")
    if reach is None:
        return True
    village = cell.village
    return village is not None and bool({village.pk, village.parent_id} & reach)


def write_address(tenant: str, cell: Obligation) -> str:
    """记一笔 with pairing and type filled in; for what has no pairing the form of its own.

    For a period that is over the address names it, so that the form asks for its day and does not offer today.
    """
    kind = next(iter(cell.terms.types), "")
    if cell.pairing is None:
        own = {"type": kind} | ({"village": str(cell.village.uid)} if cell.village is not None else {})
        return f"{reverse('activities:record_own_create', args=[tenant])}?{urlencode(own)}"
    asked = {"pairing": str(cell.pairing.uid), "type": kind}
    if cell.ends_on < clock.today():
        asked["for"] = period_of(cell.period_kind, cell.starts_on).code
    return f"{reverse('activities:record_create', args=[tenant])}?{urlencode(asked)}"


def _write_url(cell: Obligation, access: Access, tenant: str, deadlines: Deadlines) -> str:
    today = clock.today()
    is_lacking = cell.is_due and cell.state in _LACKING and cell.starts_on <= today
    return write_address(tenant, cell) if is_lacking and deadlines.is_open(today) and may_write(access, cell) else ""


class _Named:
    """Records of an explanation by name: three queries, however many. Those out of reach are named without a link."""

    def __init__(self, access: Access, tenant: str, types: dict[str, str], lines: Iterable[Line]) -> None:
        ids = {line.record_id for line in lines}
        self.tenant, self.types = tenant, types
        self.rows = {row.pk: row for row in with_shares(Record.objects.filter(pk__in=ids))} if ids else {}
        self.seen = set(visible_records(access).filter(pk__in=ids).values_list("pk", flat=True)) if ids else set()

    def lines(self, lines: Iterable[Line]) -> list[dict[str, Any]]:
        return [self._line(line) for line in lines]

    def _line(self, line: Line) -> dict[str, Any]:
        row = self.rows[line.record_id]
        own = next((part for part in row.parts if part.pk == line.share_id), None)  # type: ignore[attr-defined]
        is_seen = row.pk in self.seen
        return {
            "day": cells.day(own.counts_on if own is not None else row.occurred_on),
            "type": self.types.get(row.type, row.type),
            "title": (row.title or row.text[:60]) if is_seen else "",
            "who": own.pairing.unit.name if own is not None and own.pairing is not None else "",
            "url": reverse("activities:record", args=[self.tenant, row.uid]) if is_seen else "",
            "why": words.why(line.why),
        }
