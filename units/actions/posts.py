"""Who holds which office from when to when. Never overwritten: a change ends one row and begins the next."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lib.chinese.names import clean_name
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.actions.changes import keys_of, must_reach, tell_why
from units.actions.people import read_phone
from units.models import Person, Post, Unit
from units.models.person import PostKind
from units.queries import visible_people

# Offices that one person holds at a time: a new holder follows the old one.
SINGLE = (PostKind.PRINCIPAL, PostKind.GROUP_LEADER, PostKind.LIAISON, PostKind.VILLAGE_SECRETARY)


def homonyms(*, access: Access, name: str) -> list[Person]:
    """Known people of a name, of those ``access`` may see: the form asks which one is meant."""
    return list(visible_people(access).filter(name=clean_name(name) or name).prefetch_related("posts__unit").order_by("id")[:20])


def _end(post: Post, last_day: date) -> None:
    if post.starts_on is not None and last_day < post.starts_on:
        holes = {"name": post.person.name, "day": post.starts_on.isoformat()}
        raise ValidationError({"starts_on": _("%(name)s holds this post since %(day)s. Choose a later day.") % holes})
    post.ends_on = last_day
    post.save(update_fields=["ends_on"])


@transaction.atomic
def add_post(
    *,
    access: Access,
    unit: Unit,
    kind: str,
    starts_on: date,
    name: str,
    person: Person | None = None,
    title: str = "",
    phone: str = "",
    replaces: bool = True,
) -> Post:
    """Somebody takes an office. ``person`` None: somebody new of ``name``. ``replaces``: whoever holds a single office
    leaves it the day before.

    Raises ValidationError when the unit has ended, a holder stays, or the days do not fit.
    """
    must_reach(access, unit, "unit", "U")
    # One at a time for each unit: two who add a secretary together would leave two.
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if unit.ends_on is not None:
        raise ValidationError(_("The unit has ended; posts cannot be added."))
    number = read_phone(phone)
    holders = Post.objects.filter(unit=unit, kind=kind, ends_on=None).select_related("person")
    if kind in SINGLE:
        for holder in holders:
            if person is not None and holder.person_id == person.pk:
                raise ValidationError({"name": _("%(name)s holds this post already.") % {"name": holder.person.name}})
            if not replaces:
                sentence = _("%(name)s holds this post. Tick that the post passes on, or end it first.")
                raise ValidationError({"replaces": sentence % {"name": holder.person.name}})
            _end(holder, starts_on - timedelta(days=1))
    if person is None:
        name = clean_name(name) or name
        person = Person.objects.create(tenant=current_tenant(), name=name, phone=number, **keys_of(name, person=True))
    post: Post = Post.objects.create(
        tenant=current_tenant(), unit=unit, person=person, kind=kind, title=title, phone=number, starts_on=starts_on
    )
    audit.append(access, "post_begun", object_kind="post", object_uid=post.uid, unit=str(unit.uid), post=kind)
    return post


@transaction.atomic
def end_post(*, access: Access, post: Post, last_day: date, reason: str = "") -> None:
    """Somebody leaves an office; the last day still counts."""
    must_reach(access, post.unit, "unit", "U")
    post = Post.objects.select_for_update(of=("self",)).select_related("person", "unit").get(pk=post.pk)
    if post.ends_on is not None:
        raise ValidationError(_("It has ended already. Reload the page to see it as it is now."))
    if post.starts_on is not None and last_day < post.starts_on:
        raise ValidationError({"last_day": _("The last day cannot lie before the first.")})
    tell_why(access, reason)
    post.ends_on = last_day
    post.save(update_fields=["ends_on"])
    audit.append(access, "post_ended", object_kind="post", object_uid=post.uid, unit=str(post.unit.uid), post=post.kind)
