"""The form of a kind: made from the fields that say ``in_form``. It checks and cleans; actions write."""

from __future__ import annotations

import copy
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from lib.chinese.text import tidy
from lib.kinds.declare import Access, Field, Kind

REASON, SEEN = "reason", "seen"


class KindForm(forms.ModelForm):
    """Base of the made forms. Constraints are the database's: it alone sees all rows, and ``refusals`` gives the words."""

    def validate_unique(self) -> None:
        pass

    def validate_constraints(self) -> None:
        pass

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        return {name: tidy(value) if isinstance(value, str) else value for name, value in cleaned.items()}


def _attribute(one: Field) -> str:
    return one.attribute or one.source


def _field(one: Field, made: forms.Field, access: Access) -> forms.Field:
    """The form field as declared: rows are named by their public id, days are picked. What the model requires stays required."""
    required = made.required or one.required
    if one.options is not None:
        made = forms.ModelChoiceField(
            queryset=one.options(access),
            to_field_name="uid",
            required=required,
            empty_label=_("Choose") if required else _("None of these"),
            error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
        )
    elif one.choices is not None:
        made = forms.ChoiceField(choices=[*([] if one.required else [("", _("Not said"))]), *one.offered], required=one.required)
    elif isinstance(made, forms.DateField):
        made.widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        made.error_messages["invalid"] = _("Write the day as year-month-day, like 2024-09-03.")
    made.label, made.help_text = str(one.label), str(one.help)
    made.required = required
    made.widget.is_required = made.required
    return made


def form_for(kind: Kind, access: Access, *, data: Any = None, row: Model | None = None, seen: int = 0) -> forms.ModelForm:
    """The form to make a row, or to change ``row``; ``seen`` is how many versions of it there were when it was opened."""
    fields = [one for one in kind.fields if one.in_form]
    made_class = forms.modelform_factory(kind.model, form=KindForm, fields=[_attribute(one) for one in fields])
    # A copy: checking a form writes into its instance, and an action must see the row as it is.
    instance = copy.copy(row) if row is not None else None
    initial = dict(kind.initial(access)) if kind.initial is not None and row is None else {}
    form = made_class(data, instance=instance, initial=initial)
    for one in fields:
        name = _attribute(one)
        form.fields[name] = _field(one, form.fields[name], access)
        if row is not None and one.options is not None:
            form.initial[name] = getattr(row, name)
    if row is not None:
        help_text = _("Stands in the history beside the change.")
        form.fields[REASON] = forms.CharField(
            label=_("Reason for the change"), max_length=200, required=False, help_text=help_text
        )
        form.fields[SEEN] = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=seen)
    return form


def values_of(form: forms.ModelForm) -> dict[str, Any]:
    """What the form says of the row."""
    return {name: value for name, value in form.cleaned_data.items() if name not in (REASON, SEEN)}
