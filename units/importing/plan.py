"""What committing would write, collected before anything is written: the preview shows it, the commit does it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from django.db.models import Model

from units.importing.rows import Row


class Wave(IntEnum):
    """The order in which new rows are written: whatever is pointed to comes before what points to it."""

    UNITS = 1
    BELOW_UNITS = 2
    PEOPLE = 3
    POSTS = 4
    LEDGER = 5
    BELOW_LEDGER = 6


@dataclass(slots=True)
class Change:
    """Fields of one stored row that change: what they were when first touched, and what they become."""

    instance: Model
    before: dict[str, Any] = field(default_factory=dict)
    # Such as closing the post of a former leader: it must be written before the new one's row.
    is_first: bool = False


@dataclass
class Plan:
    """New rows by wave, changed rows, and how each row of the file comes out.

    Instances are changed in memory at once, so that later rows of the file see what earlier ones said.
    """

    new: dict[Wave, dict[type[Model], list[Model]]] = field(default_factory=dict)
    changed: dict[tuple[type[Model], int, bool], Change] = field(default_factory=dict)

    def add(self, row: Row, wave: Wave, instance: Model, *, shown: tuple[str, str] | None = None) -> None:
        """Write a new row of a table. ``shown``: (label, words) for a row of the file that is itself no addition."""
        self.new.setdefault(wave, {}).setdefault(type(instance), []).append(instance)
        if shown is not None:
            row.tell(shown[0], "", shown[1])

    def change(self, row: Row, instance: Model, field_name: str, value: Any, *, label: str = "", first: bool = False) -> bool:
        """Set a field, if it differs. Returns whether it did. With a ``label`` the row of the file shows from and to."""
        before = getattr(instance, field_name)
        if before == value:
            return False
        if instance.pk is not None:
            key = (type(instance), instance.pk, first)
            change = self.changed.setdefault(key, Change(instance, is_first=first))
            change.before.setdefault(field_name, before)
        setattr(instance, field_name, value)
        if label and instance.pk is not None:
            row.tell(label, words(before, instance, field_name), words(value, instance, field_name))
        return True

    @property
    def n_new(self) -> int:
        return sum(len(rows) for models in self.new.values() for rows in models.values())

    @property
    def is_empty(self) -> bool:
        return not self.changed and self.n_new == 0


def words(value: Any, instance: Model, field_name: str) -> str:
    """A field's value as people read it: the label of a choice, 是 and 否, nothing for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        from django.utils.translation import gettext as _

        return _("yes") if value else _("no")
    choices = dict(getattr(instance._meta.get_field(field_name), "flatchoices", None) or [])
    return str(choices.get(value, value))
