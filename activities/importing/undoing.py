"""Taking an imported ledger back: records that nobody confirmed are put aside, and stay readable."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from activities.actions.claims import follow as follow_item
from activities.actions.many import add_steps, follow_records
from activities.hands import Hand
from activities.importing.writing import basis, recount
from activities.models import AuthorSide, Item, ItemState, Record, Share, Status
from tenancy.scope import Actor
from units.importing.undoing import block
from units.models import ImportBatch, ImportChange

_LIVE = (Status.DRAFT, Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED)


def refuse_confirmed(changes: Sequence[ImportChange]) -> None:
    """Raise UndoBlocked naming the records that somebody confirmed since, and items that later records are about."""
    ids = {change.object_id for change in changes if change.model == Record._meta.label}
    brought = [change for change in changes if change.model == Item._meta.label]
    items = {change.object_id for change in brought if change.before.get("state") == ItemState.WITHDRAWN}
    confirmed = Share.objects.filter(record__in=ids, status=Status.CONFIRMED).select_related(
        "record", "pairing__unit", "pairing__village"
    )
    reasons = [_confirmed(share) for share in confirmed.order_by("counts_on", "id")]
    later = Record.objects.filter(item__in=items, status__in=_LIVE).exclude(pk__in=ids).select_related("item")
    for record in later.order_by("id"):
        names = {"item": str(record.item)[:40], "record": str(record)[:40], "day": record.occurred_on.isoformat()}
        reasons.append(_("“%(record)s” of %(day)s was written later about “%(item)s”, which the import brought.") % names)
    block(list(dict.fromkeys(reasons)))


def _confirmed(share: Share) -> str:
    names = {"record": str(share.record)[:40], "day": share.counts_on.isoformat(), "pairing": ""}
    if share.pairing is not None:
        names["pairing"] = f"{share.pairing.unit.name}—{share.pairing.village.name}"
    return _("“%(record)s” of %(day)s (%(pairing)s) has been confirmed meanwhile.") % names


def follow(batch: ImportBatch, who: Actor, *, items: bool = True) -> None:
    """After everything is put back: parts, steps and what is owed go along; and the ``items`` that records had moved."""
    hand = Hand(who, AuthorSide.UNIT, basis=basis(batch))
    reason = _("the import was undone")
    made = list(Record.objects.filter(import_batch=batch.uid, status=Status.ABANDONED).select_related("proxy_for"))
    if made:
        follow_records(records=made, was=Status.SUBMITTED, hand=hand, deed="abandoned", reason=reason)
    own = {record.pk for record in made}
    touched = ImportChange.objects.filter(batch=batch, model=Record._meta.label).exclude(object_id__in=own)
    corrected = list(Record.objects.filter(pk__in=touched.values("object_id")))
    if corrected:
        add_steps(records=corrected, hand=hand, deed="edited", reason=reason)
        recount({record.pk for record in corrected})
    if not items:
        return
    brought = set(ImportChange.objects.filter(batch=batch, model=Item._meta.label).values_list("object_id", flat=True))
    for item in sorted({record.item_id for record in made if record.item_id is not None} - brought):
        follow_item(item)
