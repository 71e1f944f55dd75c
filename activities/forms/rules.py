"""What is asked to open a year, change a rule, and keep types and classes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from activities.actions.terms import TERM_FIELDS
from activities.models import Carrier, PartialPeriod, PeriodKind, RuleTerms, YearSettings
from activities.presets import PRESETS
from activities.queries.rule_words import partial_words
from lib.chinese.text import tidy

DAY_WRONG = {"invalid": _("Write the day as year-month-day, like 2024-09-03.")}
# The words that stand under a setting: which question it answers.
_HELP = {
    "minimum": _("Doing more than this earns nothing."),
    "scope": _("Two units in one village, or one unit with three villages: does each pairing owe its own?"),
    "count_on": _("An item registered in September and closed in November: which month has it?"),
    "grace_days": _("Entered within so many days after the period: in time. Later: done, entered late."),
    "first_period": _("A pairing that begins on the 3rd of a month: does it owe that month?"),
    "last_period": _("A pairing that ends in the middle of a month: does it owe that month?"),
    "carry_over": _("Two in one month, none in the next: is the next one done?"),
    "joint_counts_for": _("Two units do it together."),
    "min_visitors": _("0: a reception that was announced and held counts even if nobody came."),
    "in_village_only": _("What took place at the unit or elsewhere does not count."),
    "online_per_month": _("Empty: no limit; with “in the village only”, none count then."),
    "max_quarters_per_project": _("Only for rules that count projects. Empty: no limit."),
    "min_working_days": _("A week with fewer working days, after holidays and waivers, is waived."),
    "source_text": _("The sentence of the plan that this rule stands for."),
}


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, asked for with the browser's own calendar."""
    return forms.DateField(
        label=label,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=DAY_WRONG,
        help_text=help_text,
    )


class OpenYearForm(forms.Form):
    """The preset to begin with, and whether reminders begin at once."""

    preset = forms.ChoiceField(
        label=_("Begin with"),
        choices=[(preset.code, f"{preset.title}：{preset.summary}") for preset in PRESETS.values()],
        initial="five_ones",
        widget=forms.RadioSelect,
        help_text=_("Everything can be changed afterwards."),
    )
    lock_day = forms.IntegerField(
        label=_("Lock day"),
        min_value=1,
        max_value=28,
        initial=15,
        help_text=_("Day of the following month after which a month is locked."),
    )
    switched_on = day_field(
        _("Remind from"), _("What was due before this day reminds nobody. May stay empty for now."), required=False
    )


class DeadlinesForm(forms.Form):
    """Deadlines and costs of a year, and the day from which it reminds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("lock_day", "confirm_days", "proxy_days", "record_seconds", "confirm_seconds")
        self.fields |= {name: field for name, field in fields_for_model(YearSettings, fields=names).items() if field}
        self.fields["switched_on"] = day_field(
            _("Remind from"), _("What was due before this day reminds nobody."), required=False
        )
        self.fields["reason"] = forms.CharField(label=_("Reason of the change"), max_length=200, required=False)


class _TypesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


def _types_field(types: list[tuple[str, str]]) -> _TypesField:
    return _TypesField(
        label=_("Activity types"),
        choices=types,
        error_messages={"required": _("Choose at least one activity type: without one no record could count.")},
    )


class TermsForm(forms.Form):
    """All that a version of a rule says."""

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"] = _types_field(types)
        plain = [name for name in TERM_FIELDS if name != "types"]
        for name, field in fields_for_model(RuleTerms, fields=plain).items():
            if field is None:
                continue
            field.help_text = _HELP.get(name, field.help_text)
            self.fields[name] = field
        for name in ("person_filter", "distinct_by"):
            self.fields[name].choices = [("", _("no condition")), *self.fields[name].choices[1:]]  # type: ignore[attr-defined]
        for name in ("first_period", "last_period"):
            self.fields[name].choices = [(code, partial_words(code)) for code in PartialPeriod.values]  # type: ignore[attr-defined]
        self.fields["effective_from"] = day_field(
            _("In force from"), _("A period is judged by the version in force on its last day.")
        )

    def changes(self) -> dict[str, Any]:
        """The terms without the day."""
        return {name: self.cleaned_data[name] for name in TERM_FIELDS}


class PublishForm(forms.Form):
    """From when a draft is to be in force, and why."""

    effective_from = day_field(_("In force from"), _("A day in the past judges periods again that have ended since."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Stands in the history of the rule."))

    def clean_reason(self) -> str:
        return tidy(self.cleaned_data["reason"])


class NewRuleForm(forms.Form):
    """A rule of the county's own: the least that a rule must say; the rest is changed in the editor."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)
    code = forms.SlugField(
        label=pgettext_lazy("of a thing", "Code"),
        max_length=30,
        help_text=_("Letters a to z, digits, _ or -; like night_school. It never changes."),
        error_messages={"invalid": _("Use only letters a to z, digits, _ and -.")},
    )
    period_kind = forms.ChoiceField(label=_("Period"), choices=PeriodKind.choices, initial=PeriodKind.MONTH)
    minimum = forms.IntegerField(label=_("Minimum"), min_value=1, max_value=99, initial=1)
    source_text = forms.CharField(label=_("Wording of the plan"), max_length=300, required=False)

    def __init__(self, *args: Any, types: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["types"] = _types_field(types)

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("types", "period_kind", "minimum", "source_text")}


class TypeForm(forms.Form):
    """An activity type. A known one keeps its code and what it carries."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)
    code = forms.SlugField(
        label=pgettext_lazy("of a thing", "Code"),
        max_length=30,
        help_text=_("Letters a to z, digits, _ or -; like night_school. It never changes."),
        error_messages={"invalid": _("Use only letters a to z, digits, _ and -.")},
    )
    carrier = forms.ChoiceField(
        label=_("Carried by"), choices=Carrier.choices, help_text=_("Which facts its records ask for. It never changes.")
    )
    content_class: forms.ModelChoiceField = forms.ModelChoiceField(
        label=_("Content class"), queryset=None, to_field_name="uid", required=False, empty_label=_("none")
    )
    is_active = forms.BooleanField(
        label=_("in use"),
        required=False,
        initial=True,
        help_text=_("Out of use: nothing new is written with it, what is written stays."),
    )

    def __init__(self, *args: Any, classes: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["content_class"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = classes
        for name in () if is_new else ("code", "carrier"):
            del self.fields[name]
        if is_new:
            del self.fields["is_active"]


class ClassForm(forms.Form):
    """A content class. A known one keeps its code."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=40)
    code = forms.SlugField(
        label=pgettext_lazy("of a thing", "Code"),
        max_length=30,
        error_messages={"invalid": _("Use only letters a to z, digits, _ and -.")},
    )

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]


def choices_of_types(rows: Any, chosen: list[str] | None = None) -> list[tuple[str, str]]:
    """Types in use, and those already chosen, as choices."""
    return [(row.code, row.name) for row in rows if row.is_active or row.code in (chosen or [])]


def initial_of(terms: RuleTerms | None, day: date) -> dict[str, Any]:
    """What the editor starts from."""
    values = {name: getattr(terms, name) for name in TERM_FIELDS} if terms is not None else {}
    return {**values, "effective_from": day}


__all__ = [
    "ClassForm", "DeadlinesForm", "NewRuleForm", "OpenYearForm", "PublishForm", "TermsForm", "TypeForm",
    "choices_of_types", "day_field", "initial_of",
]  # fmt: skip
