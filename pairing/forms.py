"""What is asked to end a pairing and to name who leads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.chinese.phones import parse_phone
from lib.chinese.text import tidy

_DAY = {"invalid": gettext_lazy("Write the day as year-month-day, like 2024-09-03.")}


class EndForm(forms.Form):
    """The last day and why (domain.md §4.1: 年度调整, 期满, 机构改革, 村退出)."""

    REASONS = [
        ("年度调整", gettext_lazy("yearly adjustment")),
        ("期满", gettext_lazy("term over")),
        ("机构改革", gettext_lazy("reform of institutions")),
        ("村退出", gettext_lazy("the village leaves")),
    ]
    ends_on = forms.DateField(
        label=gettext_lazy("Last day"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=_DAY,
        help_text=gettext_lazy("The last day on which the pairing still counts."),
    )
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=REASONS)
    remark = forms.CharField(label=gettext_lazy("In your own words"), max_length=150, required=False)

    def words(self) -> str:
        """The reason as it stands in the history."""
        chosen, remark = self.cleaned_data["reason"], self.cleaned_data["remark"]
        return f"{chosen}:{remark}" if remark else str(chosen)


class HolderForm(forms.Form):
    """Who holds a post of a pairing from a day on: somebody known, or a new name."""

    person: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Person"),
        queryset=None,
        to_field_name="uid",
        required=False,
        empty_label=gettext_lazy("Somebody new (write the name below)"),
        error_messages={"invalid_choice": gettext_lazy("This person is not in the list any more. Choose again.")},
    )
    name = forms.CharField(label=gettext_lazy("New name"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=40, required=False)
    starts_on = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=_DAY,
        help_text=gettext_lazy("Whoever held the post until now ends the day before."),
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = people
        self.initial.setdefault("starts_on", localdate())

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if not typed:
            return ""
        number = parse_phone(typed).number
        if number is None:
            raise ValidationError(_("This is no telephone number. Write 11 digits, or area code and number."))
        return number

    def clean_name(self) -> str:
        return tidy(self.cleaned_data["name"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("person") and not cleaned.get("name"):
            raise ValidationError(_("Choose a person, or write a new name."))
        return cleaned
