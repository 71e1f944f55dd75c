"""House numbers that rows name: a household is new once a year (A4), in the county and in the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from activities.households import house_key
from activities.importing.reading import Said
from activities.importing.words import number_of_houses
from activities.models import Carrier, Item, ItemKind, ItemState, Record, Status, Step
from activities.refusals import SENTENCES
from units.importing.rows import Row

_LIVE = (Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED)
Place = tuple[int, int, str]


@dataclass
class Houses:
    """Households that hold a courtyard, and the record by which each was built."""

    held: dict[Place, Item] = field(default_factory=dict)
    built: dict[int, Record] = field(default_factory=dict)

    @classmethod
    def load(cls, rows: Sequence[Row]) -> Houses:
        """Two queries, and none when no row is about a courtyard."""
        houses = cls()
        courtyards = [row for row in rows if _is_courtyard(row)]
        if not courtyards:
            return houses
        villages = {row.found["village"].pk for row in courtyards}
        found = Item.objects.filter(kind=ItemKind.COURTYARD, village__in=villages).exclude(state=ItemState.WITHDRAWN)
        for item in found.select_related("pairing__unit"):
            houses.held[item.programme_id, item.village_id, item.household] = item
        live = Record.objects.filter(item__village__in=villages, step=Step.BUILT, status__in=_LIVE)
        for record in live.order_by("-id"):
            houses.built[record.item_id or 0] = record
        return houses

    def settle(self, rows: Sequence[Row]) -> None:
        """Put an error on rows that claim a household which is somebody's, and a note where one row speaks of several."""
        first: dict[Place, Row] = {}
        for row in rows:
            if not _is_courtyard(row):
                continue
            said: Said = row.found["said"]
            n_houses = number_of_houses(said.facts.text)
            if n_houses > 1:
                message = _("The row speaks of %(n)d households; it counts as one. Write a row for each household.")
                row.note("text", "several_households", message % {"n": n_houses})
            key = house_key(said.facts.house_no)
            if not key:
                continue
            lead = said.facts.pairings[0]
            place = (lead.programme_id, lead.village_id, key)
            earlier = first.setdefault(place, row)
            if earlier is not row and earlier.key != row.key:
                where = {"house": said.facts.house_no, "row": earlier.reading.row, "sheet": earlier.reading.sheet}
                message = _("%(house)s stands in row %(row)d of sheet %(sheet)s too. A household is new once a year.")
                row.error("text", "duplicate_courtyard", message % where)
            self._refuse_held(row, said, place)

    def _refuse_held(self, row: Row, said: Said, place: Place) -> None:
        held = self.held.get(place)
        if held is None:
            return
        record = self.built.get(held.pk)
        if record is not None and _is_this(record, said):
            return
        if record is None and held.pairing_id in {pairing.pk for pairing in said.facts.pairings}:
            return
        day = record.occurred_on if record is not None else held.created_at.date()
        told = {"house": held.house_no, "unit": held.pairing.unit.name, "day": day.isoformat()}
        row.error("text", "duplicate_courtyard", str(SENTENCES["duplicate_courtyard"]) % told)


def _is_courtyard(row: Row) -> bool:
    one = row.found.get("type")
    return one is not None and one.carrier == Carrier.COURTYARD


def _is_this(record: Record, said: Said) -> bool:
    """Whether the household's record is what the row says again."""
    facts = said.facts
    return (record.occurred_on, record.type) == (facts.occurred_on, facts.type) and (record.text or record.title) == (
        facts.text or facts.title
    )
