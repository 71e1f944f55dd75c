"""Forms of the operator."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class CountySearchForm(forms.Form):
    """Looking for a county in the division list."""

    q = forms.CharField(label=_("County"), max_length=40, help_text=_("Name, pinyin or the first digits of its code."))


class NewCountyForm(forms.Form):
    """Setting a county up; empty name and address name are made from the list."""

    code = forms.CharField(label=_("Division code"), max_length=6, min_length=6, help_text=_("Six digits."))
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    slug = forms.CharField(
        label=_("Address name"),
        max_length=40,
        required=False,
        help_text=_("Small letters, digits and hyphens; part of every address, for example gaozhou."),
    )


class FirstAdminForm(forms.Form):
    """The login of a county's first administrator."""

    login = forms.CharField(
        label=_("Login name"),
        max_length=60,
        help_text=_("Small letters, digits and . _ @ -; each name exists once on the platform."),
    )
