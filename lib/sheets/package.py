"""The .xlsx package: is it one, and is it safe to unpack? Reads at most `MAX_UNPACKED` bytes."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from lib.sheets.refusals import SheetRefused

MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2_000
# A small part may shrink a lot (a sheet of equal rows does); below this the ratio says nothing.
_RATIO_MATTERS_FROM = 1024 * 1024
_CHUNK = 256 * 1024
_DEFINITION = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_ODD_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_XML_ENDS = (".xml", ".rels", ".vml")
_NESTED_ENDS = (".zip", ".xlsx", ".xlsm", ".xls", ".docx", ".rar", ".7z", ".gz", ".jar")


def check_package(path: Path) -> None:
    """Refuse what is not an .xlsx, unpacks too large, carries macros, or defines XML entities."""
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _check_sizes(entries)
            _check_kind([entry.filename for entry in entries])
            _check_content(package, entries)
    except SheetRefused:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        NotImplementedError,
        ValueError,
        RuntimeError,
        UnicodeDecodeError,
    ) as problem:
        raise SheetRefused("damaged") from problem


def check_parts(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse parts that unpack too large, are locked, or define XML entities; of any Office package."""
    _check_sizes(entries)
    _check_content(package, entries)


def read_part(package: zipfile.ZipFile, name: str) -> bytes:
    """One part of a checked package; empty when there is none of that name."""
    try:
        with package.open(name) as part:
            return part.read(MAX_UNPACKED + 1)[:MAX_UNPACKED]
    except KeyError:
        return b""


def chunks(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """One part of a checked package, piece by piece."""
    with package.open(name) as part:
        while piece := part.read(_CHUNK):
            yield piece


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise SheetRefused("unpacks_too_big")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise SheetRefused("locked")
        if entry.file_size > _RATIO_MATTERS_FROM and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise SheetRefused("unpacks_too_big")


def _check_kind(names: list[str]) -> None:
    lower = {name.lower() for name in names}
    if len(lower) != len(names):
        raise SheetRefused("damaged")  # two parts under one name: readers differ in which they take
    if "xl/vbaproject.bin" in lower or any("macrosheets/" in name for name in lower):
        raise SheetRefused("macros")
    if "xl/workbook.bin" in lower:
        raise SheetRefused("binary_workbook")
    if "xl/workbook.xml" not in lower:
        office = any(name.startswith(("word/", "ppt/")) or name == "mimetype" for name in lower)
        raise SheetRefused("other_office" if office else "not_a_spreadsheet")
    if any(name.endswith(_NESTED_ENDS) and not name.startswith("xl/embeddings/") for name in lower):
        raise SheetRefused("unpacks_too_big")


def _check_content(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Unpack every XML part once. zipfile never gives more than the declared sizes, checked before."""
    for entry in entries:
        if not entry.filename.lower().endswith(_XML_ENDS):
            continue
        tail = b""
        first = True
        for piece in chunks(package, entry.filename):
            if first:
                # In UTF-16 or UTF-7 the search below would see nothing. No program writes them.
                if piece.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in piece[:200] or _ODD_ENCODING.search(piece[:400]):
                    raise SheetRefused("dangerous_xml")
                first = False
            if _DEFINITION.search(tail + piece):
                raise SheetRefused("dangerous_xml")
            tail = piece[-16:]
