"""Writing what the rows say: items new and changed, and their steps as records submitted to the other side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from activities.actions.facts import RecordFacts
from activities.actions.inserting import insert_all
from activities.actions.many import Entry, add_steps, write_records
from activities.forms.items import details_of
from activities.hands import Hand
from activities.importing import writing
from activities.importing.things.reading import Said, differences
from activities.importing.things.stored import Reported, Stored
from activities.models import ActivityType, AuthorSide, Item, ItemState, Record, Status
from tenancy.jobs import JobRefused
from tenancy.scope import Actor
from units.importing.plan import Plan
from units.importing.rows import Row
from units.importing.writing import change_of, snapshot
from units.models import ImportBatch, ImportChange

_CHUNK = 1000
# What somebody may have corrected since the import, so that undoing it would throw their work away.
_WATCHED = ("state", "name", "house_no", "householder", "description", "planned_on", "money_yuan", "details")


@dataclass(frozen=True, slots=True)
class Planned:
    """An item to write, or one there is, with the steps that the row reports of it. ``units``: in whose name."""

    sheet: str
    row: int
    item: Item
    steps: tuple[RecordFacts, ...]
    is_proxy: bool
    units: frozenset[int] | None


def plan_change(row: Row, stored: Stored, said: Said, plan: Plan) -> None:
    """Plan what a row corrects in the item that it is."""
    item = stored.item
    columns, details = differences(item, said)
    for name, value in columns.items():
        if name == "house_no":
            continue
        plan.change(row, item, name, value, label=_label(item, name))
    if details:
        labels = {one.key: one.label for one in details_of(item.kind)}
        for key, value in details.items():
            row.tell(labels[key], str(item.details.get(key, "")), str(value))
        plan.change(row, item, "details", {**item.details, **details})


def plan_day(row: Row, reported: Reported, day: date, plan: Plan) -> None:
    """Plan the correction of a step's day; what has been confirmed stays."""
    record = reported.record
    if record.occurred_on == day:
        return
    if not reported.may_change:
        told = {"day": record.occurred_on.isoformat()}
        row.note("", "kept", _("It has been confirmed for %(day)s and stays so, though this row says another day.") % told)
        return
    plan.change(row, record, "occurred_on", day, label=_label(record, "occurred_on"))
    plan.change(row, record, "revision", record.revision + 1)
    for share in reported.shares:
        plan.change(row, share, "counts_on", day)
    if record.status == Status.RETURNED:
        plan.change(row, record, "status", Status.SUBMITTED, label=_label(record, "status"))
        for share in reported.shares:
            plan.change(row, share, "status", Status.SUBMITTED)


def _label(instance: Item | Record, name: str) -> str:
    return str(getattr(instance._meta.get_field(name), "verbose_name", name))


def write(plan: Plan, batch: ImportBatch, who: Actor) -> int:
    """Write the new items and steps, and keep what undoing needs. Returns how many items are new."""
    changed = [change.instance for (model, _pk, _first), change in plan.changed.items() if model is Record]
    corrected = [record for record in changed if isinstance(record, Record)]
    if corrected:
        hand = Hand(who, AuthorSide.UNIT, basis=writing.basis(batch))
        add_steps(records=corrected, hand=hand, deed="edited", reason=hand.basis)
    planned: list[Planned] = list(plan.own)
    _refuse_unopened(planned)
    made = [one.item for one in planned if one.item.pk is None]
    insert_all(Item, made)
    entries = [entry for one in planned for entry in _entries(one, batch, who)]
    written = write_records(entries=entries, import_batch=batch.uid)
    kept = [_kept(batch, item, "state", ItemState.WITHDRAWN, *_WATCHED[1:]) for item in made]
    kept += [_kept(batch, record, "status", Status.ABANDONED, "revision") for record in written.records]
    ImportChange.objects.bulk_create(kept, batch_size=_CHUNK)
    writing.recount({record.pk for record in corrected})
    return len(made)


def _refuse_unopened(planned: list[Planned]) -> None:
    programmes = {facts.pairings[0].programme_id: facts.pairings[0].programme for one in planned for facts in one.steps}
    opened = set(ActivityType.objects.filter(programme__in=programmes).values_list("programme_id", flat=True))
    for pk, programme in programmes.items():
        if pk not in opened:
            raise JobRefused(writing.not_open(programme))


def _entries(one: Planned, batch: ImportBatch, who: Actor) -> list[Entry]:
    why = writing.basis(batch, one.sheet, one.row)
    facts = [replace(step, item=one.item) for step in one.steps]
    if one.is_proxy:
        return [Entry(each, Hand(who, AuthorSide.UNIT, None, is_proxy=True, basis=why)) for each in facts]
    return [Entry(each, Hand(who, AuthorSide.UNIT, one.units), reason=why) for each in facts]


def _kept(batch: ImportBatch, row: Item | Record, name: str, back_to: str, *unchanged: str) -> ImportChange:
    """Undone, a new row is put aside and stays readable. ``unchanged`` must still be as it is for that."""
    after = snapshot(row, (name, *unchanged))
    return change_of(batch, row, is_new=False, before={**after, name: back_to}, after=after)
