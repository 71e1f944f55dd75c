"""What the minutes of the leading group say."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from activities.forms.rules import day_field
from assessment.actions.decisions import Decision
from assessment.models import UnitResult


class DecisionForm(forms.Form):
    """Number and day of the minutes; a grade for each unit, and a reason where it differs from the computed one."""

    minutes_no = forms.CharField(label=_("Number of the minutes"), max_length=60)
    decided_on = day_field(_("Day of the meeting"))
    # What had been kept when the page was opened.
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def __init__(self, *args: Any, results: Iterable[UnitResult], words: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.results = list(results)
        self.fields["seen"].initial = self._kept()
        for row in self.results:
            about = {"unit": row.unit.name}
            grade = forms.ChoiceField(
                label=gettext("Grade of %(unit)s") % about, choices=list(words.items()), initial=row.grade_final
            )
            reason = forms.CharField(
                label=gettext("Reason for %(unit)s") % about, max_length=200, required=False, initial=row.changed_because
            )
            grade.widget.attrs["aria-label"] = grade.label
            reason.widget.attrs["aria-label"] = reason.label
            self.fields[f"grade_{row.unit.uid}"], self.fields[f"reason_{row.unit.uid}"] = grade, reason

    def _kept(self) -> str:
        """Minutes, grades and reasons as a short text that is another when any of them is another."""
        minutes = [str(self.initial.get(name) or "") for name in ("minutes_no", "decided_on")]
        grades = [f"{row.unit_id} {row.grade_final} {row.changed_because}" for row in self.results]
        return hashlib.sha256("\n".join([*minutes, *grades]).encode()).hexdigest()

    def clean(self) -> dict[str, Any]:
        """Two who type in the same minutes do not write over each other."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("seen") and given["seen"] != self._kept():
            raise forms.ValidationError(
                gettext(
                    "Grades were kept or became others after you opened the page. Look at them as they are now, then do it again."
                )
            )
        return given

    def decisions(self) -> dict[int, Decision]:
        """By unit; one whose grade is the computed one changes nothing."""
        return {
            row.unit_id: Decision(self.cleaned_data[f"grade_{row.unit.uid}"], self.cleaned_data[f"reason_{row.unit.uid}"])
            for row in self.results
        }
