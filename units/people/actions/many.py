"""Logins for many at once: a county is set up in minutes, and hashing 200 passwords takes half a minute.

The job holds no password. It draws a random seed; each first password is an HMAC of the seed and the account under
a key of the server. The slip list makes the same passwords again from the seed, once: giving the list out
forgets the seed, and from then on nobody can know them.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.access import Access, access_for
from tenancy.jobs import JobRefused, Run, enqueue, job_task
from tenancy.models import Account, Grant, Job
from tenancy.models.grant import ScopeKind
from tenancy.passwords import CLEAR, GROUPS, set_password
from units.models import Person, Post
from units.people.actions.grants import scope_for
from units.people.actions.logins import may_manage
from units.people.queries import ROLE_OF_POST, free_logins
from units.queries.people import held

MOST = 1000
_SALT = "units.people.first_password"


def first_password(seed: str, account: Account) -> str:
    """The first password of one account of a batch: clear characters in groups, as tenancy.passwords makes them."""
    digest = salted_hmac(_SALT, f"{seed}.{account.uid}", algorithm="sha256").digest()
    number = int.from_bytes(hmac.new(digest, seed.encode(), sha256).digest(), "big")
    letters = []
    for _n in range(GROUPS * 4):
        number, index = divmod(number, len(CLEAR))
        letters.append(CLEAR[index])
    return "-".join("".join(letters[start : start + 4]) for start in range(0, len(letters), 4))


@transaction.atomic
def start_many(*, access: Access, people: Iterable[Person], kinds: Iterable[str]) -> Job:
    """Queue the making of logins for these people, with the roles that their offices of these kinds bring."""
    may_manage(access, "C")
    ids = [person.pk for person in people][:MOST]
    payload = {"people": ids, "kinds": [kind for kind in kinds if kind in ROLE_OF_POST], "seed": secrets.token_hex(32)}
    job = enqueue(make_many, payload, created_by=access.account.pk)
    Job.objects.filter(pk=job.pk).update(n_total=len(ids))
    audit.append(access, "logins_ordered", object_kind="job", object_uid=job.uid, n=len(ids))
    return job


@job_task()
def make_many(run: Run) -> None:
    """Make the logins, each in a transaction of its own: what is done stays done, and done again changes nothing."""
    people = [int(pk) for pk in run.payload["people"]]
    for n, pk in enumerate(people):
        run.progress(n, len(people))
        with run.scope():
            _make_one(run, pk)
    run.progress(len(people), len(people))
    with run.scope(last=True):
        account_id = Job.objects.values_list("created_by_id", flat=True).get(pk=run.job_id)
        audit.append(_ordered_by(run, account_id), "logins_created", object_kind="job", n=len(people))


def _ordered_by(run: Run, account_id: int | None) -> Access:
    """The administrator who ordered it, if he still is one: the right is asked for again when the work is done."""
    account = Account.objects.filter(pk=account_id or 0, is_active=True).first()
    access = access_for(account, run.tenant) if account is not None else None
    if access is None or access.reach("grant", "C") is not None:
        raise JobRefused(_("Whoever ordered these logins is no administrator any more."))
    return access


def _make_one(run: Run, person_id: int) -> None:
    access = _ordered_by(run, Job.objects.values_list("created_by_id", flat=True).get(pk=run.job_id))
    person = Person.objects.select_for_update().filter(pk=person_id, account=None).first()
    if person is None:
        return
    moment = clock()
    account = Account.objects.create(login=free_logins([person.name])[0], home=run.tenant)
    set_password(account=account, password=first_password(run.payload["seed"], account), now=moment, is_first=True)
    Person.objects.filter(pk=person.pk).update(account=account)
    _give_roles(access, person, account, run.payload["kinds"], timezone.localtime(moment).date())


def _give_roles(access: Access, person: Person, account: Account, kinds: list[str], today: date) -> None:
    posts = Post.objects.filter(held(today), person=person, kind__in=kinds, unit__ends_on=None).select_related("unit")
    given: set[tuple[str, int]] = set()
    for post in posts:
        role = ROLE_OF_POST[post.kind]
        if (role, post.unit_id) in given or not _fits(role, post):
            continue
        given.add((role, post.unit_id))
        Grant.objects.create(
            tenant=access.tenant,
            account=account,
            role=role,
            scope_kind=scope_for(role, post.unit),
            scope_unit_id=post.unit_id,
            starts_on=today,
            reason=str(post.get_kind_display()),
            granted_by=access.account,
        )


def _fits(role: str, post: Post) -> bool:
    try:
        return scope_for(role, post.unit) != ScopeKind.TENANT
    except ValidationError:
        return False


def take_slips(*, access: Access, job: Job, now: datetime) -> list[dict[str, Any]] | None:
    """The slips of a finished batch: once. None when they were taken already or are too old.

    Passwords that were changed or reset since are left out.
    """
    may_manage(access, "C")
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        seed = row.payload.get("seed", "")
        if not seed or row.state != Job.State.DONE:
            return None
        Job.objects.filter(pk=row.pk).update(payload={**row.payload, "seed": ""})
        people = Person.objects.filter(pk__in=row.payload["people"], account__home=access.tenant).select_related("account")
        unspent = people.filter(account__must_change_password=True, account__first_password_until__gt=now)
        slips = [_slip(person, seed) for person in unspent.order_by("pinyin", "id")]
        audit.append(access, "slips_taken", object_kind="job", object_uid=row.uid, n=len(slips))
    return slips


def _slip(person: Person, seed: str) -> dict[str, Any]:
    account = person.account
    assert account is not None
    return {"person": person, "login": account.login, "password": first_password(seed, account)}
