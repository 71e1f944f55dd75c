"""A county's own programme year as a scenario: rules with versions, waivers, calendar, and one village's pairings."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, time, timedelta

from django.utils import timezone

from activities.actions.terms import TERM_FIELDS
from activities.models import ActivityType, ContentClass, Rule, RuleTerms, Waiver, WaiverScope, WorkingDay
from activities.presets import ClassDeclared, Preset, RuleDeclared, TermsDeclared, TypeDeclared
from activities.queries.rules import in_force, rules_of, versions_of
from activities.rehearsal import words
from activities.rehearsal.gazetteer import Village
from activities.rehearsal.readers import TERMS, Scope, midnight
from activities.rehearsal.registry import EVENTS, QUESTIONS, Given
from activities.rehearsal.scenario import Event, PairingGiven, ProgrammeGiven, Question, Scenario
from pairing.models import Pairing, PairingPost, PairingPostKind, Programme
from pairing.queries import live
from units.models import Unit

# How long messages are told of: until the first reminders of a quarter have come.
MESSAGES_FOR = timedelta(days=130)


def scenario_of(programme: Programme, village: Unit) -> Scenario:
    """What the year asks of the village's pairings, were it to begin with nothing written down. Reads the county in scope."""
    words.load()
    pairings = list(
        live(Pairing.objects.filter(programme=programme, village=village))
        .select_related("unit", "village__parent")
        .order_by("id")
    )
    steps = [*_versions(programme), *_waivers(programme, pairings), *_holidays()]
    begins = midnight(programme.starts_on)
    events = tuple(Event(place, begins, EVENTS[name], given) for place, (name, given) in enumerate(steps))
    return Scenario(
        county="",
        county_name=village.tenant.name,
        programme=ProgrammeGiven(programme.year, programme.starts_on, programme.ends_on, _preset(programme)),
        pairings=tuple(_pairing(one, programme) for one in pairings),
        events=events,
        questions=tuple(_questions(programme, pairings)),
    )


def _preset(programme: Programme) -> Preset:
    classes = ContentClass.objects.filter(programme=programme)
    types = ActivityType.objects.filter(programme=programme, is_active=True).select_related("content_class")
    return Preset(
        code="county",
        title=programme.title,
        summary="",
        classes=tuple(ClassDeclared(one.code, one.name) for one in classes),
        types=tuple(
            TypeDeclared(one.code, one.name, one.carrier, one.content_class.code if one.content_class else "") for one in types
        ),
        rules=tuple(_rule(one, programme) for one in rules_of(programme) if versions_of(one)),
    )


def _rule(rule: Rule, programme: Programme) -> RuleDeclared:
    first = in_force(versions_of(rule), programme.starts_on) or versions_of(rule)[0]
    return RuleDeclared(rule.code, rule.name, _terms(first), rule.is_active, rule.within)


def _terms(row: RuleTerms) -> TermsDeclared:
    known = {one.name for one in fields(TermsDeclared)}
    values = {name: getattr(row, name) for name in TERM_FIELDS if name in known}
    return TermsDeclared(**{**values, "types": tuple(row.types)})


def _versions(programme: Programme) -> list[tuple[str, Given]]:
    """Later versions of rules that are in force on some day."""
    found: list[tuple[str, Given]] = []
    for rule in rules_of(programme):
        for row in versions_of(rule):
            is_ever = row.effective_to is None or row.effective_to >= row.effective_from
            if is_ever and row.effective_from > programme.starts_on:
                terms = {name: getattr(row, name) for name in TERMS}
                found.append(("rule", {"rule": rule.code, "effective_from": row.effective_from, "reason": row.reason, **terms}))
    return sorted(found, key=lambda step: step[1]["effective_from"])


def _waivers(programme: Programme, pairings: list[Pairing]) -> list[tuple[str, Given]]:
    """Waivers for all, for the village's town, for its pairings."""
    keys = {one.pk: str(one.uid) for one in pairings}
    towns = {one.village.parent_id for one in pairings}
    found: list[tuple[str, Given]] = []
    for row in Waiver.objects.filter(programme=programme, withdrawn_at=None).select_related("town").order_by("id"):
        if row.scope == WaiverScope.TOWN and row.town_id not in towns:
            continue
        if row.scope == WaiverScope.PAIRING and row.pairing_id not in keys:
            continue
        name = row.town.name if row.town else keys.get(row.pairing_id, "")
        given = {"from": row.starts_on, "to": row.ends_on, "scope": Scope(row.scope, name), "reason": row.reason}
        found.append(("waive", {**given, "rules": tuple(row.rules)}))
    return found


def _holidays() -> list[tuple[str, Given]]:
    """Days that the county set itself; the published ones come with the year."""
    rows = WorkingDay.objects.filter(source=WorkingDay.Source.COUNTY).order_by("day")
    return [("holiday", {"on": row.day, "working": row.is_working}) for row in rows]


def _pairing(pairing: Pairing, programme: Programme) -> PairingGiven:
    held = {
        post.kind: post.person.name for post in PairingPost.objects.filter(pairing=pairing, ends_on=None).select_related("person")
    }
    town = pairing.village.parent.name if pairing.village.parent else ""
    return PairingGiven(
        key=str(pairing.uid),
        unit=pairing.unit.name,
        village=Village(town, pairing.village.name, pairing.village.kind),
        active_from=max(pairing.active_from or pairing.starts_on, programme.starts_on),
        leader=held.get(PairingPostKind.GROUP_LEADER) or str(PairingPostKind.GROUP_LEADER.label),
        liaison=held.get(PairingPostKind.LIAISON) or str(PairingPostKind.LIAISON.label),
        lead=pairing.is_lead,
    )


def _questions(programme: Programme, pairings: list[Pairing]) -> list[Question]:
    begins = midnight(max([programme.starts_on, *(one.active_from or one.starts_on for one in pairings)]))
    begun = begins + timedelta(minutes=1)
    later = min(begins + MESSAGES_FOR, _evening(programme))
    asked: list[tuple[datetime, str, Given]] = []
    for year in range(programme.starts_on.year, programme.ends_on.year + 1):
        asked += [(begun, "burden", {"pairing": str(one.uid), "year": year}) for one in pairings]
    asked.append((begun, "obligations", {"pairing": str(pairings[0].uid)}) if pairings else (begun, "obligations", {}))
    asked.append((later, "messages", {}))
    return [Question(place, at, QUESTIONS[word], given) for place, (at, word, given) in enumerate(asked)]


def _evening(programme: Programme) -> datetime:
    return timezone.make_aware(datetime.combine(programme.ends_on, time(20)))
