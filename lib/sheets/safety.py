"""A look at the bytes of an upload before any spreadsheet reader opens it (`reliability.md` §3.3)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lib.sheets.package import check_package
from lib.sheets.refusals import SheetRefused

MAX_BYTES = 20 * 1024 * 1024

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OTHER_FORMATS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x1f\x8b",
    b"MZ",
    b"\x7fELF",
)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the upload is: an .xlsx, or a text table and its encoding."""

    format: Literal["xlsx", "csv"]
    encoding: str = ""


def check_file(path: Path, filename: str = "") -> Checked:
    """Say what kind of table the file is, or raise SheetRefused saying what to do.

    Decided by content; the name only helps to word the refusal.
    """
    size = path.stat().st_size
    if size == 0:
        raise SheetRefused("empty_file")
    if size > MAX_BYTES:
        raise SheetRefused("too_big", limit=MAX_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(_OLE):
        raise SheetRefused(_ole_code(path.read_bytes(), filename))
    if head.startswith(_EMPTY_ZIP):
        raise SheetRefused("not_a_spreadsheet")
    if head.startswith(_ZIP):
        check_package(path)
        return Checked("xlsx")
    if head.startswith(_OTHER_FORMATS):
        raise SheetRefused("not_a_spreadsheet")
    data = path.read_bytes()
    if _is_web_page(data):
        raise SheetRefused("web_page")
    return Checked("csv", _csv_encoding(data, filename))


def _ole_code(data: bytes, filename: str) -> str:
    """Old Office container: locked .xlsx, WPS .et, or .xls."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        return "locked"
    if filename.lower().endswith(".et") or _utf16("WpsCustomData") in data or _utf16("ETExtData") in data:
        return "wps_et"
    if _utf16("WordDocument") in data or _utf16("PowerPoint Document") in data:
        return "other_office"
    return "old_xls"


def _utf16(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_web_page(data: bytes) -> bool:
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta")) or b"<html" in head


def _csv_encoding(data: bytes, filename: str) -> str:
    """UTF-8, else GB18030, which holds GBK and GB2312; anything else is refused, never guessed."""
    # A NUL says binary, or UTF-16, which WPS and Excel write only when asked for "Unicode text".
    if data.startswith(_UTF16_MARKS) or b"\0" in data:
        raise SheetRefused("encoding" if filename.lower().endswith((".csv", ".txt")) else "not_a_spreadsheet")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _looks_like_text(text):
            break
        return encoding
    raise SheetRefused("encoding" if filename.lower().endswith((".csv", ".txt")) else "not_a_spreadsheet")


def _looks_like_text(text: str) -> bool:
    """Random bytes often decode as GB18030; then they are full of controls and private signs."""
    sample = text[:20_000]
    odd = sum(1 for c in sample if (c < " " and c not in "\t\r\n") or "\ue000" <= c <= "\uf8ff" or c == "\ufffd")
    return odd * 50 <= len(sample)
