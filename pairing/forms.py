"""What is asked at each step of a pairing, and to name who leads it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.chinese.phones import parse_phone
from lib.chinese.text import tidy
from pairing.models import EndingReason
from tenancy import clock

_DAY = {"invalid": gettext_lazy("Write the day as year-month-day, like 2024-09-03.")}


def _day(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=_DAY,
    )


def _why(label: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label or gettext_lazy("Reason"),
        max_length=200,
        required=required,
        error_messages={"required": gettext_lazy("Say why.")},
    )


def _doc_no() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Of the decision, as 高委组〔2024〕12号."),
    )


class ConfirmForm(forms.Form):
    """Nothing to fill in."""


class DecreeForm(forms.Form):
    """The document by which the county decided."""

    doc_no = _doc_no()


class RejectForm(forms.Form):
    reason = _why()


class SignForm(forms.Form):
    """The day of the signature, or why there is none (domain.md §4.1: agreement_waived with reason)."""

    on = _day(gettext_lazy("Agreement signed on"), required=False)
    waived = _why(gettext_lazy("Or: why no agreement is needed"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("on") and cleaned.get("waived"):
            raise ValidationError(_("Write the day, or why none is needed, not both."))
        return cleaned


class ActivateForm(forms.Form):
    on = _day(gettext_lazy("Active from"), gettext_lazy("What is owed counts from the first full period after this day."))


class SuspendForm(forms.Form):
    on = _day(gettext_lazy("Suspended from"), gettext_lazy("Nothing is owed while the pairing rests."))
    reason = _why()


class ResumeForm(forms.Form):
    on = _day(gettext_lazy("Counts again from"))


class PlanForm(forms.Form):
    on = _day(gettext_lazy("Yearly plan approved on"))


class EndForm(forms.Form):
    """The last day and why (domain.md §4.1)."""

    on = _day(gettext_lazy("Last day"), gettext_lazy("The last day on which the pairing still counts."))
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=EndingReason.choices)
    remark = _why(gettext_lazy("In your own words"), required=False)
    doc_no = _doc_no()


class MoveForm(forms.Form):
    """To which unit the pairings of another one go, from when, by which document (domain.md A23)."""

    to_unit: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Succeeded by"),
        queryset=None,
        to_field_name="uid",
        empty_label=gettext_lazy("Choose"),
        error_messages={"invalid_choice": gettext_lazy("This is not in the list any more. Choose again.")},
    )
    on = _day(gettext_lazy("From"), gettext_lazy("The first day on which the pairings are the successor's."))
    doc_no = _doc_no()
    reason = _why(required=False)

    def __init__(self, *args: Any, successors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_unit"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = successors


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
        self.initial.setdefault("starts_on", clock.today())

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
