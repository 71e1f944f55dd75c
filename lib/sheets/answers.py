"""Answers people gave: under which key they are kept, and what they make of a cell."""

from dataclasses import replace

from lib.chinese.text import match_key
from lib.sheets.cells import Context, Outcome, read_cell
from lib.sheets.columns import Column, Type
from lib.sheets.grid import Cell, shown
from lib.sheets.people import read_person
from lib.sheets.readings import AnswerKey, Answers, PersonValue, Problem, Value

_MOST_ANSWERS = 20  # a cell with several unknown words needs one answer each


def with_key(problem: Problem, sheet: str, row: int, original: str) -> Problem:
    """The problem, knowing where its answer is kept. `row` is the number Excel shows."""
    if problem.level != "question":
        return problem
    subject = match_key(problem.subject or original)
    if problem.scope == "cell":
        subject = f"{subject}@{sheet}!{row}"
    return replace(problem, answer_key=AnswerKey(problem.code, problem.column, subject))


def settle(
    value: Value | None,
    problem: Problem | None,
    cell: Cell,
    column: Column,
    context: Context,
    answers: Answers,
    place: tuple[str, int],
) -> Outcome:
    """The outcome of a cell once the answers on record are applied, as far as they reach."""
    for _ in range(_MOST_ANSWERS):
        if problem is None:
            break
        problem = with_key(problem, *place, shown(cell))
        if problem.answer_key is None or problem.answer_key not in answers:
            break
        answer = answers[problem.answer_key]
        if problem.code == "money_no_unit" and answer in ("yuan", "wan"):
            context = replace(context, unit="yuan" if answer == "yuan" else "wan")
        elif column.type is Type.CHOICES and isinstance(cell, str):
            cell = cell.replace(problem.subject, answer)
        elif answer == "":
            # A person whose phone is left empty is still the person.
            return (value if isinstance(value, PersonValue) else None), None
        elif column.type is Type.PERSON and isinstance(value, PersonValue):
            return read_person(value.name, answer, column)
        else:
            cell = answer
            context = replace(context, unit="yuan", hint=None)
        value, problem = read_cell(cell, column, context)
        if problem is not None and problem.level == "error":
            break
    return value, problem
