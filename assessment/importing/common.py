"""What the ledgers of facts share: who may not be told twice, what is held while writing, what an undo must leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from assessment.importing.cycles import cycle_field, hold, options_of, reason_field
from assessment.models import Cycle, CycleState
from lib.sheets.readings import Choice, DateValue
from tenancy.scope import Actor, because
from units.importing.plan import Plan
from units.importing.registry import Context, ImportKind
from units.importing.rows import Row
from units.importing.undoing import block
from units.models import ImportBatch, ImportChange

THIS_ROW, LEAVE = "this", "leave"


class FactLedger(ImportKind):
    """A ledger of facts of one assessment: for the county alone, until the assessment is final."""

    whole_county = True
    model: type[Model]

    def fields(self) -> dict[str, forms.Field]:
        return {"cycle": cycle_field(), "reason": reason_field()}

    def options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        return options_of(given)

    def cycles_of(self, rows: Sequence[Any]) -> set[int]:
        """Ids of the assessments that rest on these rows."""
        return {row.cycle_id for row in rows}

    def starting(self, plan: Plan, batch: ImportBatch, who: Actor) -> None:
        touched: list[Any] = [one for models in plan.new.values() for one in models.get(self.model, [])]
        touched += [change.instance for (model, *_key), change in plan.changed.items() if model is self.model]
        hold(self.cycles_of(touched))
        if reason := batch.options.get("reason"):
            because(_("%(reason)s (file %(file)s)") % {"reason": reason, "file": batch.file_name[:60]}, actor=who)

    def taking_back(self, changes: Sequence[ImportChange]) -> None:
        """Raises UndoBlocked once an assessment that rests on the rows is final."""
        ids = [change.object_id for change in changes if change.model == self.model._meta.label]
        cycles = self.cycles_of(list(self.model._default_manager.filter(pk__in=ids).select_related("pairing")))
        held = Cycle.objects.select_for_update(of=("self",)).filter(pk__in=cycles).order_by("pk")
        message = _("“%(title)s” is final: what it rests on stays as it is.")
        block([message % {"title": one.title} for one in held if one.state == CycleState.FINAL])


def importable(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows that were understood and are not left out."""
    return (row for row in rows if "said" in row.found and not row.found.get("left_out"))


def same_twice(row: Row, earlier: Row) -> None:
    """A row of the file that says what an earlier one said."""
    where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet}
    message = _("The same stands in row %(row)d of sheet %(sheet)s, in the same words: it is imported once.")
    row.note("", "same_twice", message % where)
    row.found["left_out"] = True


def ask_twice(row: Row, earlier: Row, *more: Choice) -> str | None:
    """Two rows of the file that differ about one thing: which holds. The answer, or None when it was asked just now."""
    answer = row.asked("twice", "", row.key, per_cell=True)
    if answer in {THIS_ROW, LEAVE, *(choice.key for choice in more)}:
        return answer
    where = {"row": earlier.reading.row, "sheet": earlier.reading.sheet}
    message = _("Row %(row)d of sheet %(sheet)s is about the same, with other values. Which row holds?") % where
    choices = (Choice(THIS_ROW, _("This row")), Choice(LEAVE, _("Row %(row)d; leave this one out") % where))
    row.ask("twice", "", row.key, message, (*more, *choices), per_cell=True)
    return None


def day(row: Row, column: str, context: Context) -> Any:
    """The day in a cell, None when there is none; an error on the row for one to come."""
    value = row.read(column)
    if not isinstance(value, DateValue):
        return None
    if value.start > context.today:
        row.error(column, "in_future", _("The day cannot lie in the future."))
        return None
    return value.start


def label_of(model: type[Model], name: str) -> Any:
    """What a field is called."""
    return model._meta.get_field(name).verbose_name  # type: ignore[union-attr]
