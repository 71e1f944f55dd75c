"""The two heavy pieces of an import, as jobs: reading a file to a preview, and committing it."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lib.sheets.refusals import SheetRefused
from tenancy import audit, clock
from tenancy.access import access_for
from tenancy.jobs import JobRefused, Run, job_task
from tenancy.scope import because
from tenancy.statistics import take_statistics
from units.importing import registry, undoing
from units.importing.evaluation import Evaluation, evaluate, read_file
from units.importing.keeping import keep_rows
from units.importing.storage import path_of
from units.importing.writing import write_plan
from units.models import ImportBatch

State = ImportBatch.State
# One commit at a time in a county: two of them might add the same unit.
_COMMIT_LOCK = 7042


def _set(payload: dict[str, Any], state: str, problem: str, was: str) -> None:
    ImportBatch.objects.filter(pk=payload["batch"], state=was).update(state=state, problem=problem[:400])


def _reading_failed(payload: dict[str, Any], sentence: str) -> None:
    """A file never read is refused; one read before (other sheets, a new answer) keeps its preview."""
    was_read = not ImportBatch.objects.filter(pk=payload["batch"], summary={}).exists()
    _set(payload, State.PREVIEW if was_read else State.REFUSED, sentence, State.READING)


def _commit_failed(payload: dict[str, Any], sentence: str) -> None:
    """Nothing was written: the preview stands again."""
    _set(payload, State.PREVIEW, sentence, State.COMMITTING)


def _undo_failed(payload: dict[str, Any], sentence: str) -> None:
    _set(payload, State.COMMITTED, sentence, State.UNDOING)


@job_task(failed=_reading_failed)
def read_batch(run: Run) -> None:
    """Read the file and keep its rows as a preview; a file that cannot be read is refused with a sentence."""
    with translation.override(run.payload.get("language", translation.get_language())):
        with run.scope():
            batch = ImportBatch.objects.get(pk=run.payload["batch"])
        if batch.state != State.READING:
            return
        try:
            workbook = read_file(path_of(batch.stored_as), batch.file_name)
            with run.scope(last=True):
                _keep_preview(run, batch, _evaluate(run, batch, workbook))
        except SheetRefused as refusal:
            with run.scope(last=True):
                _reading_failed(run.payload, refusal.message)
                # For programs: the sentence is for people.
                ImportBatch.objects.filter(pk=batch.pk).update(options=batch.options | {"refused": refusal.code})


@job_task(failed=_commit_failed)
def commit_batch(run: Run) -> None:
    """Write what is ok, judged by the county as it is now, in one transaction."""
    with translation.override(run.payload.get("language", translation.get_language())):
        with run.scope():
            batch = ImportBatch.objects.get(pk=run.payload["batch"])
        if batch.state != State.COMMITTING:
            return
        try:
            workbook = read_file(path_of(batch.stored_as), batch.file_name)
            with run.scope(last=True):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_COMMIT_LOCK, batch.tenant_id])
                _commit(run, batch, _evaluate(run, batch, workbook))
                take_statistics()
        except SheetRefused as refusal:
            # It was readable when it was checked: the file is gone, or the county's rules changed.
            raise JobRefused(refusal.message) from refusal


@job_task(failed=_undo_failed)
def undo_batch(run: Run) -> None:
    """Take a committed import back."""
    with translation.override(run.payload.get("language", translation.get_language())):
        try:
            with run.scope(last=True):
                batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=run.payload["batch"])
                if batch.state != State.UNDOING:
                    return
                because(_("The import of %(file)s was undone") % {"file": batch.file_name}, actor=run.actor)
                removed, restored = undoing.undo_changes(batch)
                kind = registry.kinds_by_code().get(batch.kind)
                if kind is not None:
                    kind.undone(batch, run.actor)
                ImportBatch.objects.filter(pk=batch.pk).update(state=State.UNDONE, undone_at=timezone.now(), problem="")
                _audit(run, batch, "import_undone", removed=removed, restored=restored)
        except undoing.UndoBlocked as problem:
            raise JobRefused(str(problem)) from problem


def _evaluate(run: Run, batch: ImportBatch, workbook: Any) -> Evaluation:
    kind = registry.get(batch.kind)
    return evaluate(
        workbook,
        kind,
        tenant=run.tenant,
        sha256=batch.sha256,
        today=clock.today(),
        options=batch.options,
        reach=_reach(run, batch, kind),
        who=run.actor.name,
        progress=run.progress,
    )


def _reach(run: Run, batch: ImportBatch, kind: registry.ImportKind) -> frozenset[int] | None:
    """For which units the person who sent the file may write, asked again at the time of writing."""
    if batch.created_by is None:
        return None  # the command line
    access = access_for(batch.created_by, run.tenant)
    if access is None or not registry.may_import(access, kind):
        raise JobRefused(_("You may no longer import this ledger. Ask the county administrator."))
    return registry.reach_of(access, kind)


def _keep_preview(run: Run, batch: ImportBatch, found: Evaluation) -> None:
    keep_rows(batch, found)
    first_time = not batch.summary
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.PREVIEW, summary=found.summary, sheets=found.sheets, problem="")
    if first_time:
        _audit(run, batch, "import_previewed", **_counts(found))


def _commit(run: Run, batch: ImportBatch, found: Evaluation) -> None:
    # Beside each version stands what it rests on; a ledger that knows more (row by row) says that instead.
    because(_("Imported from %(file)s") % {"file": batch.file_name}, actor=run.actor)
    found.kind.starting(found.plan, batch, run.actor)
    added, changed = write_plan(found.plan, batch, run.progress)
    added += found.kind.write(found.plan, batch, run.actor)
    registry.get(batch.kind).written(found.plan, run.actor)
    keep_rows(batch, found)
    summary = found.summary | {"added": added, "changed": changed}
    ImportBatch.objects.filter(pk=batch.pk).update(
        state=State.COMMITTED, committed_at=timezone.now(), summary=summary, sheets=found.sheets, problem=""
    )
    # Last: the chain takes one writer at a time until the transaction ends.
    _audit(run, batch, "import_committed", added=added, changed=changed, **_counts(found))


def _counts(found: Evaluation) -> dict[str, int]:
    return {name: found.summary[name] for name in ("ok", "question", "error")}


def _audit(run: Run, batch: ImportBatch, action: str, **counts: Any) -> None:
    audit.append(run.actor, action, object_kind="import", object_uid=batch.uid, ledger=batch.kind, **counts)
