"""What a person can do with an import: begin it, answer, choose sheets, commit, undo, drop."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lib.sheets.readings import AnswerKey
from tenancy import audit
from tenancy.jobs import JobRefused, Task, enqueue, run_here
from tenancy.scope import Actor, current_tenant
from units.importing import jobs, storage
from units.importing.answers import keep_answer
from units.importing.queries import question
from units.importing.registry import ImportKind
from units.models import ImportBatch

State = ImportBatch.State
# Up to here an import is done while the person waits; beyond, a worker does it and the page shows how far it is.
SMALL_FILE = 1024 * 1024
SMALL_ROWS = 3000
LONGEST_ANSWER = 200


class ImportRefused(Exception):
    """What was asked cannot be done; the text says why and what to do. ``code`` is for programs."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class FileRefused(ImportRefused):
    """The file cannot be read as this ledger."""


@transaction.atomic
def begin_import(
    *,
    kind: ImportKind,
    file_name: str,
    chunks: Iterable[bytes],
    options: dict[str, Any],
    actor: Actor,
    wait: bool = False,
) -> ImportBatch:
    """Keep an upload and read it: at once when it is small (or ``wait``), else by a worker.

    Raises SheetRefused (too big), storage.StorageFull, and FileRefused for what was read at once and refused;
    of a refused file nothing is kept.
    """
    tenant = current_tenant()
    kept = storage.store(tenant, chunks)
    try:
        batch: ImportBatch = ImportBatch.objects.create(
            tenant=tenant,
            kind=kind.code,
            file_name=_file_name(file_name),
            stored_as=kept.name,
            sha256=kept.sha256,
            options=options,
            created_by_id=actor.account_id,
        )
        _do(batch, jobs.read_batch, actor, here=wait or kept.size <= SMALL_FILE)
        if batch.state == State.REFUSED:
            raise FileRefused(batch.options.get("refused", "file_refused"), batch.problem)
    except BaseException:
        storage.remove(kept.name)
        raise
    return batch


def _file_name(name: str) -> str:
    """The name as sent, without a path and what no store can hold."""
    plain = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in plain if c.isprintable())[:200] or "upload"


def _do(batch: ImportBatch, task: Task, actor: Actor, *, here: bool) -> None:
    """Queue a job for the batch; do it at once when it is small. The batch is fresh afterwards."""
    job = enqueue(task, {"batch": batch.pk, "language": translation.get_language()}, created_by=actor.account_id)
    ImportBatch.objects.filter(pk=batch.pk).update(job=job)
    if here:
        run_here(job, actor=actor)
    batch.refresh_from_db()


@transaction.atomic
def answer_question(*, batch: ImportBatch, key: list[str], answer: str, actor: Actor) -> None:
    """Remember an answer and read the file anew with it. Raises ImportRefused when that is not being asked."""
    _only_preview(batch)
    asked = question(batch, key)
    if asked is None:
        raise ImportRefused("no_such_question", _("This question is no longer open. Look at the rows as they are now."))
    allowed = {choice["key"] for choice in asked["choices"]}
    if answer not in allowed and (not asked["answer_type"] or not answer.strip() or len(answer) > LONGEST_ANSWER):
        raise ImportRefused("bad_answer", _("Choose one of the answers offered, or write one of up to 200 characters."))
    _keep(batch, asked, answer.strip(), actor)
    read_again(batch=batch, actor=actor)


@transaction.atomic
def answer_alike(
    *, batch: ImportBatch, code: str, column: str, answer: str, questions: list[dict[str, Any]], actor: Actor
) -> None:
    """Give one answer (新建单位) to every open question of a code and column that offers it."""
    _only_preview(batch)
    alike = [q for q in questions if q["code"] == code and q["column"] == column]
    alike = [q for q in alike if answer in {choice["key"] for choice in q["choices"]}]
    if not alike:
        raise ImportRefused("no_such_question", _("This question is no longer open. Look at the rows as they are now."))
    for asked in alike:
        _keep(batch, asked, answer, actor)
    read_again(batch=batch, actor=actor)


def _keep(batch: ImportBatch, asked: dict[str, Any], answer: str, actor: Actor) -> None:
    keep_answer(
        kind=batch.kind,
        key=AnswerKey(*asked["key"]),
        answer=answer,
        sha256=batch.sha256 if asked["scope"] == "cell" else "",
        account_id=actor.account_id,
    )


