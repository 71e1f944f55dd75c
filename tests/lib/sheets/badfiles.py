"""Files that must be refused, each with the code of its refusal."""

import io
import zipfile
from collections.abc import Callable

from tests.lib.sheets.build import patched, table, xlsx

SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><sst>&c;</sst>'
)


def ordinary() -> bytes:
    return table([["单位名称", "组长"], ["高州市林业局", "张三"]])


def ole(stream: str) -> bytes:
    """An old Office container naming one stream."""
    return OLE + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 4096


def zip_of(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in names.items():
            package.writestr(name, content)
    return out.getvalue()


def lying_sizes() -> bytes:
    """A bomb whose directory says that the sheet is small."""
    honest = patched(ordinary(), {SHEET: b"<worksheet>" + b" " * (8 * 1024 * 1024) + b"</worksheet>"})
    size = (8 * 1024 * 1024 + len(b"<worksheet></worksheet>")).to_bytes(4, "little")
    return honest.replace(size, (5_000).to_bytes(4, "little"))


def flagged_encrypted() -> bytes:
    data = bytearray(ordinary())
    at = data.index(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


BAD: dict[str, tuple[str, str, Callable[[], bytes]]] = {
    # name: (code of the refusal, file name, bytes)
    "empty": ("empty_file", "a.xlsx", lambda: b""),
    "21 MB": ("too_big", "a.csv", lambda: b"a,b\n" * (21 * 1024 * 1024 // 4)),
    "old xls": ("old_xls", "a.xls", lambda: ole("Workbook")),
    "xls named xlsx": ("old_xls", "a.xlsx", lambda: ole("Workbook")),
    "wps et": ("wps_et", "a.et", lambda: ole("Workbook")),
    "locked": ("locked", "a.xlsx", lambda: ole("EncryptedPackage")),
    "zip encrypted": ("locked", "a.xlsx", flagged_encrypted),
    "html as xls": ("web_page", "a.xls", lambda: "<html><table><tr><td>单位</td></tr></table></html>".encode()),
    "xml spreadsheet": ("web_page", "a.xls", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "pdf": ("not_a_spreadsheet", "a.xlsx", lambda: b"%PDF-1.7 ..."),
    "png": ("not_a_spreadsheet", "a.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "random bytes": ("not_a_spreadsheet", "a.xlsx", lambda: bytes(range(256)) * 40),
    "plain zip": ("not_a_spreadsheet", "a.zip", lambda: zip_of({"a.txt": b"hello"})),
    "empty zip": ("not_a_spreadsheet", "a.xlsx", lambda: zip_of({})),
    "word": ("other_office", "a.docx", lambda: zip_of({"word/document.xml": b"<w/>"})),
    "opendocument": ("other_office", "a.ods", lambda: zip_of({"mimetype": b"application/vnd.oasis", "content.xml": b"<x/>"})),
    "xlsb": ("binary_workbook", "a.xlsb", lambda: zip_of({"xl/workbook.bin": b"x"})),
    "macros": ("macros", "a.xlsm", lambda: patched(ordinary(), {"xl/vbaProject.bin": b"x"})),
    "truncated": ("damaged", "a.xlsx", lambda: ordinary()[:2000]),
    "bytes flipped": ("damaged", "a.xlsx", lambda: ordinary().replace(b"PK\x01\x02", b"PK\x01\x03")),
    "bomb": ("unpacks_too_big", "a.xlsx", lambda: patched(ordinary(), {SHEET: b"<worksheet>" + b"0" * (110 * 1024 * 1024)})),
    "bomb by ratio": (
        "unpacks_too_big",
        "a.xlsx",
        lambda: patched(ordinary(), {SHEET: b"<worksheet>" + b"0" * (20 * 1024 * 1024)}),
    ),
    "bomb that lies": ("damaged", "a.xlsx", lying_sizes),
    "too many entries": ("unpacks_too_big", "a.xlsx", lambda: patched(ordinary(), {f"x/{i}.bin": b"" for i in range(2_001)})),
    "zip in zip": ("unpacks_too_big", "a.xlsx", lambda: patched(ordinary(), {"xl/inner.zip": b"PK\x03\x04"})),
    "billion laughs in strings": ("dangerous_xml", "a.xlsx", lambda: patched(ordinary(), {"xl/sharedStrings.xml": LAUGHS})),
    "billion laughs in sheet": (
        "dangerous_xml",
        "a.xlsx",
        lambda: patched(ordinary(), {SHEET: LAUGHS.replace(b"sst", b"worksheet")}),
    ),
    "definition far inside": (
        "dangerous_xml",
        "a.xlsx",
        lambda: patched(ordinary(), {SHEET: b"<worksheet>" + bytes(range(97, 123)) * 20_000 + LAUGHS}),
    ),
    "definition in utf-16": ("dangerous_xml", "a.xlsx", lambda: patched(ordinary(), {SHEET: LAUGHS.decode().encode("utf-16")})),
    "definition in utf-7": (
        "dangerous_xml",
        "a.xlsx",
        lambda: patched(ordinary(), {SHEET: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE x+AD4-'}),
    ),
    "relation to outside": (
        "dangerous_xml",
        "a.xlsx",
        lambda: patched(ordinary(), {"xl/_rels/workbook.xml.rels": b'<!DOCTYPE r SYSTEM "file:///etc/passwd"><r/>'}),
    ),
    "csv in utf-16": ("encoding", "a.csv", lambda: "单位,组长\n林业局,张三".encode("utf-16")),
    "csv with NUL": ("encoding", "a.csv", lambda: "单位\0,组长\n".encode()),
    "csv in big5 bytes": ("encoding", "a.csv", lambda: b"\xff\xff\xa4\xa4\xff,\x81\n" * 30),
    "no content": ("no_sheets", "a.xlsx", lambda: xlsx()),
    "csv of commas": ("no_sheets", "a.csv", lambda: b",,,\n,,,\n"),
    "only a chart": ("no_sheets", "a.xlsx", lambda: _chart_only()),
    "sheet missing": ("damaged", "a.xlsx", lambda: patched(ordinary(), {"xl/workbook.xml": b"<workbook>"})),
}


def _chart_only() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        data = book.add_worksheet("数据")
        chart_sheet = book.add_chartsheet("图")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$A$2"})
        chart_sheet.set_chart(chart)
        data.hide()
        chart_sheet.activate()
        chart_sheet.set_first_sheet()
    return out.getvalue()
