"""A scenario as it is read from a file: checked whole before anything is played."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from activities.actions.year import read_switches
from activities.presets import PRESETS, Preset
from activities.rehearsal import readers, words
from activities.rehearsal.faults import MOST_TOLD, Fault, ScenarioRefused, Wrong
from activities.rehearsal.gazetteer import Gazetteer, Village, places_of
from activities.rehearsal.readers import Names
from activities.rehearsal.registry import EVENTS, QUESTIONS, Field, Word, needed, optional
from units.divisions.counties import CountyRefused, find_county

# A file beyond this is no scenario; reading it would only fill the memory.
MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProgrammeGiven:
    """The programme year. ``switches``: as ``activities.actions.year.open_year`` takes them."""

    year: int
    starts_on: date
    ends_on: date
    preset: Preset
    switches: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PairingGiven:
    """One pairing. ``active_from`` None: until an event activates it."""

    key: str
    unit: str
    village: Village
    active_from: date | None = None
    leader: str = ""
    liaison: str = ""
    lead: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One event, with its place in the file."""

    index: int
    at: datetime
    word: Word
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    index: int
    at: datetime
    word: Word
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is played: all names in it are known, all dates exist."""

    county: str
    county_name: str
    programme: ProgrammeGiven
    pairings: tuple[PairingGiven, ...]
    events: tuple[Event, ...] = ()
    questions: tuple[Question, ...] = ()


class _Reading:
    """One file being read: collects what is wrong instead of stopping at the first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, place: str, sentence: str) -> None:
        self.faults.append(Fault(place, sentence))

    def stop(self) -> None:
        """Raise ScenarioRefused when anything was wrong so far."""
        if self.faults:
            raise ScenarioRefused(self.faults[:MOST_TOLD])

    def mapping(self, value: Any, place: str) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            self.wrong(place, _("Something in braces is expected here: {…}."))
            return None
        return value

    def sequence(self, value: Any, place: str) -> list[Any]:
        if not isinstance(value, list):
            self.wrong(place, _("A list in square brackets is expected here: […]."))
            return []
        return value

    def fields(self, value: Mapping[str, Any], place: str, fields: Mapping[str, Field], names: Names) -> dict[str, Any]:
        """The values of a mapping that fit; faults for the others, for what is missing and for what is not known."""
        found: dict[str, Any] = {}
        for name, given in value.items():
            if name not in fields:
                self.wrong(
                    f"{place}.{name}" if place else name,
                    _("“%(name)s” is not known here. Known: %(known)s.")
                    % {"name": readers.shown(name), "known": readers.near(name, fields)},
                )
                continue
            try:
                found[name] = fields[name].read(given, names)
            except Wrong as wrong:
                self.wrong(f"{place}.{name}" if place else name, str(wrong))
        for name, declared in fields.items():
            if declared.is_needed and name not in value:
                self.wrong(place or name, _("“%(name)s” is missing.") % {"name": name})
        return found


def read_scenario(raw: bytes | str) -> Scenario:
    """The scenario that a file holds. Raises ScenarioRefused naming each place that cannot be played."""
    reading = _Reading()
    whole = reading.mapping(_parsed(raw), _("the file"))
    reading.stop()
    return _scenario(whole or {}, reading)


def _parsed(raw: bytes | str) -> Any:
    if len(raw) > MOST_BYTES:
        raise ScenarioRefused([Fault(_("the file"), _("The file is larger than 20 MB. Play it in parts."))])
    try:
        text = raw.decode("utf-8-sig") if isinstance(raw, bytes) else raw.removeprefix("\ufeff")
        if not text.lstrip().startswith(("{", "[")):
            # Whatever it is, no place in it would say more.
            raise Wrong(_("This is no scenario. A scenario is JSON and begins with a brace: {…}."))
        return json.loads(text, object_pairs_hook=_each_once, parse_constant=_no_constant)
    except UnicodeDecodeError as problem:
        raise ScenarioRefused([Fault(_("the file"), _("The file is not written in UTF-8. Save it as UTF-8."))]) from problem
    except json.JSONDecodeError as problem:
        place = _("line %(line)d, column %(column)d") % {"line": problem.lineno, "column": problem.colno}
        raise ScenarioRefused(
            [Fault(place, _("This is not JSON: a bracket, comma or quotation mark is missing or too much."))]
        ) from problem
    except Wrong as wrong:
        raise ScenarioRefused([Fault(_("the file"), str(wrong))]) from wrong
    except (RecursionError, ValueError) as problem:
        raise ScenarioRefused(
            [Fault(_("the file"), _("The file holds what no scenario holds. Compare it with the example."))]
        ) from problem


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise Wrong(_("“%(name)s” stands twice in the same braces. Leave one of them.") % {"name": readers.shown(name)})
        found[name] = value
    return found


