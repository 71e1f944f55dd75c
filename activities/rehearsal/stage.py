"""The throwaway county in which a scenario is played: its rows by the scenario's own names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from activities.models import Record
from pairing.models import Pairing, Programme
from tenancy.access import Access
from tenancy.models import Tenant
from units.actions import create_unit
from units.models import Unit, UnitKind


class EventRefused(Exception):
    """The product refuses an event. ``code`` is one of the stable words; the text a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Stage:
    """What an event acts on. Rows read from the database may be older than it: actions lock and read again."""

    tenant: Tenant
    access: Access
    programme: Programme
    pairings: dict[str, Pairing] = field(default_factory=dict)
    towns: dict[str, Unit] = field(default_factory=dict)
    villages: dict[str, Unit] = field(default_factory=dict)
    # As they were written: whose they are never changes; how they stand, the actions ask anew.
    records: dict[str, Record] = field(default_factory=dict)
    # How the records of a type are carried, by the type's code.
    carriers: dict[str, str] = field(default_factory=dict)
    # Calendar years whose scores the scenario asks for, in its order.
    asked_cycles: tuple[int, ...] = ()
    # What floors above keep between events, by names of their own; a value is replaced, never changed.
    shelf: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def taken_back(self) -> Iterator[None]:
        """Inside, rows made by what is then refused are forgotten with it: the database has rolled them back."""
        kept = [(held, dict(held)) for held in (self.pairings, self.towns, self.records, self.shelf)]
        try:
            yield
        except Exception:
            for held, before in kept:
                held.clear()
                held.update(before)
            raise

    def pairing(self, key: str) -> Pairing:
        """The pairing as it is now."""
        found: Pairing = Pairing.objects.select_related("unit", "village", "village__parent", "programme").get(
            pk=self.pairings[key].pk
        )
        self.pairings[key] = found
        return found

    def pairings_of(self, keys: Iterable[str]) -> tuple[Pairing, ...]:
        """Whose they are, which never changes; how they stand, the actions ask anew."""
        return tuple(self.pairings[key] for key in keys)

    def town(self, name: str) -> Unit:
        """A town of the county: made when a waiver names one that no pairing lies in."""
        if name not in self.towns:
            self.towns[name] = create_unit(access=self.access, values={"kind": UnitKind.TOWN, "name": name})
        return self.towns[name]

    def record(self, key: str) -> Record:
        """The record of a key. Raises EventRefused when the product refused to write it, or has not yet."""
        if key not in self.records:
            raise EventRefused("not_found", _("The record “%(key)s” is not written at this time.") % {"key": key})
        return self.records[key]
