"""Uploading a Word template."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

WORD_FILES = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class TemplateForm(forms.Form):
    """One .docx. What is in it, ``lib.papers`` checks."""

    file = forms.FileField(
        label=_("Word template"),
        allow_empty_file=True,
        max_length=255,
        help_text=_("A .docx file of up to 2 MB. It is tried before it is kept."),
        widget=forms.FileInput(attrs={"accept": WORD_FILES}),
        error_messages={"required": _("Choose a file.")},
    )
