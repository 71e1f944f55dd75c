"""The county's own activity types and content classes of a programme year. They are switched off or renamed, never deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from activities.actions.refusals import Refused
from activities.actions.terms import clean_value
from activities.models import ActivityType, ContentClass
from pairing.models import Programme
from tenancy import audit
from tenancy.scope import Actor, current_tenant


class TypeRefused(Refused):
    """The type or class cannot be written so; sentences stand under the names of the fields."""


def _cleaned(model: type[models.Model], values: Mapping[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found[name] = clean_value(model, name, value)
        except ValidationError as problem:
            problems[name] = problem.messages
    if problems:
        raise TypeRefused(problems)
    return found


def _next_position(model: type[models.Model], programme: Programme) -> int:
    last: int | None = model._default_manager.filter(programme=programme).aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _unused(model: type[models.Model], programme: Programme, *, but: int | None = None, **values: str) -> None:
    """Code and name are one of a kind in a year. The programme's row is the lock for all that is added to it."""
    Programme.objects.select_for_update().get(pk=programme.pk)
    others = model._default_manager.filter(programme=programme).exclude(pk=but)
    words = {"code": _("This code is in use in this programme year."), "name": _("This name is in use in this programme year.")}
    problems = {field: words[field] for field, value in values.items() if others.filter(**{field: value}).exists()}
    if problems:
        raise TypeRefused(problems, "already_done")


def _of_year(programme: Programme, content_class: ContentClass | None) -> None:
    if content_class is not None and content_class.programme_id != programme.pk:
        raise TypeRefused({"content_class": _("This content class belongs to another programme year.")})


@transaction.atomic
def create_type(
    *,
    programme: Programme,
    code: str,
    name: str,
    carrier: str = "activity",
    content_class: ContentClass | None = None,
    actor: Actor,
) -> ActivityType:
    """Add an activity type to a year. Raises TypeRefused for a code or name in use, or values that cannot be."""
    values = _cleaned(ActivityType, {"code": code, "name": name, "carrier": carrier})
    _of_year(programme, content_class)
    _unused(ActivityType, programme, code=values["code"], name=values["name"])
    row: ActivityType = ActivityType.objects.create(
        tenant=current_tenant(),
        programme=programme,
        content_class=content_class,
        position=_next_position(ActivityType, programme),
        **values,
    )
    audit.append(actor, "type_created", object_kind="activity_type", object_uid=row.uid)
    return row


@transaction.atomic
def change_type(*, row: ActivityType, name: str, content_class: ContentClass | None, is_active: bool, actor: Actor) -> None:
    """Rename a type, put it into another class, or take it out of use: then nothing new is written with it.

    Code and carrier stay: records hang on them. Raises TypeRefused for a name in use.
    """
    values = _cleaned(ActivityType, {"name": name})
    _of_year(row.programme, content_class)
    _unused(ActivityType, row.programme, but=row.pk, name=values["name"])
    row.name, row.content_class, row.is_active = values["name"], content_class, is_active
    row.save(update_fields=["name", "content_class", "is_active"])
    audit.append(actor, "type_changed", object_kind="activity_type", object_uid=row.uid)


@transaction.atomic
def create_class(*, programme: Programme, code: str, name: str, actor: Actor) -> ContentClass:
    """Add a content class to a year. Raises TypeRefused for a code or name in use."""
    values = _cleaned(ContentClass, {"code": code, "name": name})
    _unused(ContentClass, programme, code=values["code"], name=values["name"])
    row: ContentClass = ContentClass.objects.create(
        tenant=current_tenant(), programme=programme, position=_next_position(ContentClass, programme), **values
    )
    audit.append(actor, "content_class_created", object_kind="content_class", object_uid=row.uid)
    return row


@transaction.atomic
def rename_class(*, row: ContentClass, name: str, actor: Actor) -> None:
    """Give a content class another name. Raises TypeRefused for a name in use."""
    values = _cleaned(ContentClass, {"name": name})
    _unused(ContentClass, row.programme, but=row.pk, name=values["name"])
    row.name = values["name"]
    row.save(update_fields=["name"])
    audit.append(actor, "content_class_changed", object_kind="content_class", object_uid=row.uid)
