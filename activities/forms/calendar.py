"""What is asked for a day of the working calendar, and to open a locked month again."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rules import day_field
from lib.periods import periods
from pairing.models import Programme


class DayForm(forms.Form):
    """Whether a day is worked on."""

    is_working = forms.TypedChoiceField(
        label=_("This day is"),
        choices=[("yes", _("worked on")), ("no", _("free"))],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Note"), max_length=60, required=False, help_text=_("Like: 国庆节, 调休上班, 台风停工."))


class ReopenForm(forms.Form):
    """Which locked month takes entries again, for whom, until when, and why."""

    month = forms.TypedChoiceField(label=_("Month"), coerce=date.fromisoformat)
    pairing: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Pairing"), queryset=None, to_field_name="uid", required=False, empty_label=_("all pairings")
    )
    until = day_field(_("Open until"), _("The last day on which entries are taken."))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, programme: Programme, pairings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field, month = self.fields["pairing"], self.fields["month"]
        assert isinstance(field, forms.ModelChoiceField)
        assert isinstance(month, forms.TypedChoiceField)
        field.queryset = pairings
        months = [span.starts_on for span in periods("month", programme.starts_on, programme.ends_on)]
        month.choices = [(day.isoformat(), f"{day.year}年{day.month}月") for day in months]
