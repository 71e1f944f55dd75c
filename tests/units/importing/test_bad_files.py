"""Files that are no ledger: refused with a sentence, on the page, by the API and by the action; nothing is kept."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tenancy.models import Tenant
from tests.units.importing.conftest import Send, rows
from tests.units.importing.files import ROSTER, ROSTER_HEADS, roster, workbook
from units.importing import actions, storage
from units.models import ImportBatch, ImportRow

pytestmark = pytest.mark.django_db
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def with_part(name: str, content: bytes) -> bytes:
    """The sample roster with one part of its package replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(ROSTER) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
BAD = {
    "empty": (b"", "空的"),
    "text": (b"hello, world", ""),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "不是电子表格"),
    "old": (OLE + b"\0" * 600, ".xls"),
    "locked": (OLE + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "密码"),
    "web": (b"<html><body><table><tr><td>1</td></tr></table></body></html>", "网页"),
    "cut": (ROSTER.read_bytes()[:3000], "损坏"),
    "xml bomb": (with_part("xl/workbook.xml", BOMB), ""),
    "zip bomb": (with_part("xl/media/zeros.xml", b"0" * 200_000_000), ""),
    "macros": (with_part("xl/vbaProject.bin", b"x"), "宏"),
    "no heading": (workbook({"表": [["一", "二"], ["三", "四"]]}), "表头"),
    "heading alone": (workbook({"表": [ROSTER_HEADS]}), ""),
    "empty sheets": (workbook({"表": []}), ""),
    "binary": (bytes(range(256)) * 20, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_a_sentence_and_leaves_nothing(tenant: Tenant, send: Send, media: Path, name: str) -> None:
    content, words = BAD[name]
    with pytest.raises(actions.FileRefused) as caught:
        send("units", content)
    assert words in caught.value.message
    assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.message), "in Chinese"
    assert (ImportBatch.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_too_large_a_file_stops_being_stored(tenant: Tenant, send: Send, settings: object, media: Path) -> None:
    settings.IMPORT_MAX_BYTES = 1000  # type: ignore[attr-defined]
    from lib.sheets.refusals import SheetRefused

    with pytest.raises(SheetRefused) as caught:
        send("units", b"x" * 2000)
    assert caught.value.code == "too_big"
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_full_disk_is_a_sentence(tenant: Tenant, send: Send, monkeypatch: pytest.MonkeyPatch, media: Path) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(storage.StorageFull, match="存储空间已满"):
        send("units", roster({"单位名称": "甲局"}))
    assert [path for path in media.rglob("*") if path.is_file()] == []


def test_strange_names_and_texts_are_kept_and_shown(tenant: Tenant, send: Send) -> None:
    odd = "甲局\u200b𠮷<b>&\u202e"
    content = roster({"单位名称": odd, "备注": "=1+1", "组长": "'; DROP TABLE units;--"})
    batch = send("units", content, name="..\\..\\etc\\pass\nwd\u202e.xlsx")
    row = rows(batch)[0]
    assert row.status == "ok"
    assert row.values["unit"] == "甲局𠮷<b>&"
    assert row.values["notes"] == "=1+1"
    assert batch.file_name == "passwd.xlsx"


def test_csv_of_either_encoding_is_read(tenant: Tenant, send: Send) -> None:
    text = "单位名称,单位性质,党组织名称,党员数\n甲局,行政机关,甲局党支部,5\n"
    for encoding in ("utf-8-sig", "gb18030"):
        batch = send("units", text.encode(encoding), name="表.csv")
        assert [(r.status, r.values["unit"]) for r in rows(batch)] == [("ok", "甲局")]


def test_control_characters_escaped_in_a_cell_are_no_crash(tenant: Tenant, send: Send) -> None:
    batch = send("units", roster({"单位名称": "甲局_x0000__xD800_", "备注": "a_x0000_b"}))
    assert rows(batch)[0].status in ("ok", "question", "error")