def _no_constant(name: str) -> Any:
    raise Wrong(_("“%(name)s” is no number.") % {"name": name})


def _anything(value: Any, names: Names) -> Any:
    return value


def _scenario(whole: dict[str, Any], reading: _Reading) -> Scenario:
    words.load()
    nothing = Names(Gazetteer({}, {}), PRESETS["empty"])
    parts = {name: needed(_anything) for name in ("county", "programme", "pairings")}
    reading.fields(whole, "", parts | {name: optional(_anything) for name in ("events", "ask")}, nothing)
    reading.stop()
    try:
        county = find_county(readers.text(whole["county"], nothing))
    except (CountyRefused, Wrong) as refused:
        raise ScenarioRefused([Fault("county", str(refused))]) from refused
    programme, names = _programme(whole["programme"], places_of(county.code), reading)
    pairings = _pairings(reading.sequence(whole["pairings"], "pairings"), names, reading)
    names.pairings = [pairing.key for pairing in pairings]
    names.units = list(dict.fromkeys(pairing.unit for pairing in pairings))
    names.villages = list(dict.fromkeys(pairing.village.full for pairing in pairings))
    events = reading.sequence(whole.get("events", []), "events")
    names.records = _record_keys(events, reading)
    read_events = _steps(events, "events", "do", EVENTS, names, reading)
    read_questions = _steps(reading.sequence(whole.get("ask", []), "ask"), "ask", "what", QUESTIONS, names, reading)
    reading.stop()
    if programme is None:  # its faults have stopped us above
        raise ScenarioRefused([])
    return Scenario(
        county.code,
        county.name,
        programme,
        pairings,
        tuple(Event(*step) for step in read_events),
        tuple(Question(*step) for step in read_questions),
    )


def names_of(preset: Preset, places: Gazetteer) -> Names:
    """What words may refer to under a preset's rules."""
    return Names(
        places,
        preset,
        rules=[rule.code for rule in preset.rules],
        types={declared.code: str(declared.carrier) for declared in preset.types},
    )


def _preset(value: Any, names: Names) -> Preset:
    return PRESETS[readers.one_of(*PRESETS)(value, names)]


def _programme(value: Any, places: Gazetteer, reading: _Reading) -> tuple[ProgrammeGiven | None, Names]:
    names = Names(places, PRESETS["empty"])
    given = reading.mapping(value, "programme")
    if given is None:
        return None, names
    fields = {
        "year": needed(readers.year),
        "starts_on": needed(readers.day),
        "ends_on": needed(readers.day),
        "preset": needed(_preset),
        "switches": optional(_anything),
    }
    found = reading.fields(given, "programme", fields, names)
    if "preset" in found:
        names = names_of(found["preset"], places)
    switches = _switches(found.get("switches", {}), found["preset"], reading) if "preset" in found else {}
    if found.get("starts_on", date.min) > found.get("ends_on", date.max):
        reading.wrong("programme.ends_on", _("The last day lies before the first."))
    if not all(name in found for name in ("year", "starts_on", "ends_on", "preset")):
        return None, names
    return ProgrammeGiven(found["year"], found["starts_on"], found["ends_on"], found["preset"], switches), names


