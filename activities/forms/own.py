"""The form for what belongs to no pairing: a supervision meeting, a village's health check or monthly return."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.actions.facts import RecordFacts
from activities.queries.own import OwnType
from activities.refusals import RecordRefused
from lib.chinese.text import tidy
from tenancy import clock
from units.models import Unit

_FIELD_OF = {
    "in_future": "occurred_on",
    "not_active": "occurred_on",
    "period_locked": "occurred_on",
    "not_yours": "village",
    "basis_missing": "basis",
    "type_unknown": "type",
}


class OwnForm(forms.Form):
    """One record without a pairing; ``needs_basis`` where somebody writes for villages by proxy."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    type = forms.ChoiceField(
        label=gettext_lazy("Type"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what it was.")},
    )  # fmt: skip
    village = forms.ChoiceField(label=gettext_lazy("Village"), required=False)
    occurred_on = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages={
            "required": gettext_lazy("Write the day on which it happened."),
            "invalid": gettext_lazy("Write the day as year-month-day, like 2024-09-03."),
        },
    )  # fmt: skip
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)
    text = forms.CharField(
        label=gettext_lazy("What was done"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One sentence is enough."),
    )  # fmt: skip
    person_times = forms.IntegerField(
        label=gettext_lazy("Person-times"), min_value=0, max_value=1_000_000, required=False,
        error_messages={"invalid": gettext_lazy("Write a number, without words.")},
    )  # fmt: skip
    evidence = forms.CharField(
        label=gettext_lazy("Evidence"), max_length=200, required=False,
        help_text=gettext_lazy("Where papers or pictures are kept, if there are any. None is needed."),
    )  # fmt: skip
    basis = forms.CharField(
        label=gettext_lazy("On what basis"), max_length=200, required=False,
        help_text=gettext_lazy("For example: telephone call of the liaison, paper sheet with signature."),
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        types: Sequence[OwnType],
        villages: Sequence[Unit],
        needs_basis: bool,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        self.types = {f"{one.type.programme.year}.{one.type.code}": one for one in types}
        self.villages = {str(one.uid): one for one in villages}
        super().__init__(data, initial={"client_id": uuid.uuid4(), "occurred_on": clock.today(), **(initial or {})})
        years = {one.type.programme.year for one in types}
        self._choices("type", [(key, _words(one, with_year=len(years) > 1)) for key, one in self.types.items()])
        of_village = [one.type.name for one in types if one.of_village]
        if of_village:
            own = [] if len(villages) == 1 and len(of_village) == len(types) else [("", _("Choose"))]
            named = [(uid, f"{one.parent.name if one.parent else ''}{one.name}") for uid, one in self.villages.items()]
            self._choices("village", [*own, *named])
            self.fields["village"].help_text = _("For %(types)s.") % {"types": "、".join(dict.fromkeys(of_village))}
        else:
            del self.fields["village"]
        if not needs_basis or not of_village:
            del self.fields["basis"]

    def _choices(self, name: str, offered: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = offered
        field.error_messages["invalid_choice"] = _("This is not in the list any more. Choose again.")

    def clean(self) -> dict[str, Any]:
        found = {name: tidy(value) if isinstance(value, str) else value for name, value in (super().clean() or {}).items()}
        one = self.types.get(found.get("type", ""))
        if one is not None and one.of_village and not found.get("village") and "village" not in self.errors:
            self.add_error("village", _("Choose the village whose own doing it is."))
        return found

    @property
    def own_village(self) -> Unit | None:
        """The village whose own it is; None for the county's."""
        one = self.types[self.cleaned_data["type"]]
        return self.villages[self.cleaned_data["village"]] if one.of_village else None

    def facts(self) -> RecordFacts:
        """What the form says."""
        given = self.cleaned_data
        names = ("occurred_on", "place", "text", "person_times", "evidence")
        one = self.types[given["type"]].type
        values = {name: given[name] for name in names}
        return RecordFacts(type=one.code, programme=one.programme, village=self.own_village, **values)

    def refuse(self, refused: RecordRefused) -> None:
        """Put a refusal beside the field it is about; a likely double is asked about above the form."""
        if refused.code == "duplicate_record":
            return
        if getattr(refused, "error_dict", None):
            for name, errors in refused.error_dict.items():
                self.add_error(name if name in self.fields else None, errors)
            return
        field = _FIELD_OF.get(str(refused.code))
        self.add_error(field if field in self.fields else None, refused)


def _words(one: OwnType, *, with_year: bool) -> str:
    return f"{one.type.name} {one.type.programme.year}" if with_year else one.type.name
