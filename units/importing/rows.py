"""A row of the file on its way through matching and planning."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.utils.functional import Promise

from lib.chinese.phones import mask_phone
from lib.chinese.text import match_key
from lib.sheets.readings import AnswerKey, Answers, Choice, Problem, RowReading, Value
from units.models import Unit

Status = Literal["ok", "question", "error"]
NEW = "new"  # the answer 新建 to a question which unit is meant


@dataclass(slots=True, eq=False)
class Row:
    """What was read, what it was found to mean, and what importing it would do.

    ``values`` is flat and plain (texts, numbers, ISO dates, codes): for the API, the command line and the preview.
    ``found`` holds the county's rows that its cells mean. ``key`` says what the row is about: two rows of a file
    with one key are the same thing twice.
    """

    reading: RowReading
    answers: Answers
    values: dict[str, Any] = field(default_factory=dict)
    found: dict[str, Any] = field(default_factory=dict)
    key: str = ""
    effect: str = ""
    changes: list[dict[str, str]] = field(default_factory=list)
    # Other names for units, as somebody answered: (what was written, the unit meant).
    learnt: list[tuple[str, Unit]] = field(default_factory=list)

    @property
    def status(self) -> Status:
        return self.reading.status

    @property
    def is_ok(self) -> bool:
        return self.reading.status == "ok"

    def read(self, column: str) -> Value | None:
        """The value of a cell; None when it is empty or in doubt."""
        return self.reading.values.get(column)

    def text(self, column: str) -> str:
        """A cell of text; empty when there is none."""
        value = self.reading.values.get(column)
        return value if isinstance(value, str) else ""

    def tell(self, label: str | Promise, before: str, after: str) -> None:
        """Show a change on this row, from → to. Of an addition everything is new, so nothing need be shown."""
        if self.effect == "add":
            return
        self.changes.append({"label": str(label), "from": before, "to": after})

    def note(self, column: str, code: str, message: str) -> None:
        """Say something about the row that keeps nobody from importing it."""
        self.reading.problems.append(Problem("note", column, code, message))

    def give_way(self, to: Row, message: str) -> None:
        """Leave the row out, because another of the file was told to hold; ``message`` names that one's %(row)d and %(sheet)s."""
        self.note("", "gave_way", message % {"row": to.reading.row, "sheet": to.reading.sheet})
        self.found["left_out"] = True

    def error(self, column: str, code: str, message: str) -> None:
        """Keep the row out until the file is mended."""
        self.reading.problems.append(Problem("error", column, code, message))

    def asked(self, code: str, column: str, subject: str, *, per_cell: bool = False) -> str | None:
        """The answer given before to this question about these words, or None."""
        return self.answers.get(self._key(code, column, subject, per_cell))

    def ask(
        self,
        code: str,
        column: str,
        subject: str,
        message: str,
        choices: tuple[Choice, ...],
        *,
        free: bool = False,
        per_cell: bool = False,
        per_file: bool = False,
    ) -> None:
        """Keep the row out until somebody answers. ``free``: a text may be typed beside the choices.

        An answer is good wherever these words stand; ``per_file``: in this file only; ``per_cell``: in this cell only.
        """
        problem = Problem(
            "question",
            column,
            code,
            message,
            choices,
            "text" if free else "",
            scope="cell" if per_cell or per_file else "value",
            subject=subject,
            answer_key=self._key(code, column, subject, per_cell),
        )
        self.reading.problems.append(problem)

    def _key(self, code: str, column: str, subject: str, per_cell: bool) -> AnswerKey:
        wanted = match_key(subject)
        return AnswerKey(code, column, f"{wanted}@{self.reading.sheet}!{self.reading.row}" if per_cell else wanted)


def told(problem: Problem) -> dict[str, Any]:
    """A problem as it is kept with the preview's row and given to programs."""
    kept: dict[str, Any] = {
        "level": problem.level,
        "column": problem.column,
        "code": problem.code,
        "message": problem.message,
    }
    if problem.level == "question":
        kept["choices"] = [{"key": choice.key, "label": choice.label} for choice in problem.choices]
        kept["answer_type"] = problem.answer_type
        kept["scope"] = problem.scope
        kept["key"] = list(problem.answer_key) if problem.answer_key else []
    return kept


def reason_of(problems: Sequence[Mapping[str, Any]], status: str) -> str:
    """The sentences of the problems that make the status, in one line; empty for a row that is ok."""
    return " ".join(str(problem["message"]) for problem in problems if problem["level"] == status)


_PHONE = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])|(?<![0-9-])0[0-9]{2,3}-?[2-8][0-9]{6,7}(?![0-9])")


def mask_phones(text: str) -> str:
    """A text with the telephone numbers in it masked."""
    return _PHONE.sub(lambda found: mask_phone(found[0]), text)


def row_for_programs(
    *,
    sheet: str,
    row: int,
    status: str,
    values: Mapping[str, Any],
    problems: Sequence[Mapping[str, Any]],
    effect: str,
    masked: bool = False,
) -> dict[str, Any]:
    """A row as the API and the command line give it: place, status and reason, then its values, flat."""
    if masked:
        values = {name: mask_phones(value) if isinstance(value, str) else value for name, value in values.items()}
    place = {"sheet": sheet, "row": row, "status": status, "reason": "" if status == "ok" else reason_of(problems, status)}
    notes = [problem["message"] for problem in problems if problem["level"] == "note"]
    return place | {name: value for name, value in values.items() if name not in place} | {"effect": effect, "remarks": notes}
