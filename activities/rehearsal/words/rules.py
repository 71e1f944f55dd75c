"""Events that change what is asked: waivers, the working calendar, versions of rules, answers to reminders."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from django.utils.translation import gettext as _

from activities.actions.calendar import set_day
from activities.actions.rules import publish_terms
from activities.actions.terms import ALSO_CALLED
from activities.actions.waivers import WaiverFacts, add_waiver
from activities.models import Rule
from activities.rehearsal import readers
from activities.rehearsal.readers import Names
from activities.rehearsal.registry import Field, Given, event, needed, optional
from activities.rehearsal.stage import EventRefused, Stage
from activities.rehearsal.words.common import reason_of
from activities.rehearsal.words.messages import in_order
from notices.actions import answer_notice
from notices.models import Notice


def _last_day_after_first(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if given["to"] < given["from"]:
        yield "to", _("The last day lies before the first.")


@event(
    "waive",
    _last_day_after_first,
    from_=needed(readers.day),
    to=needed(readers.day),
    scope=needed(readers.scope),
    rules=optional(readers.each(readers.rule)),
    reason=optional(readers.text),
)
def waive(stage: Stage, given: Given) -> None:
    """County staff waive days for all, a town or a pairing."""
    scope: readers.Scope = given["scope"]
    facts = WaiverFacts(
        programme=stage.programme,
        starts_on=given["from"],
        ends_on=given["to"],
        scope=scope.kind,
        town=stage.town(scope.name) if scope.kind == "town" else None,
        pairing=stage.pairing(scope.name) if scope.kind == "pairing" else None,
        rules=given.get("rules", ()),
        reason=reason_of(given),
    )
    add_waiver(facts=facts, actor=stage.access.actor)


@event("holiday", on=needed(readers.day), working=needed(readers.truth))
def holiday(stage: Stage, given: Given) -> None:
    """The working calendar is corrected."""
    set_day(day=given["on"], is_working=given["working"], actor=stage.access.actor)


# By what a scenario may call them: the columns of terms, and the names of domain.md §2.2.
_NAMES = {**{name: name for name in readers.TERMS}, **ALSO_CALLED}
_TERMS: dict[str, Field] = {called: optional(partial(readers.term, name)) for called, name in _NAMES.items()}


def _changes_something(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    if not set(given) & set(_NAMES):
        yield "rule", _("Write what changes, for example minimum.")
    for called, name in ALSO_CALLED.items():
        if called in given and name in given:
            yield called, _("It is given twice, under two names. Leave one of them.")


@event(
    "rule",
    _changes_something,
    rule=needed(readers.rule),
    effective_from=needed(readers.day),
    reason=optional(readers.text),
    **_TERMS,
)
def rule(stage: Stage, given: Given) -> None:
    """A new version of a rule is published."""
    row = Rule.objects.select_related("programme").get(programme=stage.programme, code=given["rule"])
    changes = {_NAMES[called]: value for called, value in given.items() if called in _NAMES}
    publish_terms(
        rule=row, changes=changes, effective_from=given["effective_from"], reason=reason_of(given), actor=stage.access.actor
    )


def _names_a_message(given: Given, names: Names) -> Iterator[tuple[str, str]]:
    by_place, by_name = "message" in given, [name for name in ("pairing", "rule", "period") if name in given]
    if by_place == bool(by_name) or (by_name and len(by_name) < 3):
        yield "message", _("Write either message, or pairing, rule and period.")


@event(
    "respond",
    _names_a_message,
    message=optional(readers.whole(0, 1_000_000)),
    pairing=optional(readers.pairing),
    rule=optional(readers.rule),
    period=optional(readers.period()),
    text=optional(readers.words(400)),
    promise_on=optional(readers.day),
)
def respond(stage: Stage, given: Given) -> None:
    """ "Seen, will be done on …": to the n-th message from 0, as ``messages`` lists them, or to a level 1 reminder."""
    sent = in_order(Notice.objects.exclude(kind="digest"))
    if "message" in given:
        found = sent[given["message"] : given["message"] + 1].first()
    else:
        found = sent.filter(
            pairing_uid=stage.pairings[given["pairing"]].uid, rule=given["rule"], period=given["period"].code, level=1
        ).first()
    if found is None:
        raise EventRefused("not_found", _("No such message was sent before this time."))
    answer_notice(notice=found, text=given.get("text", ""), promise_on=given.get("promise_on"), access=None)
