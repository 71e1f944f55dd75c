"""Forms of accounts, feedback, settings and the event log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.chinese.text import fold
from tenancy.models import Account, TenantSettings

if TYPE_CHECKING:
    # Django's own class takes no type in brackets when it runs.
    _SettingsModelForm = forms.ModelForm[TenantSettings]
else:
    _SettingsModelForm = forms.ModelForm


def _secret(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    # No stripping: a space is part of a password. 128: longer ones only cost hashing time.
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, help_text=help_text)


class SignInForm(forms.Form):
    """Login name and password. Whether they are right is not the form's to say."""

    login = forms.CharField(
        label=gettext_lazy("Login name"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = _secret(gettext_lazy("Password"), "current-password")
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def clean_login(self) -> str:
        # A phone's keyboard makes full-width letters and capitals.
        return fold(str(self.cleaned_data["login"])).strip().lower()

    def refuse(self) -> None:
        """Say that something was wrong, and never what."""
        self.add_error(None, _("The login name or the password is wrong. Check both; after five wrong tries you must wait."))


class CodeForm(forms.Form):
    """The second factor's code at sign-in."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("The six digits of your authenticator app, or one of your recovery codes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def refuse(self) -> None:
        self.add_error("code", _("This code is wrong, too old, or was used before. Take the one that the app shows now."))


class PasswordForm(forms.Form):
    """A new password; the present one is asked for unless it was given a moment ago at a first sign-in."""

    current = _secret(gettext_lazy("Present password"), "current-password")
    new = _secret(gettext_lazy("New password"), "new-password")
    again = _secret(gettext_lazy("New password once more"), "new-password")

    def __init__(self, *args: Any, account: Account, asks_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["new"].help_text = " ".join(str(text) for text in password_validators_help_texts())
        if not asks_current:
            del self.fields["current"]

    def clean_new(self) -> str:
        password = str(self.cleaned_data["new"])
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("new") and values.get("again") and values["new"] != values["again"]:
            self.add_error("again", ValidationError(_("The two are not the same. Write the new password twice.")))
        if values.get("new") and values.get("new") == values.get("current"):
            self.add_error("new", ValidationError(_("This is your present password. Choose another.")))
        return values

    def refuse_current(self) -> None:
        self.add_error("current", _("This is not your present password."))


class ConfirmCodeForm(forms.Form):
    """The first code of a new authenticator, or a code to confirm a change."""

    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=20,
        help_text=gettext_lazy("The six digits that the app shows now."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def refuse(self) -> None:
        self.add_error("code", _("This code is wrong, too old, or was used before. Take the one that the app shows now."))


class CountyForm(forms.Form):
    """The address name of a county, on the start page."""

    county = forms.SlugField(
        label=gettext_lazy("Address name of your county"),
        max_length=40,
        help_text=gettext_lazy("Small letters, for example gaozhou. It stands in the address that your county gave you."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"invalid": gettext_lazy("Use small letters, digits and hyphens only.")},
    )

    def clean_county(self) -> str:
        return str(self.cleaned_data["county"]).lower()

    def refuse(self) -> None:
        self.add_error("county", _("No county uses this name. Ask your organisation department for the address."))


class SettingsForm(_SettingsModelForm):
    """What a county decides for itself."""

    class Meta:
        model = TenantSettings
        fields: ClassVar[list[str]] = [
            "sponsor",
            "registration_no",
            "contact_phone",
            "retirement_note",
            "date_style",
            "phone_pages",
        ]
        widgets: ClassVar[dict[str, Any]] = {"retirement_note": forms.Textarea(attrs={"rows": 4})}


class FeedbackForm(forms.Form):
    """A complaint or suggestion; nobody need say who they are."""

    ABOUT = [
        ("county", gettext_lazy("the county's pairing work, for the county to answer")),
        ("platform", gettext_lazy("this software, for its operator to answer")),
    ]

    text = forms.CharField(
        label=gettext_lazy("What happened, what should change"), max_length=2000, widget=forms.Textarea(attrs={"rows": 6})
    )
    about = forms.ChoiceField(label=gettext_lazy("It is about"), choices=ABOUT, initial="county", widget=forms.RadioSelect)
    contact = forms.CharField(
        label=gettext_lazy("How to reach you"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("May stay empty. Only those who answer see it."),
    )
    anonymous = forms.BooleanField(label=gettext_lazy("Send without my name"), required=False)
    page = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signed_in:
            del self.fields["anonymous"]


class AnswerForm(forms.Form):
    """The answer to a complaint or suggestion."""

    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class EventFilterForm(forms.Form):
    """Filters of the event log."""

    action = forms.ChoiceField(label=gettext_lazy("Deed"), required=False)
    actor = forms.CharField(label=gettext_lazy("Login name or person"), required=False, max_length=60)
    day_from = forms.DateField(
        label=gettext_lazy("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    day_to = forms.DateField(
        label=gettext_lazy("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    page = forms.IntegerField(required=False, min_value=1, max_value=100_000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, actions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["action"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *actions]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, last = values.get("day_from"), values.get("day_to")
        if first and last and first > last:
            self.add_error("day_to", _("The last day lies before the first. Correct one of them."))
        return values
