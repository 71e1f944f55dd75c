"""Reading people and the offices they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Concat

from tenancy.access import Access
from units.models import Person, Post, Unit
from units.models.person import PostKind
from units.queries.units import visible_units, within


def held(on: date) -> Q:
    """Posts that are held on a day; one without a first day has always been."""
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gte=on))


def _holders(kind: str) -> QuerySet[Post]:
    """Who holds a post of the unit in the outer query now; the first entered first."""
    found: QuerySet[Post] = Post.objects.filter(unit=OuterRef("pk"), kind=kind, ends_on=None).order_by("id")
    return found


def holder_name(kind: str) -> Subquery:
    """The name of who holds a post of the outer unit."""
    return Subquery(_holders(kind).values("person__name")[:1])


def holder_phone(kind: str) -> Subquery:
    """The telephone of that post; the person's own where the post has none."""
    number = Case(When(phone="", then=F("person__phone")), default=F("phone"))
    return Subquery(_holders(kind).annotate(number=number).values("number")[:1])


def holder_title(kind: str) -> Subquery:
    """The title under which the post is held."""
    return Subquery(_holders(kind).values("title")[:1])


def posts_of(unit: Unit) -> QuerySet[Post]:
    """All posts of a unit, those held now first, then the newest."""
    order = [F("ends_on").desc(nulls_first=True), "kind", F("starts_on").desc(nulls_last=True), "id"]
    found: QuerySet[Post] = Post.objects.filter(unit=unit).select_related("person").order_by(*order)
    return found


def posts_held_by(person: Person, access: Access) -> QuerySet[Post]:
    """A person's posts in units that ``access`` may read, those held now first."""
    order = [F("ends_on").desc(nulls_first=True), F("starts_on").desc(nulls_last=True), "id"]
    rows = Post.objects.filter(person=person, unit__in=visible_units(access)).select_related("unit")
    found: QuerySet[Post] = rows.order_by(*order)
    return found


def visible_people(access: Access) -> QuerySet[Person]:
    """People of the units one may read: all of them, or who holds or held a post in a visible unit."""
    rows: QuerySet[Person] = Person.objects.all()
    if access.reach("unit", "R") is None:
        return rows
    seen = Post.objects.filter(unit__in=visible_units(access).values("pk")).values("person_id")
    return rows.filter(Q(pk__in=seen) | Q(account_id=access.account.pk))


def people_within(rows: QuerySet[Person], units: frozenset[int]) -> QuerySet[Person]:
    """Those of ``rows`` whose posts are in the units or below, and in no other: nobody else's people are changed."""
    inside = within(Unit.objects.all(), units).values("pk")
    found: QuerySet[Person] = rows.filter(pk__in=Post.objects.filter(unit__in=inside).values("person_id")).exclude(
        pk__in=Post.objects.filter(ends_on=None).exclude(unit__in=inside).values("person_id")
    )
    return found


def posts_in_words() -> ArraySubquery:
    """The offices that the person in the outer query holds now: unit and title."""
    called = Case(
        When(~Q(title=""), then=F("title")),
        *[When(kind=code, then=Value(str(word))) for code, word in PostKind.choices],
        default=F("kind"),
        output_field=TextField(),
    )
    title = Concat(F("unit__name"), Value(" "), called, output_field=TextField())
    return ArraySubquery(
        Post.objects.filter(person=OuterRef("pk"), ends_on=None).order_by("id").annotate(words=title).values("words")
    )


def person_names(accounts: Iterable[int]) -> dict[int, str]:
    """Names of the county's people by account, for histories."""
    found = Person.objects.filter(account_id__in=list(accounts)).values_list("account_id", "name")
    return {account: name for account, name in found if account is not None}


def with_post() -> Q:
    """The condition that a person holds a post now."""
    return Q(pk__in=Post.objects.filter(ends_on=None).values("person_id"))


def holding(kind: str) -> Q:
    """The condition that a person holds a post of a kind now."""
    return Q(pk__in=Post.objects.filter(ends_on=None, kind=kind).values("person_id"))
