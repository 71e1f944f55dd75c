"""What is asked to create an assessment and to lead it on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.forms.rules import day_field
from assessment.models import Rubric
from pairing.models import Programme


class CycleForm(forms.Form):
    """A new assessment: of which programme and calendar year, by which rubric."""

    programme: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Programme"), queryset=None, to_field_name="uid", empty_label=None
    )
    year = forms.IntegerField(
        label=_("Calendar year"), min_value=2000, max_value=2100, help_text=_("The year that is assessed, for example 2025.")
    )
    title = forms.CharField(label=_("Title"), max_length=120, required=False, help_text=_("Left empty, it is made of the year."))
    rubric: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Rubric"), queryset=None, to_field_name="uid", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, Any] = {
            "programme": Programme.objects.order_by("-year", "id"),
            "rubric": Rubric.objects.filter(is_what_if=False).order_by("code", "-number"),
        }
        for name, rows in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        rubric = self.fields["rubric"]
        assert isinstance(rubric, forms.ModelChoiceField)
        rubric.label_from_instance = named  # type: ignore[method-assign, assignment]

    def values(self) -> dict[str, Any]:
        """Keywords of the action, with the calendar year's first and last day."""
        given = self.cleaned_data
        year = given["year"]
        return {
            **given,
            "title": given["title"] or str(_("Assessment of %(year)d")) % {"year": year},
            "starts_on": date(year, 1, 1),
            "ends_on": date(year, 12, 31),
        }


def named(rubric: Any) -> str:
    """A version of a rubric as a choice."""
    return str(_("%(title)s, %(code)s version %(n)d")) % {"title": rubric.title, "code": rubric.code, "n": rubric.number}


class UntilForm(forms.Form):
    """Until when units may report."""

    until = day_field(_("Self-reports until"), _("The last day on which units hand their report in. It can be put off later."))


class ReasonForm(forms.Form):
    """Why something is done that people will ask about."""

    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stands in the history, and beside each change."))


class NothingForm(forms.Form):
    """Nothing is asked; the button is the answer."""
