"""Loading the demonstration into an empty database, through the application's own actions."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypedDict

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.by_hashing import found_by_index
from lib.chinese.pinyin import pinyin_key
from tenancy import audit
from tenancy.access import Access, access_for
from tenancy.models import Account, Grant, Role, Tenant
from tenancy.models.grant import ScopeKind
from tenancy.passwords import random_password, set_password
from tenancy.scope import SYSTEM, tenant_scope
from tenancy.statistics import take_statistics
from units.actions import add_post, create_person
from units.demo.cast import ADMINISTRATOR, COUNTY, OPERATOR_LOGIN, PLAYERS, Player
from units.divisions.actions import create_county
from units.divisions.first_admin import create_first_admin
from units.importing import actions as importing
from units.importing import registry
from units.models import Person, Post, Unit
from units.people.actions.logins import make_account

LEDGERS = Path(__file__).resolve().parent.parent / "data" / "demo"
# Kind, file, and the name under which people know it; plain names on disk pass through every tool.
FILES = (("units", "units.xlsx", "单位花名册.xlsx"), ("pairings", "pairings.xlsx", "结对关系一览表.xlsx"))
# The programme of the ledgers began then; so do the offices and roles of the demonstration.
SINCE = date(2024, 9, 3)
AUDIT_DAYS = 180


class DemoAccount(TypedDict):
    """One line of ``.local/demo-accounts.json``. ``tenant`` is empty for the operator, who has none."""

    tenant: str
    role: str
    login: str
    password: str


class DemoRefused(Exception):
    """The demonstration cannot be loaded; the text says why and what to do."""


Say = Callable[[str], None]
# What apps above add to the first county, in its scope, after its ledgers and accounts.
Addition = Callable[[Tenant, Access, Say], None]
# How many times an addition says what it does, by the day of loading.
Steps = Callable[[date], int]
_additions: dict[Addition, Steps] = {}


@dataclass(frozen=True, slots=True)
class Further:
    """A further county: its division code, its slug, and what an app above makes in it."""

    code: str
    slug: str
    fill: Callable[[Tenant, Access], None]


_further: list[Further] = []


def and_then(addition: Addition, steps: Steps) -> None:
    """Let an app above add to the demonstration. Registering twice is once."""
    _additions.setdefault(addition, steps)


def and_county(code: str, slug: str, fill: Callable[[Tenant, Access], None]) -> None:
    """Let an app above add a county to the demonstration. Registering twice is once."""
    if slug not in {county.slug for county in _further}:
        _further.append(Further(code, slug, fill))


def is_loaded() -> bool:
    """Whether the demonstration is in this database."""
    logins = [OPERATOR_LOGIN, ADMINISTRATOR.login, *(player.login for player in PLAYERS)]
    return Account.objects.filter(login__in=logins).count() == len(logins)


def n_steps(today: date) -> int:
    """How many times ``load`` says what it does, and once more for saying that it is done."""
    each_county, accounts, done = 1 + len(_further), 1, 1
    return each_county + len(FILES) + accounts + sum(steps(today) for steps in _additions.values()) + done


@transaction.atomic
def load(*, now: datetime, say: Say) -> list[DemoAccount]:
    """Everything in one transaction: killed half-way it leaves an empty database. Answers the accounts.

    Raises DemoRefused unless the database is empty.
    """
    if Tenant.objects.exists():
        raise DemoRefused(_("The database holds counties already. The demonstration is loaded into an empty database only."))
    with connection.cursor() as cursor:
        # What a page may take has no bearing on filling an empty database.
        cursor.execute("SET LOCAL statement_timeout = '10min'")
    with found_by_index():
        return _load(now, say)


def _load(now: datetime, say: Say) -> list[DemoAccount]:
    tenant = _county(COUNTY, now, say)
    accounts = [_operator(now)]
    accounts.append(_administrator(tenant, ADMINISTRATOR.login, now))
    administrator = access_for(Account.objects.get(login=ADMINISTRATOR.login), tenant)
    assert administrator is not None
    with tenant_scope(tenant, actor=administrator.actor):
        for kind, file, title in FILES:
            say(_("Importing %(file)s") % {"file": title})
            _import(kind, LEDGERS / file, title, administrator)
        say(_("Making an account for each role"))
        _link(ADMINISTRATOR, administrator)
        accounts += [_account(tenant, player, administrator, now) for player in PLAYERS]
        for addition in _additions:
            addition(tenant, administrator, say)
            # Each builds on what the one before brought in.
            take_statistics()
    return [*accounts, *(load_further(county, now=now, say=say) for county in further_counties())]


def further_counties() -> tuple[Further, ...]:
    """The counties that apps above add."""
    return tuple(_further)


def load_further(county: Further, *, now: datetime, say: Say) -> DemoAccount:
    """A further county with its administrator, filled by the app that added it."""
    tenant = _county((county.code, county.slug), now, say)
    account = _administrator(tenant, f"ca.{county.slug}", now)
    access = access_for(Account.objects.get(login=account["login"]), tenant)
    assert access is not None
    with tenant_scope(tenant, actor=access.actor):
        county.fill(tenant, access)
    return account


def new_passwords(*, now: datetime) -> list[DemoAccount]:
    """New passwords for all demonstration accounts: when the file that held the old ones is gone."""
    logins = {OPERATOR_LOGIN: ""} | {player.login: COUNTY[1] for player in (ADMINISTRATOR, *PLAYERS)}
    logins |= {f"ca.{county.slug}": county.slug for county in _further}
    found = {account.login: account for account in Account.objects.filter(login__in=logins)}
    return [
        {
            "tenant": tenant,
            "role": "OP" if login == OPERATOR_LOGIN else login.partition(".")[0].upper(),
            "login": login,
            "password": _password(found[login], now),
        }
        for login, tenant in logins.items()
        if login in found
    ]


def write_accounts(accounts: list[DemoAccount], path: Path) -> None:
    """Keep the passwords for the person at this machine only (0600); the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(accounts, file, ensure_ascii=False, indent=1)
    unfinished.replace(path)


