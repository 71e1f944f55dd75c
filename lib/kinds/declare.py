"""The words of a declaration: ``Kind``, its ``Field``s, ``Filter``s and ``State``s."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Literal, Protocol

from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from lib.sheets.columns import Column

Words = str | Promise


class Access(Protocol):
    """Who asks: what the machinery needs to know of them. ``reach`` is None for everything, else ids of units."""

    def can(self, kind: str, action: str, /) -> bool: ...

    def reach(self, kind: str, action: str, /) -> frozenset[int] | None: ...


class Type(StrEnum):
    """What a field holds; says how it is formatted, sorted, asked for and written into a file."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    NAMES = "names"
    ROW = "row"
    PERSON = "person"
    PHONE = "phone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """How a list is narrowed by a field.

    ``widget``: a choice of words, yes or no, a row of another kind (``rows`` says which are offered), text contained,
    one day, or a period by its code (2024-10, 2024-W41, 2024-Q4): the days at ``path`` that lie in it.
    ``where`` gives the condition for a chosen value (of a period its ``lib.periods.Span``), ``where_for`` one that depends on
    who asks; without them ``path`` (default: the field's) must equal the value. ``folded``: offered behind "more", for what
    is mostly chosen by a link that leads to the list.
    """

    widget: Literal["choice", "yes_no", "row", "text", "period", "day"] = "choice"
    label: Words = ""
    path: str = ""
    where: Callable[[Any], Q] | None = None
    where_for: Callable[[Any, Any], Q] | None = None
    rows: Callable[[Any], QuerySet[Any]] | None = None
    choices: tuple[tuple[str, Words], ...] = ()
    folded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing known about a row.

    ``path`` leads from the model to the value (``parent__name``; default: the key). ``annotate`` gives an expression
    instead, for what no column holds; it is called within a request. A ROW is another row: ``path`` its name,
    ``uid`` the path of its public id, ``route`` its page. A PERSON has a name at ``path`` and a telephone at ``phone``.
    ``sort``: paths to order by (default: the path itself); ``sortable=False``: not at all.
    ``attribute``: the model's attribute that the form sets, when ``in_form``; ``options`` the rows it may be set to.
    ``only``: those of the choices that fit this kind. ``needs``: another line of the policy table that must let one read it,
    within its own scope where the table says so.
    ``fact``: stands on the row's page; ``quiet``: only when there is something to say.
    ``column`` names the spreadsheet column: the importer's own where there is one, so that both stem from one declaration;
    without one a column is made from ``heading`` or the Chinese label. ``sheet``: files hold it; ``total``: added up below
    the list, over all of its pages, and on paper.
    """

    key: str
    label: Words
    type: Type = Type.TEXT
    path: str = ""
    annotate: Callable[[], Any] | None = None
    uid: str | Callable[[], Any] = ""
    route: str = ""
    phone: str | Callable[[], Any] = ""
    note: str = ""
    choices: Any = None
    only: tuple[str, ...] = ()
    needs: str = ""
    listed: bool = True
    shown: bool = True
    fact: bool = True
    quiet: bool = False
    sortable: bool = True
    sort: tuple[str, ...] = ()
    filter: Filter | None = None
    in_form: bool = False
    attribute: str = ""
    required: bool = False
    options: Callable[[Any], QuerySet[Any]] | None = None
    help: Words = ""
    wide: bool = False
    sheet: bool = True
    total: bool = False
    heading: str = ""
    column: Column | None = None

    @property
    def source(self) -> str:
        """The path of the value in a query."""
        return self.path or self.key

    @property
    def offered(self) -> list[tuple[str, Words]]:
        """The choices that fit, as (code, word)."""
        return [(code, word) for code, word in self.choices.choices if not self.only or code in self.only]

    @property
    def is_numeric(self) -> bool:
        return self.type in (Type.INTEGER, Type.NUMBER, Type.MONEY)


@dataclass(frozen=True, slots=True)
class Hanging:
    """Rows that hang on a row and share its history: the reverse ``accessor``.

    ``needs``: who may read them (policy table). ``label``: what one is called; ``words``: names of its fields where the
    model's own do not do.
    """

    accessor: str
    needs: str = ""
    label: Words = ""
    words: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class State:
    """A state that a list can be narrowed to; the first of a kind is what a list shows unless asked otherwise."""

    code: str
    label: Words
    where: Callable[[date], Q]


@dataclass(frozen=True, slots=True)
class Search:
    """Where the search box looks: names, their pinyin keys (``full``, ``initials``), names in rows below (aliases)."""

    names: tuple[str, ...] = ()
    pinyin: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    help: Words = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What a list without rows says, and what to do next."""

    title: Words
    text: Words = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A place above a page; ``route`` names an address that takes the tenant, and ``uid`` if given."""

    label: Words
    route: str = ""
    uid: Any = None


@dataclass(slots=True, kw_only=True, eq=False)
class Kind:
    """A mechanism, declared: what list, filters, form, files, history and permission are made from.

    ``object``: its line in the policy table. ``visible(access)``: the rows that one may read, own reach included;
    ``within(rows, units)``: those of them that belong to units (for what may be done in the own scope only).
    ``create(access=, values=)`` and ``update(access=, row=, values=, reason=)`` write; they raise ``ValidationError``
    with a sentence for the form. ``refusals``: sentences for constraints of the database, by name: (form field, words).
    ``name_of(row)`` gives the row's name where no single path does (a pairing has two sides).
    ``stem`` begins the names of its routes in ``namespace``: ``<stem>_list``, ``<stem>`` (one row), ``<stem>_edit`` …
    ``page`` names the route of a row's page where another kind makes it (a ledger of receptions shows records).
    ``create_route``: the page that makes a row, where the app makes that page itself.
    ``said``: how the history words the codes of an attribute, from the version.
    ``ledger``: keys of the columns, in order, of the paper ledger that people know; offered as a file of its own.
    """

    code: str
    one: Words
    many: Words
    model: type[Model]
    object: str
    fields: tuple[Field, ...]
    visible: Callable[[Any], QuerySet[Any]]
    within: Callable[[QuerySet[Any], frozenset[int]], QuerySet[Any]]
    namespace: str
    stem: str = ""
    path: str = ""
    title_path: str = "name"
    name_of: Callable[[Any], str] | None = None
    order: tuple[str, ...] = ("pinyin",)
    states: tuple[State, ...] = ()
    search: Search = field(default_factory=Search)
    create: Callable[..., Any] | None = None
    update: Callable[..., Any] | None = None
    initial: Callable[[Any], Mapping[str, Any]] | None = None
    refusals: Mapping[str, tuple[str, Words]] = field(default_factory=dict)
    crumbs: Callable[[Any], list[Crumb]] | None = None
    list_crumbs: tuple[Crumb, ...] = ()
    chip: Callable[[Any], Mapping[str, str] | None] | None = None
    chip_paths: tuple[str, ...] = ()
    history: tuple[Hanging, ...] = ()
    said: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    help: Words = ""
    form_help: Words = ""
    empty: Empty | None = None
    create_label: Words = ""
    create_route: str = ""
    page: str = ""
    ledger: tuple[str, ...] = ()
    title: str = ""

    def __post_init__(self) -> None:
        self.stem = self.stem or self.code

    def route(self, page: str = "") -> str:
        """The name of one of its addresses; ``""`` is the page of one row."""
        if page == "create" and self.create_route:
            return self.create_route
        return f"{self.namespace}:{self.stem}_{page}" if page else self.page or f"{self.namespace}:{self.stem}"

    def may_create(self, access: Access) -> bool:
        """Whether there is a page that makes a row, and ``access`` may use it."""
        return bool(self.create or self.create_route) and access.can(self.object, "C")

    def field(self, key: str) -> Field | None:
        return next((one for one in self.fields if one.key == key), None)

    def fields_for(self, access: Access) -> tuple[Field, ...]:
        """The fields that ``access`` may read at all; on which rows, ``guard`` says."""
        return tuple(one for one in self.fields if not one.needs or access.can(one.needs, "R"))

    def guard(self, one: Field, access: Access) -> QuerySet[Any] | None:
        """The rows on which a field may be read; None for every row."""
        reach = access.reach(one.needs, "R") if one.needs else None
        return None if reach is None else self.within(self.model._default_manager.all(), reach)

    def rows(self, access: Access, action: str) -> QuerySet[Any]:
        """The visible rows on which ``action`` is allowed."""
        rows = self.visible(access)
        reach = access.reach(self.object, action)
        return rows if action == "R" or reach is None else self.within(rows, reach)

    def exportable(self, access: Access) -> QuerySet[Any]:
        """The visible rows that may leave in a file: who reads only the own scope takes away what he reads."""
        rows = self.visible(access)
        reach = access.reach("export", "E")
        return rows if reach is None or access.reach(self.object, "R") is not None else self.within(rows, reach)
