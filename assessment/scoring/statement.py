"""The one statement that scores a cycle (domain.md §3.2). Everything that shows, keeps or compares scores is made of it.

    subject   assessed pairings, with what their own rows say
    r_…       what the readings read, one pass for all lines that share a reading
    line      each line of each pairing: its state, its figures, its points rounded once
    grp       … held within the caps of groups
    total     … added up: base, bonus, deduction, final
    sheet     … with the grade

The text depends on what a rubric says, not on which rubric or county it is: counties with the same rubric share a plan.
Only rows of the county in scope are seen: row-level security adds that to every table.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from assessment.models import RubricLine
from assessment.patterns import PATTERNS
from assessment.readings import READINGS, Reading
from assessment.terms import Figures, Terms, number

TYPES = {
    "cycle": "bigint",
    "programme": "bigint",
    "rubric": "bigint",
    "starts_on": "date",
    "ends_on": "date",
    "year": "integer",
    "today": "date",
    "pairings": "bigint[]",
    "now": "timestamptz",
}
# Two scorers on site who differ by more than this part of the marks need a third (domain.md §4.5).
_TOLERANCE = Decimal("0.2")

_SUBJECT = """
subject AS MATERIALIZED (
    SELECT a.pairing_id, a.unit_id, a.village_id, a.months_active AS months, p.uid AS pairing_uid, p.agreement_signed_on,
           p.plan_approved_on
    FROM assessment_assessed a
    JOIN pairing_pairing p ON p.tenant_id = a.tenant_id AND p.id = a.pairing_id
    WHERE a.cycle_id = %(cycle)s AND a.exempt_because = ''{limit}
)"""

# Groups hold what their lines give or take within their cap; what is not applicable leaves the full marks.
_SUMS = """
grp AS (
    SELECT l.pairing_id, g.id, g.section,
           CASE WHEN g.cap IS NULL THEN coalesce(sum(l.score), 0)
                ELSE greatest(least(0, coalesce(sum(l.max_score) FILTER (WHERE l.state <> 'n_a'), 0) - g.cap),
                              least(g.cap, coalesce(sum(l.score), 0))) END AS points,
           least(g.cap, sum(l.max_score))
               - least(g.cap, coalesce(sum(l.max_score) FILTER (WHERE l.state <> 'n_a'), 0)) AS not_applicable,
           count(*) FILTER (WHERE l.state = 'pending') AS n_pending
    FROM line l
    JOIN assessment_rubricline r ON r.rubric_id = %(rubric)s AND r.code = l.code
    JOIN assessment_rubricgroup g ON g.tenant_id = r.tenant_id AND g.id = r.group_id
    GROUP BY l.pairing_id, g.id, g.section, g.cap
),
total AS (
    SELECT t.*, CASE WHEN t.marks > 0 THEN round(t.scored * u.full_marks / t.marks, 2) ELSE 0.00 END AS base,
           u.final_cap, u.veto_grade
    FROM (
        SELECT g.pairing_id, round(coalesce(sum(g.points) FILTER (WHERE g.section = 'base'), 0), 2) AS scored,
               u.full_marks - coalesce(sum(g.not_applicable) FILTER (WHERE g.section = 'base'), 0) AS marks,
               round(least(u.bonus_cap, coalesce(sum(g.points) FILTER (WHERE g.section = 'bonus'), 0)), 2) AS bonus,
               round(least(u.deduction_cap, coalesce(sum(g.points) FILTER (WHERE g.section = 'deduction'), 0)), 2) AS deduction,
               sum(g.n_pending)::int AS n_pending
        FROM grp g JOIN assessment_rubric u ON u.id = %(rubric)s
        GROUP BY g.pairing_id, u.full_marks, u.bonus_cap, u.deduction_cap
    ) t
    JOIN assessment_rubric u ON u.id = %(rubric)s
),
vetoed AS (
    SELECT DISTINCT v.pairing_id FROM assessment_veto v WHERE v.cycle_id = %(cycle)s AND v.lifted_because = ''
),
final AS (
    SELECT t.*, round(least(t.final_cap, greatest(0, t.base + t.bonus - t.deduction)), 2) AS final,
           v.pairing_id IS NOT NULL AS is_vetoed
    FROM total t LEFT JOIN vetoed v ON v.pairing_id = t.pairing_id
),
sheet AS MATERIALIZED (
    SELECT s.pairing_id, s.unit_id, f.scored, f.marks, f.base, f.bonus, f.deduction, f.final, f.is_vetoed, f.n_pending,
           {grade} AS grade
    FROM subject s JOIN final f ON f.pairing_id = s.pairing_id
)"""

# The highest band that a score reaches; under a veto none above the veto's. The lowest band has no lower bound.
GRADE = """(
        SELECT b.grade FROM assessment_rubricband b
        WHERE b.rubric_id = %(rubric)s AND (b.from_score IS NULL OR b.from_score <= {final})
          AND (NOT {is_vetoed} OR coalesce(b.from_score, -1000) <= coalesce((
              SELECT coalesce(w.from_score, -1000) FROM assessment_rubricband w
              WHERE w.rubric_id = %(rubric)s AND w.grade = {veto_grade}), -1000))
        ORDER BY b.from_score DESC NULLS LAST LIMIT 1
    )"""


def _column(name: str, alias: str = "x") -> str:
    return f"{alias}.{name}"


def _json(columns: dict[str, str]) -> str:
    """Figures as they are kept: numbers with at most six decimals, words as they are."""
    parts = ", ".join(f"'{name}', {text}" for name, text in columns.items())
    return f"jsonb_build_object({parts})"


def _rounded(text: str) -> str:
    return f"trim_scale(round(({text})::numeric, 6))"


def _line(line: RubricLine) -> str:
    """Rows (pairing_id, code, max_score, state, figures, system_figures, score) of one line."""
    reading, pattern = READINGS[line.reading], PATTERNS[line.pattern]
    terms, how, marks = line.reading_terms, line.pattern_terms, line.max_score
    columns = reading.columns(terms, "f")
    beside: Terms = (terms.get("beside") or {}) if line.reading == "entry" else {}
    other: Reading | None = READINGS[beside["reading"]] if beside else None
    theirs = {f"b_{name}": text for name, text in other.columns(beside, "b").items()} if other else {}
    selected = ", ".join(f"{text} AS {name}" for name, text in {**columns, **theirs}.items())
    joins = f"{reading.join(terms, 'f')} {other.join(beside, 'b') if other else ''}"

    own = pattern.own(how, _column)
    told = {name: _rounded(_column(name)) for name in reading.figures if name in columns}
    if "word" in pattern.needs(how):
        told["value"] = _column("word")
    told |= {name: _rounded(text.replace("s.months", "x.months")) for name, text in own.items()}
    system = _json({name: _rounded(_column(f"b_{name}")) for name in other.figures}) if other else "NULL::jsonb"

    def computed(f: Figures) -> str:
        return f"round(({pattern.score(how, marks, f).replace('s.months', 'x.months')})::numeric, 2)"

    missing = [
        f"NOT coalesce({reading.is_there(terms, _column)}, false)",
        f"NOT coalesce({pattern.is_there(how, _column)}, false)",
    ]
    if line.on_site and line.reading == "entry":
        # Two look at it: as long as one of them has not entered, nothing is taken for granted.
        missing.append("x.is_alone")
    if line.on_site and "value" in pattern.needs(how):
        missing.append(
            f"NOT x.is_settled AND abs({computed(_instead('lowest'))} - {computed(_instead('highest'))})"
            f" > {number(_TOLERANCE * marks)}"
        )
    # What is missing comes first: a poll that nobody entered is not one with too few answers.
    return f"""
    SELECT x.pairing_id, x.code, {number(marks)} AS max_score, t.state, {_json(told)} AS figures, {system} AS system_figures,
           CASE t.state WHEN 'scored' THEN {computed(_column)} WHEN 'pending' THEN 0.00 END AS score
    FROM (
        SELECT s.pairing_id, s.months, c.code, {selected}
        FROM subject s CROSS JOIN (SELECT '{_code(line.code)}'::text AS code) c {joins}
    ) x
    CROSS JOIN LATERAL (
        SELECT CASE WHEN {" OR ".join(missing)} THEN 'pending'
                    WHEN NOT (({reading.applies(terms, _column)}) AND ({pattern.applies(how, _column)})) THEN 'n_a'
                    ELSE 'scored' END AS state
    ) t"""  # noqa: S608 - numbers and codes that assessment.terms let pass


def _code(code: str) -> str:
    return code.replace("'", "''").replace("%", "%%")


def _instead(of_value: str) -> Figures:
    """The figures of a line, one scorer's in the place of the mean."""
    return lambda name: _column(of_value if name == "value" else name)


