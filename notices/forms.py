"""Forms of the inbox and of the list of messages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notices import words
from notices.actions import LONGEST_ANSWER
from notices.models import Outcome
from tenancy import clock


class AnswerNoticeForm(forms.Form):
    """Seen, and what comes of it: a word of explanation, a day, or both."""

    text = forms.CharField(
        label=gettext_lazy("What was done, or why not"),
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    promise_on = forms.DateField(
        label=gettext_lazy("Will be done by"),
        required=False,
        help_text=gettext_lazy("You are reminded once more after this day, if it is still open."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Write the day like 2024-09-03.")},
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if not self.errors and not values.get("text") and not values.get("promise_on"):
            raise ValidationError(_("Write what was done or why not, or name the day by which it will be done."))
        promised = values.get("promise_on")
        if promised is not None and promised < clock.today():
            self.add_error("promise_on", _("This day is past. Name today or a later day."))
        return values


class InboxFilterForm(forms.Form):
    """What of the inbox is shown."""

    unread = forms.BooleanField(required=False)
    level = forms.TypedChoiceField(choices=[("0", "0"), ("1", "1")], coerce=int, empty_value=None, required=False)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)


class OutboxFilterForm(forms.Form):
    """Filters of the list of messages."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    level = forms.TypedChoiceField(label=gettext_lazy("Level"), coerce=int, empty_value=None, required=False)
    person = forms.CharField(label=gettext_lazy("Recipient"), required=False, max_length=40)
    pairing = forms.UUIDField(required=False, widget=forms.HiddenInput)
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = ("", _("all"))
        for name, choices in (
            ("outcome", [("waiting", _("waiting")), *Outcome.choices]),
            ("kind", words.kinds()),
            ("level", [("0", _("0 due soon")), ("1", _("1 overdue"))]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [everything, *choices]
