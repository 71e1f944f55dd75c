"""The filters above a list, made from the declaration with django-filter: nothing of a request is used unchecked."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Access, Field, Kind
from lib.kinds.searching import matching
from lib.periods import Span, period_named

ALL = "all"


def _by(where: Callable[[Any], Q]) -> Callable[[QuerySet[Any], str, Any], QuerySet[Any]]:
    def narrowed(rows: QuerySet[Any], name: str, chosen: Any) -> QuerySet[Any]:
        return rows.filter(where(chosen)) if chosen not in (None, "") else rows

    return narrowed


class PeriodField(forms.CharField):
    """A period by its code; cleans to a ``lib.periods.Span``."""

    def clean(self, value: Any) -> Any:
        typed = unicodedata.normalize("NFKC", str(super().clean(value))).strip().upper().replace("年", "-").removesuffix("月")
        year, dash, rest = typed.partition("-")
        code = f"{year}-{rest.zfill(2)}" if dash and rest.isdecimal() else typed
        try:
            return period_named(code) if code else None
        except ValueError:
            raise ValidationError(_("Write a period as 2024-10, 2024-Q4, 2024-W41 or 2024.")) from None


class _PeriodFilter(django_filters.CharFilter):
    field_class = PeriodField


class RowChoices(ModelChoiceIterator):
    """Rows to choose from. Of a model that says by which columns its rows are named (``named_by``) only these are read."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        paths: tuple[str, ...] = getattr(self.queryset.model, "named_by", ())
        if not paths:
            yield from super().__iter__()
            return
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for uid, *names in self.queryset.values_list(self.field.to_field_name or "pk", *paths):
            yield str(uid), " — ".join(names)


class NoIdIsGone:
    """A field that says of what is no public id at all the same as of a row that is gone: people need not hear of ids."""

    error_messages: dict[str, Any]

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)  # type: ignore[misc]
        except ValidationError:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from None


class _RowField(NoIdIsGone, django_filters.fields.ModelChoiceField):
    iterator = RowChoices


class _RowFilter(django_filters.ModelChoiceFilter):
    field_class = _RowField


def _in_span(path: str) -> Callable[[Any], Q]:
    def where(span: Span) -> Q:
        return Q(**{f"{path}__gte": span.starts_on, f"{path}__lte": span.ends_on})

    return where


def _filter(kind: Kind, one: Field, access: Access) -> django_filters.Filter:
    assert one.filter is not None
    told = one.filter
    path = (told.path or one.source) + ("__icontains" if told.widget == "text" else "")
    guard = kind.guard(one, access)

    wanted = told.where or (_in_span(path) if told.widget == "period" else None)
    if told.where_for is not None:
        wanted = partial(told.where_for, access)

    def where(chosen: Any) -> Q:
        fits = wanted(chosen) if wanted else Q(**{path: chosen})
        # What one may not read on a row, one may not find out by filtering either.
        return fits if guard is None else fits & Q(pk__in=guard.values("pk"))

    label, method = told.label or one.label, _by(where)
    if told.widget == "row":
        assert told.rows is not None
        return _RowFilter(
            label=label,
            queryset=told.rows(access),
            to_field_name="uid",
            method=method,
            empty_label=_("All"),
            error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
        )
    if told.widget == "text":
        return django_filters.CharFilter(label=label, method=method, max_length=80)
    if told.widget == "period":
        example = _("2024-10, 2024-Q4 or 2024-W41")
        return _PeriodFilter(
            label=label,
            method=method,
            max_length=20,
            widget=forms.TextInput(attrs={"placeholder": example, "autocomplete": "off"}),
        )
    if told.widget == "day":
        return django_filters.DateFilter(
            label=label,
            method=method,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            error_messages={"invalid": _("Write the day as year-month-day, like 2024-09-03.")},
        )
    offered = [("yes", _("yes")), ("no", _("no"))] if told.widget == "yes_no" else list(told.choices or one.offered)
    coerce = (lambda word: word == "yes") if told.widget == "yes_no" else str
    wrong = {"invalid_choice": _("This is not in the list any more. Choose again.")}
    return django_filters.TypedChoiceFilter(
        label=label, choices=[("", _("All")), *offered], coerce=coerce, method=method, error_messages=wrong
    )


def _states(kind: Kind, on: date) -> django_filters.Filter:
    by_code = {state.code: state.where for state in kind.states}

    def narrowed(rows: QuerySet[Any], name: str, chosen: str) -> QuerySet[Any]:
        return rows if chosen == ALL else rows.filter(by_code[chosen](on))

    choices = [(state.code, state.label) for state in kind.states]
    return django_filters.ChoiceFilter(
        label=_("State"),
        choices=[*choices, (ALL, _("All"))],
        method=narrowed,
        empty_label=None,
        error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
    )


class FilterForm(forms.Form):
    """The boxes above a list: those that everybody uses, and the others behind "more"."""

    def __init__(self, data: Any, *, folded: frozenset[str]) -> None:
        super().__init__(data)
        self._folded = folded

    def plain(self) -> list[forms.BoundField]:
        """What is shown at once."""
        return [one for one in self if one.name not in self._folded]

    def more(self) -> list[forms.BoundField]:
        """What is folded away."""
        return [one for one in self if one.name in self._folded]

    def is_unfolded(self) -> bool:
        """Something folded is in use, and must be seen."""
        return any(self.data.get(name) for name in self._folded)


class _Filters(django_filters.FilterSet):
    """Filters of one request: made for it, so neither they nor their fields are copied as those of a class would be."""

    def __init__(
        self,
        filters: Mapping[str, django_filters.Filter],
        data: Mapping[str, str],
        rows: QuerySet[Any],
        folded: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(data, queryset=rows)
        self.folded = folded
        for one in filters.values():
            one.model, one.parent = rows.model, self
        self.filters = filters

    @cached_property
    def form(self) -> forms.Form:
        form = FilterForm(self.data, folded=self.folded)
        form.fields = {name: one.field for name, one in self.filters.items()}
        return form


def filter_set(kind: Kind, data: Mapping[str, str], rows: QuerySet[Any], access: Access, on: date) -> Any:
    """A django-filter FilterSet bound to the request's parameters. ``form`` is what the page shows."""
    filters: dict[str, Any] = {}
    if kind.search.names:
        filters["q"] = django_filters.CharFilter(
            label=kind.search.help or _("Search"),
            max_length=80,
            method=_by(lambda typed: matching(kind, typed)),
            widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        )
    for one in kind.fields_for(access):
        if one.filter is not None:
            filters[one.key] = _filter(kind, one, access)
    if kind.states:
        filters["state"] = _states(kind, on)
        data = {"state": kind.states[0].code, **{key: data[key] for key in data}}
    folded = frozenset(one.key for one in kind.fields if one.filter is not None and one.filter.folded)
    return _Filters(filters, data, rows, folded)


def names(kind: Kind, access: Access) -> tuple[str, ...]:
    """The parameters that narrow a list of this kind."""
    fields = tuple(one.key for one in kind.fields_for(access) if one.filter is not None)
    return (*(("q",) if kind.search.names else ()), *fields, *(("state",) if kind.states else ()))
