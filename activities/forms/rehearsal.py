"""What is asked before a rehearsal: a village of the year, or a scenario as text or file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from activities.rehearsal.bounds import play_bounded
from activities.rehearsal.county import scenario_of
from activities.rehearsal.faults import ScenarioRefused
from activities.rehearsal.playing import Outcome
from activities.rehearsal.scenario import Scenario, read_scenario
from pairing.models import Programme
from units.models import Unit

# A scenario within a page's bounds is far smaller.
MOST_BYTES = 1024 * 1024


class RehearsalForm(forms.Form):
    """One source of the three. What was typed is kept when it cannot be played."""

    village: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Village"),
        queryset=None,
        to_field_name="uid",
        required=False,
        empty_label=gettext_lazy("Choose a village"),
        help_text=gettext_lazy("Plays this year's rules for the village's pairings, with nothing written down."),
    )
    scenario = forms.CharField(
        label=gettext_lazy("Scenario"),
        required=False,
        strip=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        help_text=gettext_lazy("JSON as the manual describes it: pairings, what happens when, and what you ask."),
    )
    file = forms.FileField(
        label=gettext_lazy("or a file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".json", "class": "form-control"}),
    )

    def __init__(self, *args: Any, programme: Programme, villages: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.played: tuple[Scenario, Outcome] | None = None
        field = self.fields["village"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = villages

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        village, text, file = values.get("village"), values.get("scenario", ""), values.get("file")
        if sum(bool(source) for source in (village, text.strip(), file)) != 1:
            raise forms.ValidationError(_("Choose a village, or write a scenario, or choose a file: one of them."))
        source = "village" if village else "file" if file else "scenario"
        try:
            scenario = self._scenario(village, text, file)
            self.played = scenario, play_bounded(scenario)
        except ScenarioRefused as refused:
            for fault in refused.faults:
                self.add_error(source, str(fault))
        return values

    def _scenario(self, village: Unit | None, text: str, file: UploadedFile[Any] | None) -> Scenario:
        if village is not None:
            return scenario_of(self.programme, village)
        if file is None:
            return read_scenario(text)
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError({"file": _("The file is larger than 1 MB. Play it with manage.py rehearse.")})
        return read_scenario(file.read())
