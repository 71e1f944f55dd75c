"""Weights of a what-if copy."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext

from assessment.forms.rubrics import marks_field
from assessment.models import RubricLine


class WeightsForm(forms.Form):
    """The marks of each line."""

    def __init__(self, *args: Any, lines: Iterable[RubricLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(lines)
        for line in self.lines:
            field = marks_field(gettext("Marks of %(line)s") % {"line": str(line)})
            field.initial = line.max_score
            self.fields[f"marks_{line.code}"] = field

    def marks(self) -> dict[str, Decimal]:
        return {line.code: self.cleaned_data[f"marks_{line.code}"] for line in self.lines}
