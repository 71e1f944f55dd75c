"""Logins: whose they are, which names are free, and who has none yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from lib.chinese.pinyin import pinyin_key
from tenancy.models import Account, Grant, Role, Tenant
from units.models import Person, Post
from units.models.person import PostKind
from units.people.queries.grants import live
from units.people.queries.members import visible_members
from units.queries.people import held

# Which role an office brings with it, over the unit of the office.
ROLE_OF_POST: dict[str, str] = {
    PostKind.LIAISON: Role.UL,
    PostKind.GROUP_LEADER: Role.UG,
    PostKind.PRINCIPAL: Role.UG,
    PostKind.VILLAGE_SECRETARY: Role.VS,
    PostKind.TOWN_OFFICER: Role.TO,
    PostKind.LEADER_CONTACT: Role.CL,
}
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Login:
    """An account as this county knows it. ``person`` is None for one that belongs to nobody here yet.

    ``is_managed``: this county made it and may reset and disable it.
    """

    account: Account
    person: Person | None
    is_managed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in office who has no login: one row per person, with the posts that bring roles."""

    person: Person
    posts: tuple[Post, ...]


def _known_here(tenant: Tenant) -> QuerySet[Account]:
    """Accounts that this county may know of: made here, granted something here, or a person's of here."""
    return Account.objects.filter(
        Q(home=tenant)
        | Q(pk__in=Grant.objects.values("account_id"))
        | Q(pk__in=Person.objects.filter(account__isnull=False).values("account_id"))
    )


def login_with(uid: UUID, *, access: Any) -> Login | None:
    """A login that ``access`` may read, or None: missing, another county's and out of reach are alike."""
    account = _known_here(access.tenant).filter(uid=uid).first()
    if account is None:
        return None
    person = person_of(account)
    if access.reach("grant", "R") is not None:
        is_own = account.pk == access.account.pk
        if not is_own and (person is None or not visible_members(access).filter(pk=person.pk).exists()):
            return None
    return Login(account, person, account.home_id == access.tenant.pk and not account.is_operator)


def person_of(account: Account) -> Person | None:
    """The person of the county in scope who signs in with the account."""
    found: Person | None = Person.objects.filter(account=account).first()
    return found


def logins_without_person(tenant: Tenant) -> list[Account]:
    """Accounts of this county that belong to nobody of the list: the first administrator, for instance."""
    taken = Person.objects.filter(account__isnull=False).values("account_id")
    return list(_known_here(tenant).exclude(pk__in=taken).order_by("login"))


def suggest_login(name: str) -> str:
    """A free login name from somebody's name: liangming, liangming2 …"""
    return free_logins([name])[0]


def free_logins(names: Iterable[str]) -> list[str]:
    """A free login name for each name, all different. Whether one is free is known again only when it is made."""
    bases = [pinyin_key(name, person=True).full[:LONGEST] or "user" for name in names]
    bases = [base if base.isascii() and base[0].isalnum() else "user" for base in bases]
    taken = _taken(set(bases))
    found = []
    for base in bases:
        login, n = base, 1
        while login in taken:
            n += 1
            login = f"{base}{n}"
        taken.add(login)
        found.append(login)
    return found


def _taken(bases: set[str]) -> set[str]:
    if not bases:
        return set()
    # Names made of pinyin hold no sign that means something in a regular expression; digits may follow.
    pattern = "^(" + "|".join(sorted(base for base in bases if base.isalnum())) + ")[0-9]*$"
    return set(Account.objects.filter(login__regex=pattern).values_list("login", flat=True))


def candidates(kinds: Iterable[str], *, on: date) -> list[Candidate]:
    """People in one of these offices today who have no login, in the order of their names."""
    wanted = [kind for kind in kinds if kind in ROLE_OF_POST]
    posts = Post.objects.filter(held(on), kind__in=wanted, person__account=None, unit__ends_on=None)
    by_person: dict[int, list[Post]] = {}
    people: dict[int, Person] = {}
    for post in posts.select_related("person", "unit").order_by("person__pinyin", "person_id", "kind", "id"):
        by_person.setdefault(post.person_id, []).append(post)
        people[post.person_id] = post.person
    return [Candidate(people[pk], tuple(found)) for pk, found in by_person.items()]


def is_last_administrator(account: Account, *, on: date) -> bool:
    """Whether the county would have no administrator who can sign in without this account."""
    administrators = Grant.objects.filter(live(on), Q(ends_on=None), role=Role.CA)
    may_enter = Account.objects.filter(pk=OuterRef("account_id"), is_active=True)
    others = administrators.exclude(account=account).filter(Exists(may_enter))
    return administrators.filter(account=account).exists() and not others.exists()