def _shared(lines: Sequence[RubricLine]) -> list[str]:
    """One CTE for all lines that read alike, those beside a reviewer's figure among them."""
    read: dict[str, list[Terms]] = {}
    for line in lines:
        read.setdefault(line.reading, []).append(line.reading_terms)
        if line.reading == "entry" and line.reading_terms.get("beside"):
            beside = line.reading_terms["beside"]
            read.setdefault(beside["reading"], []).append(beside)
    return [
        f"{name} AS MATERIALIZED ({text})"
        for slug, all_terms in sorted(read.items())
        for name, text in READINGS[slug].shared(all_terms)
    ]


def scoring(lines: Sequence[RubricLine], *, is_limited: bool = False) -> str:
    """The CTEs from ``subject`` to ``line`` and ``sheet``. ``lines``: the rubric's, in any order; at least one.

    Parameters: those of ``TYPES`` but ``now``; ``pairings`` only when limited.
    """
    limit = " AND a.pairing_id = ANY (%(pairings)s::bigint[])" if is_limited else ""
    every = "\n    UNION ALL".join(_line(line) for line in lines)
    grade = GRADE.format(final="f.final", is_vetoed="f.is_vetoed", veto_grade="f.veto_grade")
    parts = [_SUBJECT.format(limit=limit), *_shared(lines), f"line AS MATERIALIZED ({every}\n)", _SUMS.format(grade=grade)]
    return ",\n".join(parts)
