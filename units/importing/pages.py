"""What the import pages show: plain context, formatted once, for templates that decide nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from lib.pager import pager
from tenancy.names import names_of
from units.importing import queries, registry
from units.importing.rows import NEW, mask_phones
from units.models import ImportBatch, ImportRow

State = ImportBatch.State
PAGE_SIZE = 50
WORKING = (State.READING, State.COMMITTING, State.UNDOING)
TONES = {
    State.READING: ("blue", "hourglass"),
    State.PREVIEW: ("amber", "question"),
    State.REFUSED: ("red", "cross"),
    State.COMMITTING: ("blue", "hourglass"),
    State.COMMITTED: ("green", "tick"),
    State.UNDOING: ("blue", "hourglass"),
    State.UNDONE: ("grey", "dash"),
    State.DROPPED: ("grey", "dash"),
}


def chip(batch: ImportBatch) -> dict[str, str]:
    """The state of an import as a chip."""
    tone, mark = TONES[State(batch.state)]
    return {"word": str(batch.get_state_display()), "tone": tone, "mark": mark}


def effect_words() -> dict[str, str]:
    return {
        "add": pgettext("effect of an import", "added"),
        "change": pgettext("effect of an import", "changed"),
        "same": pgettext("effect of an import", "unchanged"),
    }


def url(batch: ImportBatch, name: str, tenant: str, **query: Any) -> str:
    asked = {key: value for key, value in query.items() if value}
    return reverse(f"importing:{name}", args=[tenant, batch.uid]) + (f"?{urlencode(asked)}" if asked else "")


def who(batch: ImportBatch, names: Mapping[int, str]) -> str:
    """Who brought the file in, by name; an account without a person by its login."""
    if batch.created_by is None:
        return _("command line")
    return names.get(batch.created_by.pk, batch.created_by.login)


def batch_list(batches: list[ImportBatch], tenant: str, *, whole_county: bool) -> dict[str, Any]:
    """The list of imports, as parts/table.html takes it. ``whole_county``: the reader begins with the county's rosters."""
    first = (
        _("Upload a roster of units first, then the list of pairings: both in the form that people fill in.")
        if whole_county
        else _("Upload a ledger in the form that people fill in. You see each row before anything is written.")
    )
    labels = [_("File"), _("Ledger"), _("State"), _("Rows"), _("By"), _("When")]
    columns = [{"key": str(n), "label": label, "numeric": n == 3, "wide": n == 0} for n, label in enumerate(labels)]
    names = names_of({batch.created_by_id for batch in batches if batch.created_by_id is not None})
    rows = []
    for batch in batches:
        kind = registry.kinds_by_code().get(batch.kind)
        cells: list[dict[str, Any]] = [
            {"text": batch.file_name},
            {"text": kind.label if kind else batch.kind},
            {"chip": chip(batch), "note": batch.problem},
            {"text": _counted(batch), "numeric": True},
            {"text": who(batch, names)},
            {"text": localtime(batch.created_at).strftime("%Y-%m-%d %H:%M")},
        ]
        rows.append(
            {"url": url(batch, "batch", tenant), "cells": [c | {"label": label} for c, label in zip(cells, labels, strict=True)]}
        )
    return {
        "id": "imports",
        "caption": _("Imports"),
        "columns": columns,
        "rows": rows,
        "empty": {
            "title": _("Nothing has been imported yet"),
            "text": first,
            "action_url": reverse("importing:new", args=[tenant]),
            "action_label": _("Import a file"),
        },
    }


def _counted(batch: ImportBatch) -> str:
    total = sum(int(batch.summary.get(name, 0)) for name in ("ok", "question", "error"))
    return str(total) if batch.summary else ""


def progress(batch: ImportBatch, tenant: str) -> dict[str, Any]:
    """The bar while a worker reads or writes, as parts/progress.html takes it."""
    labels = {
        State.READING: _("Reading %(file)s"),
        State.COMMITTING: _("Importing %(file)s"),
        State.UNDOING: _("Undoing the import of %(file)s"),
    }
    job = batch.job
    return {
        "id": "import",
        "label": labels[State(batch.state)] % {"file": batch.file_name},
        "done": job.n_done if job else 0,
        "total": job.n_total if job else 0,
        "state": "running",
        "url": url(batch, "progress", tenant),
        "leave_url": reverse("importing:list", args=[tenant]),
    }


