"""Parameters that narrow the API's lists of pairings and programme years."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from pairing.kinds.pairing import PAIRING
from pairing.models import Origin, PairingState
from pairing.models.pairing import LIVE_STATES
from pairing.queries import live
from units.api.filters import YES_NO, UpdatedFilters, as_boolean, search, yes_no


class PairingFilters(UpdatedFilters):
    """Parameters of the list of pairings. Ended ones are in it unless ``is_live`` says otherwise."""

    q = search(PAIRING)
    programme = filters.UUIDFilter(label=_("Id of the programme year."), field_name="programme__uid")
    year = filters.NumberFilter(label=_("Programme year."), field_name="programme__year", min_value=2000, max_value=2100)
    unit = filters.UUIDFilter(label=_("Id of the unit."), field_name="unit__uid", method="of_unit")
    village = filters.UUIDFilter(label=_("Id of the village."), field_name="village__uid")
    town = filters.UUIDFilter(label=_("Id of the village's town."), field_name="village__parent__uid")
    state = filters.ChoiceFilter(
        label=_("State; with as_of the state of that day."), choices=PairingState.choices, method="of_state"
    )
    is_live = as_boolean(
        filters.TypedChoiceFilter(
            label=_("Neither rejected nor ended, or the others."),
            choices=YES_NO,
            coerce=lambda word: word == "true",
            field_name="state",
            method="of_life",
        )
    )
    origin = filters.ChoiceFilter(label=_("Origin."), choices=Origin.choices)
    is_lead = yes_no(_("Lead units only, or the others only."), "is_lead")
    is_stationed = yes_no(_("Stationed units only, or the others only."), "unit__is_stationed")

    def of_unit(self, rows: QuerySet[Any], name: str, uid: Any) -> QuerySet[Any]:
        return rows.filter(**{"unit_then_uid" if "unit_then_uid" in rows.query.annotations else name: uid})

    def of_state(self, rows: QuerySet[Any], name: str, state: str) -> QuerySet[Any]:
        return rows.filter(**{"state_then" if "state_then" in rows.query.annotations else "state": state})

    def of_life(self, rows: QuerySet[Any], name: str, is_live: bool) -> QuerySet[Any]:
        if "state_then" in rows.query.annotations:
            lives = Q(state_then__in=LIVE_STATES)
            return rows.filter(lives if is_live else ~lives)
        return live(rows) if is_live else rows.exclude(pk__in=live(rows).values("pk"))


class ProgrammeFilters(filters.FilterSet):
    """Parameters of the list of programme years."""

    year = filters.NumberFilter(label=_("Year."), field_name="year", min_value=2000, max_value=2100)
