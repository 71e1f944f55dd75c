"""What people do with records (domain.md §4.2). Each is one transaction: facts, parts, step, audit, obligations.

draft → submitted → confirmed → (voided);  submitted → returned → submitted;  draft → abandoned
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import SequenceMatcher
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from activities.actions import storing
from activities.actions.building import clean, event_of, fill, new_record, shares_of, tie
from activities.actions.circumstances import Circumstances, circumstances, locked_for_own
from activities.actions.claims import CARRIES_ITEM, claim_item, follow
from activities.actions.facts import RecordFacts, facts_of, keeping_names
from activities.actions.hearing import tell
from activities.actions.holding import held
from activities.hands import Hand
from activities.models import ActivityType, Item, Record, Share, Status
from activities.obligations import Ahead, Touched, ahead, recount
from activities.refusals import RecordRefused, invalid, refusal
from lib.chinese.text import fold
from lib.periods import period_of
from pairing.models import Pairing
from tenancy import clock
from tenancy.scope import because

# What a page promises as ten seconds may take longer on its way here.
UNDO = timedelta(seconds=60)
_ALIKE = 0.8
EDITABLE = (Status.DRAFT, Status.SUBMITTED, Status.RETURNED)
_LIVE = (Status.SUBMITTED, Status.CONFIRMED, Status.RETURNED)


# -- writing --------------------------------------------------------------------------------------
def write_record(
    *,
    facts: RecordFacts,
    hand: Hand,
    submit: bool = True,
    client_id: UUID | None = None,
    is_another: bool = False,
    import_batch: UUID | None = None,
) -> Record:
    """Write a record down, as a draft or submitted to the other side.

    A ``client_id`` sent before answers the record it made then, whatever else is said now. ``is_another``: the
    likely double was shown and is none. An import by the county passes the monthly lock: it is how past years come in.
    A draft claims nothing: no project, item or household is made for it before it is handed in.
    Raises RecordRefused with a stable code: ``not_yours no_pairing two_programmes type_unknown in_future not_active
    period_locked duplicate_record duplicate_courtyard item_missing step_unknown invalid``.
    """
    if client_id is not None:
        sent = Record.objects.filter(client_id=client_id).first()
        if sent is not None:
            return _only_theirs(sent, hand)
    _check_hand(facts, hand)
    found = _circumstances(facts, but=None if is_another or not submit else 0)
    carrier = _check(facts, found, submit=submit, past_lock=import_batch is not None and hand.is_proxy)
    if submit and not is_another:
        _refuse_double(facts, found)
        _refuse_own_double(facts)
    lead = _lead(facts, found)
    if not submit:
        facts = keeping_names(facts)
    record = new_record(facts, hand, carrier, None, submit=submit)
    clean(record)
    record.client_id, record.import_batch = client_id, import_batch
    # All that may be refused has been asked: from here on it is written, and no savepoint need hold it together.
    item = claim_item(facts, carrier, lead) if lead is not None and submit else facts.item
    tie(record, item, carrier)
    shares = shares_of(record, facts, lead, item)
    event = event_of(record, hand, "submitted" if submit else "drafted", "", record.status)
    deed = "record_submitted" if submit else "record_drafted"
    touched = _touched(record, shares)
    judged = ahead(touched, record=record.uid) if submit else None
    if not storing.insert_record(record, shares, event, actor=hand.actor, deed=deed, judged=judged):
        return _only_theirs(Record.objects.get(client_id=client_id), hand)
    if submit and judged is None:
        recount(touched)
    return record


def _only_theirs(record: Record, hand: Hand) -> Record:
    """The record of a client id, for those who may see it; somebody else's is no answer to a guess."""
    pairings = [share.pairing for share in record.shares.select_related("pairing") if share.pairing is not None]
    is_theirs = any(hand.holds(pairing) for pairing in pairings) if pairings else record.author_id == hand.actor.account_id
    if not is_theirs:
        raise refusal("not_found")
    return record


