"""List, file and page of pairings as they stood on a day: ``?as_of=2024-10-01`` (issued pages keep their own address)."""

from __future__ import annotations

from datetime import date
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern

from pairing.queries.viewed import viewed_on

_VIEWS = {"pairing_list", "pairing_export", "pairing"}


def _asked(typed: str) -> date | None:
    """The day; None for none and for what is no day, which the list's own filter tells the reader."""
    try:
        return date.fromisoformat(typed) if len(typed) == 10 else None
    except ValueError:
        return None


def looking_back(patterns: list[URLPattern]) -> list[URLPattern]:
    """The routes of the kind, those that show pairings taking ``as_of``."""
    for pattern in patterns:
        if pattern.name in _VIEWS:
            pattern.callback = _wrapped(pattern.callback)
    return patterns


def _wrapped(view: Any) -> Any:
    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        with viewed_on(_asked(request.GET.get("as_of", ""))):
            response: HttpResponse = view(request, *args, **kwargs)
        return response

    return page
