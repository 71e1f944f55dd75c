"""Opening a programme year from a preset, its deadlines, and the day it is switched on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions.calendar import load_days
from activities.actions.refusals import Refused
from activities.actions.terms import ALSO_CALLED, TERM_FIELDS, check_together, clean_value
from activities.models import ActivityType, ContentClass, Rule, RuleScope, RuleTerms, YearSettings
from activities.obligations import refresh
from activities.presets import PRESETS, Preset
from pairing.models import Programme
from tenancy import audit, clock
from tenancy.scope import Actor, because, current_tenant

YEAR_FIELDS = ("lock_day", "confirm_days", "proxy_days", "record_seconds", "confirm_seconds")
# Words of domain.md §2.4 that are no field of the terms: (rule's field) → (field, {word: value}).
_WORDS: Mapping[str, tuple[str, Mapping[object, str]]] = {
    "leader_scope": ("scope", {"person": RuleScope.PERSON, "pairing": RuleScope.PAIRING}),
}


class YearRefused(Refused):
    """The year cannot be opened or changed so; the message names what is wrong. ``code`` is a stable word."""


Switches = Mapping[str, object]


def _chosen(preset: str | Preset) -> Preset:
    if isinstance(preset, Preset):
        return preset
    if preset not in PRESETS:
        raise YearRefused(
            _("There is no preset %(code)s. Choose one of: %(known)s.") % {"code": preset, "known": ", ".join(PRESETS)},
            "not_found",
        )
    return PRESETS[preset]


def _unknown(key: str) -> YearRefused:
    return YearRefused(_("There is no switch %(key)s.") % {"key": key}, "unknown_switch")


def _wrong(key: str, value: object, why: ValidationError) -> YearRefused:
    words = {"key": key, "value": value, "why": " ".join(why.messages)}
    return YearRefused(_("Switch %(key)s cannot be %(value)s: %(why)s") % words, "wrong_switch")


def read_switches(preset: Preset, switches: Switches) -> dict[str, dict[str, Any]]:
    """Values by rule code (and "year"), by field. Raises YearRefused naming the first unknown switch or wrong value."""
    known = {rule.code for rule in preset.rules}
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for key, given in switches.items():
        owner, dot, name = str(key).partition(".")
        value = given
        if not dot or (owner != "year" and owner not in known):
            raise _unknown(key)
        try:
            if owner == "year":
                if name not in YEAR_FIELDS:
                    raise _unknown(key)
                found[owner][name] = clean_value(YearSettings, name, value)
                continue
            if name in _WORDS:
                name, words = _WORDS[name]
                if not isinstance(value, str) or value not in words:
                    raise ValidationError(_("Write one of: %(words)s.") % {"words": ", ".join(str(word) for word in words)})
                value = words[value]
            name = ALSO_CALLED.get(name, name)
            if name in found[owner]:
                raise ValidationError(_("It is given twice, under two names. Leave one of them."))
            if name == "is_active":
                found[owner][name] = clean_value(Rule, name, value)
            elif name in TERM_FIELDS:
                found[owner][name] = clean_value(RuleTerms, name, value)
            else:
                raise _unknown(key)
        except YearRefused:
            raise
        except ValidationError as problem:
            raise _wrong(key, given, problem) from problem
    return found


@transaction.atomic
def open_year(*, programme: Programme, preset: str | Preset, actor: Actor, switches: Switches | None = None) -> YearSettings:
    """Give a programme year its classes, types, rules, deadlines and working calendar, and count for the first time.

    ``switches`` override the preset: ``"<rule>.<field>"``, ``"<rule>.is_active"``, ``"leader_reception.leader_scope"``,
    ``"year.<field>"``. Raises YearRefused naming an unknown preset, switch or value, or when the year is open already.
    """
    chosen = _chosen(preset)
    values = read_switches(chosen, switches or {})
    tenant = current_tenant()
    # The programme's row is the lock: two of the staff may press the button together.
    Programme.objects.select_for_update().get(pk=programme.pk)
    if YearSettings.objects.filter(programme=programme).exists():
        raise YearRefused(_("This programme year has been set up already."), "already_done")
    settings: YearSettings = YearSettings.objects.create(tenant=tenant, programme=programme, **values.pop("year", {}))
    classes = {
        one.code: ContentClass.objects.create(tenant=tenant, programme=programme, code=one.code, name=one.name, position=position)
        for position, one in enumerate(chosen.classes)
    }
    ActivityType.objects.bulk_create(
        ActivityType(
            tenant=tenant,
            programme=programme,
            code=one.code,
            name=one.name,
            carrier=one.carrier,
            content_class=classes.get(one.content_class),
            position=position,
        )
        for position, one in enumerate(chosen.types)
    )
    for position, declared in enumerate(chosen.rules):
        changed = values.get(declared.code, {})
        is_active = changed.pop("is_active", declared.is_active)
        rule = Rule.objects.create(
            tenant=tenant,
            programme=programme,
            code=declared.code,
            name=declared.name,
            position=position,
            is_active=is_active,
            within=declared.within,
        )
        terms = RuleTerms(
            tenant=tenant,
            rule=rule,
            number=1,
            effective_from=programme.starts_on,
            published_at=clock.now(),
            **{**declared.terms.values(), **changed},
        )
        try:
            check_together(rule, terms)
        except ValidationError as problem:
            name = next(iter(problem.message_dict))
            raise _wrong(f"{declared.code}.{name}", getattr(terms, name), problem) from problem
        terms.save()
    load_days(programme)
    audit.append(actor, "year_opened", object_kind="programme", object_uid=programme.uid, preset=chosen.code)
    refresh()
    return settings


@transaction.atomic
def change_deadlines(*, programme: Programme, values: Mapping[str, object], reason: str = "", actor: Actor) -> YearSettings:
    """Change lock day, days to confirm and the costs that the burden is told with.

    Raises YearRefused with a sentence for each wrong field, or when the year has not been set up.
    """
    settings: YearSettings | None = YearSettings.objects.select_for_update().filter(programme=programme).first()
    if settings is None:
        raise YearRefused(_("Set the programme year up first."), "not_found")
    cleaned: dict[str, Any] = {}
    problems: dict[str, Any] = {}
    for name, value in values.items():
        try:
            if name not in YEAR_FIELDS:
                raise ValidationError(_("There is no setting of this name."))
            cleaned[name] = clean_value(YearSettings, name, value)
        except ValidationError as problem:
            problems[name] = problem.messages
    if problems:
        raise YearRefused(problems)
    because(reason, actor=actor)
    changed = [name for name, value in cleaned.items() if getattr(settings, name) != value]
    for name in changed:
        setattr(settings, name, cleaned[name])
    settings.save(update_fields=changed)
    audit.append(actor, "deadlines_changed", object_kind="programme", object_uid=programme.uid, fields=changed)
    return settings


@transaction.atomic
def switch_on(*, programme: Programme, day: date, actor: Actor) -> YearSettings:
    """Begin reminding with ``day``: what was due before it reminds nobody. Raises YearRefused for a day after the year."""
    settings: YearSettings | None = YearSettings.objects.select_for_update().filter(programme=programme).first()
    if settings is None:
        raise YearRefused(_("Set the programme year up first."), "not_found")
    if day > programme.ends_on:
        raise YearRefused({"day": _("The programme year has ended by then. Choose an earlier day.")}, "outside")
    settings.switched_on = day
    settings.save(update_fields=["switched_on"])
    audit.append(actor, "year_switched_on", object_kind="programme", object_uid=programme.uid)
    return settings
