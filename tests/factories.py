"""One plain ``make_x()`` per model. Invented names; telephones of the block 1390000xxxx."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenancy.models import Account, Division, Grant, Tenant, TenantSettings
from tenancy.passwords import set_password
from tenancy.scope import current_tenant

_numbers = itertools.count(1)
PASSWORD = "mei-lan-zhu-ju-7"
NOW = datetime(2024, 9, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_tenant(slug: str = "gaozhou", code: str = "440981", name: str = "高州市") -> Tenant:
    """A county with its settings, and the divisions above it."""
    from tenancy.scope import tenant_scope

    province, _new = Division.objects.get_or_create(code=code[:2], defaults={"name": "广东省", "kind": "province"})
    prefecture, _new = Division.objects.get_or_create(
        code=code[:4], defaults={"name": "某市", "kind": "prefecture", "parent": province}
    )
    county, _new = Division.objects.get_or_create(code=code, defaults={"name": name, "kind": "county", "parent": prefecture})
    tenant = Tenant.objects.create(slug=slug, name=name, division=county)
    with tenant_scope(tenant):
        TenantSettings.objects.create(tenant=tenant)
    return tenant


def make_account(login: str = "", *, password: str | None = None, **fields: Any) -> Account:
    """An account; without ``password`` nobody can sign in with it (hashing is slow on purpose)."""
    account = Account.objects.create(login=login or f"user{next(_numbers)}", **fields)
    if password is not None:
        set_password(account=account, password=password, now=NOW)
    return account


def make_grant(account: Account, role: str, *, unit: Any = None, **fields: Any) -> Grant:
    """A grant in the tenant in scope: over the whole county, or over ``unit``."""
    kind = "tenant"
    if unit is not None:
        kind = {"town": "town", "village": "village", "community": "village"}.get(unit.kind, "unit")
    values = {"scope_kind": kind, "scope_unit_id": unit.pk if unit else None, "starts_on": date(2024, 1, 1), **fields}
    grant: Grant = Grant.objects.create(tenant=current_tenant(), account=account, role=role, **values)
    return grant


def make_member(tenant: Tenant, role: str = "CA", *, unit: Any = None, **fields: Any) -> Account:
    """An account with one grant in ``tenant``."""
    from tenancy.scope import tenant_scope

    account = make_account(**fields)
    with tenant_scope(tenant):
        make_grant(account, role, unit=unit)
    return account


def make_unit(name: str = "高州市林业局", kind: str = "organisation", **fields: Any) -> Any:
    from lib.chinese.pinyin import pinyin_key
    from units.models import Unit

    key = pinyin_key(name)
    return Unit.objects.create(
        tenant=current_tenant(), name=name, kind=kind, **{"pinyin": key.full, "initials": key.initials, **fields}
    )


def make_town(name: str = "曹江镇", **fields: Any) -> Any:
    return make_unit(name, "town", **fields)


def make_village(name: str = "荷垌村", *, town: Any = None, **fields: Any) -> Any:
    return make_unit(name, "village", parent=town or make_town(), **fields)


def make_person(name: str = "组长甲", **fields: Any) -> Any:
    from lib.chinese.pinyin import pinyin_key
    from units.models import Person

    key = pinyin_key(name)
    return Person.objects.create(tenant=current_tenant(), name=name, pinyin=key.full, initials=key.initials, **fields)


def make_post(unit: Any, person: Any, kind: str = "liaison", **fields: Any) -> Any:
    from units.models import Post

    return Post.objects.create(tenant=current_tenant(), unit=unit, person=person, kind=kind, **fields)


def make_programme(year: int = 2024, **fields: Any) -> Any:
    from pairing.models import Programme

    values = {"title": f"{year}年结对共建", "starts_on": date(year, 9, 3), "ends_on": date(year + 1, 12, 31), **fields}
    return Programme.objects.create(tenant=current_tenant(), year=year, **values)


def make_pairing(unit: Any = None, village: Any = None, programme: Any = None, **fields: Any) -> Any:
    from pairing.models import Pairing

    values = {"starts_on": date(2024, 9, 3), "state": "active", **fields}
    if values["state"] in ("active", "suspended"):
        values.setdefault("active_from", values["starts_on"])
    return Pairing.objects.create(
        tenant=current_tenant(),
        programme=programme or make_programme(),
        unit=unit or make_unit(),
        village=village or make_village(),
        **values,
    )


def make_pairing_post(pairing: Any, person: Any = None, kind: str = "group_leader", **fields: Any) -> Any:
    from pairing.models import PairingPost

    values = {"starts_on": pairing.starts_on, **fields}
    return PairingPost.objects.create(
        tenant=current_tenant(), pairing=pairing, person=person or make_person(), kind=kind, **values
    )


def make_suspension(pairing: Any, starts_on: date, ends_on: date | None = None, **fields: Any) -> Any:
    from pairing.models import PairingSuspension

    values = {"reason": "防汛", **fields}
    return PairingSuspension.objects.create(
        tenant=current_tenant(), pairing=pairing, starts_on=starts_on, ends_on=ends_on, **values
    )


def make_pairing_change(pairing: Any, kind: str = "created", **fields: Any) -> Any:
    from pairing.models import PairingChange
    from tenancy import clock

    values = {"who": "cs.gaozhou", "effective_on": pairing.starts_on, "at": clock.now(), **fields}
    return PairingChange.objects.create(tenant=current_tenant(), pairing=pairing, kind=kind, **values)


def make_message(person: Any, key: str = "", **fields: Any) -> Any:
    from notices.models import OutboxMessage
    from tenancy import clock

    values = {"kind": "plain", "payload": {"title": "请看通知"}, "not_before": clock.now(), **fields}
    return OutboxMessage.objects.create(tenant=current_tenant(), person=person, idem_key=key or f"key{next(_numbers)}", **values)


def make_notice(person: Any, key: str = "", **fields: Any) -> Any:
    from notices.models import Notice
    from tenancy import clock

    values = {"kind": "plain", "payload": {"title": "请看通知"}, "sent_at": clock.now(), **fields}
    return Notice.objects.create(tenant=current_tenant(), person=person, idem_key=key or f"key{next(_numbers)}", **values)


def make_type(programme: Any, code: str = "labour_day", name: str = "集中劳动", carrier: str = "activity", **fields: Any) -> Any:
    from activities.models import ActivityType

    return ActivityType.objects.create(
        tenant=current_tenant(), programme=programme, code=code, name=name, carrier=carrier, **fields
    )


def make_item(pairing: Any, kind: str = "project", name: str = "文化楼修缮", **fields: Any) -> Any:
    from activities.models import Item

    first = {"project": "planned", "livelihood_item": "proposed", "courtyard": "guided"}[kind]
    values = {"state": first, **({"household": "88", "house_no": "88号"} if kind == "courtyard" else {}), **fields}
    return Item.objects.create(
        tenant=current_tenant(),
        kind=kind,
        programme=pairing.programme,
        pairing=pairing,
        village=pairing.village,
        name=name,
        **values,
    )


def make_record(*pairings: Any, type: str = "labour_day", status: str = "submitted", **fields: Any) -> Any:
    """A record with its parts and its first step, as the actions leave them; obligations are not counted."""
    from activities.models import Record, RecordEvent, Share
    from tenancy import clock

    programme = fields.pop("programme", None) or pairings[0].programme
    values = {"occurred_on": date(2024, 10, 16), "author_side": "unit", "submitted_on": date(2024, 10, 16), **fields}
    if status in ("draft", "abandoned"):
        values["submitted_on"] = None
    record: Any = Record.objects.create(
        tenant=current_tenant(),
        programme=programme,
        type=type,
        status=status,
        status_at=clock.now(),
        created_at=clock.now(),
        **values,
    )
    for number, pairing in enumerate(pairings):
        Share.objects.create(
            tenant=current_tenant(),
            record=record,
            pairing=pairing,
            village=pairing.village,
            programme=programme,
            item=record.item,
            type=type,
            step=record.step,
            counts_on=record.occurred_on,
            submitted_on=record.submitted_on,
            status=status,
            is_lead=number == 0,
            visitors=record.visitors,
            leader_present=record.leader_present,
        )
    RecordEvent.objects.create(
        tenant=current_tenant(), record=record, deed="submitted", to_status=status, actor_name="user", at=clock.now()
    )
    return record


def make_visitor(record: Any, name: str = "来访甲", **fields: Any) -> Any:
    from activities.models import Visitor

    return Visitor.objects.create(tenant=current_tenant(), record=record, name=name, **fields)


def make_year(programme: Any, **fields: Any) -> Any:
    """Deadlines of a year: with them it has been set up. Rules, types and calendar are made by the presets."""
    from activities.models import YearSettings

    return YearSettings.objects.create(tenant=current_tenant(), programme=programme, **fields)


def make_class(programme: Any, code: str = "livelihood", name: str = "民生实事共办", **fields: Any) -> Any:
    from activities.models import ContentClass

    return ContentClass.objects.create(tenant=current_tenant(), programme=programme, code=code, name=name, **fields)


def make_rule(programme: Any, code: str = "labour_day", name: str = "集中劳动", *, is_active: bool = True, **terms: Any) -> Any:
    """A rule with one published version, in force from the programme's first day; obligations are not counted."""
    from activities.models import Rule

    rule = Rule.objects.create(tenant=current_tenant(), programme=programme, code=code, name=name, is_active=is_active)
    make_terms(rule, **terms)
    return rule


