"""Which Word template a paper is made from: the county's newest that is in use, else the product's own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from reports.models import PaperTemplate

_FOLDER = Path(__file__).resolve().parent.parent / "papers/templates"


@dataclass(frozen=True, slots=True)
class InUse:
    """``row`` is None for the product's own."""

    content: bytes
    row: PaperTemplate | None


@cache
def own_template(kind: str) -> bytes:
    """The product's own template. Raises FileNotFoundError for a kind without one."""
    return (_FOLDER / f"{kind}.docx").read_bytes()


def template_in_use(kind: str) -> InUse:
    """What papers of this kind are made from now; one query."""
    newest: PaperTemplate | None = PaperTemplate.objects.filter(kind=kind).order_by("-id").first()
    if newest is None or newest.is_dropped:
        return InUse(own_template(kind), None)
    return InUse(bytes(newest.content), newest)
