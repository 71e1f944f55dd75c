"""Who stands under what is done: the person behind a login, for the rows that keep a name beside an account."""

from __future__ import annotations

from tenancy.access import Access
from tenancy.scope import SYSTEM, Actor
from units.queries import person_names


def hand_of(access: Access | None, actor: Actor | None = None) -> Actor:
    """Who acts: the access's account, else the actor named (a rehearsal, a command), else the system."""
    return access.actor if access is not None else actor or SYSTEM


def name_of(who: Actor) -> str:
    """The name of the person behind the account, as long as rows keep it; the login of an account without a person."""
    if who.account_id is None:
        return who.name[:60]
    return person_names([who.account_id]).get(who.account_id, who.name)[:60]
