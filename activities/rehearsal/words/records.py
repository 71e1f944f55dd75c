"""Events of records: written, confirmed, returned, submitted again, voided; and the joint report (domain.md §4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from activities.actions.facts import RecordFacts
from activities.actions.records import (
    confirm_record,
    resubmit_record,
    return_record,
    void_record,
    write_record,
)
from activities.hands import OTHER, Hand
from activities.models import ActivityType, AuthorSide, Carrier, Form, PlaceKind, Record, Status, Step
from activities.rehearsal import readers
from activities.rehearsal.readers import Names
from activities.rehearsal.registry import Given, event, needed, optional
from activities.rehearsal.stage import EventRefused, Stage
from activities.rehearsal.words.common import reason_of
from tenancy.scope import Actor

# What only records of some types carry; where it must stand, and where it may.
_NEEDED = {Carrier.COURTYARD: ("household",), Carrier.PROJECT: ("project", "milestone"), Carrier.REPORT: ("period",)}
_ONLY = {
    "household": (Carrier.COURTYARD,),
    "project": (Carrier.PROJECT,),
    "milestone": (Carrier.PROJECT, Carrier.COURTYARD),
    "raised_on": (Carrier.LIVELIHOOD, Carrier.COURTYARD),
    "period": (Carrier.REPORT,),
    "visitors": (Carrier.RECEPTION,),
    "was_announced": (Carrier.RECEPTION,),
    "form": (Carrier.RECEPTION,),
}
_MILESTONES = {
    Carrier.PROJECT: (Step.STARTED, Step.STAGE, Step.COMPLETED),
    Carrier.COURTYARD: (Step.BUILT, Step.AWARDED),
}


def _fits_its_type(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    carrier = Carrier(readers.carrier_of(given["type"], names))
    for name in _NEEDED.get(carrier, ()):
        if name not in given:
            yield name, _("A record of type “%(type)s” needs “%(name)s”.") % {"type": given["type"], "name": name}
    for name, carriers in _ONLY.items():
        if name in given and carrier not in carriers:
            yield name, _("A record of type “%(type)s” takes no “%(name)s”.") % {"type": given["type"], "name": name}
    if "milestone" in given and given["milestone"] not in _MILESTONES.get(carrier, (given["milestone"],)):
        yield (
            "milestone",
            _("“%(value)s” is not known here. Write one of: %(words)s.")
            % {"value": given["milestone"], "words": _(", ").join(str(step) for step in _MILESTONES[carrier])},
        )
    if given.get("ends_on", given["on"]) < given["on"]:
        yield "ends_on", _("The last day lies before the first.")


@event(
    "record",
    _fits_its_type,
    key=needed(readers.text),
    pairings=needed(readers.each(readers.pairing)),
    type=needed(readers.activity_type),
    on=needed(readers.day),
    ends_on=optional(readers.day),
    by=optional(readers.one_of("unit", "village", "proxy")),
    leader_present=optional(readers.truth),
    person_times=optional(readers.whole(0, 1_000_000)),
    text=optional(readers.words(1000)),
    household=optional(readers.words(readers.HOUSE)),
    project=optional(readers.words(readers.PROJECT)),
    milestone=optional(readers.one_of(*(str(step) for steps in _MILESTONES.values() for step in steps))),
    raised_on=optional(readers.day),
    # Beyond the common language: what the readings A11, A12, A13 and A18 turn on.
    also_types=optional(readers.each(readers.activity_type)),
    visitors=optional(readers.whole(0, 1_000_000)),
    was_announced=optional(readers.truth),
    place_kind=optional(readers.one_of(*PlaceKind.values)),
    form=optional(readers.one_of(*Form.values)),
    period=optional(readers.period("quarter", "half", "year", "month")),
)
def record(stage: Stage, given: Given) -> None:
    """Written and submitted, for all pairings named; the first one named leads."""
    carrier = Carrier(stage.carriers[given["type"]])
    facts: dict[str, Any] = {
        name: given[name]
        for name in (
            "ends_on", "leader_present", "person_times", "raised_on", "visitors", "was_announced", "place_kind", "form",
            "also_types",
        )
        if name in given
    }  # fmt: skip
    # A text of the record's own, so that two of a day are two: the duplicate detector reads it.
    facts["text"] = given.get("text") or given["key"]
    if "household" in given:
        facts["house_no"] = given["household"]
    if "project" in given:
        facts["item_name"] = given["project"]
    if "milestone" in given:
        facts["step"] = given["milestone"]
    if "period" in given:
        facts["reports_on"] = given["period"].starts_on
    if carrier == Carrier.LIVELIHOOD:
        facts["item_name"] = given.get("text") or given["key"]
    pairings = stage.pairings_of(given["pairings"])
    _write(stage, given["key"], RecordFacts(given["type"], given["on"], pairings, **facts), given)


def _write(stage: Stage, key: str, facts: RecordFacts, given: Given) -> Record:
    by = given.get("by", AuthorSide.UNIT)
    hand = _hand(stage, AuthorSide.UNIT if by == "proxy" else by, is_proxy=by == "proxy")
    # A second, alike, is a person's own decision on the page; a scenario that names two means two.
    written = write_record(facts=facts, hand=hand, is_another=True)
    stage.records[key] = written
    return written


def _hand(stage: Stage, side: str, *, is_proxy: bool = False) -> Hand:
    name = _("rehearsal")
    actor = Actor(name=name, account_id=stage.access.account.pk)
    return Hand(actor, side, None, is_proxy=is_proxy, basis=name if is_proxy else "")


def _other_hand(stage: Stage, row: Record, given: Given) -> Hand:
    other = OTHER.get(AuthorSide(row.author_side), AuthorSide.VILLAGE)
    by = given.get("by", other)
    return _hand(stage, other if by == "proxy" else by, is_proxy=by == "proxy")


_STEP = {
    "record": needed(readers.record),
    "by": optional(readers.one_of("unit", "village", "proxy")),
    "reason": optional(readers.text),
}


@event("confirm", **_STEP)
def confirm(stage: Stage, given: Given) -> None:
    row = stage.record(given["record"])
    confirm_record(record=row, hand=_other_hand(stage, row, given))


@event("return", **_STEP)
def return_(stage: Stage, given: Given) -> None:
    row = stage.record(given["record"])
    return_record(record=row, hand=_other_hand(stage, row, given), reason=reason_of(given))


@event("resubmit", **_STEP)
def resubmit(stage: Stage, given: Given) -> None:
    """By those who wrote it, unchanged."""
    row = stage.record(given["record"])
    by = given.get("by", row.author_side)
    resubmit_record(record=row, hand=_hand(stage, row.author_side if by == "proxy" else by, is_proxy=by == "proxy"))


# Beyond the common language: whether it was found untrue, or only written down wrongly.
@event("void", **_STEP, untrue=optional(readers.truth))
def void(stage: Stage, given: Given) -> None:
    """By the county. What had been confirmed is voided because a check found it untrue, unless ``untrue`` says otherwise."""
    row = stage.record(given["record"])
    was_confirmed = Record.objects.filter(pk=row.pk, status=Status.CONFIRMED).exists()
    void_record(
        record=row,
        hand=_hand(stage, AuthorSide.COUNTY),
        reason=reason_of(given),
        untrue=given.get("untrue", was_confirmed),
    )


@event(
    "report",
    pairing=needed(readers.pairing),
    period=needed(readers.period("quarter", "half", "year", "month")),
    on=needed(readers.day),
    key=optional(readers.text),
)
def report(stage: Stage, given: Given) -> None:
    """The joint report of a period: the unit submits it, the village signs it."""
    code = ActivityType.objects.filter(programme=stage.programme, carrier=Carrier.REPORT, is_active=True).first()
    if code is None:
        raise EventRefused("not_found", _("The programme year has no activity type for reports."))
    span = given["period"]
    key = given.get("key") or f"{given['pairing']} {span.code}"
    facts = RecordFacts(code.code, given["on"], stage.pairings_of([given["pairing"]]), text=span.code, reports_on=span.starts_on)
    written = _write(stage, key, facts, given)
    confirm_record(record=written, hand=_hand(stage, AuthorSide.VILLAGE))
