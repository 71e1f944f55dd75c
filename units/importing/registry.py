"""Kinds of ledgers: one declaration each. What a kind does not say, the importer does for all of them alike.

A new ledger is a class and one line::

    class ActivityLedger(ImportKind):
        code = "activities"
        sheet = ACTIVITIES  # lib.sheets.columns.SheetKind

        def match(self, rows, context): ...
        def plan(self, rows, context, plan): ...


    register(ActivityLedger())

in a module ``importing`` of its app, where the registry finds it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from django.forms import Field
from django.utils.module_loading import autodiscover_modules

from lib.chinese.text import match_key
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Answers, SheetReading
from tenancy.access import Access
from tenancy.models import Tenant
from units.importing.places import Places
from units.importing.plan import Plan
from units.importing.rows import Row


@dataclass
class Context:
    """What matching knows beside the rows. ``reach``: ids of the units it may write for; None for all."""

    tenant: Tenant
    today: date
    answers: Answers
    options: Mapping[str, Any] = field(default_factory=dict)
    reach: frozenset[int] | None = None
    sheets: Sequence[SheetReading] = ()
    # What a kind finds out once for all rows, such as the programme.
    facts: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def places(self) -> Places:
        return Places.load(self.tenant.name, self.today)

    @property
    def stated_on(self) -> date:
        """The day for which the file speaks: when it was filled in, else today."""
        filled = [sheet.filled_on for sheet in self.sheets if sheet.filled_on]
        return min(max(filled), self.today) if filled else self.today


class ImportKind(ABC):
    """One kind of ledger that can be imported.

    ``whole_county``: only for those who may import everywhere; else for own units and villages too (``reach``).
    """

    code: ClassVar[str]
    sheet: ClassVar[SheetKind]
    aliases: ClassVar[tuple[str, ...]] = ()
    whole_county: ClassVar[bool] = True

    @property
    def label(self) -> str:
        return str(self.sheet.label)

    def fields(self) -> dict[str, Field]:
        """Form fields that the upload asks for beside the file, such as the programme."""
        return {}

    def options(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What of an upload's fields (the page's, or the API's) is kept with the import, as plain JSON.

        Raises ValidationError with a sentence for what cannot be meant.
        """
        return {}

    def year(self, options: Mapping[str, Any]) -> int | None:
        """The year of dates without one, when neither title, tab nor stamp names it."""
        return None

    @abstractmethod
    def match(self, rows: Sequence[Row], context: Context) -> None:
        """Find what each row's cells mean: fill ``found``, ``values``, ``key``; add problems. A few queries in all."""

    @abstractmethod
    def plan(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        """Put into ``plan`` what importing the rows that are ok would write, and set each row's ``effect``."""

    def information(self, rows: Sequence[Row], context: Context) -> list[str]:
        """Sentences about the file as a whole, shown above the preview."""
        return []


_kinds: dict[str, ImportKind] = {}


def register(kind: ImportKind) -> None:
    """Make a kind known. Raises ValueError when its code is taken."""
    if kind.code in _kinds and type(_kinds[kind.code]) is not type(kind):
        raise ValueError(f"There are two import kinds with the code {kind.code}.")
    _kinds[kind.code] = kind


def kinds() -> tuple[ImportKind, ...]:
    """Every kind, those of lower floors first."""
    from units.importing import roster  # noqa: F401 - registers itself

    autodiscover_modules("importing")
    return tuple(_kinds.values())


def find(name: str) -> ImportKind | None:
    """The kind that a code, a singular, or the ledger's Chinese name means."""
    wanted = match_key(name)
    for kind in kinds():
        words = (kind.code, kind.sheet.title, kind.label, *kind.aliases)
        if wanted in {match_key(word) for word in words}:
            return kind
    return None


def kinds_by_code() -> Mapping[str, ImportKind]:
    """Every kind by its code; an import of a kind that is gone is still shown."""
    kinds()
    return _kinds


def get(code: str) -> ImportKind:
    """The kind with that very code. Raises KeyError."""
    kinds()
    return _kinds[code]


def may_import(access: Access, kind: ImportKind) -> bool:
    """Whether somebody may import this ledger at all; which rows, ``Context.reach`` says."""
    if kind.whole_county:
        return access.everywhere("import", "I")
    return access.can("import", "I")


def open_kinds(access: Access) -> list[ImportKind]:
    """The kinds that somebody may import."""
    return [kind for kind in kinds() if may_import(access, kind)]
