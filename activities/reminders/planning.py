"""Who is to be told what by today: each statement finds it all, and finds nothing new when it runs again."""

# ruff: noqa: S608 - every statement is put together from the texts of this file alone

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import Period, PeriodKind
from notices import hours, outbox
from tenancy import clock

DUE_SOON, OVERDUE, TO_CONFIRM = "due_soon", "overdue", "to_confirm"
# Level 0 comes a week before the end; for a week on its Thursday (domain.md §4.4).
DAYS_BEFORE: dict[str, int] = {PeriodKind.WEEK: 3}
_DAYS_BEFORE = 7
ANSWER_DAYS = 5
# A reminder that could not be sent for so long would only puzzle its reader; it is kept as too late.
KEPT_DAYS = 30

# A pairing's cell with the names that its message says. Shared cells are told once, to those of the pairing that
# carries them; only where any unit of a village may do it, all of them are told.
_CELL = """
    FROM activities_obligation o
    JOIN activities_ruleterms t ON t.id = o.terms_id
    JOIN activities_rule r ON r.id = o.rule_id
    JOIN activities_period d ON d.kind = o.period_kind AND d.starts_on = o.starts_on
    JOIN pairing_pairing p ON p.id = o.pairing_id AND p.state IN ('active', 'suspended')
    JOIN pairing_programme g ON g.id = o.programme_id
    JOIN units_unit u ON u.id = p.unit_id
    JOIN units_unit v ON v.id = p.village_id
    LEFT JOIN activities_yearsettings y ON y.programme_id = o.programme_id
"""
_OWED = """
    WHERE o.is_due AND (o.is_carrier OR t.scope = 'village') AND o.ends_on >= coalesce(y.switched_on, g.starts_on)
"""
_HELD = "h.starts_on <= %(today)s AND (h.ends_on IS NULL OR h.ends_on >= %(today)s)"
_NAMES = """jsonb_build_object('rule', r.name, 'unit', u.name, 'village', v.name, 'required', o.required,
            'counted', o.counted, 'ends_on', o.ends_on"""
_ANSWERS = """activities_obligationanswer a WHERE a.pairing_id = o.pairing_id AND a.rule_id = o.rule_id
            AND a.period_kind = o.period_kind AND a.starts_on = o.starts_on"""

_DUE_SOON = f"""
    SELECT 'due:' || p.uid || ':' || r.code || ':' || d.code, '{DUE_SOON}', 0::smallint, h.person_id, p.uid, NULL::uuid,
           r.code, d.code, {_NAMES}), s.opening, (o.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', NULL::smallint
    {_CELL}
    JOIN unnest(%(kinds)s::text[], %(starts)s::date[], %(openings)s::timestamptz[]) AS s (kind, starts_on, opening)
        ON s.kind = o.period_kind AND s.starts_on = o.starts_on
    JOIN LATERAL (
        SELECT h.person_id FROM pairing_pairingpost h
        WHERE h.pairing_id = p.id AND h.kind = 'liaison' AND {_HELD} ORDER BY h.starts_on DESC, h.id DESC LIMIT 1
    ) h ON true
    {_OWED} AND o.state = 'open' AND NOT EXISTS (SELECT FROM {_ANSWERS})
"""

# Liaison and group leader, one message where they are one person. Told again of the same duty only when an earlier
# message was withdrawn before it was sent: what was met may become missed when a record is voided.
_TOLD = f"""
    JOIN LATERAL (
        SELECT DISTINCT h.person_id FROM pairing_pairingpost h
        WHERE h.pairing_id = p.id AND h.kind IN ('liaison', 'group_leader') AND {_HELD}
    ) h ON true
"""
_OPENING = "({day}::timestamp + time '08:30') AT TIME ZONE 'Asia/Shanghai'"
_FIRST = _OPENING.format(day="(o.grace_until + 1)")
_OVERDUE = f"""
    SELECT 'late:' || p.uid || ':' || r.code || ':' || d.code || ':' || h.person_id || ':' || m.n_withdrawn,
           '{OVERDUE}', 1::smallint, h.person_id, p.uid, NULL::uuid, r.code, d.code,
           {_NAMES}, 'grace_until', o.grace_until), {_FIRST}, {_FIRST} + %(kept)s, {ANSWER_DAYS}::smallint
    {_CELL}
    {_TOLD}
    JOIN LATERAL (
        SELECT count(*) FILTER (WHERE m.outcome = 'dropped') AS n_withdrawn,
               count(*) FILTER (WHERE m.outcome <> 'dropped') AS n_told
        FROM notices_outboxmessage m
        WHERE m.pairing_uid = p.uid AND m.rule = r.code AND m.period = d.code AND m.kind = '{OVERDUE}'
    ) m ON m.n_told = 0
    {_OWED} AND o.state IN ('open', 'missed') AND o.grace_until < %(today)s AND NOT EXISTS (SELECT FROM {_ANSWERS})
"""

