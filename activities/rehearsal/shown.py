"""Answers of a rehearsal as a page shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from activities.rehearsal.playing import Outcome
from activities.rehearsal.scenario import Scenario
from activities.reminders.telling import period_words
from activities.words import why
from lib.periods import period_named

# A page that lists more is read by nobody; the sums above it count all.
MOST_ROWS = 300


def sections(scenario: Scenario, outcome: Outcome) -> list[dict[str, Any]]:
    """One section for each question, in their order: {title, sort, rows, left_out}."""
    rules = {rule.code: rule.name for rule in scenario.programme.preset.rules}
    names = {one.key: f"{one.unit} — {one.village.name}" for one in scenario.pairings}
    found = []
    for question, answer in zip(scenario.questions, outcome.answers, strict=True):
        at = f"{question.at:%Y-%m-%d %H:%M}"
        found.append(_section(question.word.name, answer, question.given, rules, names, at))
    return found


def _section(word: str, answer: Any, given: Any, rules: dict[str, str], names: dict[str, str], at: str) -> dict[str, Any]:
    if word == "burden":
        of = names.get(given.get("pairing", ""), given.get("village", ""))
        return {
            "sort": "burden",
            "title": _("What is asked of %(whom)s in %(year)d") % {"whom": of, "year": given["year"]},
            "records": answer["records"],
            "confirmations": answer["confirmations"],
            "rows": [{"rule": rules.get(code, code), "n": n} for code, n in answer["by_rule"].items()],
        }
    if word == "obligations":
        rows = [_cell(row, rules, names) for row in answer[:MOST_ROWS]]
        title = _("Periods and how they stand, %(at)s") % {"at": at}
        return {"sort": "cells", "title": title, "rows": rows, "left_out": len(answer) - len(rows)}
    if word == "messages":
        rows = [_message(row, rules) for row in answer[:MOST_ROWS]]
        title = _("Messages sent until %(at)s") % {"at": at}
        return {"sort": "messages", "title": title, "rows": rows, "n": len(answer), "left_out": len(answer) - len(rows)}
    if word == "score":
        of = names.get(given.get("pairing", ""), given.get("unit", ""))
        title = _("Score of %(whom)s in %(year)d, as of %(at)s") % {"whom": of, "year": given["cycle"], "at": at}
        return {"sort": "score", "title": title, "rows": answer["items"], "answer": answer}
    rows = [{**row, "pairing": names.get(row["pairing"], row["pairing"])} for row in answer]
    return {"sort": "warnings", "title": _("Warnings, %(at)s") % {"at": at}, "rows": rows}


def _cell(row: dict[str, Any], rules: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    notes = [f"{line['record']}：{why(line['why'])}" for line in row["not_counted"]]
    return {
        "pairing": names.get(row["pairing"] or "", "—"),
        "rule": rules.get(row["rule"], row["rule"]),
        "period": period_words(row["period"]),
        "until": period_named(row["period"]).ends_on.isoformat(),
        "chip": {"state": row["state"]},
        "done": f"{row['counted']} / {row['required']}",
        "records": "、".join(row["records"]),
        "note": "；".join([*([row["waived_because"]] if row["waived_because"] else []), *notes]),
    }


def _message(row: dict[str, Any], rules: dict[str, str]) -> dict[str, Any]:
    levels = {0: _("level 0, due soon"), 1: _("level 1, blue reminder")}
    return {
        "at": row["sent_at"].replace("T", " "),
        "to": row["to"],
        "level": levels.get(row["level"], _("notice")),
        "rule": rules.get(row["rule"] or "", row["rule"] or "—"),
        "period": period_words(row["period"]) if row["period"] else "—",
        "how": _("in the weekly digest") if row["in_digest"] else _("by itself"),
    }
