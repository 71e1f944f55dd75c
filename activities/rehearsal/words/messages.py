"""What was sent to whom."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from activities.rehearsal import readers
from activities.rehearsal.registry import Given, optional, question
from activities.rehearsal.stage import Stage
from notices.models import Notice


def in_order(notices: QuerySet[Notice]) -> QuerySet[Notice]:
    """The same order each time, whatever numbers the rows were given."""
    return notices.order_by("sent_at", "level", "rule", "period", "person__pinyin", "person__name", "id")


@question(
    "messages",
    pairing=optional(readers.pairing),
    person=optional(readers.text),
    level=optional(readers.whole(0, 5)),
    channel=optional(readers.text),
)
def messages(stage: Stage, given: Given) -> list[dict[str, Any]]:
    """What was sent until now, by time, duty and reader. A digest is told by its lines."""
    sent = in_order(Notice.objects.exclude(kind="digest").select_related("person", "outbox"))
    if "pairing" in given:
        sent = sent.filter(pairing_uid=stage.pairings[given["pairing"]].uid)
    if "person" in given:
        sent = sent.filter(person__name=given["person"])
    if "level" in given:
        sent = sent.filter(level=given["level"])
    if "channel" in given:
        sent = sent.filter(outbox__channel=given["channel"])
    return [
        {
            "to": notice.person.name,
            "level": notice.level,
            "rule": notice.rule or None,
            "period": notice.period or None,
            "channel": notice.outbox.channel if notice.outbox else "inbox",
            "sent_at": f"{timezone.localtime(notice.sent_at):%Y-%m-%dT%H:%M}",
            "in_digest": notice.in_digest_id is not None,
        }
        for notice in sent
    ]
