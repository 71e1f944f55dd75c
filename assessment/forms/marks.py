"""The village's mark of its partner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessment.entering import bounds_of
from assessment.models import RubricLine


class MarkForm(forms.Form):
    """A number for each line that the other side marks, and a note."""

    def __init__(self, *args: Any, lines: Sequence[RubricLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            least, most = bounds_of(line)
            self.fields[line.code] = forms.CharField(
                label=_("%(name)s, from %(least)s to %(most)s") % {"name": line.name, "least": f"{least:f}", "most": f"{most:f}"},
                max_length=20,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
                error_messages={"required": _("Write a number, for example 3 or 2.5.")},
            )
        self.fields["note"] = forms.CharField(
            label=_("Why, in a sentence"),
            required=False,
            max_length=400,
            widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("The unit sees neither the mark nor this note."),
        )
