"""Changing what a county decides for itself."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from tenancy import audit
from tenancy.access import Access
from tenancy.models import TenantSettings


@transaction.atomic
def change_settings(*, settings: TenantSettings, values: dict[str, Any], access: Access) -> list[str]:
    """Write what differs; answers the names of the fields that changed."""
    changed = [name for name, value in values.items() if getattr(settings, name) != value]
    if changed:
        for name in changed:
            setattr(settings, name, values[name])
        settings.save(update_fields=[*changed, "updated_at"])
        audit.append(access, "settings_changed", object_kind="settings", object_uid=settings.uid, fields=changed)
    return changed
