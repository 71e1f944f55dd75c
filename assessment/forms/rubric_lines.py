"""Another group or another line of a draft."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.forms.rubrics import marks_field
from assessment.models import RubricGroup, Section
from assessment.presets.starters import STARTERS, Of
from assessment.queries.subjects import Choices, metric_choices, rule_choices, type_choices

_CODE = RegexValidator(r"\A[A-Za-z0-9][A-Za-z0-9.-]*\Z", _("Use letters, digits, points and hyphens only: A1, C2, K."))
_SUBJECTS: Mapping[Of, tuple[str, Any, Callable[[], Choices], Any]] = {
    Of.TYPE: ("type", _("Activity type"), type_choices, _("For rules on records.")),
    Of.RULE: ("rule", _("Rule"), rule_choices, _("For rules on periods.")),
    Of.METRIC: ("metric", _("Figure of the village"), metric_choices, _("For growth.")),
}


class CodeField(forms.CharField):
    """A short code; full-width letters and digits are taken as what they mean."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Its code"), max_length=10, validators=[_CODE], **kwargs)

    def to_python(self, value: Any) -> str:
        return unicodedata.normalize("NFKC", super().to_python(value) or "").strip()


class GroupAddForm(forms.Form):
    """Another group of lines."""

    code = CodeField(help_text=_("Stands before its name, and may order equal scores: G."))
    name = forms.CharField(label=_("Name"), max_length=60)
    section = forms.ChoiceField(
        label=_("Its points"),
        choices=[
            (Section.BASE, _("count in the base")),
            (Section.BONUS, _("come on top as a bonus")),
            (Section.DEDUCTION, _("come off as a deduction")),
        ],
    )
    cap = marks_field(_("Together at most"), required=False, help_text=_("Empty: as many as its lines give."))


class LineAddForm(forms.Form):
    """Another line: what it is called, and the ready rule that it begins with."""

    code = CodeField(help_text=_("Each line has its own: A5."))
    name = forms.CharField(label=_("Indicator"), max_length=60)
    max_score = marks_field(_("Marks"))
    starter = forms.ChoiceField(
        label=_("What is read, and how it becomes points"),
        help_text=_("Its numbers are put in by the marks and can be changed on the next page."),
    )

    def __init__(self, *args: Any, group: RubricGroup, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        ready = [(code, one.title) for code, one in STARTERS.items() if one.fits(group.section)]
        fields["starter"].choices = [("", "---------"), *ready]
        used = {STARTERS[code].of for code, _title in ready}
        for of, (name, label, choices, help_text) in _SUBJECTS.items():
            if of in used:
                fields[name] = forms.ChoiceField(
                    label=label, required=False, choices=[("", "---------"), *choices()], help_text=help_text
                )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        starter = STARTERS.get(given.get("starter", ""))
        if starter is not None and starter.of in _SUBJECTS:
            name = _SUBJECTS[starter.of][0]
            if name not in self.errors and not given.get(name):
                self.add_error(name, gettext("Choose one: the rule reads it."))
        return given

    def values(self) -> dict[str, Any]:
        """Arguments of ``add_line``."""
        given = self.cleaned_data
        of = STARTERS[given["starter"]].of
        return {
            **{name: given[name] for name in ("code", "name", "max_score", "starter")},
            "subject": given[_SUBJECTS[of][0]] if of in _SUBJECTS else "",
        }
