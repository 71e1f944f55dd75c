"""Keeping cells: after what a person did, and after what time did. Lock first, then recount (performance.md).

Two locks. Whoever makes or removes cells, or judges many, holds the county's lock alone; whoever writes a record
shares it, and locks the few cells the record touches. A recount begins after its locks are held, and so sees all that
was committed before: two confirmations at one moment are both counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection

from activities.obligations.parts import Parts, parts_sql
from activities.obligations.statement import Limits, judging
from lib.by_hashing import joined_by_hashing
from lib.periods import period_of
from lib.prepared import Step, execute_prepared
from tenancy import clock
from tenancy.scope import current_tenant

# The first half of the lock's key; the second is the county.
LOCK = 72_001


@dataclass(frozen=True, slots=True)
class Changes:
    """How many cells were made, changed and removed."""

    made: int = 0
    changed: int = 0
    removed: int = 0

    def __add__(self, other: Changes) -> Changes:
        return Changes(self.made + other.made, self.changed + other.changed, self.removed + other.removed)

    def __bool__(self) -> bool:
        return bool(self.made or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Touched:
    """What a record may have changed: before and after, all of it."""

    programme: int
    pairings: tuple[int, ...]
    types: tuple[str, ...]
    days: tuple[date, ...]


_FIELDS = ("terms_id", "ends_on", "grace_until", "is_due", "is_carrier", "required", "counted", "waiting", "carried", "state",
           "waived_because")  # fmt: skip
_SET = ", ".join(f"{name} = r.{name}" for name in _FIELDS)
_DIFFERS = f"({', '.join(f'o.{name}' for name in _FIELDS)}) IS DISTINCT FROM ({', '.join(f'r.{name}' for name in _FIELDS)})"
_SAME_TIME = "o.rule_id = r.rule_id AND o.period_kind = r.period_kind AND o.starts_on = r.starts_on "


def _same(limits: Limits) -> str:
    """When a cell that is kept is the one that was judged."""
    if limits.pairings:
        return f"{_SAME_TIME} AND o.pairing_id = r.pairing_id AND o.village_id IS NULL"
    # pairing and village may be empty; this reads as an equality that can be hashed.
    return (
        f"{_SAME_TIME} AND coalesce(o.pairing_id, 0) = coalesce(r.pairing_id, 0)"
        " AND coalesce(o.village_id, 0) = coalesce(r.village_id, 0)"
    )


_WRITE = f"""
updated AS (
    UPDATE activities_obligation o SET {_SET} FROM differing r WHERE o.id = r.id RETURNING o.id
),
flipped AS (
    INSERT INTO activities_obligationflip
        (uid, tenant_id, rule_id, pairing_id, village_id, period_kind, starts_on, from_state, to_state, at)
    SELECT gen_random_uuid(), (SELECT app.tenant()), rule_id, pairing_id, village_id, period_kind, starts_on, from_state, state,
           %(now)s::timestamptz
    FROM differing WHERE from_state <> state
    RETURNING id
)
"""  # noqa: S608 - put together from the names above

_UPDATE = f"""
differing AS (
    SELECT o.id, o.state AS from_state, r.* FROM result r JOIN activities_obligation o ON {{same}} {{old_limit}}
    WHERE {_DIFFERS}
),
{_WRITE}
"""  # noqa: S608 - put together from the names above

_REPLACE = f"""
-- Kept beside judged, once, and only where they are not the same.
compared AS MATERIALIZED (
    SELECT o.id, o.state AS from_state, r.*
    FROM result r FULL JOIN (SELECT o.* FROM activities_obligation o WHERE true{{old_limit}}) o ON {{same}}
    WHERE o.id IS NULL OR r.rule_id IS NULL OR {_DIFFERS}
),
differing AS (SELECT * FROM compared WHERE id IS NOT NULL AND rule_id IS NOT NULL),
{_WRITE},
made AS (
    INSERT INTO activities_obligation
        (uid, tenant_id, programme_id, rule_id, pairing_id, village_id, period_kind, starts_on, {", ".join(_FIELDS)})
    SELECT gen_random_uuid(), (SELECT app.tenant()), r.programme_id, r.rule_id, r.pairing_id, r.village_id, r.period_kind,
           r.starts_on, {", ".join(f"r.{name}" for name in _FIELDS)}
    FROM compared r WHERE r.id IS NULL
    RETURNING id
),
removed AS (
    DELETE FROM activities_obligation o USING compared r WHERE r.rule_id IS NULL AND o.id = r.id
    RETURNING o.id
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM updated), (SELECT count(*) FROM removed)
"""  # noqa: S608 - put together from the names above


# What the county's rules ask for; and, of the rules themselves, those that look no further than their own period, the
# others, and the longest grace.
_ASKED = f"SELECT {parts_sql()} FROM activities_ruleterms t WHERE t.published_at IS NOT NULL"  # noqa: S608 - our own text
_ALONE = """
SELECT array_agg(s.rule_id) FILTER (WHERE NOT s.looks_back), array_agg(s.rule_id) FILTER (WHERE s.looks_back), max(s.grace)
FROM (
    SELECT t.rule_id, bool_or(t.carry_over OR t.max_quarters_per_project IS NOT NULL) AS looks_back, max(t.grace_days) AS grace
    FROM activities_ruleterms t WHERE t.published_at IS NOT NULL GROUP BY t.rule_id
) s
"""
_OF_NO_PAIRING = """
SELECT array_agg(DISTINCT t.rule_id) FROM activities_ruleterms t
WHERE t.published_at IS NOT NULL AND t.scope IN ('village_party', 'programme')
    AND (%(rules)s::bigint[] IS NULL OR t.rule_id = ANY(%(rules)s::bigint[]))
