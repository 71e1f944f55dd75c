"""What the county knows that the rows of a ledger are held against, read once for the whole file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from activities.actions.circumstances import last_entry_day
from activities.importing.words import type_words
from activities.models import ActivityType, Reopening, YearSettings
from activities.presets import PRESETS
from pairing.models import Pairing, PairingPost, PairingSuspension, Programme
from pairing.models.pairing import PairingPostKind, PairingState
from units.models import Post
from units.models.person import PostKind

_WAS_ACTIVE = (PairingState.ACTIVE, PairingState.SUSPENDED, PairingState.ENDED)
_LOCK_DAY = 15
USUAL_YEAR = PRESETS["five_ones"]

Held = tuple[str, date | None, date | None]


@dataclass
class Known:
    """Pairings with their days, the types of each year, and who held which post when."""

    pairings: dict[tuple[int, int], list[Pairing]] = field(default_factory=lambda: defaultdict(list))
    villages_of: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    units_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    types: dict[int, dict[str, ActivityType]] = field(default_factory=lambda: defaultdict(dict))
    # Programmes whose year has not been set up: their rows are read with the words of the usual preset.
    unopened: dict[int, Programme] = field(default_factory=dict)
    _words: dict[int, dict[str, str]] = field(default_factory=dict)
    _resting: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    _lock_days: dict[int, int] = field(default_factory=dict)
    _reopened: set[tuple[int, date, int | None]] = field(default_factory=set)
    _leaders: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))
    _principals: dict[int, list[Held]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def load(cls, today: date) -> Known:
        """All pairings and years of the county in scope; seven queries."""
        known = cls()
        found = Pairing.objects.exclude(state=PairingState.REJECTED).select_related("programme", "unit", "village")
        for pairing in found.order_by("-programme__starts_on", "-programme_id", "id"):
            known.pairings[pairing.unit_id, pairing.village_id].append(pairing)
            known.villages_of[pairing.unit_id].add(pairing.village_id)
            if pairing.unit_id not in known.units_of[pairing.village_id]:
                known.units_of[pairing.village_id].append(pairing.unit_id)
        for one in ActivityType.objects.filter(is_active=True):
            known.types[one.programme_id][one.code] = one
        known._read_as_usual()
        known._words = {programme: type_words(types.values()) for programme, types in known.types.items()}
        for pairing_id, starts_on, ends_on in PairingSuspension.objects.values_list("pairing_id", "starts_on", "ends_on"):
            known._resting[pairing_id].append((starts_on, ends_on))
        known._lock_days = dict(YearSettings.objects.values_list("programme_id", "lock_day"))
        known._reopened = set(Reopening.objects.filter(until__gte=today).values_list("programme_id", "month", "pairing_id"))
        leaders = PairingPost.objects.filter(kind=PairingPostKind.GROUP_LEADER)
        for pairing_id, *held in leaders.values_list("pairing_id", "person__name", "starts_on", "ends_on"):
            known._leaders[pairing_id].append((held[0], held[1], held[2]))
        principals = Post.objects.filter(kind=PostKind.PRINCIPAL)
        for unit_id, *held in principals.values_list("unit_id", "person__name", "starts_on", "ends_on"):
            known._principals[unit_id].append((held[0], held[1], held[2]))
        return known

    def _read_as_usual(self) -> None:
        for pairings in self.pairings.values():
            for pairing in pairings:
                if pairing.programme_id not in self.types:
                    self.unopened[pairing.programme_id] = pairing.programme
                    self.types[pairing.programme_id] = {
                        one.code: ActivityType(code=one.code, name=one.name, carrier=one.carrier, position=position)
                        for position, one in enumerate(USUAL_YEAR.types)
                    }

    def code_of(self, programme: int, spellings: Iterable[str]) -> str:
        """Code of the type that a written word means in that year; empty when none."""
        words = self._words.get(programme, {})
        return next((words[spelling] for spelling in spellings if spelling in words), "")

    def code_anywhere(self, spellings: tuple[str, ...]) -> str:
        """Code of the type that a word means in any year: for rows whose year is not known."""
        return next((code for programme in sorted(self.types, reverse=True) if (code := self.code_of(programme, spellings))), "")

    def was_active(self, pairing: Pairing, day: date) -> bool:
        """Whether something that happened on ``day`` can belong to the pairing (as ``Circumstances.was_active``)."""
        if pairing.active_from is None or pairing.state not in _WAS_ACTIVE:
            return False
        last = min(pairing.ends_on or pairing.programme.ends_on, pairing.programme.ends_on)
        if not pairing.active_from <= day <= last:
            return False
        return not any(start <= day and (end is None or end >= day) for start, end in self._resting[pairing.pk])

    def locked_since(self, pairing: Pairing, day: date, today: date) -> date | None:
        """The day on which ``day``'s month was locked for entries; None while it is open."""
        last = last_entry_day(day, self._lock_days.get(pairing.programme_id, _LOCK_DAY))
        month = day.replace(day=1)
        reopened = {(pairing.programme_id, month, None), (pairing.programme_id, month, pairing.pk)} & self._reopened
        return last if today > last and not reopened else None

    def leads(self, pairing: Pairing, names: Iterable[str], day: date) -> tuple[bool, bool]:
        """Whether one of these people was the pairing's group leader on that day, and whether one headed the unit."""
        names = set(names)
        return _held(self._leaders[pairing.pk], names, day), _held(self._principals[pairing.unit_id], names, day)


def _held(posts: list[Held], names: set[str], day: date) -> bool:
    return any(name in names and (start is None or start <= day) and (end is None or end >= day) for name, start, end in posts)