@transaction.atomic
def submit_record(*, record: Record, hand: Hand, is_another: bool = False) -> Record:
    """Hand a draft to the other side. Raises RecordRefused as ``write_record`` does; ``already_done`` for no draft."""
    record = _locked(record, (Status.DRAFT,))
    facts = facts_of(record)
    _check_hand(facts, hand)
    found = _circumstances(facts, but=record.pk)
    carrier = _check(facts, found, submit=True)
    if not is_another:
        _refuse_double(facts, found)
    lead = _lead(facts, found)
    if carrier in CARRIES_ITEM and lead is not None:
        item = claim_item(facts, carrier, lead)
        fill(record, facts, carrier, item)
        record.save()
        _replace_shares(record, facts, lead, item)
    return _hand_in(record, hand, "submitted", "record_submitted")


@transaction.atomic
def edit_record(*, record: Record, facts: RecordFacts, hand: Hand, reason: str = "") -> Record:
    """Correct what is written, before the other side has confirmed; each edit stays as a version.

    A part that one of several sides had confirmed waits again: it confirmed something else.
    Raises RecordRefused as ``write_record`` does; ``already_done`` once confirmed or void.
    """
    record = _locked(record, EDITABLE)
    before = _touched(record, list(record.shares.all()))
    _check_side(record, facts_of(record), hand)
    _check_hand(facts, hand)
    found = _circumstances(facts, but=record.pk)
    is_live = record.status != Status.DRAFT
    carrier = _check(facts, found, submit=is_live)
    lead = _lead(facts, found)
    item = record.item if facts.item is not None and facts.item.pk == record.item_id else None
    if not is_live:
        item, facts = facts.item, keeping_names(facts)
    elif item is None and lead is not None:
        item = claim_item(facts, carrier, lead)
    left_behind = record.item_id if item is None or item.pk != record.item_id else None
    if reason:
        because(reason, actor=hand.actor)
    fill(record, facts, carrier, item)
    record.revision += 1
    record.status_at = clock.now()
    clean(record)
    record.save()
    _replace_shares(record, facts, lead, item)
    storing.add_step(record, event_of(record, hand, "edited", record.status, record.status, reason), actor=hand.actor,
                     deed="record_edited")  # fmt: skip
    follow(left_behind)
    if is_live:
        shares = list(record.shares.all())
        after = _touched(record, shares)
        recount(
            Touched(
                record.programme_id,
                tuple({*before.pairings, *after.pairings}),
                tuple({*before.types, *after.types}),
                (*before.days, *after.days),
            )
        )
    return record


@transaction.atomic
def resubmit_record(*, record: Record, hand: Hand, facts: RecordFacts | None = None, reason: str = "") -> Record:
    """Hand a returned record in again, corrected or not. Its first day of submission stays: a return makes nothing late."""
    record = _locked(record, (Status.RETURNED,))
    current = facts_of(record)
    _check_side(record, current, hand)
    if facts is not None:
        record = edit_record(record=record, facts=facts, hand=hand, reason=reason)
    else:
        _check(current, _circumstances(current, but=record.pk), submit=True)
    return _hand_in(record, hand, "resubmitted", "record_resubmitted", reason)


def _hand_in(record: Record, hand: Hand, step: str, deed: str, reason: str = "") -> Record:
    before = record.status
    record.status = Status.SUBMITTED
    record.submitted_on = record.submitted_on or clock.today()
    record.status_at = clock.now()
    record.save(update_fields=["status", "submitted_on", "status_at"])
    shares = list(record.shares.all())
    own = [share for share in shares if share.pairing_id is None]
    waiting = [share for share in shares if share.pairing_id is not None and share.status != Status.CONFIRMED]
    Share.objects.filter(pk__in=[share.pk for share in waiting]).update(status=Status.SUBMITTED, submitted_on=record.submitted_on)
    if own:
        Share.objects.filter(pk__in=[share.pk for share in own]).update(status=Status.CONFIRMED, submitted_on=record.submitted_on)
        record.status = Status.CONFIRMED
        record.save(update_fields=["status"])
    storing.add_step(record, event_of(record, hand, step, before, record.status, reason), actor=hand.actor, deed=deed)
    recount(_touched(record, shares))
    return record


@transaction.atomic
def abandon_record(*, record: Record, hand: Hand) -> Record:
    """Put a draft aside; it stays readable to its writers. Raises RecordRefused ``already_done`` once submitted."""
    record = _locked(record, (Status.DRAFT,))
    _check_side(record, facts_of(record), hand)
    _move(
        record, list(record.shares.all()), {"status": Status.ABANDONED}, Status.ABANDONED, hand, "abandoned", "record_abandoned"
    )
    follow(record.item_id)
    return record