"""


def refresh(*, pairings: Iterable[int] | None = None, rules: Iterable[int] | None = None) -> Changes:
    """Make the county's cells what rules, pairings, records, waivers, calendar and today say; write differences only.

    ``pairings`` and ``rules`` (ids): only what these owe. Run twice, it changes nothing the second time.
    """
    given: dict[str, Any] = {"pairings": _sorted(pairings), "rules": _sorted(rules)}
    if [] in given.values() or _put_off.get():
        return Changes()
    with connection.cursor() as cursor, joined_by_hashing():
        parts = _locked_alone(cursor)
        if given["pairings"] is not None and anyone_owes_together(cursor):
            # What one does counts for others: judging a few alone would judge them wrongly.
            given["pairings"] = None
        limits = Limits(pairings=given["pairings"] is not None, rules=given["rules"] is not None)
        found = _replace(cursor, limits, parts, given)
        if limits.pairings:
            # Judged by no pairing, and yet of the village whose first pairing begins or whose last one ends.
            cursor.execute(_OF_NO_PAIRING, {"rules": given["rules"]})
            [of_none] = cursor.fetchone()
            if of_none:
                found += _replace(cursor, Limits(rules=True), parts, {"rules": of_none})
        return found


def refresh_current() -> Changes:
    """As ``refresh``, of the cells whose periods run or await their grace: what is over and settled is left as it is.

    Of rules whose periods look at earlier ones (a surplus, an unfinished project) all cells are judged.
    """
    with connection.cursor() as cursor, joined_by_hashing():
        parts = _locked_alone(cursor)
        cursor.execute(_ALONE)
        alone, looking_back, grace = cursor.fetchone()
        found = Changes()
        if alone:
            window = {"window_from": clock.today() - timedelta(days=grace), "window_to": clock.today()}
            own = replace(parts, projects=False, surplus=False)
            found += _replace(cursor, Limits(rules=True, window=True), own, {"rules": alone, **window})
        if looking_back:
            found += _replace(cursor, Limits(rules=True), parts, {"rules": looking_back})
    return found


def _locked_alone(cursor: Any) -> Parts:
    """Hold the county's lock alone; then read what its rules ask for."""
    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, current_tenant().pk])
    cursor.execute(_ASKED)
    return Parts(*cursor.fetchone())


def _replace(cursor: Any, limits: Limits, parts: Parts, given: Mapping[str, Any]) -> Changes:
    where = limits.where(**(_WHERE_OLD | {"rules": "o.rule_id = ANY(%(rules)s::bigint[])", "window": _WINDOW_BY_KIND}))
    # Compared the way that can be hashed, whatever the limits.
    replacing = _REPLACE.format(old_limit=where, same=_same(Limits()))
    execute_prepared(
        cursor, f"WITH {judging(limits, parts=parts)}, {replacing}", _TYPES, {**given, "today": clock.today(), "now": clock.now()}
    )
    return Changes(*cursor.fetchone())


def _sorted(ids: Iterable[int] | None) -> list[int] | None:
    return None if ids is None else sorted(set(ids))


def anyone_owes_together(cursor: Any) -> bool:
    """Whether by some rule what one pairing does counts for others: then none can be judged alone."""
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM activities_ruleterms WHERE published_at IS NOT NULL "
        "AND scope NOT IN ('pairing', 'village_party', 'programme'))"
    )
    return bool(cursor.fetchone()[0])


_put_off: ContextVar[bool] = ContextVar("judging_put_off", default=False)


