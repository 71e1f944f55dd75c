"""A list as somebody asked for it: filtered, sorted, in chosen columns, one page; two queries however many rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.kinds import cells, filters
from lib.kinds.addresses import Addresses
from lib.kinds.declare import Access, Field, Kind

SIZES = (20, 50, 100, 200)
SIZE = 50
_MAX_PAGE = 100_000


@dataclass
class Listing:
    """What a request asks of a kind's list. ``asked``: its parameters, each the last value; ``columns``: all ``col``."""

    kind: Kind
    access: Access
    tenant: str
    on: date
    asked: Mapping[str, str]
    asked_columns: tuple[str, ...] = ()
    rows: QuerySet[Any] | None = None
    path: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def filter_set(self) -> Any:
        rows = self.kind.visible(self.access) if self.rows is None else self.rows
        return filters.filter_set(self.kind, self.asked, rows, self.access, self.on)

    @cached_property
    def is_valid(self) -> bool:
        return bool(self.filter_set.is_valid())

    @cached_property
    def used(self) -> dict[str, str]:
        """The filters in use, as they stand in the address."""
        default = self.kind.states[0].code if self.kind.states else ""
        found = {name: self.asked.get(name, "") for name in filters.names(self.kind, self.access)}
        return {name: word for name, word in found.items() if word and not (name == "state" and word == default)}

    @cached_property
    def listed(self) -> tuple[Field, ...]:
        return tuple(one for one in self.kind.fields_for(self.access) if one.listed)

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The chosen columns; the first, the row's name, always."""
        chosen = [one for one in self.listed if one.key in self.asked_columns]
        if not chosen:
            return tuple(one for one in self.listed if one.shown or one is self.listed[0])
        return tuple(one for one in self.listed if one in chosen or one is self.listed[0])

    @cached_property
    def sort(self) -> tuple[Field | None, bool]:
        """(field, whether descending); an unknown name sorts as if none were given."""
        word = self.asked.get("sort", "")
        one = self.kind.field(word.removeprefix("-"))
        return (one, word.startswith("-")) if one is not None and one in self.listed and one.sortable else (None, False)

    @cached_property
    def size(self) -> int:
        word = self.asked.get("size", "")
        return int(word) if word in map(str, SIZES) else SIZE

    @cached_property
    def n_rows(self) -> int:
        return int(self.filtered.order_by().count())

    @cached_property
    def n_pages(self) -> int:
        return max(1, -(-self.n_rows // self.size))

    @cached_property
    def page(self) -> int:
        """The page asked for; beyond the last is the last, nonsense the first."""
        word = self.asked.get("page", "")
        wanted = int(word) if word.isascii() and word.isdigit() and len(word) < 7 else 1
        return min(max(wanted, 1), self.n_pages, _MAX_PAGE)

    @cached_property
    def filtered(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.filter_set.qs if self.is_valid else self.filter_set.queryset.none()
        return rows

    @cached_property
    def of_all_states(self) -> QuerySet[Any] | None:
        """The rows that all filters but that of the state leave; None where these cannot be read."""
        form = self.filter_set.form
        if set(form.errors) - {"state"}:
            return None
        rows: QuerySet[Any] = self.filter_set.queryset
        for name, chosen in form.cleaned_data.items():
            if name != "state":
                rows = self.filter_set.filters[name].filter(rows, chosen)
        return rows

    def selected(self, fields: tuple[Field, ...]) -> QuerySet[Any, Any]:
        """The rows in order, as dictionaries of what these fields need. The id breaks ties between pages."""
        annotations, paths = cells.selected(self.kind, self.access, fields)
        sorted_by, descending = self.sort
        if sorted_by is not None and sorted_by not in fields:
            annotations |= cells.selected(self.kind, self.access, (sorted_by,))[0]
        order: list[Any] = []
        if sorted_by is not None:
            paths_of_order = sorted_by.sort or (f"k_{sorted_by.key}",)
            order = [F(p).desc(nulls_last=True) if descending else F(p).asc(nulls_last=True) for p in paths_of_order]
        rows = self.filtered.annotate(**annotations)
        ordered: QuerySet[Any, Any] = rows.order_by(*order, *self.kind.order, "pk")
        return ordered.values("uid", *paths, *self.kind.chip_paths, *annotations)

    @cached_property
    def shown(self) -> list[dict[str, Any]]:
        start = (self.page - 1) * self.size
        return list(self.selected(self.columns)[start : start + self.size]) if self.n_rows else []

    @cached_property
    def totals(self) -> dict[str, Any]:
        """Sums of the shown columns that say so, by key, over all rows of the list and not only this page's; one query."""
        fields = tuple(one for one in self.columns if one.total)
        if not fields or not self.n_rows:
            return {}
        annotations, _paths = cells.selected(self.kind, self.access, fields)
        # A subquery: a filter that joins may not make a row count twice.
        rows = self.kind.model._default_manager.filter(pk__in=self.filtered.order_by().values("pk")).annotate(**annotations)
        sums: dict[str, Any] = rows.aggregate(**{f"sum_{one.key}": Sum(f"k_{one.key}") for one in fields})
        return {one.key: sums[f"sum_{one.key}"] or 0 for one in fields}

    # -- addresses ------------------------------------------------------------------------
    @property
    def _chosen(self) -> list[tuple[str, str]]:
        """What each address of this list carries on."""
        kept = [*self.extra.items(), *self.used.items()]
        kept += [("col", one.key) for one in self.columns] if self.asked_columns else []
        sorted_by, descending = self.sort
        if sorted_by is not None:
            kept.append(("sort", f"-{sorted_by.key}" if descending else sorted_by.key))
        if self.size != SIZE:
            kept.append(("size", str(self.size)))
        return kept

    def hidden(self, *but: str) -> list[dict[str, str]]:
        """The parameters as hidden inputs, without those that the form itself sends."""
        return [{"name": name, "value": word} for name, word in self._chosen if name not in but]

    def url(self, route: str = "list", /, **changed: str) -> str:
        """This list, or its file, with some parameters changed; an empty word takes one out."""
        kept = [(name, word) for name, word in self._chosen if name not in changed]
        kept += [(name, word) for name, word in changed.items() if word]
        path = (self.path if route == "list" else "") or reverse(self.kind.route(route), args=[self.tenant])
        return f"{path}?{urlencode(kept)}" if kept else path

    # -- what the templates read ------------------------------------------------------------
    def table(self) -> dict[str, Any]:
        """The list as templates/parts/table.html reads it."""
        return {
            "id": f"{self.kind.code}-list",
            "caption": self.kind.many,
            "columns": [self._column(one) for one in self.columns],
            "rows": [self._row(row) for row in self.shown],
            "totals": self._totals(),
            "empty": self.empty(),
            "summary": self.summary(),
            "chooser": self._chooser(),
            "exports": self.exports(),
            "pager": self.pager(),
        }

    def summary(self) -> str:
        return ngettext("%(n)s row in all", "%(n)s rows in all", self.n_rows) % {"n": cells.number(self.n_rows)}

    def _column(self, one: Field) -> dict[str, Any]:
        sorted_by, descending = self.sort
        is_sorted = sorted_by is one
        return {
            "key": one.key,
            "label": one.label,
            "numeric": one.is_numeric,
            "wide": one.wide,
            "sort_url": self.url(sort=one.key if not is_sorted or descending else f"-{one.key}") if one.sortable else "",
            "sort_state": ("descending" if descending else "ascending") if is_sorted else "",
        }

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        made = [cells.cell(row, one, label, self._address) for one, label in self._labelled]
        chip = self.kind.chip(row) if self.kind.chip else None
        if chip:
            made[0]["chip"] = chip
        return {"url": self._address(self.kind.route(), row["uid"]), "cells": made}

    @cached_property
    def _address(self) -> Addresses:
        return Addresses(self.tenant, self.access)

    @cached_property
    def _labelled(self) -> list[tuple[Field, str]]:
        """The columns with their labels, translated once and not for each row."""
        return [(one, str(one.label)) for one in self.columns]

    def _totals(self) -> list[dict[str, Any]]:
        """The cells of the last line; empty without a column to add up."""
        if not self.totals:
            return []
        name = ngettext("Total of %(n)s row", "Total of %(n)s rows", self.n_rows) % {"n": cells.number(self.n_rows)}
        made: list[dict[str, Any]] = [{"text": name, "label": ""}]
        for one in self.columns[1:]:
            text = cells.number(self.totals[one.key]) if one.key in self.totals else ""
            made.append({"text": text, "label": one.label, "numeric": one.is_numeric})
        return made

    def _chooser(self) -> dict[str, Any]:
        columns = [
            {"key": one.key, "label": one.label, "chosen": one in self.columns, "fixed": one is self.listed[0]}
            for one in self.listed
        ]
        action = self.path or reverse(self.kind.route("list"), args=[self.tenant])
        return {"action": action, "name": "col", "columns": columns, "hidden": self.hidden("col")}

    def exports(self) -> list[dict[str, str]]:
        """The two files of exactly this list; none for those who may not take any away."""
        if not self.access.can("export", "E") or not self.n_rows:
            return []
        files = [
            {"label": _("Excel for printing"), "url": self.url("export", form="official")},
            {"label": _("Excel for data"), "url": self.url("export", form="machine")},
        ]
        if self.kind.ledger:
            files.insert(0, {"label": _("Excel, the whole ledger"), "url": self.url("export", form="ledger")})
        return files

    def pager(self) -> dict[str, Any]:
        first = (self.page - 1) * self.size + 1
        return {
            "count": self.n_rows,
            "first": first,
            "last": min(first + self.size - 1, self.n_rows),
            "page": self.page,
            "pages": self.n_pages,
            "prev_url": self.url(page=str(self.page - 1)) if self.page > 1 else "",
            "next_url": self.url(page=str(self.page + 1)) if self.page < self.n_pages else "",
            "sizes": {
                "action": self.path or reverse(self.kind.route("list"), args=[self.tenant]),
                "name": "size",
                "options": [{"value": size, "chosen": size == self.size} for size in SIZES],
                "hidden": self.hidden("size"),
            },
        }

    def empty(self) -> dict[str, Any]:
        """Why there are no rows: wrong words, a narrow filter, or nothing yet; each with what to do next."""
        if not self.is_valid:
            return {"title": _("The filter cannot be read."), "text": _("Correct the fields marked above, or clear the filters.")}
        if self.used:
            return {
                "title": _("Nothing fits the filter."),
                "text": _("Take away a condition, or search by pinyin or initials."),
                "action_url": self.path or reverse(self.kind.route("list"), args=[self.tenant]),
                "action_label": _("Clear the filters"),
            }
        if self.access.reach(self.kind.object, "R") is not None:
            # Not "there are none": there are none for this person.
            return {
                "title": _("There is nothing here within your scope."),
                "text": _("You see what belongs to your own unit, town or village, and what is paired with it."),
            }
        told = self.kind.empty
        made: dict[str, Any] = {"title": told.title if told else _("Nothing here yet."), "text": told.text if told else ""}
        if self.kind.may_create(self.access):
            label = self.kind.create_label or _("New")
            made |= {"action_url": reverse(self.kind.route("create"), args=[self.tenant]), "action_label": label}
        return made
