"""The one statement that judges obligations (domain.md §2). Everything that keeps, rebuilds or explains cells is made of it.

It reads rules, pairings, suspensions, waivers, the working calendar and the parts of records, and answers what each
cell should be today. Step by step:

    pr        pairings in play, and from when to when
    tm        terms of rules that bind somebody
    subject   cells: who owes what in which period, and whether the period is due (first and last period)
    cell      … and why it is waived, if it is
    near      parts of records that may count, each with the period its day falls into and why it does not count
    judged    … matched to cells: a pairing's own, or those of all that owe together with it
    tally     … counted
    result    the cell as it should stand

``limits`` leaves out what cannot have changed; without any, the statement answers for the whole county. ``parts`` leaves
out the steps that no rule in question asks for. Only rows of the county in scope are seen: row-level security adds that
to every table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from activities.obligations.parts import ALL, Parts

SHARED = "('unit', 'village', 'person')"


@dataclass(frozen=True, slots=True)
class Limits:
    """Which parameters restrict the statement; the parameters carry the same names."""

    pairings: bool = False
    rules: bool = False
    window: bool = False

    def where(self, **conditions: str) -> str:
        return "".join(f" AND {text}" for name, text in conditions.items() if getattr(self, name))


_DUE = """
    {since} <= d.starts_on AND {to} >= d.ends_on
    OR CASE t.first_period WHEN 'full' THEN true
        WHEN 'prorate' THEN {since} <= d.starts_on
            OR (least({to}, d.ends_on) - greatest({since}, d.starts_on) + 1) * 2 >= d.ends_on - d.starts_on + 1
        ELSE {since} <= d.starts_on END
    AND CASE t.last_period WHEN 'full' THEN true
        WHEN 'prorate' THEN {to} >= d.ends_on
            OR (least({to}, d.ends_on) - greatest({since}, d.starts_on) + 1) * 2 >= d.ends_on - d.starts_on + 1
        ELSE {to} >= d.ends_on END
"""
# The first day of the period of terms t that holds a day, without looking it up: a million parts of records are a million
# days.
_STARTS = """CASE t.period_kind WHEN 'half'
               THEN make_date(extract(year FROM {day})::int, CASE WHEN extract(month FROM {day}) < 7 THEN 1 ELSE 7 END, 1)
               ELSE date_trunc(t.period_kind, {day}::timestamp)::date END"""
# Said of the terms as well: a year's periods are found once, and not all that there are for each pairing.
_IN_YEAR = " AND d.starts_on <= t.year_to AND d.ends_on >= t.year_from"
_IN_FORCE = "d.ends_on >= t.effective_from AND (t.effective_to IS NULL OR d.ends_on <= t.effective_to)"


_WITHIN_BOUNDS = "BETWEEN (SELECT first FROM bounds) AND (SELECT last FROM bounds)"
_CHOICE = re.compile(r"^ *-- if (not )?(\w+)\n(.*?)^ *-- end\n", re.MULTILINE | re.DOTALL)


def chosen(text: str, **asked: bool) -> str:
    """The text with the lines between ``-- if name`` (or ``-- if not name``) and ``-- end`` where that is so."""
    return _CHOICE.sub(lambda found: found[3] if asked[found[2]] is not bool(found[1]) else "", text)


@cache
def judging(limits: Limits, *, shares: str = "activities_share", parts: Parts = ALL) -> str:
    """The CTEs from ``pr`` to ``result``, to be followed by what is done with ``result`` or ``judged``.

    ``shares``: what parts of records are read from, if not from their table as it stands: a subquery with its columns.
    ``parts``: what the rules, waivers and suspensions in question can ask for; what they cannot is left out.

    Parameters, psycopg2 style: ``today`` (date); as limited, ``pairings`` and ``rules`` (bigint[]), ``window_from`` and
    ``window_to`` (dates: cells that share a day with them).
    """
    window = limits.where(
        window="d.starts_on <= %(window_to)s::date AND d.ends_on >= %(window_from)s::date"
        " AND d.starts_on > %(window_from)s::date - 366"
    )
    due = _DUE.format(since="o.active_from", to="o.active_to")
    own = "" if limits.pairings else _OWN.format(due=due, in_force=_IN_FORCE, window=window)
    once = parts.distinct or parts.shared or parts.several_types
    text = chosen(_TEXT, own=not limits.pairings, few=limits.pairings, counted_once=once, **parts.asked())
    return text.format(
        due=_DUE.format(since="p.active_from", to="p.active_to"),
        in_force=_IN_FORCE,
        first_starts=_STARTS.format(day="t.effective_from"),
        stop_starts=_STARTS.format(day="(t.effective_to + 1)"),
        day_starts=_STARTS.format(day="x.day"),
        own=own,
        year="" if limits.pairings else ", y.starts_on AS year_from, y.ends_on AS year_to",
        in_year="" if limits.pairings else _IN_YEAR,
        shared=SHARED,
        shares=shares,
        pr_limit=limits.where(pairings="p.id = ANY(%(pairings)s::bigint[])"),
        tm_limit=limits.where(rules="r.id = ANY(%(rules)s::bigint[])"),
        window=window,
        share_limit=limits.where(pairings="s.pairing_id = ANY(%(pairings)s::bigint[])"),
        # The column itself where nothing else counts: an index finds it.
        near_limit=limits.where(
            window=("x.day {between}" if parts.raised else "s.counts_on {between}").format(between=_WITHIN_BOUNDS)
        ),
    )


# What nobody owes as a pairing: each village Party organisation by itself, and the county once.
_OWN = """
    UNION ALL
    SELECT o.programme_id, t.rule_id, t.id, NULL::bigint, o.village_id, o.town_id, d.kind, d.starts_on, d.ends_on, ({due})
    FROM (
        SELECT programme_id, village_id, town_id, min(active_from) AS active_from, max(active_to) AS active_to
        FROM pr GROUP BY programme_id, village_id, town_id
    ) o
    JOIN tm t ON t.programme_id = o.programme_id AND t.scope = 'village_party'
    JOIN activities_period d ON d.kind = t.period_kind AND d.starts_on <= o.active_to AND d.ends_on >= o.active_from
        AND {in_force}{window}
    UNION ALL
    SELECT o.id, t.rule_id, t.id, NULL::bigint, NULL::bigint, NULL::bigint, d.kind, d.starts_on, d.ends_on, ({due})
    FROM (SELECT id, starts_on AS active_from, ends_on AS active_to FROM pairing_programme) o
    JOIN tm t ON t.programme_id = o.id AND t.scope = 'programme'
    JOIN activities_period d ON d.kind = t.period_kind AND d.starts_on <= o.active_to AND d.ends_on >= o.active_from
        AND {in_force}{window}