def _switches(value: Any, preset: Preset, reading: _Reading) -> dict[str, Any]:
    """``{"benefit_project.max_quarters_per_project": 2}``, each read as the opening of a year reads it."""
    found: dict[str, Any] = {}
    for switch, given in (reading.mapping(value, "programme.switches") or {}).items():
        try:
            read_switches(preset, {switch: given})
        except ValidationError as refused:
            reading.wrong(f"programme.switches.{switch}", " ".join(refused.messages))
        else:
            found[switch] = given
    return found


def _pairings(given: list[Any], names: Names, reading: _Reading) -> tuple[PairingGiven, ...]:
    fields = {
        "key": needed(readers.text),
        "unit": needed(readers.words(readers.UNIT)),
        "village": needed(readers.village),
        "active_from": optional(readers.day),
        "leader": optional(readers.words(readers.PERSON)),
        "liaison": optional(readers.words(readers.PERSON)),
        "lead": optional(readers.truth),
    }
    if not given:
        reading.wrong("pairings", _("Name one pairing at least."))
    found: list[PairingGiven] = []
    for index, one in enumerate(given):
        place = f"pairings[{index}]"
        values = reading.fields(reading.mapping(one, place) or {}, place, fields, names)
        if not all(name in values for name in ("key", "unit", "village")):
            continue
        pairing = PairingGiven(**values)
        if pairing.active_from and not pairing.leader:
            reading.wrong(f"{place}.leader", _("A pairing becomes active only with a group leader. Name the leader."))
        for other in found:
            if other.key == pairing.key:
                reading.wrong(f"{place}.key", _("The key “%(key)s” is given twice.") % {"key": pairing.key})
            if (other.unit, other.village) == (pairing.unit, pairing.village):
                reading.wrong(
                    place,
                    _("%(unit)s and %(village)s are paired twice.") % {"unit": pairing.unit, "village": pairing.village.full},
                )
            if other.lead and pairing.lead and other.village == pairing.village:
                reading.wrong(f"{place}.lead", _("%(village)s has one lead unit only.") % {"village": pairing.village.full})
        found.append(pairing)
    return tuple(found)


def _record_keys(events: Iterable[Any], reading: _Reading) -> list[str]:
    keys: list[str] = []
    for index, one in enumerate(events):
        if isinstance(one, dict) and one.get("do") in ("record", "report") and isinstance(one.get("key"), str):
            if one["key"] in keys:
                reading.wrong(f"events[{index}].key", _("The key “%(key)s” is given twice.") % {"key": readers.shown(one["key"])})
            keys.append(one["key"].strip())
    return keys


def _steps(
    given: list[Any], list_name: str, word_name: str, known: Mapping[str, Word], names: Names, reading: _Reading
) -> list[tuple[int, datetime, Word, dict[str, Any]]]:
    """Events or questions: each names its word, and takes the word's fields and ``at``."""
    found = []
    for index, one in enumerate(given):
        place = f"{list_name}[{index}]"
        values = reading.mapping(one, place)
        if values is None:
            continue
        if word_name not in values:
            reading.wrong(place, _("“%(name)s” is missing.") % {"name": word_name})
            continue
        named = values[word_name]
        word = known.get(named) if isinstance(named, str) else None
        if word is None:
            _unknown_word(named, f"{place}.{word_name}", known, reading)
            continue
        n_faults = len(reading.faults)
        fields = {**word.fields, "at": needed(readers.instant), word_name: needed(_anything)}
        read = reading.fields(values, place, fields, names)
        if len(reading.faults) > n_faults:
            continue
        if word.check is not None:
            for name, sentence in word.check(read, names):
                reading.wrong(f"{place}.{name}", sentence)
        if word.play is None:
            reading.wrong(
                f"{place}.{word_name}",
                _("“%(word)s” cannot be played yet: this version keeps nothing that it would act on. Take it out.")
                % {"word": word.name},
            )
        del read[word_name]
        found.append((index, read.pop("at"), word, read))
    return found


def _unknown_word(value: Any, place: str, known: Mapping[str, Word], reading: _Reading) -> None:
    reading.wrong(
        place,
        _("“%(value)s” is not known here. Write one of: %(words)s.")
        % {"value": readers.shown(value), "words": _(", ").join(known)},
    )
