"""What the database refuses, said as a sentence at the field where it can be mended."""

from __future__ import annotations

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError

from lib.kinds.declare import Kind


def sentence_for(kind: Kind, problem: IntegrityError) -> ValidationError | None:
    """The form error for a constraint that the kind has words for; None for one it does not know (a fault of ours)."""
    diagnosis = getattr(problem.__cause__, "diag", None)
    told = kind.refusals.get(getattr(diagnosis, "constraint_name", None) or "")
    if told is None:
        return None
    return ValidationError({told[0] or NON_FIELD_ERRORS: str(told[1])})
