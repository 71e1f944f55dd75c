"""Check an archive of an assessment: python3 check_archive.py FILE [SHA-256]

Needs Python 3.9 and nothing else. It reads the JSON file of a closed year, says the digest of its bytes, and computes
again, from the file alone: the figures of every line from the records, periods and papers counted for it, its points from
the figures, every base and score, every grade, every unit's mean, and who is held down by the share of the top grade. Each
difference is named, the first one first; no difference ends with "OK".

The rules are those printed in the archive's rubric. All numbers are exact decimals; each line is rounded once, half up,
to the hundredth.
"""

from __future__ import annotations

import hashlib
import json
import sys
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext
from pathlib import Path
from typing import Any, Callable  # noqa: UP035 - runs on the Python of any office

getcontext().prec = 50
CENT, MICRO, ZERO = Decimal("0.01"), Decimal("0.000001"), Decimal(0)
# Form 1 has the figures of each line; form 2 has the records, periods and papers behind them too.
FORMATS = ("pairing-assessment-archive/1", "pairing-assessment-archive/2")
Figures = dict[str, Any]
Terms = dict[str, Any]


def number(value: Any) -> Decimal:
    """A number of the file, exactly as written."""
    return Decimal(str(value))


def half_up(value: Decimal, place: Decimal = CENT) -> Decimal:
    return value.quantize(place, ROUND_HALF_UP)


def held(points: Decimal, marks: Decimal, floor: bool = True) -> Decimal:
    points = min(marks, points)
    return max(ZERO, points) if floor else points


def minimum(required: Any, months: Any) -> Decimal:
    """A number asked for in a year, for the months active: rounded down, at least 1."""
    return max(Decimal(1), (number(required) * number(months) / 12).to_integral_value(ROUND_FLOOR))


def whole_times(value: Decimal, every: Decimal) -> Decimal:
    return (value / every).to_integral_value(ROUND_DOWN)


# -- the rules: points of a line before rounding -------------------------------------------------


