"""Forms of the prefecture's part."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from tenancy.models import Division


class ReaderForm(forms.Form):
    """A login for one prefecture."""

    login = forms.CharField(
        label=_("Login name"),
        max_length=60,
        help_text=_("Small letters, digits and . _ @ -; each name exists once on the platform."),
        validators=[RegexValidator(r"\A[a-z0-9][a-z0-9._@-]*\Z", _("Use small letters, digits and . _ @ - only."))],
    )
    prefecture = forms.ModelChoiceField(
        label=_("Prefecture"),
        queryset=Division.objects.none(),
        help_text=_("Those with a county on the platform."),
        error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        fields: Any = self.fields
        fields["prefecture"].queryset = Division.objects.filter(kind=Division.Kind.PREFECTURE).order_by("code")