@transaction.atomic
def choose_sheets(*, batch: ImportBatch, names: list[str], actor: Actor) -> None:
    """Read only these sheets of the file. Raises ImportRefused when none of them is in it."""
    _only_preview(batch)
    known = [sheet["name"] for sheet in batch.sheets]
    chosen = [name for name in known if name in names]
    if not chosen:
        raise ImportRefused("no_sheets", _("Tick at least one sheet."))
    batch.options = batch.options | {"sheets": chosen}
    ImportBatch.objects.filter(pk=batch.pk).update(options=batch.options)
    read_again(batch=batch, actor=actor)


def read_again(*, batch: ImportBatch, actor: Actor) -> None:
    """Read the file anew: with new answers, other sheets, or the county as it is now.

    Raises FileRefused, changing nothing, when it cannot be read so.
    """
    if not ImportBatch.objects.filter(pk=batch.pk, state=State.PREVIEW).update(state=State.READING, problem=""):
        raise _moved_on(batch)
    _do(batch, jobs.read_batch, actor, here=_is_small(batch))
    if batch.problem:
        raise FileRefused(batch.options.get("refused", "file_refused"), batch.problem)


def _is_small(batch: ImportBatch) -> bool:
    return sum(int(batch.summary.get(name, 0)) for name in ("ok", "question", "error")) <= SMALL_ROWS


def _only_preview(batch: ImportBatch) -> None:
    if batch.state != State.PREVIEW:
        raise _moved_on(batch)


def _moved_on(batch: ImportBatch) -> ImportRefused:
    message = _("The import is already “%(state)s”. Reload the page to see it as it is now.")
    return ImportRefused("wrong_state", message % {"state": batch.get_state_display()})


def commit_import(*, batch: ImportBatch, actor: Actor, wait: bool = False) -> None:
    """Write the rows that are ok, in one transaction; what is in question or wrong is left.

    Of two that press the button together one commits; for the other, and for an import committed before, nothing
    happens. Raises ImportRefused when there is nothing to write or the import is in another state.
    """
    batch.refresh_from_db()
    if batch.state in (State.COMMITTED, State.COMMITTING):
        return
    if batch.state == State.PREVIEW and not batch.summary.get("ok"):
        raise ImportRefused(
            "nothing_ok", _("No row can be imported yet. Answer the questions, or mend the file and upload it again.")
        )
    _move(batch, State.PREVIEW, State.COMMITTING, jobs.commit_batch, actor, here=wait or _is_small(batch))


def undo_import(*, batch: ImportBatch, actor: Actor, wait: bool = False) -> None:
    """Take a committed import back. Raises ImportRefused, naming what is in the way, and then changes nothing."""
    batch.refresh_from_db()
    if batch.state in (State.UNDONE, State.UNDOING):
        return
    _move(batch, State.COMMITTED, State.UNDOING, jobs.undo_batch, actor, here=wait or _is_small(batch))


def _move(batch: ImportBatch, was: str, now: str, task: Task, actor: Actor, *, here: bool) -> None:
    try:
        with transaction.atomic():
            # Conditional: of two that press together one wins, and the other finds it done.
            if not ImportBatch.objects.filter(pk=batch.pk, state=was).update(state=now, problem=""):
                batch.refresh_from_db()
                raise _moved_on(batch)
            _do(batch, task, actor, here=here)
    except JobRefused as problem:
        raise ImportRefused("in_the_way", str(problem)) from problem
    except IntegrityError as problem:
        message = _("Somebody else changed the same things at this moment. Nothing was written; try again.")
        raise ImportRefused("conflict", message) from problem


@transaction.atomic
def drop_import(*, batch: ImportBatch, actor: Actor, now: datetime) -> None:
    """Give a preview up: nothing of it was written. The file goes, the record that there was one stays."""
    changed = ImportBatch.objects.filter(pk=batch.pk, state__in=[State.PREVIEW, State.REFUSED, State.READING])
    if not changed.update(state=State.DROPPED, problem=""):
        raise _moved_on(batch)
    audit.append(actor, "import_dropped", object_kind="import", object_uid=batch.uid, ledger=batch.kind)
    clear(batch)


def clear(batch: ImportBatch) -> None:
    """Remove a batch's rows and, once the transaction holds, its file."""
    rows = batch.rows.all()
    rows._raw_delete(rows.db)
    transaction.on_commit(lambda: storage.remove(batch.stored_as), robust=True)