"""

_TEXT = """
pr AS (
    SELECT p.id, p.tenant_id, p.programme_id, p.unit_id, p.village_id,
           -- if waivers
           v.parent_id AS town_id,
           -- end
           -- if not waivers
           NULL::bigint AS town_id,
           -- end
           greatest(p.active_from, g.starts_on) AS active_from, least(coalesce(p.ends_on, g.ends_on), g.ends_on) AS active_to
    FROM pairing_pairing p
    JOIN pairing_programme g ON g.tenant_id = p.tenant_id AND g.id = p.programme_id
    -- if waivers
    JOIN units_unit v ON v.tenant_id = p.tenant_id AND v.id = p.village_id
    -- end
    WHERE p.active_from IS NOT NULL AND p.state IN ('active', 'suspended', 'ended'){pr_limit}
),
tm AS (
    SELECT t.*, r.programme_id, r.code,
           -- Periods in force: from that of the terms' first day on, before that which their last day does not end.
           {first_starts} AS first_start, {stop_starts} AS stop_start{year}
    FROM activities_ruleterms t JOIN activities_rule r ON r.tenant_id = t.tenant_id AND r.id = t.rule_id
    -- if not few
    JOIN pairing_programme y ON y.tenant_id = r.tenant_id AND y.id = r.programme_id
    -- end
    WHERE r.is_active AND t.published_at IS NOT NULL{tm_limit}
),
subject AS (
    SELECT p.programme_id, t.rule_id, t.id AS terms_id, p.id AS pairing_id, NULL::bigint AS village_id, p.town_id,
           d.kind AS period_kind, d.starts_on, d.ends_on, ({due}) AS is_due
    FROM pr p
    JOIN tm t ON t.programme_id = p.programme_id AND t.scope NOT IN ('village_party', 'programme')
    JOIN activities_period d ON d.kind = t.period_kind AND d.starts_on <= p.active_to AND d.ends_on >= p.active_from
        -- No period is longer than a year: so that its first day is looked up between two bounds.
        AND d.starts_on > p.active_from - 366 AND {in_force}{in_year}{window}
    {own}
),
bounds AS (
    SELECT date_trunc('month', min(starts_on)::timestamp)::date AS first,
           (date_trunc('month', max(ends_on)::timestamp) + interval '1 month - 1 day')::date AS last
    FROM subject
),
-- if short_weeks
-- Only a week can have fewer working days than a rule asks for: those in which some day is not what weekdays say.
workdays AS (
    SELECT date_trunc('week', c.day::timestamp)::date AS starts_on,
           5 + count(*) FILTER (WHERE c.is_working AND extract(isodow FROM c.day) > 5)
             - count(*) FILTER (WHERE NOT c.is_working AND extract(isodow FROM c.day) < 6) AS n
    FROM activities_workingday c
    GROUP BY 1
),
-- end
-- if waivers
-- Cells that a waiver touches, and the working days it leaves them.
waived AS (
    SELECT h.rule_id, h.pairing_id, h.village_id, h.starts_on, h.reason,
           (SELECT count(*) FROM generate_series(h.starts_on, h.ends_on, interval '1 day') AS each(day)
            LEFT JOIN activities_workingday c ON c.day = each.day::date
            WHERE coalesce(c.is_working, extract(isodow FROM each.day) < 6) AND NOT h.days @> each.day::date) AS n_left
    FROM (
        SELECT s.rule_id, s.pairing_id, s.village_id, s.starts_on, s.ends_on,
               range_agg(daterange(w.starts_on, w.ends_on, '[]')) AS days, (array_agg(w.reason ORDER BY w.id))[1] AS reason
        FROM subject s
        JOIN tm t ON t.id = s.terms_id
        JOIN activities_waiver w ON w.programme_id = s.programme_id AND w.withdrawn_at IS NULL
            AND w.starts_on <= s.ends_on AND w.ends_on >= s.starts_on
            AND (w.scope = 'all' OR w.scope = 'town' AND w.town_id = s.town_id
                 OR w.scope = 'pairing' AND w.pairing_id = s.pairing_id)
            AND (w.rules = '{{}}' OR t.code = ANY (w.rules))
        WHERE s.is_due
        GROUP BY s.rule_id, s.pairing_id, s.village_id, s.starts_on, s.ends_on
    ) h
),
-- end
-- if suspensions
rested AS (
    SELECT s.rule_id, s.pairing_id, s.starts_on, min(u.reason) AS reason
    FROM subject s JOIN pairing_pairingsuspension u ON u.pairing_id = s.pairing_id AND u.starts_on <= s.ends_on
        AND (u.ends_on IS NULL OR u.ends_on >= s.starts_on)
    WHERE s.is_due
    GROUP BY s.rule_id, s.pairing_id, s.starts_on
),
-- end
cell AS (
    SELECT s.programme_id, s.rule_id, s.terms_id, s.pairing_id, s.village_id, s.period_kind, s.starts_on, s.ends_on, s.is_due,
           s.ends_on + t.grace_days AS grace_until, t.minimum, t.scope, t.carry_over,
           CASE WHEN NOT s.is_due THEN ''
                -- if short_weeks
                WHEN s.period_kind = 'week' AND coalesce(k.n, 5) < t.min_working_days THEN 'calendar:' || coalesce(k.n, 5)
                -- end
                -- if waivers
                WHEN w.n_left < greatest(t.min_working_days, 1) THEN 'waiver:' || w.reason
                -- end
                -- if suspensions
                WHEN u.reason IS NOT NULL THEN 'suspended:' || u.reason
                -- end
                ELSE '' END AS waived_because
    FROM subject s
    JOIN tm t ON t.id = s.terms_id
    -- if short_weeks
    LEFT JOIN workdays k ON k.starts_on = s.starts_on AND s.period_kind = 'week'
    -- end
    -- if waivers
    LEFT JOIN waived w ON w.rule_id = s.rule_id AND w.starts_on = s.starts_on
        AND coalesce(w.pairing_id, 0) = coalesce(s.pairing_id, 0) AND coalesce(w.village_id, 0) = coalesce(s.village_id, 0)
    -- end
    -- if suspensions
    LEFT JOIN rested u ON u.rule_id = s.rule_id AND u.pairing_id = s.pairing_id AND u.starts_on = s.starts_on
    -- end
),
-- if shared
-- Which pairings owe one thing together; a leader's are those of the day the period ends.
together AS (
    SELECT c.rule_id, c.pairing_id, c.starts_on, o.id AS other_id
    FROM cell c
    JOIN pr m ON m.id = c.pairing_id
    JOIN pr o ON o.programme_id = m.programme_id
        AND (c.scope = 'village' AND o.village_id = m.village_id OR c.scope = 'unit' AND o.unit_id = m.unit_id)
    WHERE c.scope IN ('unit', 'village')
    UNION
    SELECT c.rule_id, c.pairing_id, c.starts_on, o.id
    FROM cell c
    JOIN pr m ON m.id = c.pairing_id
    JOIN pairing_pairingpost mine ON mine.pairing_id = m.id AND mine.kind = 'group_leader'
        AND mine.starts_on <= c.ends_on AND (mine.ends_on IS NULL OR mine.ends_on >= c.ends_on)
    JOIN pairing_pairingpost theirs ON theirs.person_id = mine.person_id AND theirs.kind = 'group_leader'
        AND theirs.starts_on <= c.ends_on AND (theirs.ends_on IS NULL OR theirs.ends_on >= c.ends_on)
    JOIN pr o ON o.id = theirs.pairing_id AND o.programme_id = m.programme_id
    WHERE c.scope = 'person'
    UNION
    -- Whoever has no leader owes alone.
    SELECT c.rule_id, c.pairing_id, c.starts_on, c.pairing_id FROM cell c WHERE c.scope IN {shared}
),
-- end
typed AS (SELECT DISTINCT t.id AS terms_id, t.programme_id, t.allow_multi, unnest(t.types) AS type FROM tm t),
near AS (
    SELECT s.id AS share_id, s.record_id, s.pairing_id, s.village_id, s.item_id, s.step, s.status, s.submitted_on, s.place_kind,
           t.id AS terms_id, t.rule_id, x.day, e.starts_on,
           CASE WHEN s.status = 'voided' THEN 'voided'
                WHEN s.status = 'returned' THEN 'returned'
                WHEN t.joint_counts_for = 'lead' AND NOT s.is_lead THEN 'not_lead'
                WHEN t.person_filter = 'group_leader' AND NOT s.leader_present THEN 'leader_absent'
                WHEN t.count_on = 'awarded' AND s.step <> 'awarded' OR t.count_on <> 'awarded' AND s.step = 'awarded'
                    THEN 'other_step'
                WHEN t.in_village_only AND (s.place_kind IN ('at_unit', 'elsewhere')
                    OR s.place_kind = 'online' AND t.online_per_month IS NULL) THEN 'elsewhere'
                WHEN coalesce(s.visitors, 0) < t.min_visitors THEN 'no_visitors'
                WHEN s.visitors = 0 AND NOT s.was_announced THEN 'not_announced'
                WHEN t.status_required = 'confirmed' AND s.status = 'submitted' THEN 'waiting'
                ELSE '' END AS why
    FROM {shares} s
    -- if few
    -- Found by pairing, type and day, not by the days of all pairings.
    JOIN pr ON pr.tenant_id = s.tenant_id AND pr.id = s.pairing_id
    -- end
    -- if several_types
    CROSS JOIN LATERAL (SELECT s.type AS name UNION ALL SELECT unnest(s.also_types)) AS a
    JOIN typed ON typed.programme_id = s.programme_id AND typed.type = a.name AND (a.name = s.type OR typed.allow_multi)
    -- end
    -- if not several_types
    JOIN typed ON typed.programme_id = s.programme_id AND typed.type = s.type
    -- end
    JOIN tm t ON t.id = typed.terms_id
    CROSS JOIN LATERAL (
        -- if raised
        SELECT CASE WHEN t.count_on IN ('registered', 'started') THEN s.raised_on ELSE s.counts_on END AS day
        -- end
        -- if not raised
        SELECT s.counts_on AS day
        -- end
    ) AS x
    CROSS JOIN LATERAL (SELECT {day_starts} AS starts_on) AS e
    WHERE s.status IN ('submitted', 'confirmed', 'returned', 'voided') AND x.day IS NOT NULL
        AND e.starts_on >= t.first_start AND (t.stop_start IS NULL OR e.starts_on < t.stop_start){share_limit}{near_limit}
),
-- if online
-- A18: so many online sessions a month count, the earliest of them.
online AS (
    SELECT o.share_id, o.rule_id FROM (
        SELECT n.share_id, n.rule_id, t.online_per_month,
               row_number() OVER (PARTITION BY n.pairing_id, n.rule_id, date_trunc('month', n.day::timestamp)
                                  ORDER BY n.day, n.record_id) AS k
        FROM near n JOIN tm t ON t.id = n.terms_id
        WHERE n.place_kind = 'online' AND t.online_per_month IS NOT NULL AND n.why IN ('', 'waiting')
    ) o WHERE o.k > o.online_per_month
),
-- end
counted AS (
    -- if online
    SELECT n.*, CASE WHEN o.share_id IS NULL THEN n.why ELSE 'online_limit' END AS verdict
    FROM near n LEFT JOIN online o ON o.share_id = n.share_id AND o.rule_id = n.rule_id
    -- end
    -- if not online
    SELECT n.*, n.why AS verdict FROM near n
    -- end
),
matched AS (
    SELECT c.rule_id, c.pairing_id, c.village_id, c.starts_on, c.ends_on, c.is_due AND c.waived_because = '' AS is_owed,
           c.grace_until, n.share_id, n.record_id, n.item_id, n.step, n.status, n.submitted_on, n.day, n.terms_id, n.verdict
    FROM cell c
    JOIN counted n ON n.terms_id = c.terms_id AND n.starts_on = c.starts_on AND n.pairing_id = c.pairing_id
    WHERE c.scope = 'pairing'
    -- if shared
    UNION ALL
    -- A1, A3, A15: what one of them does is done for all who owe it together.
    SELECT c.rule_id, c.pairing_id, c.village_id, c.starts_on, c.ends_on, c.is_due AND c.waived_because = '',
           c.grace_until, n.share_id, n.record_id, n.item_id, n.step, n.status, n.submitted_on, n.day, n.terms_id, n.verdict
    FROM cell c
    JOIN together b ON b.rule_id = c.rule_id AND b.pairing_id = c.pairing_id AND b.starts_on = c.starts_on
    JOIN counted n ON n.terms_id = c.terms_id AND n.starts_on = c.starts_on AND n.pairing_id = b.other_id
    -- end
    -- if own
    UNION ALL
    SELECT c.rule_id, c.pairing_id, c.village_id, c.starts_on, c.ends_on, c.is_due AND c.waived_because = '',
           c.grace_until, n.share_id, n.record_id, n.item_id, n.step, n.status, n.submitted_on, n.day, n.terms_id, n.verdict
    FROM cell c
    JOIN counted n ON n.terms_id = c.terms_id AND n.starts_on = c.starts_on AND n.pairing_id IS NULL
        AND coalesce(n.village_id, 0) = coalesce(c.village_id, 0)
    WHERE c.pairing_id IS NULL
    -- end
),
-- if projects
-- A8: an unfinished project satisfies so many owed periods, the earliest of them.
projects AS (
    SELECT m.share_id, m.rule_id, m.pairing_id,
           dense_rank() OVER (PARTITION BY m.rule_id, m.pairing_id, m.item_id ORDER BY m.starts_on) > t.max_quarters_per_project
           AND coalesce(min(m.day) FILTER (WHERE m.step = 'completed' AND m.status = 'confirmed')
                        OVER (PARTITION BY m.rule_id, m.pairing_id, m.item_id) > m.ends_on, true) AS is_past_limit
    FROM matched m JOIN tm t ON t.id = m.terms_id
    WHERE t.max_quarters_per_project IS NOT NULL AND m.is_owed AND m.item_id IS NOT NULL AND m.verdict IN ('', 'waiting')
),
-- end
judged AS (
    -- if projects
    SELECT m.*, CASE WHEN p.is_past_limit THEN 'project_limit' ELSE m.verdict END AS why
    FROM matched m
    LEFT JOIN projects p ON p.share_id = m.share_id AND p.rule_id = m.rule_id AND p.pairing_id = m.pairing_id
    -- end
    -- if not projects
    SELECT m.*, m.verdict AS why FROM matched m
    -- end
),
keyed AS (
    -- if counted_once
    -- A record, or an item where the rule counts each once, may stand behind several parts of one cell.
    SELECT j.rule_id, j.pairing_id, j.village_id, j.starts_on, bool_or(j.why = '') AS is_counted,
           bool_or(j.why = '' AND j.submitted_on <= j.grace_until) AS is_in_time
    FROM judged j
    JOIN tm t ON t.id = j.terms_id
    -- end
    -- if not counted_once
    SELECT j.*, j.why = '' AS is_counted, j.why = '' AND j.submitted_on <= j.grace_until AS is_in_time FROM judged j
    -- end
    WHERE j.why IN ('', 'waiting')
    -- if counted_once
    GROUP BY j.rule_id, j.pairing_id, j.village_id, j.starts_on,
             CASE WHEN t.distinct_by <> '' AND j.item_id IS NOT NULL THEN -j.item_id ELSE j.record_id END
    -- end
),
tally AS (
    SELECT k.rule_id, k.pairing_id, k.village_id, k.starts_on, count(*) FILTER (WHERE k.is_counted) AS counted,
           count(*) FILTER (WHERE k.is_in_time) AS in_time, count(*) AS claimed
    FROM keyed k
    GROUP BY k.rule_id, k.pairing_id, k.village_id, k.starts_on
),
summed AS (
    SELECT c.*, coalesce(y.counted, 0) AS counted, coalesce(y.in_time, 0) AS in_time, coalesce(y.claimed, 0) AS claimed,
           CASE WHEN c.is_due AND c.waived_because = '' THEN c.minimum ELSE 0 END AS owed
    FROM cell c
    LEFT JOIN tally y ON y.rule_id = c.rule_id AND y.starts_on = c.starts_on
        AND coalesce(y.pairing_id, 0) = coalesce(c.pairing_id, 0) AND coalesce(y.village_id, 0) = coalesce(c.village_id, 0)
),
-- if surplus
-- A7, where the county lets a surplus count later: what is left over after each period, never a debt.
running AS (
    SELECT s.rule_id, s.pairing_id, s.village_id, s.starts_on,
           sum(s.counted - s.owed) OVER w - (s.counted - s.owed) AS before_this, sum(s.counted - s.owed) OVER w AS after_this
    FROM summed s WHERE s.carry_over AND s.starts_on <= %(today)s::date
    WINDOW w AS (PARTITION BY s.rule_id, s.pairing_id, s.village_id ORDER BY s.starts_on)
),
carried AS (
    SELECT r.rule_id, r.pairing_id, r.village_id, r.starts_on,
           r.before_this - least(0, coalesce(min(r.after_this) OVER (
               PARTITION BY r.rule_id, r.pairing_id, r.village_id ORDER BY r.starts_on
               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS n
    FROM running r
),
-- end
-- if shared
first_of AS (
    SELECT b.rule_id, b.pairing_id, b.starts_on, min(CASE WHEN o.is_due THEN b.other_id END) AS due_id, min(b.other_id) AS any_id
    FROM together b
    LEFT JOIN cell o ON o.rule_id = b.rule_id AND o.pairing_id = b.other_id AND o.starts_on = b.starts_on
    WHERE o.rule_id IS NOT NULL
    GROUP BY b.rule_id, b.pairing_id, b.starts_on
),
-- end
counts AS (
    SELECT s.*,
           -- if surplus
           coalesce(c.n, 0)::int AS carried,
           -- end
           -- if not surplus
           0 AS carried,
           -- end
           -- if shared
           coalesce(f.due_id, f.any_id, s.pairing_id, 0) = coalesce(s.pairing_id, 0) AS is_carrier
           -- end
           -- if not shared
           true AS is_carrier
           -- end
    FROM summed s
    -- if surplus
    LEFT JOIN carried c ON c.rule_id = s.rule_id AND c.starts_on = s.starts_on
        AND coalesce(c.pairing_id, 0) = coalesce(s.pairing_id, 0) AND coalesce(c.village_id, 0) = coalesce(s.village_id, 0)
    -- end
    -- if shared
    LEFT JOIN first_of f ON f.rule_id = s.rule_id AND f.pairing_id = s.pairing_id AND f.starts_on = s.starts_on
    -- end
),
result AS (
    SELECT s.programme_id, s.rule_id, s.terms_id, s.pairing_id, s.village_id, s.period_kind, s.starts_on, s.ends_on,
           s.grace_until, s.is_due, s.is_carrier, s.minimum AS required, s.counted, s.claimed - s.counted AS waiting, s.carried,
           CASE WHEN NOT s.is_due THEN 'not_due'
                WHEN s.waived_because <> '' THEN 'waived'
                WHEN s.in_time + s.carried >= s.minimum THEN 'met'
                WHEN s.counted + s.carried >= s.minimum THEN 'met_late'
                WHEN s.claimed + s.carried >= s.minimum THEN 'waiting'
                WHEN %(today)s::date < s.starts_on THEN 'not_due'
                WHEN %(today)s::date <= s.grace_until THEN 'open'
                ELSE 'missed' END AS state,
           left(s.waived_because, 220) AS waived_because
    FROM counts s
)
"""
