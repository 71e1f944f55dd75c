"""What is asked at each step of a warning and a finding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.asking import day_field, reason_field


def _long(label: Any, required: Any, *, most: int = 1000) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 5}), error_messages={"required": required}
    )


class SignForm(forms.Form):
    doc_no = forms.CharField(label=_("Document number"), max_length=60, required=False)


class AnswerForm(forms.Form):
    text = _long(_("Answer"), _("Write what is done about it."))


class WithdrawForm(forms.Form):
    reason = reason_field()


class HandInForm(forms.Form):
    measures = _long(_("Measures"), _("Write what was done."))


class CloseForm(forms.Form):
    checker = forms.CharField(label=_("Checked by"), max_length=60, required=False, help_text=_("Empty: you."))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class AskTimeForm(forms.Form):
    until = day_field(_("Until when"), required=True)
    reason = reason_field()


class ExtendForm(forms.Form):
    due_on = day_field(_("New day of rectification"), required=True)
    reason = reason_field()


class KeepDayForm(forms.Form):
    reason = reason_field(_("Why not"))


class SendBackForm(forms.Form):
    reason = reason_field(_("What is missing"))
    due_on = day_field(_("New day of rectification"), _("Empty: the day stays."))
