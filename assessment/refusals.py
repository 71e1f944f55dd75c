"""What cannot be done in an assessment, and the check that comes first everywhere: is the cycle at this stage?"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assessment.models import Cycle, CycleState


class AssessmentRefused(ValidationError):
    """It cannot be done as asked. The message says why and what to do; ``code`` says it to programs."""

    def __init__(self, message: Any, code: str) -> None:
        super().__init__(message, code=code)
        # Django keeps no code beside a dictionary of messages.
        self.code = code


def locked(cycle: Cycle, *states: str) -> Cycle:
    """The cycle as it is now, locked until the transaction ends.

    Raises AssessmentRefused (``wrong_stage``) when it is at none of these stages.
    """
    row: Cycle = Cycle.objects.select_for_update(of=("self",)).select_related("programme", "rubric").get(pk=cycle.pk)
    if row.state not in states:
        sentence = _(
            "The assessment is at the stage “%(stage)s” now: this step does not follow. Reload the page to see it as it is."
        )
        raise AssessmentRefused(sentence % {"stage": CycleState(row.state).label}, "wrong_stage")
    return row
