"""What committing would write, collected before anything is written: the preview shows it, the commit does it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar, cast

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from units.importing.rows import Row

M = TypeVar("M", bound=Model)


class Wave(IntEnum):
    """The order in which new rows are written: whatever is pointed to comes before what points to it."""

    UNITS = 1
    BELOW_UNITS = 2
    PEOPLE = 3
    POSTS = 4
    LEDGER = 5
    BELOW_LEDGER = 6


class New:
    """A row of a table that is not written yet: its fields, and no more.

    Reads and sets like the model. A preview of 20,000 rows may plan 160,000 of these, for which model instances
    would take three times the time and memory; ``build`` makes the instance when it is certain to be written.
    """

    __slots__ = ("_built", "_fields", "_model")
    pk = None

    def __init__(self, model: type[Model], fields: dict[str, Any]) -> None:
        object.__setattr__(self, "_model", model)
        object.__setattr__(self, "_fields", fields)
        object.__setattr__(self, "_built", None)

    def __getattr__(self, name: str) -> Any:
        fields = self._fields
        if name in fields:
            return fields[name]
        if name == "uid":
            fields["uid"] = uuid.uuid4()
            return fields["uid"]
        if name.endswith("_id"):
            target = fields.get(name.removesuffix("_id"))
            return None if target is None else target.pk
        if name.startswith("_"):
            raise AttributeError(name)
        return self._model._meta.get_field(name).get_default()

    def __setattr__(self, name: str, value: Any) -> None:
        self._fields[name] = value

    def __str__(self) -> str:
        return str(self._fields.get("name", self._model._meta.verbose_name))

    def build(self) -> Model:
        """The model's instance, once: what points here afterwards gets the same one."""
        if self._built is None:
            fields = {name: value.build() if isinstance(value, New) else value for name, value in self._fields.items()}
            object.__setattr__(self, "_built", self._model(**fields))
        return cast("Model", self._built)


def new(model: type[M], **fields: Any) -> M:
    """A row not written yet. It is a ``New``; what one may do with it is what one may do with the model's fields."""
    return cast("M", New(model, fields))


def is_new(instance: Model) -> bool:
    """Whether a row is only planned so far."""
    return instance.pk is None


@dataclass(slots=True)
class Change:
    """Fields of one stored row that change: what they were when first touched, and what they become."""

    instance: Model
    before: dict[str, Any] = field(default_factory=dict)
    # Keys that will point to rows which are not written yet; Django lets no stored row hold one.
    pointers: dict[str, New] = field(default_factory=dict)
    # Such as closing the post of a former leader: it must be written before the new one's row.
    is_first: bool = False


@dataclass
class Plan:
    """New rows by wave, changed rows, and how each row of the file comes out.

    Rows are changed in memory at once, so that later rows of the file see what earlier ones said.
    """

    new: dict[Wave, dict[type[Model], list[New]]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], int, bool], Change] = field(default_factory=dict)
    # What the kind itself writes (``ImportKind.write``), where a row of the file is more than rows of tables.
    own: list[Any] = field(default_factory=list)

    def add(self, row: Row, wave: Wave, instance: Model, *, shown: tuple[str | Promise, str] | None = None) -> None:
        """Write a row made by ``new``. ``shown``: (label, words) for a row of the file that is itself no addition."""
        assert isinstance(instance, New)
        self.new.setdefault(wave, {}).setdefault(instance._model, []).append(instance)
        if shown is not None:
            row.tell(shown[0], "", shown[1])

    def change(
        self, row: Row, instance: Model, field_name: str, value: Any, *, label: str | Promise = "", first: bool = False
    ) -> bool:
        """Set a field, if it differs. Returns whether it did. With a ``label`` the row of the file shows from and to."""
        before = getattr(instance, field_name)
        if before == value:
            return False
        if instance.pk is not None:
            key = (type(instance), instance.pk, first)
            change = self.changed.setdefault(key, Change(instance, is_first=first))
            change.before.setdefault(field_name, before)
            if label:
                row.tell(label, words(before, instance, field_name), words(value, instance, field_name))
            if isinstance(value, New):
                change.pointers[field_name] = value
                return True
        setattr(instance, field_name, value)
        return True

    @property
    def n_new(self) -> int:
        return sum(len(rows) for models in self.new.values() for rows in models.values())

    @property
    def is_empty(self) -> bool:
        return not self.changed and not self.own and self.n_new == 0


def words(value: Any, instance: Model, field_name: str) -> str:
    """A field's value as people read it: the label of a choice, yes and no, nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    choices = dict(getattr(instance._meta.get_field(field_name), "flatchoices", None) or [])
    return str(choices.get(value, value))
