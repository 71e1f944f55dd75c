"""Writing what a ledger's rows say: new records submitted, stored ones corrected, each step with whose hand and why."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from activities.actions.facts import RecordFacts
from activities.actions.many import Entry, add_steps, write_records
from activities.hands import Hand
from activities.importing.reading import Said
from activities.importing.stored import Stored, differences
from activities.models import ActivityType, AuthorSide, Item, ItemState, Record, Share, Status
from activities.obligations import refresh
from pairing.models import Programme
from tenancy.jobs import JobRefused
from tenancy.scope import Actor
from units.importing.plan import Plan
from units.importing.rows import Row
from units.importing.writing import change_of, snapshot
from units.models import ImportBatch, ImportChange

_CHUNK = 1000
_LONGEST_NAME = 80
# Columns of a part that are copies of the record's.
_COPIED = ("leader_present", "principal_present")


@dataclass(frozen=True, slots=True)
class Planned:
    """A record to write, and the row that says it. ``units``: in whose name, when not by proxy."""

    sheet: str
    row: int
    facts: RecordFacts
    is_proxy: bool
    units: frozenset[int] | None


def basis(batch: ImportBatch, sheet: str = "", row: int = 0) -> str:
    """On what basis a record stands in the county: 导入《活动台账.xlsx》9月 第12行."""
    names = {"file": batch.file_name[:_LONGEST_NAME], "sheet": sheet[:_LONGEST_NAME], "row": row}
    return (_("imported from “%(file)s”, %(sheet)s row %(row)d") if row else _("imported from “%(file)s”")) % names


def plan_change(row: Row, stored: Stored, plan: Plan) -> None:
    """Plan what a row corrects in the record that it is; of what has been confirmed, nothing."""
    said: Said = row.found["said"]
    record = stored.record
    changed = differences(record, said.columns)
    row.effect = "same"
    if not changed:
        return
    if not stored.may_change:
        message = (
            _("The record has been confirmed and stays as it is, though this row says otherwise.")
            if stored.is_confirmed
            else _("The village wrote this record; it stays as it is, though this row says otherwise.")
        )
        row.note("", "kept", message)
        return
    row.effect = "change"
    for name, value in changed.items():
        plan.change(row, record, name, value, label=_label(record, name))
        for share in stored.shares if name in _COPIED else ():
            plan.change(row, share, name, value)
    plan.change(row, record, "revision", record.revision + 1)
    if record.status == Status.RETURNED:
        # Corrected, it is handed in again; its first day of submission stays.
        plan.change(row, record, "status", Status.SUBMITTED, label=_label(record, "status"))
        for share in stored.shares:
            plan.change(row, share, "status", Status.SUBMITTED)


def _label(record: Record, name: str) -> str:
    field = record._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def write(plan: Plan, batch: ImportBatch, who: Actor) -> int:
    """Write the new records, note the steps of those changed, and keep what undoing needs. Returns how many are new."""
    changed = [change for (model, _pk, _first), change in plan.changed.items() if model is Record]
    for deed in ("edited", "resubmitted"):
        alike = [one.instance for one in changed if ("status" in one.before) == (deed == "resubmitted")]
        records = [record for record in alike if isinstance(record, Record)]
        if records:
            hand = Hand(who, AuthorSide.UNIT, basis=basis(batch))
            add_steps(records=records, hand=hand, deed=deed, reason=hand.basis)
    _refuse_unopened(plan)
    entries = [_entry(planned, batch, who) for planned in plan.own]
    written = write_records(entries=entries, import_batch=batch.uid)
    kept = [_kept(batch, item, "state", ItemState.WITHDRAWN) for item in written.items]
    kept += [_kept(batch, record, "status", Status.ABANDONED, "revision") for record in written.records]
    ImportChange.objects.bulk_create(kept, batch_size=_CHUNK)
    recount({change.instance.pk for change in changed if {"status", *_COPIED} & set(change.before)})
    return len(written.records)


def not_open(programme: Programme) -> str:
    """Why rows of a programme can be looked at and not be written yet."""
    message = _("The programme year %(year)d “%(title)s” has not been set up. Open it first; then these rows can be written.")
    return message % {"year": programme.year, "title": programme.title}


def _refuse_unopened(plan: Plan) -> None:
    programmes = {planned.facts.pairings[0].programme_id: planned.facts.pairings[0].programme for planned in plan.own}
    opened = set(ActivityType.objects.filter(programme__in=programmes).values_list("programme_id", flat=True))
    for pk, programme in programmes.items():
        if pk not in opened:
            raise JobRefused(not_open(programme))


def _entry(planned: Planned, batch: ImportBatch, who: Actor) -> Entry:
    why = basis(batch, planned.sheet, planned.row)
    if planned.is_proxy:
        return Entry(planned.facts, Hand(who, AuthorSide.UNIT, None, is_proxy=True, basis=why))
    return Entry(planned.facts, Hand(who, AuthorSide.UNIT, planned.units), reason=why)


def _kept(batch: ImportBatch, row: Item | Record, name: str, back_to: str, *unchanged: str) -> ImportChange:
    """Records and items are never deleted: undoing puts them aside. ``unchanged`` must still be as it is for that."""
    after = snapshot(row, (name, *unchanged))
    before: dict[str, Any] = {**after, name: back_to}
    return change_of(batch, row, is_new=False, before=before, after=after)


def recount(ids: Collection[int]) -> None:
    """Count anew what the pairings of these records owe."""
    if not ids:
        return
    refresh(pairings=set(Share.objects.filter(record__in=ids, pairing__isnull=False).values_list("pairing_id", flat=True)))
