"""Writing a plan: all of it or nothing, in the caller's transaction; each row written is kept for undoing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Field, Model

from lib.chinese.pinyin import pinyin_key
from units.importing.evaluation import Progress
from units.importing.plan import Change, Plan
from units.models import ImportBatch, ImportChange, Person, Unit

CHUNK = 1000
# Written by the database or by the clock, not by the file: no part of what an import said.
_NOT_SAID = frozenset({"id", "tenant", "created_at"})


def write_plan(plan: Plan, batch: ImportBatch, progress: Progress = lambda done, total: None) -> tuple[int, int]:
    """Write everything, and beside it what undoing needs. Returns (rows added, rows changed)."""
    total = plan.n_new + len(plan.changed)
    kept: list[ImportChange] = []
    kept += _write_changes(batch, [change for change in plan.changed.values() if change.is_first])
    for wave in sorted(plan.new):
        for model, planned in plan.new[wave].items():
            for start in range(0, len(planned), CHUNK):
                chunk = [one.build() for one in planned[start : start + CHUNK]]
                for instance in chunk:
                    _set_sort_keys(instance)
                model._default_manager.bulk_create(chunk)
                kept += [change_of(batch, instance, is_new=True) for instance in chunk]
                progress(len(kept), total)
    kept += _write_changes(batch, [change for change in plan.changed.values() if not change.is_first])
    progress(total, total)
    ImportChange.objects.bulk_create(kept, batch_size=CHUNK)
    return plan.n_new, len({(type(change.instance), change.instance.pk) for change in plan.changed.values()})


def _set_sort_keys(instance: Model) -> None:
    """Pinyin of new units and people: slow to make, so not before it is certain that they are written."""
    if isinstance(instance, (Unit, Person)):
        key = pinyin_key(instance.name, person=isinstance(instance, Person))
        instance.pinyin, instance.initials = _cut(instance, "pinyin", key.full), _cut(instance, "initials", key.initials)


def _cut(instance: Model, field: str, text: str) -> str:
    return text[: instance._meta.get_field(field).max_length]  # type: ignore[union-attr]


def _write_changes(batch: ImportBatch, changes: list[Change]) -> list[ImportChange]:
    """Update stored rows, those of one table with the same fields in one statement."""
    alike: dict[tuple[type[Model], frozenset[str]], list[Change]] = defaultdict(list)
    for change in changes:
        alike[type(change.instance), frozenset(change.before)].append(change)
    kept = []
    for (model, fields), group in alike.items():
        for change in group:
            for name, planned in change.pointers.items():
                setattr(change.instance, name, planned.build())
        model._default_manager.bulk_update([change.instance for change in group], sorted(fields), batch_size=CHUNK // 2)
        for change in group:
            before = {_attname(model, name): plain(_raw(value)) for name, value in change.before.items()}
            after = snapshot(change.instance, change.before)
            kept.append(change_of(batch, change.instance, is_new=False, before=before, after=after))
    return kept


def change_of(
    batch: ImportBatch,
    instance: Model,
    *,
    is_new: bool,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> ImportChange:
    """What undoing needs to know of a row that was written: ``before`` it goes back to, ``after`` it must still be."""
    return ImportChange(
        tenant_id=batch.tenant_id,
        batch=batch,
        model=instance._meta.label,
        object_id=instance.pk,
        object_uid=instance.uid,  # type: ignore[attr-defined]
        is_new=is_new,
        before=before or {},
        after=after if after is not None else snapshot(instance),
    )


def model_of(label: str) -> type[Model]:
    """The table that a kept change names."""
    return apps.get_model(label)


def said_fields(model: type[Model]) -> list[Field[Any, Any]]:
    """The fields of a table that an import can say something about."""
    return [field for field in model._meta.concrete_fields if field.name not in _NOT_SAID]


def snapshot(instance: Model, names: Iterable[str] | None = None) -> dict[str, Any]:
    """Fields of a row as plain JSON, by column; all that an import can say, or those named."""
    fields = said_fields(type(instance)) if names is None else [instance._meta.get_field(name) for name in names]
    return {field.attname: plain(getattr(instance, field.attname)) for field in fields}  # type: ignore[union-attr]


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return str(value) if isinstance(value, (UUID, Decimal)) else value


def _raw(value: Any) -> Any:
    return value.pk if isinstance(value, Model) else value


def _attname(model: type[Model], name: str) -> str:
    return str(model._meta.get_field(name).attname)  # type: ignore[union-attr]
