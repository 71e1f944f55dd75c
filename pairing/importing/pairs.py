"""Which pairing the cells of a row mean: by its two sides, or by one of them where that has only one partner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lib.sheets.readings import Choice
from pairing.models import Pairing
from units.importing.asking import find_unit, find_village
from units.importing.registry import Context
from units.importing.rows import Row
from units.models import Unit


@dataclass
class Pairs:
    """Pairings by their sides; of two sides the newest programme first."""

    by_sides: dict[tuple[int, int], list[Pairing]] = field(default_factory=lambda: defaultdict(list))
    units_of: dict[int, dict[int, Unit]] = field(default_factory=lambda: defaultdict(dict))
    villages_of: dict[int, dict[int, Unit]] = field(default_factory=lambda: defaultdict(dict))

    @classmethod
    def load(cls, pairings: Iterable[Pairing]) -> Pairs:
        """Wants ``select_related("unit", "village__parent")``, in the order in which they are to be found."""
        pairs = cls()
        for one in pairings:
            pairs.by_sides[one.unit_id, one.village_id].append(one)
            pairs.units_of[one.village_id].setdefault(one.unit_id, one.unit)
            pairs.villages_of[one.unit_id].setdefault(one.village_id, one.village)
        return pairs


def find_pairings(row: Row, context: Context, pairs: Pairs) -> list[Pairing]:
    """All pairings that the row may mean, the newest programme first; none, with a problem on the row, when that is not plain.

    Fills ``values`` with the names of town, village and unit as the county has them.
    """
    village = context.places.village(row.text("village"), row.text("town")).unit if row.text("village") else None
    unit = find_unit(row, "unit", context, likely=list(pairs.units_of[village.pk].values()) if village is not None else ())
    partners = pairs.villages_of[unit.pk] if unit is not None else {}
    village = find_village(row, "village", "town", context, prefer=set(partners), likely=list(partners.values()))
    if unit is None and village is not None and not row.text("unit"):
        unit = _only(row, "unit", village, pairs.units_of[village.pk].values(), context)
    elif village is None and unit is not None and not row.text("village"):
        village = _only(row, "village", unit, partners.values(), context)
    elif not row.text("unit") and not row.text("village"):
        row.error("unit", "no_sides", _("Neither unit nor village stands in this row. Fill in both."))
    row.values |= {
        "town": context.places.town_of(village) if village is not None else row.text("town"),
        "village": village.name if village is not None else row.text("village"),
        "unit": unit.name if unit is not None else row.text("unit"),
    }
    if unit is None or village is None:
        return []
    found = pairs.by_sides.get((unit.pk, village.pk), [])
    if not found:
        message = _("%(units)s and %(village)s are not paired. Correct the unit or the village.")
        row.error("village", "not_paired", message % {"units": unit.name, "village": village.name})
    return found


def _only(row: Row, column: str, other: Unit, partners: Collection[Unit], context: Context) -> Unit | None:
    """The one partner of a side that the row names alone; a question, once for the file, when there are several."""
    if len(partners) == 1:
        return next(iter(partners))
    if not partners:
        row.error(column, "not_paired", _("%(name)s is not paired with anybody. Correct the name.") % {"name": other.name})
        return None
    answer = row.asked("side_missing", column, str(other.uid))
    chosen = context.places.by_uid.get(answer or "")
    if chosen is not None:
        return chosen
    message = _("%(name)s is paired with several, and the row names none of them. Which one is meant?")
    choices = tuple(Choice(str(one.uid), one.name) for one in partners)
    row.ask("side_missing", column, str(other.uid), message % {"name": other.name}, choices, per_file=True)
    return None


def is_within(pairing: Pairing, reach: Collection[int] | None) -> bool:
    """Whether somebody who may write for ``reach`` (None: the whole county) may write for the pairing."""
    sides = {pairing.unit_id, pairing.party_org_id, pairing.village_id, pairing.village.parent_id}
    return reach is None or bool(sides & set(reach))
