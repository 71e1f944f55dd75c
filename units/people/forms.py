"""Forms of logins and grants."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lib.chinese.text import fold
from tenancy.models import Role
from tenancy.models.grant import ROLE_SCOPES, ScopeKind
from units.forms import Day, Text
from units.models import Person, Unit
from units.models.person import PostKind
from units.people.queries import ROLE_OF_POST

# Roles whose scopes (pairing, committee, round) have no page to choose them from yet are left out until they do.
_CHOOSABLE = (ScopeKind.TENANT, ScopeKind.TOWN, ScopeKind.UNIT, ScopeKind.VILLAGE)
MOST_OFFERED = 60


def givable_roles() -> list[tuple[str, Any]]:
    """(code, words) of the roles that can be given here."""
    return [(role.value, role.label) for role in Role if any(scope in _CHOOSABLE for scope in ROLE_SCOPES.get(role.value, ()))]


def needs_unit(role: str) -> bool:
    """Whether a role is given over a unit rather than the county."""
    return ScopeKind.TENANT not in ROLE_SCOPES.get(role, ())


class LoginForm(forms.Form):
    """The login name of a new account."""

    login = forms.CharField(
        label=_("Login name"),
        max_length=60,
        help_text=_("Made from the name; change it if you like. Small letters, digits and . _ @ -"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )

    def clean_login(self) -> str:
        return fold(str(self.cleaned_data["login"])).strip().lower()


class GrantChoiceForm(forms.Form):
    """What was chosen before the form itself: the role, and words to find what it is over."""

    role = forms.ChoiceField(choices=givable_roles, required=False, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Find by name or pinyin"), max_length=40, required=False)


class GrantForm(forms.Form):
    """A role over something, from a day to a day. The role is chosen first: it says what it can be over."""

    unit: forms.ModelChoiceField[Unit] = forms.ModelChoiceField(
        label=_("Over"),
        queryset=None,
        to_field_name="uid",
        empty_label=_("Choose"),
        error_messages={"invalid_choice": _("This is not in the list any more. Choose again.")},
    )
    starts_on = Day(label=_("From"))
    ends_on = Day(label=_("To"), required=False, help_text=_("The last day counts. Empty: until it is ended."))
    reason = Text(label=_("Reason"), max_length=200, required=False, help_text=_("For example the decision's number."))

    def __init__(self, *args: Any, role: str, units: QuerySet[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        if needs_unit(role):
            field: Any = self.fields["unit"]
            field.queryset = units
            field.label_from_instance = _unit_label
        else:
            del self.fields["unit"]
        if role == Role.AU:
            self.fields["ends_on"].required = True
            self.fields["ends_on"].help_text = _now("An auditor's role is given for a time.")


def _unit_label(unit: Unit) -> str:
    return f"{unit.name}({unit.parent.name})" if unit.parent is not None else unit.name


class EndGrantForm(forms.Form):
    """When a role ends, and why."""

    AT_ONCE, ON_DAY = "now", "day"
    when = forms.ChoiceField(
        label=_("When"),
        choices=[(AT_ONCE, _("at once")), (ON_DAY, _("after a last day"))],
        initial=AT_ONCE,
        widget=forms.RadioSelect,
    )
    last_day = Day(label=_("Last day"), required=False)
    reason = Text(label=_("Reason"), max_length=200)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("when") == self.ON_DAY and not values.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _now("Write the last day, or choose “at once”."))
        return values


class PersonSearchForm(forms.Form):
    """Whose login this is."""

    q = forms.CharField(label=_("Name or pinyin"), max_length=40)


class ManyForm(forms.Form):
    """Which offices are to get logins."""

    kinds = forms.MultipleChoiceField(
        label=_("Offices"),
        choices=[(kind, PostKind(kind).label) for kind in ROLE_OF_POST],
        initial=[PostKind.LIAISON, PostKind.VILLAGE_SECRETARY, PostKind.GROUP_LEADER],
        widget=forms.CheckboxSelectMultiple,
    )


def people_matching(rows: QuerySet[Person], typed: str) -> QuerySet[Person]:
    """Persons by name, pinyin or initials."""
    word = fold(typed).strip().lower()
    return rows.filter(Q(name__icontains=word) | Q(pinyin__contains=word) | Q(initials__startswith=word)).order_by("pinyin", "id")


def units_matching(rows: QuerySet[Unit], typed: str) -> QuerySet[Unit]:
    """Units by name, pinyin or initials; everything when nothing was typed."""
    word = fold(typed).strip().lower()
    if word:
        rows = rows.filter(Q(name__icontains=word) | Q(pinyin__contains=word) | Q(initials__startswith=word))
    return rows.select_related("parent").order_by("pinyin", "id")
