"""Answers to an import's questions, kept: for the same words in every later file, or for one cell of one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from django.db.models import Q

from lib.sheets.readings import AnswerKey
from tenancy.scope import current_tenant
from units.models import ImportAnswer

_LONGEST = 200


def asked_text(original: str) -> str:
    """The words of a question as they are kept: long ones by their hash."""
    if len(original) <= _LONGEST:
        return original or "-"
    return f"{original[:120]}…{hashlib.sha256(original.encode()).hexdigest()}"


class KeptAnswers(Mapping[AnswerKey, str]):
    """The answers that hold for one file: those about words, and those about this very file's cells."""

    def __init__(self, answers: dict[tuple[str, str, str], str]) -> None:
        self._answers = answers

    @classmethod
    def load(cls, kind: str, sha256: str) -> KeptAnswers:
        found = ImportAnswer.objects.filter(Q(file_sha256="") | Q(file_sha256=sha256), kind=kind).order_by("file_sha256")
        rows = found.values_list("question", "column", "asked", "answer")
        return cls({(question, column, asked): str(answer) for question, column, asked, answer in rows})

    def __getitem__(self, key: AnswerKey) -> str:
        return self._answers[key.code, key.column, asked_text(key.original)]

    def __iter__(self) -> Iterator[AnswerKey]:
        return (AnswerKey(*key) for key in self._answers)

    def __len__(self) -> int:
        return len(self._answers)


def keep_answer(*, kind: str, key: AnswerKey, answer: str, sha256: str, account_id: int | None) -> None:
    """Remember an answer, in place of an earlier one. ``sha256``: of the file it is good for; empty for all files."""
    ImportAnswer.objects.update_or_create(
        kind=kind,
        question=key.code,
        column=key.column,
        asked=asked_text(key.original),
        file_sha256=sha256,
        defaults={"answer": answer, "answered_by_id": account_id},
        create_defaults={"tenant": current_tenant(), "answer": answer, "answered_by_id": account_id},
    )
