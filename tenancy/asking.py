"""Form fields that steps share: why, and on which day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


def reason_field(label: Any = "") -> forms.CharField:
    """Why something is withdrawn, sent back, taken off: at most 200 characters."""
    return forms.CharField(
        label=label or _("Reason"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why.")},
    )


def day_field(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """A day that is picked."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as year-month-day, like 2024-09-03.")},
    )
