"""What the kinds of units share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Crumb, Field, Hanging, Search, State, Type
from lib.sheets.columns import Column
from tenancy.access import Access
from units.actions import create_unit
from units.models import Unit, UnitKind
from units.queries import choosable_parents, visible_towns
from units.queries.people import holder_name, holder_phone

STATES = (
    State("live", _("Existing"), lambda on: Q(ends_on=None)),
    State("ended", _("Ended"), lambda on: ~Q(ends_on=None)),
)
SEARCH = Search(
    names=("name", "short_name"),
    pinyin=("pinyin",),
    initials=("initials",),
    below=("aliases__key",),
    help=_("Name, pinyin or initials, for example cj."),
)
POSTS = Hanging("posts", label=_("post held"), words={"title": _("Title of the post")})
HISTORY = (
    POSTS,
    Hanging("listings", needs="designation", label=_("place on a list")),
    Hanging("aliases", label=_("other name")),
)
CRUMBS = (Crumb(_("Units and villages"), "units:list"),)
REFUSALS: Mapping[str, tuple[str, Any]] = {
    "unit_name_once": ("name", _("There is one of this name already. Open that one, or add what tells them apart.")),
    "unit_code_once": ("division_code", _("Another unit has this code. Check the number.")),
    "unit_ends_after_start": ("starts_on", _("The first day cannot lie after the last.")),
}


def ended_chip(row: Mapping[str, Any]) -> dict[str, str] | None:
    """The mark of a unit that has ended."""
    return {"word": str(_("Ended")), "tone": "grey", "mark": "dash"} if row["ends_on"] is not None else None


def name_field(label: Any, *, column: Column | None = None) -> Field:
    return Field(
        key="name",
        label=label,
        sort=("pinyin",),
        in_form=True,
        required=True,
        fact=False,
        wide=True,
        column=column,
        help=_("As it stands on the seal."),
    )


def parent_field(label: Any, *kinds: UnitKind, route: str, required: bool = True, **more: Any) -> Field:
    return Field(
        key="parent",
        label=label,
        type=Type.ROW,
        path="parent__name",
        uid="parent__uid",
        route=route,
        sort=("parent__pinyin",),
        in_form=True,
        attribute="parent",
        required=required,
        options=lambda access: choosable_parents(access, *kinds),
        **more,
    )


def holder_field(key: str, label: Any, post: str, *, column: Column | None = None, shown: bool = True) -> Field:
    """Who holds a post now; the telephone stands masked below the name, and whole in a file."""
    return Field(
        key=key,
        label=label,
        type=Type.PERSON,
        annotate=lambda: holder_name(post),
        phone=lambda: holder_phone(post),
        shown=shown,
        fact=False,
        sortable=False,
        column=column,
    )


CODE = Field(
    key="division_code",
    label=_("Division code"),
    in_form=True,
    shown=False,
    help=_("9 or 12 digits; leave it empty when there is none."),
)
STARTS = Field(key="starts_on", label=_("From"), type=Type.DATE, in_form=True, shown=False)
ENDS = Field(key="ends_on", label=_("To"), type=Type.DATE, shown=False, quiet=True)
SUCCESSOR = Field(
    key="succeeded_by",
    label=_("Succeeded by"),
    path="succeeded_by__name",
    listed=False,
    sheet=False,
    quiet=True,
)


def notes_field(column: Column | None = None) -> Field:
    return Field(key="notes", label=_("Notes"), in_form=True, quiet=True, shown=False, sortable=False, wide=True, column=column)


def town_filter(path: str) -> dict[str, Any]:
    """Arguments of a filter by town; ``path`` leads to the town."""
    return {"widget": "row", "path": path, "rows": live_towns}


def live_towns(access: Access) -> Any:
    return visible_towns(access).filter(ends_on=None).order_by("division_code", "pinyin", "id")


def created_as(kind: UnitKind) -> Callable[..., Unit]:
    """``create`` of a kind whose form does not ask what kind it is."""

    def create(*, access: Access, values: Mapping[str, Any]) -> Unit:
        return create_unit(access=access, values={"kind": kind, **values})

    return create
