"""Playing a scenario: the product's own actions, sweeps, rules and outbox, in a county that never was."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from activities.obligations import judged_at_the_end, recounts_gathered
from activities.rehearsal.clockwork import Clockwork
from activities.rehearsal.readers import midnight
from activities.rehearsal.registry import EVENTS, Given, Word
from activities.rehearsal.scenario import Event, Question, Scenario
from activities.rehearsal.setting import begins_at, build, make_tenant
from activities.rehearsal.stage import EventRefused, Stage
from activities.rehearsal.together import Together
from lib.by_hashing import found_by_index
from notices.actions import AlreadyAnswered
from tenancy import clock
from tenancy.scope import current_tenant, tenant_scope

# Codes of the product that a scenario reads under another word.
_AS = {
    "wrong_state": "already_done",
    "already_ended": "already_done",
    "twice": "already_done",
    "future": "in_future",
    "before_start": "not_active",
}
_ONE_ACTION = frozenset({"record", "confirm", "return", "resubmit", "void"})
# Of a row of these, one after the other, what is stored is stored together.
_TOGETHER = frozenset({"record", "confirm"})


@dataclass
class Outcome:
    """What came of it: one answer for each question in its order, and what the product refused."""

    answers: list[Any] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {"answers": self.answers, "refused": self.refused}


def play(scenario: Scenario, *, each_day: Callable[[], None] | None = None) -> Outcome:
    """Play a scenario and answer its questions; nothing stays.

    ``each_day`` is called with each day that passes; what it raises ends the play.
    Raises ScenarioRefused for switches that fit no rule.
    """
    with transaction.atomic():
        tenant = make_tenant(scenario.county_name)
        # Of a county that is minutes old the planner knows nothing.
        with tenant_scope(tenant), found_by_index(stays=False):
            outcome = _played(scenario, begins_at(scenario), each_day)
        transaction.set_rollback(True)
    return outcome


# What comes first at one instant.
_ACTIVATION, _EVENT, _QUESTION = range(3)


@dataclass(frozen=True, slots=True)
class _Step:
    """Something that happens at an instant: activation of a pairing first, then events, then questions, as listed."""

    at: datetime
    rank: int
    place: int
    do: Callable[[], None]
    # The event's word; empty for what is none.
    word: str = ""
    given: Given = field(default_factory=dict)

    @property
    def is_record(self) -> bool:
        """Records look at no obligation: those of a day are judged together."""
        return self.word in _ONE_ACTION

    @property
    def is_question(self) -> bool:
        return self.rank == _QUESTION


def _played(scenario: Scenario, start: datetime, each_day: Callable[[], None] | None) -> Outcome:
    with clock.at(start):
        stage = build(scenario, current_tenant())
    answers: dict[int, Any] = {}
    outcome = Outcome()
    steps = [
        *_activations(scenario, stage),
        *(_Step(one.at, _EVENT, one.index, _event(stage, one, outcome), one.word.name, one.given) for one in scenario.events),
        *(_Step(one.at, _QUESTION, one.index, _question(stage, one, answers)) for one in scenario.questions),
    ]
    steps.sort(key=lambda step: (step.at, step.rank, step.place))
    together = Together()
    with recounts_gathered() as gathered:
        last, word = start, ""

        def settle() -> None:
            together.store()
            # As of the moment of what was done last, as each record's own judgement would have been.
            with clock.at(last):
                gathered.settle()

        clockwork = Clockwork(stage.tenant, start, settle=settle, each_day=each_day)
        for place, step in enumerate(steps):
            clockwork.advance(step.at)
            if not step.is_record:
                settle()
            elif step.word != word:
                together.store()
            last, word = step.at, step.word
            if word == "record" and not together.is_expecting:
                together.expect(_coming(steps[place:], stage, until=clockwork.next_sweep))
            if word not in _TOGETHER and not step.is_question:
                together.forget()
            with clock.at(step.at), together.playing() if word in _TOGETHER else nullcontext():
                step.do()
            # Actions on records promise no messages and move no holidays.
            if not step.is_record:
                clockwork.something_happened()
    outcome.answers = [answers[question.index] for question in scenario.questions]
    outcome.refused.sort(key=lambda refusal: refusal["event"])
    return outcome


def _coming(steps: Iterable[_Step], stage: Stage, *, until: datetime) -> dict[tuple[str, date], set[int]]:
    """Pairings whose records follow one another from here, by type and day."""
    found: dict[tuple[str, date], set[int]] = {}
    for step in takewhile(lambda step: step.word == "record" and step.at < until, steps):
        keys = {pairing.pk for pairing in stage.pairings_of(step.given["pairings"])}
        found.setdefault((step.given["type"], step.given["on"]), set()).update(keys)
    return found


def _activations(scenario: Scenario, stage: Stage) -> list[_Step]:
    """Pairings with ``active_from`` become active on the stroke of that day, all of a day at once."""
    days: dict[date, list[str]] = {}
    for one in scenario.pairings:
        if one.active_from is not None:
            days.setdefault(one.active_from, []).append(one.key)
    return [_Step(midnight(day), _ACTIVATION, 0, _activation(stage, keys, day)) for day, keys in days.items()]


def _activation(stage: Stage, keys: Sequence[str], day: date) -> Callable[[], None]:
    def activate() -> None:
        # Nobody looks before the last of them is active.
        with judged_at_the_end():
            for key in keys:
                _run(EVENTS["activate"], stage, {"pairing": key, "on": day})

    return activate


def _run(word: Word, stage: Stage, given: Given) -> Any:
    assert word.play is not None  # the reader lets no other pass
    return word.play(stage, given)


def _question(stage: Stage, question: Question, answers: dict[int, Any]) -> Callable[[], None]:
    def ask() -> None:
        answers[question.index] = _run(question.word, stage, question.given)

    return ask


def _event(stage: Stage, event: Event, outcome: Outcome) -> Callable[[], None]:
    def happen() -> None:
        try:
            # A word that is one action needs no second savepoint around the action's own.
            if event.word.name in _ONE_ACTION:
                _run(event.word, stage, event.given)
                return
            with stage.taken_back(), transaction.atomic():
                _run(event.word, stage, event.given)
        except EventRefused as refused:
            outcome.refused.append({"event": event.index, "code": refused.code, "message": str(refused)})
        except AlreadyAnswered:
            message = _("This message was answered already.")
            outcome.refused.append({"event": event.index, "code": "already_done", "message": message})
        except PermissionDenied:
            message = _("This is not allowed.")
            outcome.refused.append({"event": event.index, "code": "not_yours", "message": message})
        except ValidationError as refused:
            code = code_of(refused)
            outcome.refused.append({"event": event.index, "code": _AS.get(code, code), "message": " ".join(refused.messages)})

    return happen


def code_of(refused: ValidationError) -> str:
    """The stable word of a refusal; ``invalid`` where the product gives none."""
    code = getattr(refused, "code", None)
    if code is None and hasattr(refused, "error_list") and len(refused.error_list) == 1:
        code = refused.error_list[0].code
    return str(code or "invalid")