# The one more after a promise whose day has passed (domain.md §4.4: "explained" keeps silence until then).
_AGAIN_FROM = _OPENING.format(day="(greatest(a.promise_on, o.grace_until) + 1)")
_AGAIN = f"""
    SELECT 'again:' || p.uid || ':' || r.code || ':' || d.code || ':' || h.person_id || ':' || a.promise_on,
           '{OVERDUE}', 1::smallint, h.person_id, p.uid, NULL::uuid, r.code, d.code,
           {_NAMES}, 'grace_until', o.grace_until, 'promised', a.promise_on),
           {_AGAIN_FROM}, {_AGAIN_FROM} + %(kept)s, {ANSWER_DAYS}::smallint
    {_CELL}
    {_TOLD}
    JOIN LATERAL (SELECT a.promise_on FROM {_ANSWERS} ORDER BY a.at DESC, a.id DESC LIMIT 1) a
        ON a.promise_on < %(today)s
    {_OWED} AND o.state IN ('open', 'missed') AND o.grace_until < %(today)s
"""

# The other side is asked once for each time that a record was handed in (domain.md §4.2, auto-escalation).
_HANDED_IN = "(c.status_at AT TIME ZONE 'Asia/Shanghai')::date"
_ASKED_FROM = _OPENING.format(day=f"({_HANDED_IN} + coalesce(y.confirm_days, 7))")
_TO_CONFIRM = f"""
    SELECT 'confirm:' || c.uid || ':' || p.uid || ':' || h.person_id || ':' || {_HANDED_IN}, '{TO_CONFIRM}', NULL::smallint,
           h.person_id, p.uid, c.uid, '', '',
           jsonb_build_object('type', coalesce(k.name, c.type), 'day', c.occurred_on, 'unit', u.name, 'village', v.name,
                              'text', left(coalesce(nullif(c.title, ''), c.text), 60), 'handed_in', {_HANDED_IN}),
           {_ASKED_FROM}, {_ASKED_FROM} + %(kept)s, NULL::smallint
    FROM activities_record c
    JOIN activities_share s ON s.record_id = c.id AND s.status = 'submitted'
    JOIN pairing_pairing p ON p.id = s.pairing_id
    JOIN units_unit u ON u.id = p.unit_id
    JOIN units_unit v ON v.id = p.village_id
    LEFT JOIN activities_yearsettings y ON y.programme_id = c.programme_id
    LEFT JOIN activities_activitytype k ON k.programme_id = c.programme_id AND k.code = c.type
    JOIN LATERAL (
        -- What the village wrote, or others for it, the unit's liaison confirms; all else the village's secretary.
        SELECT h.person_id FROM pairing_pairingpost h
        WHERE (c.author_side = 'village' OR c.proxy_for_id = p.village_id)
          AND h.pairing_id = p.id AND h.kind = 'liaison' AND {_HELD}
        UNION
        SELECT h.person_id FROM units_post h
        WHERE NOT (c.author_side = 'village' OR coalesce(c.proxy_for_id = p.village_id, false))
          AND h.unit_id = p.village_id AND h.kind = 'village_secretary'
          AND (h.starts_on IS NULL OR h.starts_on <= %(today)s) AND (h.ends_on IS NULL OR h.ends_on >= %(today)s)
    ) h ON true
    WHERE c.status = 'submitted' AND {_HANDED_IN} + coalesce(y.confirm_days, 7) <= %(today)s
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """How many messages are new, by sort."""

    due_soon: int
    overdue: int
    to_confirm: int

    @property
    def total(self) -> int:
        return self.due_soon + self.overdue + self.to_confirm


def plan_all() -> Planned:
    """Promise everything that the county in scope is to be told by today; again it promises nothing new."""
    today = clock.today()
    values = {"today": today, "kept": timedelta(days=KEPT_DAYS)}
    return Planned(
        due_soon=_plan_due_soon(today),
        overdue=outbox.plan(_OVERDUE, values) + outbox.plan(_AGAIN, values),
        to_confirm=outbox.plan(_TO_CONFIRM, values),
    )


def _plan_due_soon(today: date) -> int:
    """Periods that end soon: those whose day of reminding has come."""
    running = Period.objects.filter(starts_on__lte=today, ends_on__gte=today).values_list("kind", "starts_on", "ends_on")
    soon = [
        (kind, starts_on, hours.opening(day))
        for kind, starts_on, ends_on in running
        if (day := hours.reminder_day(ends_on, DAYS_BEFORE.get(kind, _DAYS_BEFORE))) <= today
    ]
    if not soon:
        return 0
    kinds, starts, openings = zip(*soon, strict=True)
    return outbox.plan(_DUE_SOON, {"today": today, "kinds": list(kinds), "starts": list(starts), "openings": list(openings)})
