"""Who came to a reception, and with what."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.models import Visitor
from lib.chinese.text import tidy

_DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class VisitorForm(forms.ModelForm):
    """As little as is needed to answer somebody: no identity card number, no age."""

    class Meta:
        model = Visitor
        fields = (
            "name", "phone", "home", "matter", "category", "opinion", "handled_by", "closed_on", "answer", "satisfaction",
        )  # fmt: skip
        widgets = {"matter": forms.Textarea(attrs={"rows": 3}), "closed_on": _DAY}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].required = True
        self.fields["matter"].error_messages["required"] = _("Write what was brought up.")
        self.fields["closed_on"].error_messages["invalid"] = _("Write the day as year-month-day, like 2024-09-03.")
        self.fields["name"].help_text = gettext_lazy("May stay empty: nobody has to give a name.")

    # The database alone sees all rows; this form asks it nothing.
    def validate_unique(self) -> None:
        pass

    def validate_constraints(self) -> None:
        pass

    def clean(self) -> dict[str, Any]:
        return {name: tidy(value) if isinstance(value, str) else value for name, value in (super().clean() or {}).items()}
