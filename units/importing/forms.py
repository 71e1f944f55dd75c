"""Shape and cleaning of what the import pages and the API are sent."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from units.importing.registry import ImportKind
from units.models import ImportRow

LONGEST_KEY = 2000
ACCEPTED = ".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"


class UploadForm(forms.Form):
    """A file, and what its kind of ledger asks for beside it."""

    file = forms.FileField(
        label=_("File"),
        # Django's own answer to an empty file is not a sentence that helps; the importer's is.
        allow_empty_file=True,
        max_length=255,
        help_text=_("An .xlsx or .csv file of up to 20 MB, in the form that people know."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": _("Choose a file.")},
    )

    def __init__(self, *args: Any, kind: ImportKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.kept: dict[str, Any] = {}
        self.fields |= kind.fields()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            self.kept = self.kind.options(cleaned)
        except ValidationError as problem:
            self.add_error(None, problem)
        return cleaned


class PlaceForm(forms.Form):
    """Which rows the page shows: a status and a page of them. Nonsense falls back to the first page of all."""

    status = forms.ChoiceField(choices=[("", "")], required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", ""), *ImportRow.Status.choices]

    def place(self) -> tuple[str, int]:
        self.is_valid()
        return str(self.cleaned_data.get("status") or ""), int(self.cleaned_data.get("page") or 1)


class AnswerForm(forms.Form):
    """One answer to one question. ``key``: the question's three parts as JSON."""

    key = forms.CharField(max_length=LONGEST_KEY)
    answer = forms.CharField(max_length=200, required=False)

    def clean_key(self) -> list[str]:
        return parsed_key(self.cleaned_data["key"])


def parsed_key(text: str) -> list[str]:
    """A question's key from JSON. Raises ValidationError for anything else."""
    try:
        key = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise ValidationError(_("This is not the key of a question.")) from problem
    if not isinstance(key, list) or len(key) != 3 or not all(isinstance(part, str) for part in key):
        raise ValidationError(_("This is not the key of a question."))
    return key


class AlikeForm(forms.Form):
    """One answer to all open questions of a kind."""

    code = forms.CharField(max_length=40)
    column = forms.CharField(max_length=60, required=False)
    answer = forms.CharField(max_length=200)


class SheetsForm(forms.Form):
    """The ticked sheets of a file."""

    sheets = forms.MultipleChoiceField(required=False, error_messages={"invalid_choice": _("Tick sheets of this file only.")})

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheets"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(name, name) for name in names]
