"""The throwaway county: its places, units, people, programme year and pairings, made by the product's own actions."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from itertools import groupby

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.year import open_year, switch_on
from activities.models import ActivityType
from activities.obligations import judged_at_the_end
from activities.rehearsal.faults import Fault, ScenarioRefused
from activities.rehearsal.gazetteer import Village
from activities.rehearsal.readers import midnight
from activities.rehearsal.scenario import PairingGiven, Scenario
from activities.rehearsal.stage import Stage
from pairing.actions import PairingFacts, create_pairing, create_programme, name_new_holder
from pairing.models import Pairing, PairingPostKind
from tenancy import clock
from tenancy.access import Access, LiveGrant
from tenancy.models import Account, Division, Role, Tenant, TenantSettings
from units.actions import add_post, create_unit
from units.models import Unit, UnitKind
from units.models.person import PostKind


def begins_at(scenario: Scenario) -> datetime:
    """Midnight of the first day that anything happens on."""
    days = [scenario.programme.starts_on, *(one.active_from for one in scenario.pairings if one.active_from)]
    return min([midnight(min(days)), *(midnight(event.at.date()) for event in scenario.events)])


def make_tenant(name: str) -> Tenant:
    """A county that no address leads to. Its code exists in no list, so that it can stand beside the real one."""
    code = ""
    while not code or code.endswith("00") or Division.objects.filter(code=code).exists():
        code = f"00{secrets.randbelow(9999) + 1:04}"
    division = Division.objects.create(code=code, name=name, kind=Division.Kind.COUNTY)
    tenant: Tenant = Tenant.objects.create(slug=f"rehearsal-{secrets.token_hex(8)}", name=name, division=division)
    return tenant


def staff(tenant: Tenant) -> Access:
    """The county's administrator and staff in one, for whatever a scenario's events do in the county's name."""
    account = Account.objects.create(login=f"rehearsal-{secrets.token_hex(8)}")
    grants = tuple(LiveGrant(role, "tenant", None, None) for role in (Role.CA, Role.CS))
    return Access(account, tenant, grants)


def build(scenario: Scenario, tenant: Tenant) -> Stage:
    """The scene at its beginning; ``tenant`` is in scope and empty. Raises ScenarioRefused for switches that fit no rule."""
    TenantSettings.objects.create(tenant=tenant)
    access = staff(tenant)
    given = scenario.programme
    programme = create_programme(
        year=given.year,
        title=_("Rehearsal of %(year)d") % {"year": given.year},
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        access=access,
    )
    asked = dict.fromkeys(one.given["cycle"] for one in scenario.questions if "cycle" in one.given)
    stage = Stage(tenant, access, programme, asked_cycles=tuple(asked))
    # Nobody looks at obligations before the scene is set.
    with judged_at_the_end():
        _open(stage, scenario)
        _make_pairings(stage, scenario)
    return stage


def _open(stage: Stage, scenario: Scenario) -> None:
    """The year with its rules, switched on."""
    given, programme, access = scenario.programme, stage.programme, stage.access
    try:
        with transaction.atomic():
            open_year(programme=programme, preset=given.preset, switches=given.switches, actor=access.actor)
            switch_on(programme=programme, day=clock.today(), actor=access.actor)
    except ValidationError as refused:
        raise ScenarioRefused([Fault("programme.switches", " ".join(refused.messages))]) from refused
    stage.carriers = dict(ActivityType.objects.filter(programme=programme).values_list("code", "carrier"))


def _make_pairings(stage: Stage, scenario: Scenario) -> None:
    for one in scenario.pairings:
        _village(stage, one.village)
    units = {name: _unit(stage, name) for name in dict.fromkeys(one.unit for one in scenario.pairings)}
    leads = _leads(scenario)
    for index, one in enumerate(scenario.pairings):
        try:
            with transaction.atomic():
                stage.pairings[one.key] = _pairing(stage, one, units[one.unit], is_lead=one.key in leads, scenario=scenario)
        except ValidationError as refused:
            raise ScenarioRefused([Fault(f"pairings[{index}]", " ".join(refused.messages))]) from refused


def _leads(scenario: Scenario) -> set[str]:
    """Each village's lead unit: the one marked so, else the first one listed."""
    by_village = sorted(scenario.pairings, key=lambda one: one.village.full)
    groups = [list(group) for _full, group in groupby(by_village, key=lambda one: one.village.full)]
    return {next((one for one in group if one.lead), group[0]).key for group in groups}


def _village(stage: Stage, place: Village) -> None:
    if place.full in stage.villages:
        return
    values = {"kind": place.kind, "name": place.name, "parent": stage.town(place.town)}
    village = create_unit(access=stage.access, values=values)
    stage.villages[place.full] = village
    # Whoever confirms must be reachable: the village's secretary is told what waits.
    add_post(
        access=stage.access,
        unit=village,
        kind=PostKind.VILLAGE_SECRETARY,
        starts_on=clock.today(),
        name=_("secretary of %(village)s") % {"village": place.name},
    )


def _unit(stage: Stage, name: str) -> Unit:
    return create_unit(access=stage.access, values={"kind": UnitKind.ORGANISATION, "name": name})


def _first_day(one: PairingGiven, scenario: Scenario) -> date:
    """The day from which the two are paired; without ``active_from``, that of the event that activates it."""
    if one.active_from is not None:
        return one.active_from
    for event in scenario.events:
        if event.word.name == "activate" and event.given["pairing"] == one.key:
            day: date = event.given["on"]
            return day
    return scenario.programme.starts_on


def _pairing(stage: Stage, one: PairingGiven, unit: Unit, *, is_lead: bool, scenario: Scenario) -> Pairing:
    facts = PairingFacts(
        programme=stage.programme,
        unit=unit,
        village=stage.villages[one.village.full],
        starts_on=_first_day(one, scenario),
        is_lead=is_lead,
    )
    pairing = create_pairing(facts=facts, access=stage.access)
    for kind, name in ((PairingPostKind.GROUP_LEADER, one.leader), (PairingPostKind.LIAISON, one.liaison)):
        if name:
            name_new_holder(pairing=pairing, kind=kind, name=name, phone="", on=pairing.starts_on, access=stage.access)
    return pairing
