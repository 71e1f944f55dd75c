"""Taking a committed import back: changed values as they were, added rows gone, unless something else needs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from pghistory.models import Event

from units.importing.registry import kinds_by_code
from units.importing.writing import CHUNK, model_of, snapshot
from units.models import ImportBatch, ImportChange

MOST_NAMED = 10


@dataclass
class UndoBlocked(Exception):
    """The import cannot be taken back; ``reasons`` name what is in the way, each a sentence."""

    reasons: list[str]

    def __str__(self) -> str:
        return " ".join(self.reasons)


def block(reasons: list[str]) -> None:
    """Raise UndoBlocked, naming the first few reasons, when there are any."""
    if reasons:
        more = len(reasons) - MOST_NAMED
        raise UndoBlocked(reasons[:MOST_NAMED] + ([_("And %(n)d more.") % {"n": more}] if more > 0 else []))


def undo_changes(batch: ImportBatch) -> tuple[int, int]:
    """Put everything back in one transaction. Returns (rows removed, rows put back); raises UndoBlocked, changing nothing."""
    changes = list(ImportChange.objects.filter(batch=batch).order_by("-id"))
    kind = kinds_by_code().get(batch.kind)
    if kind is not None:
        # Whoever is told that the undo is refused rolls this back with everything else.
        kind.taking_back(changes)
    stored = _stored(changes)
    block(_edited_since(changes, stored) + _used_elsewhere(changes, stored))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _put_back(changes, stored)
            # Keys are checked at the end of the transaction; here the answer is needed now.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as problem:
        message = _("Something that was added later depends on this import. Remove that first, then undo.")
        raise UndoBlocked([message]) from problem
    if kind is not None:
        kind.taken_back(changes)
    n_new = sum(change.is_new for change in changes)
    return n_new, len({(c.model, c.object_id) for c in changes if not c.is_new})


def _stored(changes: Iterable[ImportChange]) -> dict[tuple[str, int], Model]:
    """The rows as they are now, one query for each table."""
    ids: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        ids[change.model].add(change.object_id)
    found = {}
    for label, wanted in ids.items():
        for instance in model_of(label)._default_manager.filter(pk__in=wanted):
            found[label, instance.pk] = instance
    return found


def _edited_since(changes: list[ImportChange], stored: Mapping[tuple[str, int], Model]) -> list[str]:
    """Rows that somebody changed after the import: undoing would throw their work away."""
    reasons = []
    seen: dict[tuple[str, int], set[str]] = defaultdict(set)
    for change in changes:  # newest first: of two changes by the import the last one says how the row must be
        key = (change.model, change.object_id)
        instance = stored.get(key)
        if instance is None:
            reasons.append(_("A row that the import wrote is gone: %(kind)s.") % {"kind": _kind(change.model)})
            continue
        now = snapshot(instance)
        fields = {name: value for name, value in change.after.items() if name not in seen[key]}
        seen[key] |= set(change.after)
        if any(now.get(name) != value for name, value in fields.items()):
            reasons.append(_("“%(name)s” (%(kind)s) was changed after the import.") % _names(instance))
    return list(dict.fromkeys(reasons))


def _used_elsewhere(changes: list[ImportChange], stored: Mapping[tuple[str, int], Model]) -> list[str]:
    """Added rows that rows of later origin point to."""
    added: dict[str, set[int]] = defaultdict(set)
    for change in changes:
        if change.is_new and (change.model, change.object_id) in stored:
            added[change.model].add(change.object_id)
    reasons = []
    for label, ids in added.items():
        for relation in _pointing_to(model_of(label)):
            child = relation.related_model
            users = child._default_manager.filter(**{f"{relation.field.name}__in": ids})
            users = users.exclude(pk__in=added.get(child._meta.label, set()))
            reasons += _in_use(child, relation.field.name, users)
    return reasons


def _in_use(child: type[Model], field: str, users: QuerySet[Any]) -> list[str]:
    """One sentence about rows of a table that need some of those to be removed: which, and how many."""
    some = [getattr(user, field) for user in users.select_related(field).order_by(field, "pk")[:50]]
    if not some:
        return []
    names = list(dict.fromkeys(str(target)[:60] for target in some))
    told = {
        "names": "、".join(names[:3]) + (_(" and others") if len(names) > 3 else ""),
        "kind": str(some[0]._meta.verbose_name),
        "n": users.count(),
        "user_kind": str(child._meta.verbose_name),
    }
    return [_("%(names)s (%(kind)s): %(n)d entries of “%(user_kind)s” depend on it.") % told]


def _pointing_to(model: type[Model]) -> list[Any]:
    """The keys of other tables to this one; versions stay behind when a row goes, that is what they are for."""
    fields = model._meta.get_fields(include_hidden=True)
    keys = [field for field in fields if field.auto_created and not field.concrete and field.is_relation]
    return [key for key in keys if not issubclass(key.related_model, Event)]  # type: ignore[arg-type]


def _put_back(changes: list[ImportChange], stored: Mapping[tuple[str, int], Model]) -> None:
    """Newest first: what points to a row goes before the row."""
    waiting: list[ImportChange] = []
    for change in changes:
        if waiting and (waiting[-1].model, waiting[-1].is_new) != (change.model, change.is_new):
            _put_back_alike(waiting, stored)
            waiting = []
        waiting.append(change)
    if waiting:
        _put_back_alike(waiting, stored)


def _put_back_alike(changes: list[ImportChange], stored: Mapping[tuple[str, int], Model]) -> None:
    model = model_of(changes[0].model)
    if changes[0].is_new:
        ids = [change.object_id for change in changes]
        for start in range(0, len(ids), CHUNK):
            rows = model._default_manager.filter(pk__in=ids[start : start + CHUNK])
            # Not delete(): it would collect relations row by row, which the checks above have done set-based.
            rows._raw_delete(rows.db)
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    alike: dict[frozenset[str], dict[int, Model]] = defaultdict(dict)
    for change in changes:
        instance = stored[change.model, change.object_id]
        for name, value in change.before.items():
            setattr(instance, name, fields[name].to_python(value) if value is not None else None)
        alike[frozenset(change.before)][instance.pk] = instance
    for names, group in alike.items():
        columns = sorted(fields[name].name for name in names)
        try:
            with transaction.atomic():
                model._default_manager.bulk_update(group.values(), columns, batch_size=CHUNK // 2)
        except IntegrityError:
            # One statement meets a key half-way (the lead goes back from one row to another); newest first meets none.
            for instance in group.values():
                instance.save(update_fields=columns)


def _kind(label: str) -> str:
    return str(model_of(label)._meta.verbose_name)


def _names(instance: Any) -> dict[str, str]:
    return {"name": str(instance)[:60], "kind": str(instance._meta.verbose_name)}