# -- the other side -------------------------------------------------------------------------------
def confirm_record(*, record: Record, hand: Hand) -> Record:
    """Confirm (属实) every part of the record that waits for the hand's side: one tap, also for two units' joint work.

    Raises RecordRefused: ``own_side``; ``already_done`` when nothing of it waits for this side; ``not_yours``.
    """
    record, shares, others = _for_other_side(record, hand)
    left = any(share.status != Status.CONFIRMED for share in others)
    parts = {
        "status": Status.CONFIRMED,
        "confirmed_at": clock.now(),
        "confirmed_by": hand.actor.account_id,
        "confirmed_name": hand.actor.name[:60],
        "confirmed_by_proxy": hand.is_proxy,
        "confirm_basis": hand.basis,
    }
    _move_and_judge(record, shares, parts, record.status if left else Status.CONFIRMED, hand, "confirmed", "record_confirmed")
    return record


@transaction.atomic
def undo_confirmation(*, record: Record, hand: Hand) -> Record:
    """Take a confirmation back that the same account has just given.

    Raises RecordRefused: ``too_late_to_undo``; ``already_done`` when there is none of this account.
    """
    record = _locked(record, (Status.CONFIRMED, Status.SUBMITTED))
    mine = Share.objects.filter(record=record, status=Status.CONFIRMED, confirmed_by_id=hand.actor.account_id)
    shares = list(mine.exclude(confirmed_at=None))
    if not shares:
        raise done_already(record)
    latest = max(share.confirmed_at for share in shares)
    if clock.now() - latest > UNDO:
        raise refusal("too_late_to_undo")
    shares = [share for share in shares if share.confirmed_at == latest]
    parts = {
        "status": Status.SUBMITTED,
        "confirmed_at": None,
        "confirmed_by": None,
        "confirmed_name": "",
        "confirmed_by_proxy": False,
        "confirm_basis": "",
    }
    _move_and_judge(record, shares, parts, Status.SUBMITTED, hand, "undone", "record_confirmation_undone")
    return record


def return_record(*, record: Record, hand: Hand, reason: str) -> Record:
    """Return (不属实) the record to its writers, with why. Raises RecordRefused as ``confirm_record``; ``reason_missing``."""
    if not reason.strip():
        raise refusal("reason_missing")
    record, shares, _others = _for_other_side(record, hand)
    _move(record, shares, {"status": Status.RETURNED}, Status.RETURNED, hand, "returned", "record_returned", reason)
    recount(_touched(record, shares))
    return record


@transaction.atomic
def void_record(*, record: Record, hand: Hand, reason: str, untrue: bool = False) -> Record:
    """Void a record; what it counted for is judged again, and all of it stays readable.

    ``untrue``: a check found that it did not happen so, and it costs points (domain.md §3.2 I); else it was a slip.
    Raises RecordRefused: ``reason_missing``; ``already_done``.
    """
    if not reason.strip():
        raise refusal("reason_missing")
    record = _locked(record, _LIVE)
    shares = list(record.shares.all())
    because(reason, actor=hand.actor)
    _move(record, shares, {"status": Status.VOIDED}, Status.VOIDED, hand, "voided", "record_voided", reason)
    if untrue:
        Record.objects.filter(pk=record.pk).update(found_untrue=True)
        record.found_untrue = True
    follow(record.item_id)
    recount(_touched(record, shares))
    return record


# -- checks ---------------------------------------------------------------------------------------
def _check_hand(facts: RecordFacts, hand: Hand) -> None:
    if not facts.pairings:
        if facts.programme is None:
            raise refusal("no_pairing")
        if facts.village is not None and hand.units is not None and facts.village.pk not in hand.units:
            raise refusal("not_yours")
        return
    if len({pairing.programme_id for pairing in facts.pairings}) > 1:
        raise refusal("two_programmes")
    own = [pairing for pairing in facts.pairings if hand.holds(pairing)]
    if not own:
        raise refusal("not_yours")
    villages = {pairing.village_id for pairing in own}
    # A2: another unit of the same village may be named beside one's own; nobody else's village may.
    if any(pairing.village_id not in villages for pairing in facts.pairings):
        raise refusal("not_yours")


