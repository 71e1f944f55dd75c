"""What the pages need from the floor above lib: rights, the audit chain, the county's papers (given by tenancy.kinds)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse

from lib.kinds.exporting import Paper

View = Callable[..., HttpResponse]


# A request of a member: it has `access` (lib.kinds.declare.Access). Its class is the floor above's.
KindRequest = Any


@dataclass(frozen=True, slots=True)
class Ports:
    """``allow("unit", GET="R")`` guards a view; ``audit(access, action, …)`` writes the chain; ``paper(request)``."""

    allow: Callable[..., Callable[[View], View]]
    audit: Callable[..., None]
    paper: Callable[[Any], Paper]
    today: Callable[[], date]
