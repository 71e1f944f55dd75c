"""Freezing a closed year: its archive, kept for ever and never written again."""

from __future__ import annotations

from django.db import transaction

from assessment.archive.canonical import digest, written
from assessment.models import Cycle, Snapshot
from assessment.queries.archive import content_of
from tenancy import audit, clock
from tenancy.scope import Actor, current_tenant
from units.signing import name_of


@transaction.atomic
def take(*, cycle: Cycle, actor: Actor) -> Snapshot:
    """The next snapshot of a cycle. Its digest also goes into the audit chain, so that a changed row would be found out."""
    text = written(content_of(cycle))
    number = Snapshot.objects.filter(cycle=cycle).count() + 1
    snapshot: Snapshot = Snapshot.objects.create(
        tenant=current_tenant(),
        cycle=cycle,
        number=number,
        content=text,
        sha256=digest(text),
        author_name=name_of(actor),
        at=clock.now(),
    )
    audit.append(actor, "snapshot_taken", object_kind="cycle", object_uid=cycle.uid, n=number, sha256=snapshot.sha256)
    return snapshot
