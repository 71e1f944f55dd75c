"""Parameters that narrow the API's lists of records and items."""

from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.kinds.records import RECORD
from activities.kinds.shares import with_share
from activities.models import ItemKind, ItemState, Status
from units.api.filters import UpdatedFilters, search, yes_no


def _by_share(label: Any, path: str) -> filters.Filter:
    return filters.UUIDFilter(label=label, method=lambda rows, _name, uid: rows.filter(with_share(Q(**{path: uid}))))


class RecordFilters(UpdatedFilters):
    """Parameters of the list of records. Void ones are in it unless ``status`` says otherwise."""

    q = search(RECORD)
    programme = filters.UUIDFilter(label=_("Id of the programme year."), field_name="programme__uid")
    type = filters.CharFilter(label=_("Code of the type."), max_length=30, field_name="type")
    status = filters.ChoiceFilter(label=_("State."), choices=Status.choices)
    pairing = _by_share(_("Id of a pairing that it belongs to."), "pairing__uid")
    unit = _by_share(_("Id of a unit that it belongs to."), "pairing__unit__uid")
    village = _by_share(_("Id of the village."), "village__uid")
    town = _by_share(_("Id of the village's town."), "village__parent__uid")
    item = filters.UUIDFilter(label=_("Id of the project, livelihood item or courtyard."), field_name="item__uid")
    is_proxy = yes_no(_("Entered by proxy only, or the others only."), "is_proxy")


# "from" is a word of Python's own.
_DAYS = {
    "from": filters.DateFilter(label=_("Happened on this day or later."), field_name="occurred_on", lookup_expr="gte"),
    "to": filters.DateFilter(label=_("Happened on this day or before."), field_name="occurred_on", lookup_expr="lte"),
}
DatedRecordFilters: Any = type("DatedRecordFilters", (RecordFilters,), dict(_DAYS))


class ItemFilters(UpdatedFilters):
    """Parameters of the list of projects, livelihood items and courtyards."""

    kind = filters.ChoiceFilter(label=_("Kind."), choices=ItemKind.choices)
    state = filters.ChoiceFilter(label=_("State."), choices=ItemState.choices)
    programme = filters.UUIDFilter(label=_("Id of the programme year."), field_name="programme__uid")
    pairing = filters.UUIDFilter(label=_("Id of the pairing that leads it."), field_name="pairing__uid")
    village = filters.UUIDFilter(label=_("Id of the village."), field_name="village__uid")
