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

from lib.chinese.text import match_key
from lib.discovered import discover
from lib.sheets.columns import SheetKind
from lib.sheets.readings import Answers, SheetReading
from tenancy.access import Access
from tenancy.models import Role, Tenant
from tenancy.scope import Actor
from units.importing.places import Places
from units.importing.plan import Plan
from units.importing.rows import Row
from units.models import ImportBatch, ImportChange

# May import ledgers of households only (tenancy.policy.NOTES).
_HOUSEHOLDS_ONLY = (Role.TO, Role.VS)


@dataclass
class Context:
    """What matching knows beside the rows. ``reach``: ids of the units it may write for; None for all."""

    tenant: Tenant
    today: date
    answers: Answers
    options: Mapping[str, Any] = field(default_factory=dict)
    reach: frozenset[int] | None = None
    sheets: Sequence[SheetReading] = ()
    # Whose name stands beside what is written.
    who: str = ""
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
    ``households``: a ledger of households, which towns and villages bring in and units only read (tenancy.policy, notes
    on import).
    ``needs``: a right that somebody must have beside that to import, over the whole county, where the page asks for it.
    """

    code: ClassVar[str]
    sheet: ClassVar[SheetKind]
    aliases: ClassVar[tuple[str, ...]] = ()
    whole_county: ClassVar[bool] = True
    households: ClassVar[bool] = False
    needs: ClassVar[tuple[str, str] | None] = None

    @property
    def label(self) -> str:
        return str(self.sheet.label)

    def headings(self) -> list[str]:
        """The headings that a blank form has, and that the upload page names."""
        return [column.heading for column in self.sheet.columns if not column.dropped]

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

    def starting(self, plan: Plan, batch: ImportBatch, who: Actor) -> None:  # noqa: B027 - most ledgers have nothing to hold
        """Hold what must not change while the plan is written, in its transaction. Raises JobRefused with a sentence."""

    def write(self, plan: Plan, batch: ImportBatch, who: Actor) -> int:
        """Write what ``plan.own`` holds, once all else is written, in its transaction. Returns how many rows were added.

        What undoing must put back, it keeps with ``units.importing.writing.change_of``.
        """
        return 0

    def written(self, plan: Plan, who: Actor) -> None:  # noqa: B027 - most ledgers have nothing to add
        """What follows from a plan just written, in its transaction: called once for all rows of the file."""

    def taking_back(self, changes: Sequence[ImportChange]) -> None:  # noqa: B027 - as above
        """Let go of what is only computed from the rows that an undo is about to remove."""

    def undone(self, batch: ImportBatch, who: Actor) -> None:  # noqa: B027 - as above
        """Write down what taking an import back means for its rows, in the same transaction, after ``taken_back``."""

    def taken_back(self, changes: Sequence[ImportChange]) -> None:  # noqa: B027 - as above
        """What follows from an import just taken back, in its transaction."""

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
    from units.importing import roster, yearly  # noqa: F401 - they register themselves

    discover("importing")
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
    if kind.needs is not None and not access.everywhere(*kind.needs):
        return False
    return access.everywhere("import", "I") or (not kind.whole_county and bool(reach_of(access, kind)))


def reach_of(access: Access, kind: ImportKind) -> frozenset[int] | None:
    """Ids of the units for which somebody may import this ledger; None for the whole county."""
    if access.everywhere("import", "I"):
        return None
    held = [grant for grant, _right in access.rights("import", "I")]
    grants = [grant for grant in held if (grant.role in _HOUSEHOLDS_ONLY) == kind.households]
    return frozenset(grant.scope_unit_id for grant in grants if grant.scope_unit_id is not None)


def open_kinds(access: Access) -> list[ImportKind]:
    """The kinds that somebody may import."""
    return [kind for kind in kinds() if may_import(access, kind)]
