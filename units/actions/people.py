"""People: name, telephone, nothing of a dossier (domain.md §5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lib.chinese.names import clean_name
from lib.chinese.phones import parse_phone
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.actions.changes import differing, keys_of, tell_why
from units.models import Person, Post
from units.queries.people import people_within


def read_phone(typed: str, *, field: str = "phone") -> str:
    """A telephone number in its one spelling. Raises ValidationError for what is none."""
    if not typed.strip():
        return ""
    read = parse_phone(typed)
    if read.number is None:
        raise ValidationError({field: _("This is no telephone number. Write one, like 13900001234 or 0668-6660000.")})
    return read.number


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    cleaned = {**values, "name": clean_name(values["name"]) or values["name"], "phone": read_phone(values.get("phone", ""))}
    return {**cleaned, **keys_of(cleaned["name"], person=True)}


@transaction.atomic
def create_person(*, access: Access, values: Mapping[str, Any]) -> Person:
    """Write somebody down. Two people may have one name: nothing is refused for that."""
    if access.reach("unit", "C") is not None:
        raise PermissionDenied
    person: Person = Person.objects.create(tenant=current_tenant(), **_cleaned(values))
    audit.append(access, "person_created", object_kind="person", object_uid=person.uid, fields=sorted(values))
    return person


@transaction.atomic
def update_person(*, access: Access, row: Person, values: Mapping[str, Any], reason: str = "") -> Person:
    """Change a name or a telephone."""
    reach = access.reach("unit", "U")
    if reach is not None and not people_within(Person.objects.filter(pk=row.pk), reach).exists():
        raise PermissionDenied
    changed = differing(row, _cleaned(values))
    if changed:
        tell_why(access, reason)
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(update_fields=sorted(changed))
        audit.append(access, "person_changed", object_kind="person", object_uid=row.uid, fields=sorted(changed), reason=reason)
    return row


def show_phone(*, access: Access, of: Person | Post) -> str:
    """The whole number of a person or a post; that it was shown, to whom, stands in the chain."""
    if isinstance(of, Post):
        audit.append(access, "phone_shown", object_kind="post", object_uid=of.uid)
        return of.phone or of.person.phone
    audit.append(access, "phone_shown", object_kind="person", object_uid=of.uid)
    return of.phone
