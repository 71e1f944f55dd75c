"""The list of 人员与授权."""

from __future__ import annotations

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from tenancy.access import Access
from tenancy.models import Grant
from units.models import Person
from units.people.queries.grants import live
from units.queries.people import people_within


def visible_members(access: Access) -> QuerySet[Person]:
    """Persons whose login and grants one may read: all, or those of the own scope, and oneself."""
    rows: QuerySet[Person] = Person.objects.all()
    own = access.reach("grant", "R")
    if own is None:
        return rows
    return rows.filter(Q(pk__in=people_within(Person.objects.all(), own).values("pk")) | Q(account_id=access.account.pk))


def live_roles() -> ArraySubquery:
    """Codes of the roles that the person in the outer query holds today."""
    grants = Grant.objects.filter(live(localdate()), account_id=OuterRef("account_id"))
    return ArraySubquery(grants.order_by("role").values("role").distinct())


def with_role(role: str) -> Q:
    """The condition that a person holds a role today."""
    return Q(account_id__in=Grant.objects.filter(live(localdate()), role=role).values("account_id"))
