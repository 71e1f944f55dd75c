"""Forms of projects, livelihood items and courtyards: their columns, and the further ones of their ledger."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from activities.actions.items import NEEDS_REASON, ItemFacts, next_states
from activities.forms.records import pairing_words
from activities.kinds import benefit_project, courtyard, livelihood_item
from activities.kinds.items import Detail, state_word
from activities.models import AuthorSide, Item, ItemKind
from lib.chinese.text import tidy
from lib.kinds.declare import Type
from pairing.models import Pairing

_DECLARED: Mapping[str, ModuleType] = {
    ItemKind.PROJECT: benefit_project,
    ItemKind.LIVELIHOOD: livelihood_item,
    ItemKind.COURTYARD: courtyard,
}
# In the order of the paper ledger.
_FIELDS: Mapping[str, tuple[str, ...]] = {
    ItemKind.PROJECT: (
        "name", "category", "description", "money_yuan", "raised_on", "planned_on", "person_in_charge",
    ),
    ItemKind.LIVELIHOOD: (
        "name", "category", "description", "raised_on", "planned_on", "money_yuan", "beneficiaries", "person_in_charge",
    ),
    ItemKind.COURTYARD: ("house_no", "householder", "raised_on"),
}  # fmt: skip
_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def details_of(kind: str) -> tuple[Detail, ...]:
    """The further columns of a kind's ledger."""
    found: tuple[Detail, ...] = _DECLARED[kind].DETAILS
    return found


def _detail_field(one: Detail) -> forms.Field:
    common: dict[str, Any] = {"label": str(one.label), "required": False}
    if one.choices:
        return forms.ChoiceField(choices=[("", _("Not said")), *((word, word) for word in one.choices)], **common)
    if one.type == Type.INTEGER:
        return forms.IntegerField(min_value=0, max_value=100 if one.key == "progress" else 10_000_000, **common)
    if one.type in (Type.MONEY, Type.NUMBER):
        return forms.DecimalField(min_value=0, max_digits=16, decimal_places=2, **common)
    return forms.CharField(max_length=200, **common)


class ItemForm(forms.Form):
    """One item; ``kind`` says which fields there are."""

    pairing = forms.ChoiceField(label=gettext_lazy("Pairing"))
    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=120)
    house_no = forms.CharField(label=gettext_lazy("House number"), max_length=40)
    householder = forms.CharField(label=gettext_lazy("Householder"), max_length=40, required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    description = forms.CharField(
        label=gettext_lazy("Content"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    money_yuan = forms.DecimalField(
        label=gettext_lazy("Money (yuan)"), min_value=0, max_digits=16, decimal_places=2, required=False
    )
    raised_on = forms.DateField(label=gettext_lazy("Raised on"), required=False, widget=_DAY)
    planned_on = forms.DateField(label=gettext_lazy("To be done by"), required=False, widget=_DAY)
    beneficiaries = forms.CharField(label=gettext_lazy("Beneficiaries"), max_length=120, required=False)
    person_in_charge = forms.CharField(label=gettext_lazy("Person in charge"), max_length=40, required=False)

    def __init__(self, data: Any = None, *, kind: str, pairings: list[Pairing], item: Item | None = None) -> None:
        self.kind, self.item, self.offered = kind, item, pairings
        super().__init__(data, initial=self._standing(item))
        wanted = ("pairing", *_FIELDS[kind])
        self.fields = {name: self.fields[name] for name in wanted}
        self._choices("pairing", [(str(one.uid), pairing_words(one, AuthorSide.UNIT, is_proxy=True)) for one in pairings])
        if "category" in self.fields:
            words = _DECLARED[kind].CATEGORIES
            self._choices("category", [("", _("Not said")), *((word, word) for word in words)])
        for one in details_of(kind):
            self.fields[one.key] = _detail_field(one)
        if kind != ItemKind.LIVELIHOOD:
            self.fields["raised_on"].label = _("Begun on")
        if item is not None:
            del self.fields["pairing"]
            self.fields["reason"] = forms.CharField(label=_("Reason for the change"), max_length=200, required=False)
        elif len(pairings) == 1:
            self.fields["pairing"].initial = str(pairings[0].uid)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.error_messages["invalid"] = _("Write the day as year-month-day, like 2024-09-03.")
            if isinstance(field, (forms.IntegerField, forms.DecimalField)):
                field.error_messages["invalid"] = _("Write a number, without words.")

    def _choices(self, name: str, offered: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered
        field.error_messages["invalid_choice"] = _("This is not in the list any more. Choose again.")

    @staticmethod
    def _standing(item: Item | None) -> dict[str, Any]:
        if item is None:
            return {}
        names = {name for fields in _FIELDS.values() for name in fields}
        return {**{name: getattr(item, name) for name in names}, **item.details}

    def clean(self) -> dict[str, Any]:
        return {name: tidy(value) if isinstance(value, str) else value for name, value in (super().clean() or {}).items()}

    def facts(self) -> ItemFacts:
        """What the form says."""
        given = self.cleaned_data
        keys = [one.key for one in details_of(self.kind)]
        details = {key: _plain(given[key]) for key in keys if given.get(key) not in (None, "")}
        values = {name: given[name] for name in _FIELDS[self.kind]}
        if self.item is not None:
            pairing = self.item.pairing
        else:
            pairing = next(one for one in self.offered if str(one.uid) == given["pairing"])
        return ItemFacts(kind=self.kind, pairing=pairing, details=details, **{"name": "", **values})


def _plain(value: Any) -> Any:
    """A value as JSON keeps it exactly."""
    return value if isinstance(value, (str, int)) else str(value)


class StateForm(forms.Form):
    """The next state of an item, with why."""

    state = forms.ChoiceField(label=gettext_lazy("New state"), widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, item: Item) -> None:
        super().__init__(data)
        states = next_states(item)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(state, state_word(state, item.kind)) for state in states]
        field.error_messages["required"] = _("Choose the state it has come to.")
        if any(state in NEEDS_REASON for state in states):
            self.fields["reason"].help_text = _("Needed when it is paused, stopped or withdrawn.")


class CoLeadsForm(forms.Form):
    """Which units lead a project together with its own."""

    pairings = forms.MultipleChoiceField(
        label=gettext_lazy("Leading it together"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, data: Any = None, *, offered: list[Pairing], chosen: list[str]) -> None:
        super().__init__(data, initial={"pairings": chosen})
        self.offered = offered
        field = self.fields["pairings"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(one.uid), one.unit.name) for one in offered]

    def chosen(self) -> list[Pairing]:
        """The pairings ticked."""
        return [one for one in self.offered if str(one.uid) in self.cleaned_data["pairings"]]


class HouseForm(forms.Form):
    """The house number of a courtyard that came in without one."""

    house_no = forms.CharField(
        label=gettext_lazy("House number"), max_length=40,
        error_messages={"required": gettext_lazy("Write the house number: a household counts as new once.")},
    )  # fmt: skip
    householder = forms.CharField(label=gettext_lazy("Householder"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        return {name: tidy(value) for name, value in (super().clean() or {}).items()}


class DegradedForm(forms.Form):
    """Since when a courtyard is no longer kept up; empty: it is kept up again."""

    on = forms.DateField(
        label=gettext_lazy("No longer kept up since"), required=False, widget=_DAY,
        help_text=gettext_lazy("Leave it empty once it is kept up again."),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)
