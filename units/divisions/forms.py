"""Bringing a newer list of division codes, and narrowing its lines."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.divisions.edition import CountyList, EditionUnreadable, read_brought
from units.divisions.revising import RevisionRefused, edition_date
from units.models import DivisionChange


class EditionForm(forms.Form):
    """A list of codes and the day it describes. ``county`` holds what was read of it."""

    edition = forms.CharField(
        label=gettext_lazy("Day that the list describes"),
        max_length=10,
        help_text=gettext_lazy("For example 2024-06-30; the publisher names it."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    file = forms.FileField(
        label=gettext_lazy("List of division codes"),
        help_text=gettext_lazy("Lines of code and name as .csv or .csv.xz; the list of the whole country will do."),
        widget=forms.FileInput(attrs={"accept": ".csv,.xz"}),
        error_messages={"empty": gettext_lazy("The file is empty. Choose the list of division codes.")},
    )
    county: CountyList

    def __init__(self, *args: Any, division_code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.division_code = division_code

    def clean_edition(self) -> Any:
        try:
            return edition_date(self.cleaned_data["edition"], today=localdate())
        except RevisionRefused as refused:
            raise forms.ValidationError(str(refused)) from refused

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > settings.IMPORT_MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 20 MB. Compress it to .csv.xz, or keep this county's lines only.")
            )
        try:
            self.county = read_brought(file.read(), self.division_code)
        except EditionUnreadable as problem:
            raise forms.ValidationError(str(problem)) from problem
        return file


class LinesForm(forms.Form):
    """Which lines of a revision are shown; anything else than these words is as if nothing had been chosen."""

    kind = forms.ChoiceField(required=False, choices=[("", ""), *DivisionChange.Kind.choices])
    state = forms.ChoiceField(required=False, choices=[("", ""), *DivisionChange.State.choices])
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000)

    def chosen(self) -> dict[str, Any]:
        """The valid choices."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}
