"""Which unit, which village and which pairings the cells of a row mean."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from activities.importing.known import Known
from lib.sheets.readings import Choice
from pairing.models import Pairing
from units.importing.asking import find_unit, find_village
from units.importing.registry import Context
from units.importing.rows import Row
from units.models import Unit

_BETWEEN_UNITS = re.compile(r"[、,，;；]")
_ENDINGS = re.compile(r"(?:村委会|居委会|村|社区)$")


def unit_of(row: Row, context: Context, known: Known) -> Unit | None:
    """The unit that leads: the first one where the cell names several, which a note says."""
    text = row.text("unit")
    parts = [part.strip() for part in _BETWEEN_UNITS.split(text) if part.strip()]
    if len(parts) > 1 and context.places.organisation(text).unit is None and not row.asked("unit_unknown", "unit", text):
        first = context.places.organisation(parts[0]).unit
        if first is not None:
            message = _("Several units stand here; “%(unit)s” leads. Name the others on the project's page.")
            row.note("unit", "several_units", message % {"unit": first.name})
            return first
    village = context.places.village(row.text("village"), row.text("town")).unit
    likely = known.units_of.get(village.pk, ()) if village is not None else ()
    return find_unit(row, "unit", context, likely=[context.places.by_id[pk] for pk in likely if pk in context.places.by_id])


def village_of(row: Row, unit: Unit | None, context: Context, known: Known) -> Unit | None:
    """The village: from its column, else from the site of a project, else the only one that the unit is paired with."""
    paired = sorted(known.villages_of[unit.pk]) if unit is not None else []
    likely = [context.places.by_id[pk] for pk in paired if pk in context.places.by_id]
    if row.text("village"):
        return find_village(row, "village", "town", context, prefer=set(paired), likely=likely)
    if unit is None or not likely:
        return None
    site = row.text("site")
    named = [village for village in likely if site and _ENDINGS.sub("", village.name) in site]
    if len(named) == 1 or len(likely) == 1:
        return (named or likely)[0]
    answer = row.asked("village_missing", "site", f"{unit.name} {site}")
    if answer in context.places.by_uid:
        return context.places.by_uid[answer]
    message = _("The site names no village of %(unit)s. Which village is it in?")
    choices = tuple(Choice(str(one.uid), f"{context.places.town_of(one)} {one.name}".strip()) for one in likely)
    row.ask("village_missing", "site", f"{unit.name} {site}", message % {"unit": unit.name}, choices)
    return None


def pairings_of(row: Row, unit: Unit | None, village: Unit | None, known: Known) -> list[Pairing]:
    """All pairings of the two, the newest programme first; an error on the row when there is none."""
    if unit is None or (village is None and row.text("village")):
        return []
    if village is not None and (found := known.pairings.get((unit.pk, village.pk))):
        return found
    if row.is_ok:
        names = {"units": unit.name, "village": village.name if village is not None else row.text("site")}
        message = _("%(units)s and %(village)s are not paired. Correct the unit or the village.")
        row.error("village", "not_paired", message % names)
    return []
