"""What is asked for a waiver: days, for whom, which rules, why, by whose word."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.actions.waivers import WaiverFacts
from activities.forms.rules import day_field
from activities.models import WaiverScope
from pairing.models import Programme


class WaiverForm(forms.Form):
    """A new waiver."""

    starts_on = day_field(_("From"))
    ends_on = day_field(_("To"), _("The last day on which nothing is asked."))
    scope = forms.ChoiceField(label=_("For"), choices=WaiverScope.choices, initial=WaiverScope.ALL, widget=forms.RadioSelect)
    town: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Town"), queryset=None, to_field_name="uid", required=False, empty_label=_("none"),
        help_text=_("Only for a waiver for one town."),
    )  # fmt: skip
    pairing: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Pairing"), queryset=None, to_field_name="uid", required=False, empty_label=_("none"),
        help_text=_("Only for a waiver for one pairing."),
    )  # fmt: skip
    rules = forms.MultipleChoiceField(
        label=_("Rules"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("None ticked: all of them.")
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Like: 台风, 防汛, 疫情. Stands beside each waived period.")
    )
    approver = forms.CharField(label=_("Approved by"), max_length=60, required=False)
    doc_no = forms.CharField(label=_("Document number"), max_length=60, required=False)

    def __init__(self, *args: Any, towns: Any, pairings: Any, rules: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("town", towns), ("pairing", pairings)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
        chosen = self.fields["rules"]
        assert isinstance(chosen, forms.MultipleChoiceField)
        chosen.choices = rules

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("starts_on"), values.get("ends_on")
        if first and last and first > last:
            self.add_error("ends_on", _now("The last day lies before the first. Correct one of them."))
        # What was chosen for another scope is left over from changing one's mind.
        for name in ("town", "pairing"):
            if values.get("scope") != name:
                values[name] = None
        return values

    def facts(self, programme: Programme) -> WaiverFacts:
        return WaiverFacts(programme=programme, **self.cleaned_data)


class WithdrawForm(forms.Form):
    """Why a waiver is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=200)
