"""A record as a card: who, when, what, one line of text, two buttons (ui.md, signature piece 3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from activities.households import shown
from activities.kinds.statuses import status_chip
from activities.models import ActivityType, AuthorSide, Form, Record, Share, Status
from lib.kinds import cells
from lib.kinds.history import names

# A card holds one line; the record's page has the whole.
_LINE = 80


def parts_of(record: Record) -> list[Share]:
    """The parts that ``queries.records.with_shares`` has read along."""
    found: list[Share] = record.parts  # type: ignore[attr-defined]
    return found


def units_of(record: Record) -> str:
    """The units, in one line; of a village's own doing, the village."""
    found = [part.pairing.unit.name for part in parts_of(record) if part.pairing is not None]
    return _("、").join(dict.fromkeys(found))


def villages_of(record: Record) -> str:
    """The villages with their towns, in one line."""
    found = []
    for part in parts_of(record):
        if part.village is not None:
            town = part.village.parent.name if part.village.parent else ""
            found.append(f"{town}{part.village.name}")
    return _("、").join(dict.fromkeys(found))


def type_words(records: Iterable[Record]) -> Mapping[tuple[int, str], str]:
    """What the programme years call the records' types; one query."""
    programmes = {record.programme_id for record in records}
    rows = ActivityType.objects.filter(programme__in=programmes).values_list("programme_id", "code", "name")
    return {(programme, code): name for programme, code, name in rows}


def _amounts(record: Record) -> str:
    """How many came, in words; empty when nobody counted."""
    found = []
    if record.form:
        found.append(str(Form(record.form).label))
    if record.visitors is not None:
        found.append(ngettext("%(n)s visitor", "%(n)s visitors", record.visitors) % {"n": cells.number(record.visitors)})
    if record.person_times is not None:
        about = _("about ") if record.persons_approx else ""
        times = ngettext("%(n)s person-time", "%(n)s person-times", record.person_times)
        found.append(about + times % {"n": cells.number(record.person_times)})
    return _(", ").join(found)


def card_of(record: Record, *, tenant: str, words: Mapping[tuple[int, str], str], people: Mapping[int, str]) -> dict[str, Any]:
    """One card. ``words``: see ``type_words``; ``people``: names by account."""
    text = record.text or record.title
    arguments = [tenant, record.uid]
    by = people.get(record.author_id or 0, "") or record.author_name
    return {
        "uid": str(record.uid),
        "who": villages_of(record) if record.author_side == AuthorSide.VILLAGE else units_of(record),
        "where": units_of(record) if record.author_side == AuthorSide.VILLAGE else villages_of(record),
        "day": cells.long_day(record.occurred_on),
        "type": words.get((record.programme_id, record.type), record.type),
        "item": shown(record.item.name) if record.item is not None else "",
        "text": text[:_LINE] + ("…" if len(text) > _LINE else ""),
        "place": record.place,
        "amounts": _amounts(record),
        "by": by,
        "is_proxy": record.is_proxy,
        "basis": record.proxy_basis,
        "status": record.status,
        "chip": status_chip(record.status),
        "url": reverse("activities:record", args=arguments),
        "card_url": reverse("activities:record_card", args=arguments),
        "confirm_url": reverse("activities:record_confirm", args=arguments),
        "return_url": reverse("activities:record_return", args=arguments),
        "undo_url": reverse("activities:record_undo", args=arguments),
        "is_waiting": record.status == Status.SUBMITTED,
    }


def cards_of(records: Iterable[Record], *, tenant: str) -> list[dict[str, Any]]:
    """Cards of records read by ``with_shares``; two queries more, however many."""
    rows = list(records)
    words = type_words(rows) if rows else {}
    people = names.of({row.author_id for row in rows if row.author_id}) if rows else {}
    return [card_of(row, tenant=tenant, words=words, people=people) for row in rows]
