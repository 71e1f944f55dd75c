"""The marks of an obligation's state (ui.md): shape, word and colour, for squares as for chips."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from activities.models import ObligationState

# The symbol of static/img/marks.svg by state; templates/parts/chip.html has the same, and a test holds them together.
MARKS: dict[str, str] = {
    ObligationState.NOT_DUE: "hollow",
    ObligationState.OPEN: "half",
    ObligationState.WAITING: "hourglass",
    ObligationState.MET: "tick",
    ObligationState.MET_LATE: "tick-clock",
    ObligationState.MISSED: "cross",
    ObligationState.WAIVED: "dash",
}
WORDS: dict[str, Promise] = {
    ObligationState.NOT_DUE: pgettext_lazy("state", "Not due"),
    ObligationState.OPEN: pgettext_lazy("state", "Open"),
    ObligationState.WAITING: pgettext_lazy("state", "To be confirmed"),
    ObligationState.MET: pgettext_lazy("state", "Met"),
    ObligationState.MET_LATE: pgettext_lazy("state", "Met late"),
    ObligationState.MISSED: pgettext_lazy("state", "Missed"),
    ObligationState.WAIVED: pgettext_lazy("state", "Waived"),
}
