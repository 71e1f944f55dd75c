"""Who is to be told what by today: each statement finds it all, and finds nothing new when it runs again."""

# ruff: noqa: S608 - every statement is put together from the texts of this file alone

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from activities.models import ObligationAnswer, Period, PeriodKind
from notices import hours, outbox
from tenancy import clock

DUE_SOON, OVERDUE, TO_CONFIRM = "due_soon", "overdue", "to_confirm"
# Level 0 comes a week before the end; for a week on its Thursday (domain.md §4.4).
DAYS_BEFORE: dict[str, int] = {PeriodKind.WEEK: 3}
_DAYS_BEFORE = 7
ANSWER_DAYS = 5
# A reminder that could not be sent for so long would only puzzle its reader; it is kept as too late.
KEPT_DAYS = 30
_SINCE_DAYS = 90

# Cells that remind somebody: of pairings at work, in years that are switched on. Shared cells remind once, those of the
# pairing that carries them; only where any unit of a village may do it, all of them.
#
# Found first, with what was told already left out by a hash (NOT IN), and only then given names and readers: within a
# rehearsal's transaction no table has statistics, and a plan that looks a hundred thousand times is no worse to PostgreSQL.
_CELLS = """
    SELECT o.id, o.pairing_id, o.rule_id, o.period_kind, o.starts_on, o.ends_on, o.grace_until, o.required, o.counted,
           p.uid, p.unit_id, p.village_id, r.code, r.name, t.types[1] AS type, d.code AS period{more}
    FROM activities_obligation o
    JOIN pairing_pairing p ON p.id = o.pairing_id AND p.state IN ('active', 'suspended')
    JOIN activities_ruleterms t ON t.id = o.terms_id
    JOIN activities_rule r ON r.id = o.rule_id
    JOIN activities_period d ON d.kind = o.period_kind AND d.starts_on = o.starts_on
    JOIN pairing_programme g ON g.id = o.programme_id
    LEFT JOIN activities_yearsettings y ON y.programme_id = o.programme_id
    {joins}
    WHERE o.is_due AND (o.is_carrier OR t.scope = 'village') AND o.ends_on >= coalesce(y.switched_on, g.starts_on)
      AND o.state IN ('open', 'missed') AND {which}
"""
_NOT_ANSWERED = """(o.pairing_id, o.rule_id, o.period_kind, o.starts_on) NOT IN (
          SELECT a.pairing_id, a.rule_id, a.period_kind, a.starts_on FROM activities_obligationanswer a)"""
_NOT_TOLD = """(p.uid, r.code, d.code) NOT IN (
          SELECT m.pairing_uid, m.rule, m.period FROM notices_outboxmessage m
          WHERE m.kind = '{kind}' AND m.pairing_uid IS NOT NULL AND {ended})"""
# After so long nobody is reminded of a cell any more, not even in the list of what came too late.
_GRACE_OVER = "o.grace_until < %(today)s AND o.grace_until >= %(since)s"
_HELD = "h.starts_on <= %(today)s AND (h.ends_on IS NULL OR h.ends_on >= %(today)s)"
_NAMES = """jsonb_build_object('rule', o.name, 'type', o.type, 'unit', u.name, 'village', v.name, 'required', o.required,
            'counted', o.counted, 'ends_on', o.ends_on"""
_UNITS = "JOIN units_unit u ON u.id = o.unit_id JOIN units_unit v ON v.id = o.village_id"

_DUE_SOON = f"""
    WITH o AS MATERIALIZED ({
    _CELLS.format(
        more=", s.opening",
        joins="JOIN unnest(%(kinds)s::text[], %(starts)s::date[], %(openings)s::timestamptz[]) AS s (kind, starts_on, opening)"
        " ON s.kind = o.period_kind AND s.starts_on = o.starts_on",
        which=f"o.state = 'open' AND {_NOT_ANSWERED} AND {_NOT_TOLD.format(kind=DUE_SOON, ended='true')}",
    )
})
    SELECT 'due:' || o.uid || ':' || o.code || ':' || o.period, '{DUE_SOON}', 0::smallint, h.person_id, o.uid, NULL::uuid,
           o.code, o.period, {_NAMES}), o.opening, (o.ends_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai', NULL::smallint
    FROM o {_UNITS}
    JOIN LATERAL (
        SELECT h.person_id FROM pairing_pairingpost h
        WHERE h.pairing_id = o.pairing_id AND h.kind = 'liaison' AND {_HELD} ORDER BY h.starts_on DESC, h.id DESC LIMIT 1
    ) h ON true
"""

