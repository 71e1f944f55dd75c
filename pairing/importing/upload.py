"""What the upload of a list of pairings asks for beside the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pairing.importing.cells import FIRST_YEAR, LAST_YEAR
from pairing.models import Programme
from tenancy import clock
from units.importing.rows import NEW


def upload_fields() -> dict[str, forms.Field]:
    """For which programme the pairings are, and what becomes of those that the file leaves out."""
    choices = [("", _("As the file says"))]
    choices += [(str(one.uid), f"{one.year} {one.title}") for one in Programme.objects.order_by("-year", "id")]
    choices.append((NEW, _("A new programme")))
    return {
        "programme": forms.ChoiceField(
            label=_("Programme"),
            choices=choices,
            required=False,
            help_text=_("For which programme year the pairings are."),
        ),
        "programme_year": forms.IntegerField(
            label=_("Year of the new programme"),
            min_value=FIRST_YEAR,
            max_value=LAST_YEAR,
            required=False,
            help_text=_("Only for a new programme."),
        ),
        "programme_title": forms.CharField(
            label=_("Title of the new programme"),
            max_length=120,
            required=False,
            help_text=_("Empty: the title of the file."),
        ),
        "missing": forms.ChoiceField(
            label=_("Pairings of the programme that the file leaves out"),
            choices=[("", _("stay as they are")), ("end", _("end (yearly adjustment)"))],
            required=False,
        ),
        "missing_last_day": forms.DateField(
            label=_("Their last day"),
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            required=False,
            help_text=_("Empty: the day before the one on which the file was filled in."),
        ),
    }


def upload_options(given: Mapping[str, Any]) -> dict[str, Any]:
    """The same as it is kept with the import. Raises ValidationError by field."""
    return _programme_options(given) | _missing_options(given)


def _missing_options(given: Mapping[str, Any]) -> dict[str, Any]:
    word, typed = str(given.get("missing") or ""), given.get("missing_last_day")
    if word not in ("", "end"):
        raise ValidationError({"missing": _("Choose one of the list.")})
    if not word:
        return {}
    if not typed:
        return {"missing": word}
    try:
        day = typed if isinstance(typed, date) else date.fromisoformat(str(typed))
    except ValueError:
        raise ValidationError({"missing_last_day": _("Write the day as year-month-day, like 2024-09-03.")}) from None
    if day > clock.today():
        raise ValidationError({"missing_last_day": _("The last day cannot lie in the future.")})
    return {"missing": word, "missing_last_day": day.isoformat()}


def _programme_options(given: Mapping[str, Any]) -> dict[str, Any]:
    chosen = str(given.get("programme") or "").strip()
    if chosen == NEW:
        year = given.get("programme_year")
        if not year:
            raise ValidationError({"programme_year": _("Write the year of the new programme.")})
        return {"year": int(year), "title": str(given.get("programme_title") or "").strip()}
    if not chosen:
        return {}
    if re.fullmatch(r"20[0-9]{2}", chosen):
        return {"year": int(chosen)}
    if not _is_uuid(chosen) or not Programme.objects.filter(uid=chosen).exists():
        raise ValidationError({"programme": _("There is no such programme. Choose one of the list, or write a year.")})
    return {"programme": chosen}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
