"""How much a page plays while somebody waits for it; larger scenarios are played by ``manage.py rehearse``."""

from __future__ import annotations

import time

from django.utils.translation import gettext as _

from activities.rehearsal.faults import Fault, ScenarioRefused
from activities.rehearsal.playing import Outcome, play
from activities.rehearsal.scenario import Scenario
from activities.rehearsal.setting import begins_at

MOST_EVENTS, MOST_PAIRINGS, MOST_DAYS = 300, 10, 550
MOST_SECONDS = 25.0


def play_bounded(scenario: Scenario, *, seconds: float = MOST_SECONDS) -> Outcome:
    """Play it, or raise ScenarioRefused saying what is too much."""
    _check(scenario)
    end = time.monotonic() + seconds

    def still_time() -> None:
        if time.monotonic() > end:
            raise ScenarioRefused(
                [Fault("ask", _("This takes too long for a page. Ask for an earlier day, or leave some events out."))]
            )

    return play(scenario, each_day=still_time)


def _check(scenario: Scenario) -> None:
    faults = []
    too_many = _("A page plays at most %(n)d of them. Play larger scenarios with manage.py rehearse.")
    if len(scenario.events) > MOST_EVENTS:
        faults.append(Fault("events", too_many % {"n": MOST_EVENTS}))
    if len(scenario.pairings) > MOST_PAIRINGS:
        faults.append(Fault("pairings", too_many % {"n": MOST_PAIRINGS}))
    instants = [*(event.at for event in scenario.events), *(question.at for question in scenario.questions)]
    last = max(instants, default=begins_at(scenario))
    if (last - begins_at(scenario)).days > MOST_DAYS:
        faults.append(Fault("ask", _("A page plays at most %(n)d days. Ask for an earlier day.") % {"n": MOST_DAYS}))
    if faults:
        raise ScenarioRefused(faults)