# Liaison and group leader, one message where they are one person. Told again of the same duty only when an earlier
# message was withdrawn before it was sent: what was met may become missed when a record is voided.
_READERS = f"""
    JOIN LATERAL (
        SELECT DISTINCT h.person_id FROM pairing_pairingpost h
        WHERE h.pairing_id = o.pairing_id AND h.kind IN ('liaison', 'group_leader') AND {_HELD}
    ) h ON true
"""
_OPENING = "({day}::timestamp + time '08:30') AT TIME ZONE 'Asia/Shanghai'"
_FIRST = _OPENING.format(day="(o.grace_until + 1)")
_OVERDUE = f"""
    WITH o AS MATERIALIZED ({
    _CELLS.format(
        more="",
        joins="",
        which=f"{_GRACE_OVER} AND {_NOT_ANSWERED} AND " + _NOT_TOLD.format(kind=OVERDUE, ended="m.outcome <> 'dropped'"),
    )
})
    SELECT 'late:' || o.uid || ':' || o.code || ':' || o.period || ':' || h.person_id || ':' || (
               SELECT count(*) FROM notices_outboxmessage m WHERE m.pairing_uid = o.uid AND m.rule = o.code
               AND m.period = o.period AND m.kind = '{OVERDUE}' AND m.person_id = h.person_id),
           '{OVERDUE}', 1::smallint, h.person_id, o.uid, NULL::uuid, o.code, o.period,
           {_NAMES}, 'grace_until', o.grace_until), {_FIRST}, {_FIRST} + %(kept)s, {ANSWER_DAYS}::smallint
    FROM o {_UNITS} {_READERS}
"""

# The one more after a promise whose day has passed (domain.md §4.4: "explained" keeps silence until then).
_AGAIN_FROM = _OPENING.format(day="(greatest(o.promise_on, o.grace_until) + 1)")
_AGAIN = f"""
    WITH promised AS MATERIALIZED (
        SELECT * FROM (
            SELECT DISTINCT ON (a.pairing_id, a.rule_id, a.period_kind, a.starts_on) a.*
            FROM activities_obligationanswer a
            ORDER BY a.pairing_id, a.rule_id, a.period_kind, a.starts_on, a.at DESC, a.id DESC
        ) a WHERE a.promise_on < %(today)s AND a.promise_on >= %(since)s
    ), o AS MATERIALIZED ({
    _CELLS.format(
        more=", a.promise_on",
        joins="JOIN promised a ON a.pairing_id = o.pairing_id AND a.rule_id = o.rule_id"
        " AND a.period_kind = o.period_kind AND a.starts_on = o.starts_on",
        which="o.grace_until < %(today)s",
    )
})
    SELECT 'again:' || o.uid || ':' || o.code || ':' || o.period || ':' || h.person_id || ':' || o.promise_on,
           '{OVERDUE}', 1::smallint, h.person_id, o.uid, NULL::uuid, o.code, o.period,
           {_NAMES}, 'grace_until', o.grace_until, 'promised', o.promise_on),
           {_AGAIN_FROM}, {_AGAIN_FROM} + %(kept)s, {ANSWER_DAYS}::smallint
    FROM o {_UNITS} {_READERS}
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
    values = {"today": today, "since": today - timedelta(days=_SINCE_DAYS), "kept": timedelta(days=KEPT_DAYS)}
    return Planned(
        due_soon=_plan_due_soon(today),
        overdue=outbox.plan(_OVERDUE, values) + (outbox.plan(_AGAIN, values) if _has_promises(today) else 0),
        to_confirm=outbox.plan(_TO_CONFIRM, values),
    )


def _has_promises(today: date) -> bool:
    """Whether anybody's promised day has passed: on most days nobody's has."""
    return bool(ObligationAnswer.objects.filter(promise_on__lt=today).exists())


def reminder_days_of(periods: Sequence[tuple[str, date]]) -> list[date]:
    """The day on which each period, by its kind and last day, is reminded of before it ends."""
    return hours.reminder_days([(ends_on, DAYS_BEFORE.get(kind, _DAYS_BEFORE)) for kind, ends_on in periods])


def _plan_due_soon(today: date) -> int:
    """Periods that end soon: those whose day of reminding has come."""
    running = list(Period.objects.filter(starts_on__lte=today, ends_on__gte=today).values_list("kind", "starts_on", "ends_on"))
    days = reminder_days_of([(kind, ends_on) for kind, _starts_on, ends_on in running])
    soon = [
        (kind, starts_on, hours.opening(day))
        for (kind, starts_on, _ends_on), day in zip(running, days, strict=True)
        if day <= today
    ]
    if not soon:
        return 0
    kinds, starts, openings = zip(*soon, strict=True)
    return outbox.plan(_DUE_SOON, {"today": today, "kinds": list(kinds), "starts": list(starts), "openings": list(openings)})