def _check_side(record: Record, facts: RecordFacts, hand: Hand) -> None:
    """Only the writers' side changes a record."""
    if not facts.pairings:
        return
    if hand.side != record.author_side or not any(hand.holds(pairing) for pairing in facts.pairings):
        raise refusal("not_yours")


def _circumstances(facts: RecordFacts, *, but: int | None) -> dict[int, Circumstances]:
    ids = [pairing.pk for pairing in facts.pairings]
    return circumstances(
        ids, type_code=facts.type, day=facts.counts_on, active_on=facts.occurred_on, today=clock.today(), but=but
    )


def _check(facts: RecordFacts, found: dict[int, Circumstances], *, submit: bool, past_lock: bool = False) -> str:
    """What kind of thing carries the type, when nothing stands against the facts."""
    carrier = _carrier(facts, found)
    today = clock.today()
    # A quarter that has not begun has nothing to report on.
    if max(facts.occurred_on, facts.ends_on or facts.occurred_on, facts.counts_on) > today:
        raise refusal("in_future")
    if facts.ends_on is not None and facts.ends_on < facts.occurred_on:
        raise invalid({"ends_on": _("The last day lies before the first.")})
    if not submit:
        return carrier
    if not facts.pairings:
        _check_own(facts)
    for each in found.values():
        _check_active(facts, each)
        last = each.locked_on(facts.occurred_on)
        if not past_lock and not each.is_reopened and facts.reports_on is None and today > last:
            month = period_of("month", facts.occurred_on)
            raise refusal("period_locked", month=month.code, locked=last.isoformat())
    return carrier


def _carrier(facts: RecordFacts, found: dict[int, Circumstances]) -> str:
    if found:
        carriers = {each.carrier for each in found.values()}
    else:
        types = ActivityType.objects.filter(programme=facts.programme, code=facts.type, is_active=True)
        carriers = set(types.values_list("carrier", flat=True)) or {None}
    if None in carriers:
        raise refusal("type_unknown")
    return str(carriers.pop())


def _check_active(facts: RecordFacts, each: Circumstances) -> None:
    if facts.reports_on is not None:
        # A report on a year's last quarter is handed in when the year, and the pairing, is over.
        span = period_of("quarter", facts.reports_on)
        if each.active_from is not None and each.active_from <= span.ends_on and each.active_to >= span.starts_on:
            return
        raise refusal("not_active", day=facts.reports_on.isoformat())
    if not each.was_active(facts.occurred_on):
        raise refusal("not_active", day=facts.occurred_on.isoformat())


def _refuse_double(facts: RecordFacts, found: dict[int, Circumstances]) -> None:
    """Ask about a record of the same pairing and day that says much the same (A11). Raises RecordRefused."""
    said = fold(facts.title + facts.text)
    for each in found.values():
        for other in each.neighbours:
            if facts.item is not None and other.item_id != facts.item.pk:
                continue
            if facts.house_no or facts.item_name:
                continue
            theirs = fold(other.title + other.text)
            alike = said == theirs or SequenceMatcher(None, said, theirs).ratio() >= _ALIKE
            if alike and (other.type == facts.type or said):
                raise refusal("duplicate_record", {"record": other.uid}, title=(other.title or other.text)[:40])


def _check_own(facts: RecordFacts) -> None:
    """What has no pairing belongs into its programme's days, and into a month that is open."""
    assert facts.programme is not None
    if not facts.programme.starts_on <= facts.occurred_on <= facts.programme.ends_on:
        raise refusal("outside_year", day=facts.occurred_on.isoformat())
    last = locked_for_own(facts.programme.pk, facts.occurred_on, today=clock.today())
    if last is not None:
        raise refusal("period_locked", month=period_of("month", facts.occurred_on).code, locked=last.isoformat())


def _refuse_own_double(facts: RecordFacts) -> None:
    """Ask about one of the same type and day, of the county or of the same village. Raises RecordRefused."""
    if facts.pairings:
        return
    alike = Share.objects.filter(
        pairing=None, programme=facts.programme, village=facts.village, type=facts.type, counts_on=facts.counts_on,
        status=Status.CONFIRMED,
    )  # fmt: skip
    twin = alike.select_related("record").order_by("id").first()
    if twin is not None:
        raise refusal("duplicate_record", {"record": str(twin.record.uid)}, title=str(twin.record)[:40])


