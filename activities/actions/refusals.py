"""The one shape of a refusal: a sentence (or several, by field) and a stable word for programs."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError


class Refused(ValidationError):
    """What was asked cannot be done; the message says why and what to do, ``code`` is a stable word."""

    def __init__(self, message: Any, code: str = "invalid") -> None:
        super().__init__(message, code)
        # Django keeps no code beside a dictionary of messages.
        self.code = code
