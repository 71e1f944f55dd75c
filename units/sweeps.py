"""What this floor tidies: files of imports that nobody needs, and previews that nobody came back to."""

from __future__ import annotations

from datetime import datetime, timedelta

from tenancy.models import Tenant
from tenancy.sweeping import each_county
from units.importing import storage
from units.importing.actions import clear
from units.models import ImportBatch

State = ImportBatch.State
KEPT = timedelta(days=30)
KEPT_AFTERWARDS = timedelta(days=180)
# An upload lies on the disk a moment before its row is committed.
SETTLED = timedelta(days=1)


@each_county
def old_previews(tenant: Tenant, now: datetime) -> int:
    """Previews and refused files of a month ago: nothing of them was written."""
    waiting = ImportBatch.objects.filter(state__in=[State.PREVIEW, State.REFUSED], created_at__lt=now - KEPT)
    old = list(waiting.select_for_update())
    for batch in old:
        clear(batch)
    ImportBatch.objects.filter(pk__in=[batch.pk for batch in old]).update(state=State.DROPPED)
    return len(old)


@each_county
def old_rows(tenant: Tenant, now: datetime) -> int:
    """What stood in files imported half a year ago. What they changed is kept: they can still be undone."""
    done = ImportBatch.objects.filter(state__in=[State.COMMITTED, State.UNDONE], committed_at__lt=now - KEPT_AFTERWARDS).exclude(
        stored_as=""
    )
    old = list(done.select_for_update())
    for batch in old:
        clear(batch)
    ImportBatch.objects.filter(pk__in=[batch.pk for batch in old]).update(stored_as="")
    return len(old)


@each_county
def files_without_rows(tenant: Tenant, now: datetime) -> int:
    """Files that no import names (its transaction failed), and those of imports dropped or undone."""
    needed = set(ImportBatch.objects.exclude(state__in=[State.DROPPED, State.UNDONE]).values_list("stored_as", flat=True))
    place = storage.folder(tenant)
    gone = 0
    for path in place.glob("*.bin*") if place.is_dir() else ():
        name = f"{tenant.uid}/imports/{path.name}"
        if name not in needed and path.stat().st_mtime < (now - SETTLED).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone
