"""Editing and signing a joint report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from activities.models import AuthorSide

LONGEST = 12_000


class TextForm(forms.Form):
    """The words of a report. ``seen`` tells which words were on the screen when editing began."""

    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("[1], [2] … lead to the records below. Keep the marks beside what they prove; a mark may be left out."),
        error_messages={
            "required": _("The report says nothing yet. Write at least one sentence."),
            "max_length": _("The report is longer than %(limit_value)d characters (%(show_value)d). Shorten it."),
        },
    )


class SignForm(forms.Form):
    """One's own signature: nothing is asked but that the words are those on the screen."""

    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)


class ProxyForm(SignForm):
    """A superior's signature for a side."""

    side = forms.ChoiceField(
        label=_("Signed for"),
        choices=[(AuthorSide.UNIT.value, _("the unit")), (AuthorSide.VILLAGE.value, _("the village"))],
        error_messages={"required": _("Say for which side you sign: the unit or the village.")},
    )
    basis = forms.CharField(
        label=_("On what basis"),
        max_length=200,
        help_text=_("For example: paper report signed by the village secretary on 8 January."),
        error_messages={"required": _("Say on what basis you sign for them: a signed paper sheet, a telephone call, a message.")},
    )
