"""Visitors of receptions: written down, corrected, read. The event log names the deed and never what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from activities.models import Record, Visitor
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant


@transaction.atomic
def write_visitor(*, record: Record, values: Mapping[str, Any], access: Access) -> Visitor:
    """Write down who came to a reception and with what."""
    visitor: Visitor = Visitor.objects.create(tenant=current_tenant(), record=record, **values)
    audit.append(access, "visitor_created", object_kind="visitor", object_uid=visitor.uid)
    return visitor


@transaction.atomic
def change_visitor(*, visitor: Visitor, values: Mapping[str, Any], access: Access) -> None:
    """Correct or complete it; the earlier state stays as a version."""
    changed = [name for name, value in values.items() if getattr(visitor, name) != value]
    for name in changed:
        setattr(visitor, name, values[name])
    if changed:
        visitor.save(update_fields=changed)
        audit.append(access, "visitor_changed", object_kind="visitor", object_uid=visitor.uid, fields=changed)


def read_visitors(*, record: Record, access: Access) -> None:
    """Leave a trace that the county or an auditor has read who came (domain.md §7, note "logged")."""
    if {"CA", "CS", "AU"} & set(access.roles):
        audit.append(access, "visitors_read", object_kind="record", object_uid=record.uid)