@contextmanager
def judged_at_the_end() -> Iterator[None]:
    """Inside, nothing is judged; at the end all is, once. For work that touches most cells of a county in one transaction.

    The county's lock is held from the beginning: nobody else's record falls between.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, current_tenant().pk])
    put_off = _put_off.set(True)
    try:
        yield
    finally:
        _put_off.reset(put_off)
    refresh()


# -- after a record -------------------------------------------------------------------------------
# Which rules the types may count for, by how far what is done reaches: the cells of its month, all cells of its
# pairings (what an item or a surplus counts for depends on earlier periods), those of all who owe it together.
_SORTS = f"""
SELECT array_agg(DISTINCT t.rule_id) FILTER (WHERE t.reach = 0), array_agg(DISTINCT t.rule_id) FILTER (WHERE t.reach = 1),
       array_agg(DISTINCT t.rule_id) FILTER (WHERE t.reach = 2), {parts_sql()}
FROM (
    SELECT t.*, max(CASE WHEN t.scope <> 'pairing' THEN 2
                         WHEN t.carry_over OR t.max_quarters_per_project IS NOT NULL THEN 1 ELSE 0 END)
                OVER (PARTITION BY t.rule_id) AS reach
    FROM activities_rule r JOIN activities_ruleterms t ON t.tenant_id = r.tenant_id AND t.rule_id = r.id
    WHERE r.programme_id = %(programme)s AND r.is_active AND t.published_at IS NOT NULL AND t.types && %(types)s
) t
"""  # noqa: S608 - put together from the names above
_ASKED_OF = f"SELECT (SELECT r.id FROM activities_record r WHERE r.uid = %(record)s), s.* FROM ({_SORTS}) s"  # noqa: S608
_ENTER = "SELECT pg_advisory_xact_lock_shared(%(lock)s, %(county)s)"
_LOCK_CELLS = """
SELECT count(*) FROM (
    SELECT 1 FROM activities_obligation o
    WHERE o.rule_id = ANY(%(rules)s::bigint[]){limit}
    ORDER BY o.id FOR UPDATE
) AS locked
"""
_FEW = Limits(pairings=True, rules=True, window=True)
_OF_PAIRINGS = Limits(pairings=True, rules=True)
_OF_RULES = Limits(rules=True)
_REACHES = (_FEW, _OF_PAIRINGS, _OF_RULES)
# From so many pairings on, looking up row by row what belongs to each costs more than reading all of it once.
_MANY = 6
_WHERE_OLD = {
    "pairings": "o.pairing_id = ANY(%(pairings)s::bigint[])",
    "window": "o.starts_on <= %(window_to)s::date AND o.ends_on >= %(window_from)s::date",
}
# Said once more by kind, none of which is longer than so many days: the index of the cells' key finds those of the window, and
# not the county's year.
_DAYS = {"week": 7, "month": 31, "quarter": 92, "half": 184, "year": 366}
_BY_KIND = " OR ".join(
    f"o.period_kind = '{kind}' AND o.starts_on > %(window_from)s::date - {days} AND o.starts_on <= %(window_to)s::date"
    for kind, days in _DAYS.items()
)
_WINDOW_BY_KIND = f"{_WHERE_OLD['window']} AND ({_BY_KIND})"
_TYPES = {
    "lock": "int",
    "county": "int",
    "programme": "bigint",
    "record": "uuid",
    "types": "varchar[]",
    "pairings": "bigint[]",
    "rules": "bigint[]",
    "window_from": "date",
    "window_to": "date",
    "today": "date",
    "now": "timestamptz",
}


class Gathered:
    """What records may have changed and nobody has judged yet."""

    def __init__(self) -> None:
        self._touched: dict[tuple[int, bool], list[Touched]] = {}

    def add(self, touched: Touched) -> None:
        self._touched.setdefault((touched.programme, bool(touched.pairings)), []).append(touched)

    def settle(self) -> None:
        """Judge it now, all records of a year at once. What some of them did not touch is judged to be what it was."""
        waiting, self._touched = self._touched, {}
        for (programme, _has_pairings), each in waiting.items():
            pairings = {pairing for touched in each for pairing in touched.pairings}
            types = {code for touched in each for code in touched.types}
            days = {day for touched in each for day in touched.days}
            _recount(Touched(programme, tuple(sorted(pairings)), tuple(sorted(types)), tuple(days)))


_gathering: ContextVar[Gathered | None] = ContextVar("recounts_gathered", default=None)


@contextmanager
def recounts_gathered() -> Iterator[Gathered]:
    """Inside, records are judged when ``settle`` is called, and at the end: for a rehearsal, which plays alone.

    Many records of a day are then one judgement, the same as their own would have come to.
    """
    gathered = Gathered()
    before = _gathering.set(gathered)
    try:
        yield gathered
    finally:
        _gathering.reset(before)
    gathered.settle()


def recount(touched: Touched) -> None:
    """Judge again the cells that a record may have changed. To be called after its parts are written."""
    if not touched.types or _put_off.get():
        return
    gathered = _gathering.get()
    if gathered is not None:
        gathered.add(touched)
        return
    _recount(touched)


def _recount(touched: Touched) -> None:
    values = _values(touched)
    with connection.cursor() as cursor:
        # Statements of their own, in one trip: what each sees begins after the lock before it is held.
        execute_prepared(cursor, (_ENTER, _SORTS), _TYPES, values)
        row = _remember(touched, cursor.fetchone())
        for limits, statements, rules in _judgements(touched, row):
            is_many = len(touched.pairings) >= _MANY or limits == _OF_RULES
            with joined_by_hashing() if is_many else nullcontext():
                execute_prepared(cursor, statements, _TYPES, {**values, "rules": rules})


# What _SORTS answered last, by county, programme and types: a guess at what it will answer, which is never trusted.
_guesses: dict[tuple[int, int, tuple[str, ...]], tuple[Any, ...]] = {}
_MOST_GUESSES = 20_000


def _remember(touched: Touched, row: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(_guesses) >= _MOST_GUESSES:
        _guesses.clear()
    _guesses[current_tenant().pk, touched.programme, touched.types] = row
    return row


@dataclass(frozen=True, slots=True)
class Ahead:
    """A judgement to be sent in the trip that writes what it judges; its last answer is (id of the record, what is asked)."""

    touched: Touched
    guess: tuple[Any, ...]
    steps: tuple[Step, ...]

    def settle(self, row: tuple[Any, ...]) -> None:
        """Judge again if what the rules ask for, read under the lock, is not what it was taken for."""
        if row[1:] != self.guess:
            _remember(self.touched, row[1:])
            _recount(self.touched)


def ahead(touched: Touched, *, record: UUID) -> Ahead | None:
    """What ``recount`` would do, to be done in the same trip as the writing of ``record`` (uid); None: call ``recount``.

    Which rules the types touch is taken from the last time and checked after all locks are held.
    """
    guess = _guesses.get((current_tenant().pk, touched.programme, touched.types))
    is_few = 0 < len(touched.pairings) < _MANY
    if guess is None or not is_few or not touched.types or _put_off.get() or _gathering.get() is not None:
        return None
    judgements = list(_judgements(touched, guess))
    if any(limits == _OF_RULES for limits, _statements, _rules in judgements):
        return None
    values = _values(touched)
    steps = [Step(_ENTER, _TYPES, values)]
    for _limits, statements, rules in judgements:
        steps += [Step(statement, _TYPES, {**values, "rules": rules}) for statement in statements]
    return Ahead(touched, guess, (*steps, Step(_ASKED_OF, _TYPES, {**values, "record": record})))


def _judgements(touched: Touched, row: tuple[Any, ...]) -> Iterator[tuple[Limits, tuple[str, str], list[int]]]:
    sorts, parts = row[: len(_REACHES)], Parts(*row[len(_REACHES) :])
    for limits, rules in _by_limits(sorts, has_pairings=bool(touched.pairings)):
        is_many = len(touched.pairings) >= _MANY or limits == _OF_RULES
        yield limits, _statements(limits, parts, is_many=is_many), rules


def _values(touched: Touched) -> dict[str, Any]:
    first, last = min(touched.days), max(touched.days)
    return {
        "lock": LOCK,
        "county": current_tenant().pk,
        "programme": touched.programme,
        "types": sorted(touched.types),
        "pairings": sorted(touched.pairings),
        # Whole months: online sessions are limited by the month.
        "window_from": first.replace(day=1),
        "window_to": period_of("month", last).ends_on,
        "today": clock.today(),
        "now": clock.now(),
    }


def _by_limits(sorts: Sequence[list[int] | None], *, has_pairings: bool) -> list[tuple[Limits, list[int]]]:
    if not has_pairings:
        together = sorted({rule for rules in sorts for rule in rules or ()})
        return [(_OF_RULES, together)] if together else []
    return [(limits, rules) for limits, rules in zip(_REACHES, sorts, strict=True) if rules]


@cache
def _statements(limits: Limits, parts: Parts, *, is_many: bool) -> tuple[str, str]:
    """Lock the cells, then judge them; planned apart for many, whose tables are read whole."""
    where = limits.where(**_WHERE_OLD)
    update = _UPDATE.format(old_limit=where, same=_same(limits))
    judge = f"WITH {judging(limits, parts=parts)}, {update} SELECT count(*) FROM updated"  # noqa: S608 - our own text
    return _LOCK_CELLS.format(limit=where), f"{judge} -- many" if is_many else judge