def _county(which: tuple[str, str], now: datetime, say: Say) -> Tenant:
    code, slug = which
    tenant = create_county(code=code, slug=slug, name="", actor=SYSTEM, now=now)
    say(_("%(name)s: towns and villages from the division codes") % {"name": tenant.name})
    return tenant


def _operator(now: datetime) -> DemoAccount:
    account = Account.objects.create(login=OPERATOR_LOGIN, is_operator=True)
    audit.platform("operator_created", actor=SYSTEM, login=OPERATOR_LOGIN)
    return {"tenant": "", "role": Role.OP.value, "login": OPERATOR_LOGIN, "password": _password(account, now)}


def _administrator(tenant: Tenant, login: str, now: datetime) -> DemoAccount:
    create_first_admin(tenant=tenant, login=login, actor=SYSTEM, now=now)
    password = _password(Account.objects.get(login=login), now)
    return {"tenant": tenant.slug, "role": Role.CA.value, "login": login, "password": password}


def _password(account: Account, now: datetime) -> str:
    """A random password that need not be changed first: people come to look, not to set up."""
    password = random_password()
    set_password(account=account, password=password, now=now)
    return password


def _import(kind: str, path: Path, title: str, access: Access) -> None:
    with path.open("rb") as file:
        batch = importing.begin_import(
            kind=registry.get(kind), file_name=title, chunks=[file.read()], options={}, actor=access.actor, wait=True
        )
    importing.commit_import(batch=batch, actor=access.actor, wait=True)


def _link(player: Player, access: Access) -> None:
    """Say who the administrator is: that login exists before any person does."""
    person = _person(player, access)
    Person.objects.filter(pk=person.pk).update(account=access.account)


def _account(tenant: Tenant, player: Player, access: Access, now: datetime) -> DemoAccount:
    person = _person(player, access)
    account = make_account(access=access, login=player.login)
    Person.objects.filter(pk=person.pk).update(account=account)
    audit.append(access, "login_created", object_kind="person", object_uid=person.uid)
    for place in player.places or ("",):
        _grant(player, account, _unit(place) if place else None, access, now)
    return {"tenant": tenant.slug, "role": player.role.value, "login": player.login, "password": _password(account, now)}


def _grant(player: Player, account: Account, unit: Unit | None, access: Access, now: datetime) -> None:
    # An auditor looks for a time.
    last_day = timezone.localtime(now).date() + timedelta(days=AUDIT_DAYS) if player.role == Role.AU else None
    grant = Grant.objects.create(
        tenant=access.tenant,
        account=account,
        role=player.role,
        scope_kind=player.scope_kind if unit or player.scope_object else ScopeKind.TENANT,
        scope_unit_id=unit.pk if unit else None,
        scope_object=player.scope_object,
        starts_on=SINCE,
        ends_on=last_day,
        reason=_("demonstration"),
        granted_by=access.account,
    )
    audit.append(access, "grant_given", object_kind="grant", object_uid=grant.uid, role=player.role, scope=grant.scope_kind)


def _person(player: Player, access: Access) -> Person:
    if player.holds is not None:
        unit, kind = player.holds
        post: Post = Post.objects.select_related("person").get(unit=_unit(unit), kind=kind, ends_on=None)
        return post.person
    person = create_person(access=access, values={"name": player.name, "phone": _phone(player)})
    add_post(
        access=access,
        unit=_unit(player.unit),
        kind=player.post,
        starts_on=SINCE,
        name=person.name,
        person=person,
        title=player.title,
        phone=_phone(player),
    )
    return person


def _unit(name: str) -> Unit:
    unit: Unit = Unit.objects.get(name=name, ends_on=None)
    return unit


def _phone(player: Player) -> str:
    """An invented number of the block 1390000xxxx, the same each time."""
    return f"1390000{sum(map(ord, pinyin_key(player.name).full)) % 10_000:04d}"
