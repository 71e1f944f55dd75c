"""A paper as PDF, where the optional extra ``pdf`` (WeasyPrint) is installed; nothing is fetched while it is made."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

_STYLE = Path(__file__).resolve().parent.parent.parent / "static/css/paper.css"


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a paper; ``none``: what stands there without rows."""

    heading: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    none: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A paper in words: title, a line below it, sentences, tables, what stands at its end on the right."""

    title: str
    under: str
    sentences: Sequence[str]
    tables: Sequence[Table]
    end: Sequence[str] = ()


class NoPdf(RuntimeError):
    """This machine makes no PDF: the extra is not installed, or its libraries are missing."""


def can_make_pdf() -> bool:
    """Whether the extra is there; cheap, for pages that offer it."""
    return importlib.util.find_spec("weasyprint") is not None


def make_pdf(paper: Printed) -> bytes:
    """The file. Raises NoPdf."""
    try:
        weasyprint: Any = importlib.import_module("weasyprint")
    except (ImportError, OSError) as problem:
        raise NoPdf from problem
    text = render_to_string("reports/papers/printed.html", {"paper": paper})
    style = weasyprint.CSS(string=_STYLE.read_text(encoding="utf-8"), url_fetcher=_fetch_nothing)
    made: bytes = weasyprint.HTML(string=text, url_fetcher=_fetch_nothing).write_pdf(stylesheets=[style])
    return made


def _fetch_nothing(url: str, *_args: object, **_more: object) -> Any:
    raise ValueError(f"A paper fetches nothing: {url[:80]}")
