"""Items there are already, found again by what a row says: by name, or by household; and the records of their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from activities.households import is_to_be_completed
from activities.importing.stored import LIVE
from activities.importing.things.reading import Said, differences
from activities.models import AuthorSide, Item, ItemKind, ItemState, Record, Share, Status, Step
from lib.chinese.text import match_key
from pairing.models import Pairing

FINISHING = {ItemKind.PROJECT: Step.COMPLETED, ItemKind.LIVELIHOOD: Step.CLOSED, ItemKind.COURTYARD: Step.BUILT}
_ALIKE = 0.8


@dataclass(slots=True)
class Reported:
    """A live record of a step, with its parts."""

    record: Record
    shares: list[Share] = field(default_factory=list)

    @property
    def may_change(self) -> bool:
        """Whether a ledger of the units may correct its day: nobody has confirmed it, and they wrote it."""
        confirmed = any(share.status == Status.CONFIRMED for share in self.shares)
        return not confirmed and self.record.author_side == AuthorSide.UNIT


@dataclass(slots=True)
class Stored:
    """An item with the latest live record of each of its steps."""

    item: Item
    steps: dict[str, Reported] = field(default_factory=dict)

    @property
    def finished_on(self) -> date | None:
        """The day on which a live record says that it was finished; confirmed or not."""
        found = self.steps.get(FINISHING[ItemKind(self.item.kind)])
        return found.record.occurred_on if found is not None else self.item.completed_on

    @property
    def is_marked(self) -> bool:
        """Whether its house number is still to be completed (待补)."""
        return is_to_be_completed(self.item.house_no)


class Archive:
    """Items of one kind in some villages. Three queries."""

    def __init__(self, kind: str, villages: Iterable[int]) -> None:
        self.kind = kind
        self.by_uid: dict[str, Stored] = {}
        self.of_pairing: dict[int, list[Stored]] = defaultdict(list)
        self._households: dict[tuple[int, str], list[Stored]] = defaultdict(list)
        self._names: dict[tuple[int, str], list[Stored]] = defaultdict(list)
        wanted = set(villages)
        if wanted:
            self._load(wanted)

    def _load(self, villages: set[int]) -> None:
        rows = Item.objects.filter(kind=self.kind, village__in=villages).exclude(state=ItemState.WITHDRAWN)
        by_id: dict[int, Stored] = {}
        for item in rows.select_related("pairing__unit", "village").order_by("id"):
            stored = by_id[item.pk] = self.by_uid[str(item.uid)] = Stored(item)
            self.of_pairing[item.pairing_id].append(stored)
            self._households[item.village_id, item.household].append(stored)
            self._names[item.pairing_id, match_key(item.name)].append(stored)
        reports: dict[int, Reported] = {}
        for record in Record.objects.filter(item__in=by_id, status__in=LIVE).exclude(step="").order_by("id"):
            reports[record.pk] = by_id[record.item_id or 0].steps[record.step] = Reported(record)
        for share in Share.objects.filter(record__in=reports, pairing__isnull=False).order_by("id"):
            reports[share.record_id].shares.append(share)

    def candidates(self, pairings: Sequence[Pairing], said: Said, household: str) -> list[Stored]:
        """Items that a row may be, by its name or its house: of any of the pairings its unit has with the village."""
        if household:
            programmes = {pairing.programme_id for pairing in pairings}
            return [one for one in self._households[pairings[0].village_id, household] if one.item.programme_id in programmes]
        if self.kind == ItemKind.COURTYARD:
            of_them = [one for pairing in pairings for one in self.of_pairing[pairing.pk] if one.is_marked]
            name = said.columns.get("householder")
            return [one for one in of_them if name and one.item.householder == name and _agree(one, said)]
        key = match_key(said.columns.get("name", ""))
        found = [one for pairing in pairings for one in self._names[pairing.pk, key]]
        # A project of that name is that project; help for the same need is given again another month.
        return found if self.kind == ItemKind.PROJECT else [one for one in found if _agree(one, said)]

    def alike(self, pairings: Sequence[Pairing], said: Said, taken: set[int]) -> Stored | None:
        """An item that says much the same in other words, or a household still without its number, that no row is."""
        name = match_key(said.columns.get("name", ""))
        for pairing in pairings:
            for one in self.of_pairing[pairing.pk]:
                if one.item.pk in taken:
                    continue
                if self.kind == ItemKind.COURTYARD:
                    if one.is_marked and (_same_day(one, said) or one.item.householder == said.columns.get("householder")):
                        return one
                elif self._is_similar(one, said, name):
                    return one
        return None

    def _is_similar(self, one: Stored, said: Said, name: str) -> bool:
        theirs = match_key(one.item.name)
        ratio = SequenceMatcher(None, name, theirs).ratio()
        return ratio >= _ALIKE and _agree(one, said) if self.kind == ItemKind.LIVELIHOOD else ratio >= _ALIKE


def best(found: Sequence[Stored], said: Said, taken: set[int]) -> Stored | None:
    """Of several candidates the one with all that the row says, else with its days, else the first left."""
    left = [one for one in found if one.item.pk not in taken]
    equal = [one for one in left if not any(differences(one.item, said)) and _agree(one, said)]
    dated = [one for one in left if _same_day(one, said)]
    return next(iter((*equal, *dated, *left)), None)


def _same_day(one: Stored, said: Said) -> bool:
    return said.finished_on is not None and one.finished_on == said.finished_on


def _agree(one: Stored, said: Said) -> bool:
    """Whether no day of the row speaks against its being the item."""
    raised = said.columns.get("raised_on")
    if raised is not None and one.item.raised_on not in (None, raised):
        return False
    return said.finished_on is None or one.finished_on in (None, said.finished_on)