def _lead(facts: RecordFacts, found: dict[int, Circumstances]) -> Pairing | None:
    """The pairing that leads a joint record: its village's lead unit among those named, else the first named."""
    named = [pairing for pairing in facts.pairings if found[pairing.pk].is_lead]
    return next(iter([*named, *facts.pairings]), None)


# -- rows -----------------------------------------------------------------------------------------
def _replace_shares(record: Record, facts: RecordFacts, lead: Pairing | None, item: Item | None) -> None:
    """Bring the parts up to the edited facts: kept where the pairing stays, so that what was returned stays returned."""
    kept = {share.pairing_id: share for share in record.shares.all()}
    for share in shares_of(record, facts, lead, item):
        old = kept.pop(share.pairing_id, None)
        if old is not None:
            share.pk, share.uid = old.pk, old.uid
            share.status = Status.RETURNED if old.status == Status.RETURNED else share.status
            share._state.adding = False
        share.save()
    Share.objects.filter(pk__in=[share.pk for share in kept.values()]).delete()


def _locked(record: Record, allowed: Sequence[str]) -> Record:
    """The record as it is now, held until the end of the transaction. Raises RecordRefused ``already_done``."""
    found: Record | None = Record.objects.select_for_update().filter(pk=record.pk).first()
    if found is None:
        raise refusal("not_found")
    if found.status not in allowed:
        raise done_already(found)
    return found


def done_already(record: Record) -> RecordRefused:
    """The refusal of a step that the record has behind it."""
    return refusal("already_done", {"record": str(record.uid), "state": record.status}, state=record.get_status_display())


def _for_other_side(record: Record, hand: Hand) -> tuple[Record, list[Share], list[Share]]:
    """The record, held, its parts that wait for the hand's side, and its other parts."""
    now = held(record.pk)
    if now is None:
        raise refusal("not_found")
    record, shares = now
    if record.status not in (Status.SUBMITTED, Status.RETURNED):
        raise done_already(record)
    if hand.side == record.author_side:
        raise refusal("own_side")
    mine = [share for share in shares if share.pairing is not None and hand.holds(share.pairing)]
    if not mine:
        raise refusal("not_yours")
    waiting = [share for share in mine if share.status == Status.SUBMITTED]
    if not waiting:
        raise done_already(record)
    return record, waiting, [share for share in shares if share not in waiting]


def _move(
    record: Record,
    shares: Sequence[Share],
    parts: Mapping[str, Any],
    status: str,
    hand: Hand,
    step: str,
    deed: str,
    reason: str = "",
    judged: Ahead | None = None,
) -> None:
    """Put the record in a state, and ``parts`` in these of its parts; the step is written down."""
    before, record.status, record.status_at = record.status, status, clock.now()
    event = event_of(record, hand, step, before, status, reason)
    storing.move(record, event, shares, parts, actor=hand.actor, deed=deed, judged=judged)
    tell(record, step, hand)


def _move_and_judge(
    record: Record, shares: Sequence[Share], parts: Mapping[str, Any], status: str, hand: Hand, step: str, deed: str
) -> None:
    """Move the record, its item after it, and judge the cells: in one trip where there is no item to be held before."""
    touched = _touched(record, shares)
    judged = ahead(touched, record=record.uid) if record.item_id is None else None
    _move(record, shares, parts, status, hand, step, deed, judged=judged)
    follow(record.item_id)
    if judged is None:
        recount(touched)


def _touched(record: Record, shares: Sequence[Share]) -> Touched:
    days: set[date] = {share.counts_on for share in shares} | {share.raised_on for share in shares if share.raised_on}
    return Touched(
        record.programme_id,
        tuple(share.pairing_id for share in shares if share.pairing_id is not None),
        (record.type, *record.also_types),
        tuple(days),
    )


__all__ = [
    "abandon_record",
    "confirm_record",
    "edit_record",
    "replace",
    "resubmit_record",
    "return_record",
    "submit_record",
    "undo_confirmation",
    "void_record",
    "write_record",
]
