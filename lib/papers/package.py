"""The .docx package: is it one, and is there nothing in it that runs, fetches or unpacks without end?"""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from lib.papers.refusals import TemplateRefused
from lib.sheets.package import check_parts as _check_parts
from lib.sheets.package import chunks
from lib.sheets.refusals import SheetRefused

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED = 12 * 1024 * 1024
# Text and tables of a template: a page of Word has some 20 KB.
MAX_PART = 3 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_RELATION = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_INSTRUCTION = re.compile(rb"<w:instrText[^>]*>([^<]*)</w:instrText>|w:instr=\"([^\"]*)\"", re.IGNORECASE)
# Fields of Word that fetch or start something when the document is opened.
_ACTIVE = re.compile(rb"\b(?:DDE(?:AUTO)?|INCLUDE(?:TEXT|PICTURE)?|IMPORT|LINK|RD|MACROBUTTON|DATABASE)\b", re.IGNORECASE)


def check_docx(content: bytes) -> None:
    """Raises TemplateRefused unless the bytes are a plain Word document."""
    if not content:
        raise TemplateRefused("empty_file")
    if len(content) > MAX_BYTES:
        raise TemplateRefused("too_big", limit=MAX_BYTES // 1024 // 1024)
    if content.startswith(_OLE):
        raise TemplateRefused("old_doc")
    if not content.startswith(_ZIP):
        raise TemplateRefused("not_word")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _check(package)
    except TemplateRefused:
        raise
    except SheetRefused as refused:
        code = refused.code if refused.code in ("unpacks_too_big", "dangerous_xml", "damaged") else "old_doc"
        raise TemplateRefused(code) from refused
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as problem:
        raise TemplateRefused("damaged") from problem


def _check(package: zipfile.ZipFile) -> None:
    entries = package.infolist()
    names = [entry.filename.lower() for entry in entries]
    if len(set(names)) != len(names):
        raise TemplateRefused("damaged")
    if "word/document.xml" not in names:
        raise TemplateRefused("not_word")
    if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names):
        raise TemplateRefused("macros")
    if any("/embeddings/" in name or "/activex/" in name or "afchunk" in name for name in names):
        raise TemplateRefused("embedded")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(
        entry.file_size > MAX_PART for entry in entries if entry.filename.endswith(".xml")
    ):
        raise TemplateRefused("unpacks_too_big")
    _check_parts(package, entries)
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith(".rels"):
            _check_relations(b"".join(chunks(package, entry.filename)).decode("utf-8"))
        elif name.startswith("word/") and name.endswith(".xml"):
            _check_fields(b"".join(chunks(package, entry.filename)))


def _check_relations(text: str) -> None:
    for found in _RELATION.findall(text):
        lower = found.lower()
        if "afchunk" in lower or "oleobject" in lower:
            raise TemplateRefused("embedded")
        if 'targetmode="external"' in lower.replace("'", '"') and "/hyperlink" not in lower:
            raise TemplateRefused("outside")


def _check_fields(content: bytes) -> None:
    # One instruction may be written in pieces.
    told = b"".join(part for pair in _INSTRUCTION.findall(content) for part in pair)
    if _ACTIVE.search(told):
        raise TemplateRefused("outside")