def make_terms(rule: Any, number: int = 1, *, is_draft: bool = False, **fields: Any) -> Any:
    from activities.models import RuleTerms
    from tenancy import clock

    values = {"types": [rule.code], "period_kind": "month", "effective_from": rule.programme.starts_on, **fields}
    published = None if is_draft else clock.now()
    return RuleTerms.objects.create(tenant=current_tenant(), rule=rule, number=number, published_at=published, **values)


def make_working_day(day: date, *, is_working: bool = False, **fields: Any) -> Any:
    from activities.models import WorkingDay

    return WorkingDay.objects.create(tenant=current_tenant(), day=day, is_working=is_working, **fields)


def make_waiver(programme: Any, starts_on: date, ends_on: date, **fields: Any) -> Any:
    from activities.models import Waiver

    values = {"reason": "台风", **fields}
    return Waiver.objects.create(tenant=current_tenant(), programme=programme, starts_on=starts_on, ends_on=ends_on, **values)


def make_reopening(programme: Any, month: date, until: date, **fields: Any) -> Any:
    from activities.models import Reopening

    values = {"reason": "停电", **fields}
    return Reopening.objects.create(tenant=current_tenant(), programme=programme, month=month, until=until, **values)


def make_obligation(pairing: Any, rule: Any, code: str = "2024-10", **fields: Any) -> Any:
    """One cell of a rule by its newest version; ``code`` names the period. Nothing is judged."""
    from activities.models import Obligation
    from lib.periods import period_named

    span = period_named(code)
    values = {"required": 1, "is_due": True, "state": "missed", "grace_until": span.ends_on + timedelta(days=10), **fields}
    return Obligation.objects.create(
        tenant=current_tenant(),
        programme=rule.programme,
        rule=rule,
        terms=rule.terms.order_by("-number").first(),
        pairing=pairing,
        period_kind=span.kind,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        **values,
    )


def _cell_of(cell: Any) -> dict[str, Any]:
    names = ("rule", "pairing", "period_kind", "starts_on")
    return {"tenant": current_tenant(), **{name: getattr(cell, name) for name in names}}


def make_flip(cell: Any, before: str, after: str, **fields: Any) -> Any:
    """A cell's change of state, as keeping it writes one."""
    from activities.models import ObligationFlip
    from tenancy import clock

    values = {"from_state": before, "to_state": after, "at": clock.now(), **fields}
    return ObligationFlip.objects.create(**_cell_of(cell), **values)


def make_answer(cell: Any, text: str, **fields: Any) -> Any:
    """What the unit said to a reminder of a cell."""
    from activities.models import ObligationAnswer
    from tenancy import clock

    values = {"text": text, "actor_name": "联络员甲", "at": clock.now(), **fields}
    return ObligationAnswer.objects.create(**_cell_of(cell), **values)