def preview(batch: ImportBatch, tenant: str, status: str, page_number: int) -> dict[str, Any]:
    """Everything of a batch whose rows can be looked at."""
    summary = batch.summary
    counts = {name: int(summary.get(name, 0)) for name in ("ok", "question", "error")}
    tabs = [(_("All rows"), "", sum(counts.values()))]
    tabs += [(str(ImportRow.Status(name).label), name, n) for name, n in counts.items()]
    pages = Paginator(queries.rows_of(batch, status), PAGE_SIZE)
    page = pages.get_page(page_number)
    columns = _columns(batch)
    words = effect_words()
    return {
        "tabs": [
            {"label": label, "url": url(batch, "batch", tenant, status=name), "active": name == status, "count": n}
            for label, name, n in tabs
        ],
        "counts": counts,
        "effects": [f"{words[name]} {summary.get(name, 0)}" for name in words],
        "information": summary.get("information", []),
        "sheet_notes": [
            {"sheet": sheet["name"], "text": text}
            for sheet in batch.sheets
            for text in ([sheet["problem"]] if sheet["problem"] else []) + sheet["notes"]
        ],
        "sheets": _sheets(batch),
        "columns": columns,
        "rows": [_row(row, columns, words, State(batch.state)) for row in page.object_list],
        "pager": pager(page, lambda number: url(batch, "batch", tenant, status=status, page=number)),
        "status": status,
        "page_number": page.number,
    }


def _columns(batch: ImportBatch) -> list[dict[str, str]]:
    """The headings of the file, those of all sheets together, in the order of the first that has them."""
    found: dict[str, str] = {}
    for sheet in batch.sheets:
        for name, heading in sheet["columns"]:
            found.setdefault(name, heading.replace("\n", ""))
    return [{"name": name, "heading": heading} for name, heading in found.items()]


def _sheets(batch: ImportBatch) -> list[dict[str, Any]]:
    reasons = {"summary": _("a summary"), "hidden": _("hidden"), "empty": _("empty")}
    return [
        {
            "name": sheet["name"],
            "on": sheet["on"],
            "note": reasons.get(sheet["off_reason"], "") or (str(sheet["rows"]) if sheet["rows"] else ""),
            "disabled": sheet["off_reason"] == "empty",
        }
        for sheet in batch.sheets
    ]


def _row(row: ImportRow, columns: list[dict[str, str]], words: dict[str, str], state: State) -> dict[str, Any]:
    is_open = state == State.PREVIEW
    # Whoever checks a file sees it as it was typed; afterwards telephones are shown as everywhere else.
    shown = str if is_open else mask_phones
    problems = [problem for problem in row.problems if problem["level"] == row.status]
    doubtful = {problem["column"] for problem in row.problems if problem["level"] in ("question", "error")}
    return {
        "sheet": row.sheet,
        "row": row.row,
        "chip": {"word": str(State.COMMITTED.label), "tone": "green", "mark": "tick"}
        if state == State.COMMITTED and row.status == "ok"
        else {"state": row.status},
        "effect": words.get(row.effect, ""),
        "changes": [{**change, "from": shown(change["from"]), "to": shown(change["to"])} for change in row.changes]
        if row.effect == "change"
        else [],
        "problems": [_problem(problem, number, row, is_open=is_open) for number, problem in enumerate(problems)],
        "notes": [problem["message"] for problem in row.problems if problem["level"] == "note"],
        "cells": [
            {"label": column["heading"], "text": shown(row.original.get(column["name"], "")), "doubt": column["name"] in doubtful}
            for column in columns
        ],
    }


def _problem(problem: dict[str, Any], number: int, row: ImportRow, *, is_open: bool) -> dict[str, Any]:
    asks = is_open and problem["level"] == "question"
    return {
        "message": problem["message"],
        "key": json.dumps(problem["key"], ensure_ascii=False) if asks else "",
        "choices": problem["choices"] if asks else [],
        "free": problem["answer_type"] if asks else "",
        "id": f"answer-{row.pk}-{number}",
        "placeholder": _placeholder(problem.get("answer_type", "")),
    }


def _placeholder(answer_type: str) -> str:
    return {"date": "2024-09-03", "number": "30", "money": "14000", "phone": "13900000000"}.get(answer_type, "")


def alike(questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where several open questions can be answered at one stroke: all of these units are new."""
    found: dict[tuple[str, str], int] = {}
    for question in questions:
        if any(choice["key"] == NEW for choice in question["choices"]):
            place = (question["code"], question["column"])
            found[place] = found.get(place, 0) + 1
    return [
        {
            "code": code,
            "column": column,
            "answer": NEW,
            "label": ngettext("Add %(n)d new unit", "Add all %(n)d as new units", n) % {"n": n},
        }
        for (code, column), n in found.items()
        if n > 1
    ]