def per_missing(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    required = t["required"]
    is_figure = isinstance(required, str) and not required.isdigit()
    asked = number(f[required]) if is_figure else minimum(required, f["months"])
    missing = max(ZERO, asked - number(f[t.get("figure", "done")]))
    points = marks - number(t["each"]) * missing
    if "late_each" in t:
        points -= number(t["late_each"]) * number(f["late"])
    return held(points, marks, t.get("floor", True))


def per_missed(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    times = number(f[t.get("figure", "missed")])
    if t.get("doubled_after_reminder"):
        times += number(f["reminded"])
    return held(marks - number(t["each"]) * times, marks, t.get("floor", True))


def per_met(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    met, each = number(f[t.get("figure", "met")]), number(t["each"])
    if t.get("of_due") and each * number(f["due"]) < marks:
        return min(marks, marks * met / number(f["due"]))
    return min(marks, each * met)


def halved(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    each = number(t["each"])
    return held(marks - each * number(f[t["full"]]) - each * number(f[t["half"]]) / 2, marks, t.get("floor", True))


def ratio(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return held(marks * number(f[t["part"]]) / number(f[t["whole"]]), marks)


def tenth_points(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    part, whole = number(f[t["part"]]), number(f[t["whole"]])
    tenths = max(ZERO, whole_times((number(t["target"]) * whole - 100 * part) * 10, whole))
    return held(marks - number(t["each"]) * tenths, marks)


def threshold(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    least = number(t["at_least"])
    if t.get("scaled", True):
        # The months are not in the figures of this rule; the number asked for is.
        least = number(f["at_least"])
    return marks if number(f[t.get("figure", "done")]) >= least else number(t.get("else", 0))


def steps(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    value = number(f[t.get("figure", "growth")])
    for step in t["steps"]:
        if (value >= number(step["from"])) if "from" in step else (value > number(step["above"])):
            return number(step["score"])
    return ZERO


def parts(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return min(marks, sum((number(each) for name, each in t["parts"].items() if number(f[name]) > 0), ZERO))


def choice(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return number(t["choices"][f["value"]])


def points(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    value = number(f["value"])
    given = ZERO if value == 0 else max(number(t.get("from", 0)), min(number(t.get("to", marks)), value))
    return held(marks - given if t.get("deduct") else given, marks)


def mark(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return held(marks * number(f["value"]) / number(t["of"]), marks)


def levels(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return min(marks, sum((number(each) * number(f[name]) for name, each in t["levels"].items()), ZERO))


def highest_only(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    best = max([number(each) for name, each in t["levels"].items() if number(f[name]) > 0] or [ZERO])
    return min(marks, max(ZERO, best))


def penalties(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    total = ZERO
    for name, one in t["penalties"].items():
        total += number(one["each"]) * whole_times(number(f[name]), number(one["every"]))
    return min(marks, total)


def _weighted(t: Terms, f: Figures) -> Decimal:
    return sum((number(weight) * number(f[name]) for name, weight in t["weights"].items()), ZERO)


def weighted_poll(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    return held(marks * _weighted(t, f) / number(f["valid"]), marks)


def pass_vote(t: Terms, marks: Decimal, f: Figures) -> Decimal:
    valid = number(f["valid"])
    passes = 100 * _weighted(t, f) >= number(t["at_least"]) * valid
    bears = 100 * number(f["dissatisfied"]) <= number(t["dissatisfied_at_most"]) * valid
    return marks if passes and bears else ZERO


RULES: dict[str, Callable[[Terms, Decimal, Figures], Decimal]] = {
    "per_missing": per_missing, "per_missed": per_missed, "per_met": per_met, "halved": halved, "ratio": ratio,
    "tenth_points": tenth_points, "threshold": threshold, "steps": steps, "parts": parts, "choice": choice,
    "points": points, "mark": mark, "levels": levels, "highest_only": highest_only, "penalties": penalties,
    "weighted_poll": weighted_poll, "pass_vote": pass_vote,
}  # fmt: skip


# -- from what people brought to the figures of a line --------------------------------------------


def brought(archive: Any, line: Any, pairing: str) -> Figures | None:
    """The figures that follow from entries, polls and honours in the file; None for a line that reads the ledgers."""
    inputs = archive["inputs"]
    if line["reading"] == "entry":
        own = [one for one in inputs["entries"] if one["pairing"] == pairing and one["line"] == line["code"]]
        own = [one for one in own if one["is_settling"]] or own
        values = [one["value"] for one in own]
        if line["pattern"] == "choice":
            return {"value": values[0]} if values and len(set(values)) == 1 else {}
        if not values:
            return {}
        return {"value": half_up(sum(map(number, values), ZERO) / len(values), MICRO)}
    if line["reading"] == "poll":
        own = [one for one in inputs["polls"] if one["pairing"] == pairing]
        if not own:
            return {}
        told: Figures = {name: number(own[0][name]) for name in ("satisfied", "fairly", "dissatisfied", "unknown")}
        return {**told, "valid": told["satisfied"] + told["fairly"] + told["dissatisfied"]}
    if line["reading"] == "honours":
        return _honours(inputs["honours"], pairing)
    return None


# -- from the records of a line to its figures (form 2) --------------------------------------------


def rested_on(reading: str, terms: Terms, year: int, told: Any) -> Figures:
    """The figures that follow from what was counted and what was not; those that do not follow from it are left out."""
    counted, left = told["counted"], told["not_counted"]

    def many(rows: list[Any], **wanted: str) -> Decimal:
        return Decimal(sum(all(row.get(name) == value for name, value in wanted.items()) for row in rows))

    if reading == "records":
        return {"done": Decimal(len(counted))}
    if reading == "periods":
        cells = {state: many(left, kind="obligation", state=state) for state in ("missed", "waiting", "open")}
        met = Decimal(len({row["period"] for row in counted}))
        return {**cells, "met": met, "due": met + sum(cells.values(), ZERO)}
    if reading == "reports":
        return {"submitted": Decimal(len(counted)), "late": many(counted, value="late")}
    if reading == "papers":
        return {paper: many(counted, type=paper) for paper in terms["papers"]}
    if reading == "households":
        return {"covered": Decimal(len(counted)), "listed": Decimal(len(counted) + len(left))}
    if reading == "growth":
        values = {row["period"]: number(row["value"]) for row in counted}
        return {"before": values.get(str(year - 1)), "after": values.get(str(year))}
    if reading == "conduct":
        return {
            "untrue": many(counted, kind="record"),
            "overdue": many(counted, kind="finding"),
            **{level: many(counted, kind="warning", type=level) for level in ("yellow", "red")},
        }
    return {}


def _evidence(archive: Any, line: Any, told: Any) -> list[str]:
    """Figures of a line that are others than its records say; nothing for an archive of form 1."""
    if "counted" not in told:
        return [] if archive["format"] == FORMATS[0] else ["has no records beside its figures."]
    reading, terms, figures = line["reading"], line["reading_terms"], told["figures"]
    if reading == "entry":
        beside = terms.get("beside")
        if not beside:
            return []
        reading, terms, figures = beside["reading"], beside, told["system_figures"] or {}
    wrong = []
    for name, value in rested_on(reading, terms, int(archive["cycle"]["year"]), told).items():
        given = figures.get(name)
        if (None if given is None else number(given)) != value:
            wrong.append(f"figure {name} is {given}, from its records {value}.")
    if reading == "growth" and figures.get("before") is not None and figures.get("after") is not None:
        wrong += _growth(figures)
    return wrong


def _growth(figures: Figures) -> list[str]:
    """The rate of growth from the two figures; growth from nothing has none and reaches every step."""
    before, after = number(figures["before"]), number(figures["after"])
    rate = half_up((after - before) * 100 / before, MICRO) if before > 0 else Decimal(1_000_000 if after > before else 0)
    given = number(figures["growth"])
    return [] if given == rate else [f"figure growth is {given}, from its figures {rate}."]


def _honours(rows: list[Any], pairing: str) -> Figures:
    """Of one matter the highest level."""
    order = ("town", "county", "city", "province", "nation")
    best: dict[str, str] = {}
    for one in rows:
        if one["pairing"] == pairing and not one["withdrawn_because"]:
            before = best.get(one["matter"])
            if before is None or order.index(one["level"]) > order.index(before):
                best[one["matter"]] = one["level"]
    return {level: Decimal(sum(found == level for found in best.values())) for level in order}


# -- sums, grades, shares -------------------------------------------------------------------------


def grade_of(rubric: Any, final: Decimal, is_vetoed: bool) -> str:
    """The highest band that a score reaches; under a veto none above the veto's."""

    def bound(band: Any) -> Decimal:
        return Decimal(-1000) if band["from_score"] is None else number(band["from_score"])

    ceiling = max([bound(band) for band in rubric["bands"] if band["grade"] == rubric["veto_grade"]] or [Decimal(-1000)])
    open_ones = [b for b in rubric["bands"] if bound(b) <= final and (not is_vetoed or bound(b) <= ceiling)]
    return str(max(open_ones, key=bound)["grade"])


def sheet_sums(rubric: Any, lines: dict[str, Any]) -> dict[str, Decimal]:
    """scored, marks, base, bonus, deduction and final of a sheet, from the points of its lines."""
    section = {group["code"]: group["section"] for group in rubric["groups"]}
    cap = {group["code"]: group["cap"] for group in rubric["groups"]}
    found = dict.fromkeys(("base", "bonus", "deduction"), ZERO)
    out = ZERO
    for code in section:
        members = [line for line in rubric["lines"] if line["group"] == code and line["code"] in lines]
        points = sum((lines[one["code"]]["points"] for one in members if lines[one["code"]]["points"] is not None), ZERO)
        every = sum((number(one["max_score"]) for one in members), ZERO)
        applied = sum((number(one["max_score"]) for one in members if lines[one["code"]]["state"] != "n_a"), ZERO)
        if cap[code] is not None:
            most = number(cap[code])
            points = max(min(ZERO, applied - most), min(most, points))
            every, applied = min(most, every), min(most, applied)
        found[section[code]] += points
        if section[code] == "base":
            out += every - applied
    full = number(rubric["full_marks"])
    scored, marks = half_up(found["base"]), full - out
    base = half_up(scored * full / marks) if marks > 0 else ZERO
    bonus = half_up(min(number(rubric["bonus_cap"]), found["bonus"]))
    deduction = half_up(min(number(rubric["deduction_cap"]), found["deduction"]))
    final = half_up(min(number(rubric["final_cap"]), max(ZERO, base + bonus - deduction)))
    return {"scored": scored, "marks": marks, "base": base, "bonus": bonus, "deduction": deduction, "final": final}


def units_of(archive: Any) -> dict[str, dict[str, Any]]:
    """Each unit's mean, grade by score, and grade after the share of the top grade."""
    rubric = archive["rubric"]
    sheets: dict[str, list[Any]] = {}
    for sheet in archive["sheets"]:
        sheets.setdefault(sheet["unit"], []).append(sheet)
    found: dict[str, dict[str, Any]] = {}
    for unit, own in sheets.items():
        final = half_up(sum((number(one["final"]) for one in own), ZERO) / len(own))
        is_vetoed = any(one["is_vetoed"] for one in own)
        breakers = [_breaker(rubric, own, code) for code in rubric["tie_breakers"]]
        found[unit] = {
            "final": final,
            "is_vetoed": is_vetoed,
            "grade": grade_of(rubric, final, is_vetoed),
            "key": (final, breakers),
        }
    order = sorted(
        rubric["bands"], key=lambda b: Decimal(-1000) if b["from_score"] is None else number(b["from_score"]), reverse=True
    )
    top = order[0]["grade"]
    allowed = len(found) * int(rubric["top_share"]) // 100
    candidates = [one for one in found.values() if one["grade"] == top]
    for one in found.values():
        better = sum(other["key"] > one["key"] for other in candidates)
        alike = sum(other["key"] == one["key"] for other in candidates)
        one["limited"] = one["grade"] == top and better + alike > allowed
        one["computed"] = (order[1]["grade"] if len(order) > 1 else top) if one["limited"] else one["grade"]
    return found


def _breaker(rubric: Any, sheets: list[Any], code: str) -> Decimal:
    """The mean of a line, or of the lines of a group, over the sheets where it applies."""
    codes = {line["code"] for line in rubric["lines"] if code in (line["code"], line["group"])}
    total, n = ZERO, 0
    for sheet in sheets:
        own = [number(line["score"]) for line in sheet["lines"] if line["code"] in codes and line["score"] is not None]
        if own:
            total, n = total + sum(own, ZERO), n + 1
    return total / n if n else Decimal(-100000)


# -- checking -------------------------------------------------------------------------------------


def check(archive: Any) -> list[str]:
    """Sentences on everything in the file that does not follow from the rest of it; empty when all does."""
    if not isinstance(archive, dict) or archive.get("format") not in FORMATS:
        return [f"This is no archive of the forms {' and '.join(FORMATS)}."]
    try:
        return _sheets(archive) + _units(archive)
    except (KeyError, ValueError, ArithmeticError, TypeError, AttributeError, IndexError) as problem:
        return [f"The file cannot be read as an archive: {type(problem).__name__} {problem}"]


def _sheets(archive: Any) -> list[str]:
    rubric, wrong = archive["rubric"], []
    by_code = {line["code"]: line for line in rubric["lines"]}
    assessed = {one["pairing"] for one in archive["assessed"] if not one["exempt_because"]}
    told = {sheet["pairing"] for sheet in archive["sheets"]}
    wrong += [f"Pairing {one} is assessed and has no sheet." for one in sorted(assessed - told)]
    wrong += [f"Pairing {one} has a sheet and is not assessed." for one in sorted(told - assessed)]
    vetoed = {one["pairing"] for one in archive["inputs"]["vetoes"] if not one["lifted_because"]}
    for sheet in archive["sheets"]:
        where, lines = f"Sheet {sheet['pairing']}", {}
        if {line["code"] for line in sheet["lines"]} != set(by_code):
            wrong.append(f"{where}: its lines are not those of the rubric.")
            continue
        for line in sheet["lines"]:
            points, problems = _line(archive, by_code[line["code"]], line, sheet["pairing"])
            wrong += [f"{where}, {line['code']}: {problem}" for problem in problems]
            lines[line["code"]] = {"state": line["state"], "points": points}
        for name, value in sheet_sums(rubric, lines).items():
            if number(sheet[name]) != value:
                wrong.append(f"{where}: {name} is {sheet[name]}, computed {value}.")
        if bool(sheet["is_vetoed"]) != (sheet["pairing"] in vetoed):
            wrong.append(f"{where}: the veto does not follow from the file.")
        grade = grade_of(rubric, number(sheet["final"]), bool(sheet["is_vetoed"]))
        if sheet["grade"] != grade:
            wrong.append(f"{where}: grade is {sheet['grade']}, computed {grade}.")
    return wrong


def _line(archive: Any, line: Any, told: Any, pairing: str) -> tuple[Decimal | None, list[str]]:
    """(points, problems) of one line."""
    if told["state"] == "n_a":
        return None, _evidence(archive, line, told) + ([] if told["score"] is None else ["does not apply and has points."])
    if told["state"] == "pending":
        return ZERO, [] if number(told["score"]) == 0 else ["lacks its figure and has points."]
    problems = _evidence(archive, line, told)
    for name, value in (brought(archive, line, pairing) or {}).items():
        given = told["figures"].get(name)
        same = given == value if isinstance(value, str) else given is not None and number(given) == value
        if not same:
            problems.append(f"figure {name} is {given}, from what was brought {value}.")
    points = half_up(RULES[line["pattern"]](line["pattern_terms"], number(line["max_score"]), told["figures"]))
    if told["score"] is None or number(told["score"]) != points:
        problems.append(f"points are {told['score']}, computed {points}.")
    return points, problems


def _units(archive: Any) -> list[str]:
    found, wrong = units_of(archive), []
    told = {one["unit"]["id"]: one for one in archive["results"]}
    if set(told) != set(found):
        wrong.append("The units with a result are not those with a sheet.")
    for unit, one in found.items():
        row = told.get(unit)
        if row is None:
            continue
        where = f"Unit {row['unit']['name']}"
        if number(row["final"]) != one["final"]:
            wrong.append(f"{where}: score is {row['final']}, computed {one['final']}.")
        if row["grade_by_score"] != one["grade"]:
            wrong.append(f"{where}: grade by score is {row['grade_by_score']}, computed {one['grade']}.")
        if bool(row["limited_by_quota"]) != one["limited"]:
            wrong.append(f"{where}: whether the share holds it down does not follow.")
        if row["grade_final"] != one["computed"] and not row["changed_because"]:
            wrong.append(f"{where}: grade is {row['grade_final']}, computed {one['computed']}, and no reason is given.")
    return wrong


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def verify(data: bytes, wanted: str = "") -> tuple[str, list[str]]:
    """(SHA-256 of the bytes, problems). ``wanted``: the digest that was published."""
    found = digest(data)
    problems = [f"SHA-256 is {found}, published was {wanted}."] if wanted and wanted.lower() != found else []
    try:
        archive = json.loads(data.decode("utf-8"))
    except ValueError as problem:
        return found, [*problems, f"The file is no JSON in UTF-8: {problem}"]
    # One way only to write it: a blank that was slipped in is a change too.
    if json.dumps(archive, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8") != data:
        problems.append("The file is not written as an archive is written: something was changed.")
    return found, problems + check(archive)


def main(arguments: list[str]) -> int:
    if not arguments or len(arguments) > 2:
        print(__doc__)
        return 2
    found, problems = verify(Path(arguments[0]).read_bytes(), arguments[1] if len(arguments) == 2 else "")
    print(f"SHA-256 {found}")
    for problem in problems:
        print(problem)
    print("OK" if not problems else f"{len(problems)} differences")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
