"""The marks of an obligation's state (ui.md): shape, word and colour, for squares as for chips."""

from __future__ import annotations

from django.utils.functional import Promise

from activities.models import ObligationState
from lib.drawn.chips import STATES

# The symbol of static/img/marks.svg by state.
MARKS: dict[str, str] = {state: STATES[state].mark for state in ObligationState.values}
WORDS: dict[str, Promise] = {state: STATES[state].word for state in ObligationState.values}
