"""What a unit writes: a text, its own score, and by line if it wants to; what it says against a figure."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.actions.disputes import TEXT as DISPUTE
from assessment.actions.self_reports import TEXT, Saying
from assessment.forms.rubrics import marks_field
from assessment.models import RubricLine


class SelfReportForm(forms.Form):
    """The report. Lines that take an own score are told when it is made."""

    text = forms.CharField(
        label=_("What the unit says of its year"), required=False, strip=True, max_length=TEXT,
        widget=forms.Textarea(attrs={"rows": 10, "maxlength": TEXT}),
        help_text=_("At most 1,500 characters. Figures need not be repeated: they are above."),
    )  # fmt: skip
    self_score = marks_field(
        _("Own score as a whole"), required=False, help_text=_("Empty: the sum of the lines, where each has an own score.")
    )

    def __init__(self, *args: Any, lines: Iterable[RubricLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            words = {"line": f"{line.code} {line.name}"}
            self.fields[f"line_{line.code}"] = marks_field(gettext("Own score of %(line)s") % words, required=False)

    def saying(self) -> Saying:
        own = {line.code: self.cleaned_data[f"line_{line.code}"] for line in self.lines}
        given = {code: score for code, score in own.items() if score is not None}
        whole: Decimal | None = self.cleaned_data["self_score"]
        if whole is None and self.lines and len(given) == len(own):
            whole = sum(given.values(), start=Decimal(0))
        return Saying(self.cleaned_data["text"], whole, given)


class DisputeForm(forms.Form):
    """Which record is counted wrongly, or is not counted; and what is wrong."""

    record: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Record"), queryset=None, to_field_name="uid", required=False,
        empty_label=_("none: a record is missing altogether"),
        help_text=_("Point at the record that the figure rests on, or that it should count."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("What is wrong"), max_length=DISPUTE, widget=forms.Textarea(attrs={"rows": 4, "maxlength": DISPUTE})
    )

    def __init__(self, *args: Any, records: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["record"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = records
        field.label_from_instance = lambda one: f"{one.occurred_on:%Y-%m-%d} {one}"  # type: ignore[method-assign, assignment]


class AnswerForm(forms.Form):
    """The county's answer to a dispute."""

    is_upheld = forms.TypedChoiceField(
        label=_("Found"), choices=[("yes", _("The unit is right")), ("no", _("The figure stands"))], widget=forms.RadioSelect,
        coerce=lambda word: word == "yes",
    )  # fmt: skip
    answer = forms.CharField(
        label=_("Answer"), max_length=DISPUTE, widget=forms.Textarea(attrs={"rows": 4, "maxlength": DISPUTE})
    )
