"""Workbooks for the tests, made on the spot."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.sheets.grid import Cell, MergedRange, Sheet

SAMPLES = Path(__file__).parents[2] / "samples"


def xlsx(
    fill: Callable[[Workbook, Worksheet], None] | None = None, *, name: str = "Sheet1", options: Mapping[str, Any] | None = None
) -> bytes:
    """A workbook with one sheet; `fill` writes into it."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, **(options or {})}) as book:
        sheet = book.add_worksheet(name)
        if fill:
            fill(book, sheet)
    return out.getvalue()


def table(rows: Sequence[Sequence[Any]], name: str = "Sheet1") -> bytes:
    """A workbook of one sheet with these rows; empty texts are left out."""

    def fill(_book: Workbook, sheet: Worksheet) -> None:
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value != "":
                    sheet.write(r, c, value)

    return xlsx(fill, name=name)


def patched(
    data: bytes, parts: Mapping[str, bytes | Callable[[bytes], bytes]], *, compression: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """The package with some parts replaced, changed, or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            change = parts.get(name, old.read(name))
            new.writestr(name, change(old.read(name)) if callable(change) else change)
        for name, content in parts.items():
            if name not in old.namelist() and isinstance(content, bytes):
                new.writestr(name, content)
    return out.getvalue()


def saved(folder: Path, data: bytes, name: str = "form.xlsx") -> Path:
    """The bytes as a file."""
    path = folder / name
    path.write_bytes(data)
    return path


def sheet(
    rows: Sequence[Sequence[Cell]], name: str = "Sheet1", merged: Sequence[tuple[int, int, int, int]] = (), **more: Any
) -> Sheet:
    """A sheet that was read already."""
    return Sheet(name=name, rows=[list(row) for row in rows], merged=[MergedRange(*m) for m in merged], **more)
