"""The same file again, with a last column 错误说明 saying what is wrong with each row.

The sheet's XML is patched in place. Loading and saving through a library would lose what it does
not know (pictures in WPS cells, validations, print settings); here every other byte stays.
"""

import csv
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from lib.sheets.grid import column_index, column_letters
from lib.sheets.markup import sheet_parts
from lib.sheets.outgoing import cell_text, csv_text, escaped
from lib.sheets.package import read_part
from lib.sheets.reader import csv_rows
from lib.sheets.refusals import SheetRefused
from lib.sheets.safety import Checked, check_file

HEADING = "错误说明"
Notes = Mapping[tuple[str, int], str]

_PREFIX = rb"(?P<ns>(?:[A-Za-z_][\w.\-]*:)?)"
_ROW = re.compile(rb"<" + _PREFIX + rb"row\b(?P<attributes>[^>]*?)(?P<closed>/)?>")
_NUMBER = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([0-9]{1,7})[\"']")
_PLACE = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?c\b[^>]*?(?<![\w:])r\s*=\s*[\"']([A-Z]{1,3})[0-9]+[\"']")
_COLS = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?cols\b[^>]*>.*?(?=</(?:[A-Za-z_][\w.\-]*:)?cols>)", re.DOTALL)
_COL_MAX = re.compile(rb"\bmax\s*=\s*[\"']([0-9]+)[\"']")
_DIMENSION = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?dimension\b[^>]*/>")
_SPANS = re.compile(rb"\sspans\s*=\s*[\"'][^\"']*[\"']")


def annotate_errors(data: bytes, filename: str, notes: Notes, heading_rows: Mapping[str, int] | None = None) -> bytes:
    """The upload with the notes added, `notes` by sheet and Excel row.

    `heading_rows` says in which row of each sheet the new column's heading goes. Raises
    SheetRefused for a file that would be refused on the way in.
    """
    with TemporaryDirectory(prefix="sheet-") as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        checked = check_file(path, filename)
    by_sheet: dict[str, dict[int, str]] = {}
    for (sheet, row), note in notes.items():
        by_sheet.setdefault(sheet, {})[row] = note
    for sheet, row in (heading_rows or {}).items():
        if sheet in by_sheet:
            by_sheet[sheet].setdefault(row, HEADING)
    return _annotate_csv(data, checked, by_sheet) if checked.format == "csv" else _annotate_xlsx(data, by_sheet)


def _annotate_csv(data: bytes, checked: Checked, by_sheet: Mapping[str, Mapping[int, str]]) -> bytes:
    notes = next(iter(by_sheet.values()), {})
    rows, delimiter = csv_rows(data.decode(checked.encoding))
    width = max(map(len, rows), default=0)
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    for number, row in enumerate(rows, start=1):
        note = notes.get(number)
        writer.writerow(row if note is None else [*row, *[""] * (width - len(row)), csv_text(note)])
    # With a mark, so that Excel shows the characters whatever the file's first encoding was.
    return out.getvalue().encode("utf-8-sig")


def _annotate_xlsx(data: bytes, by_sheet: Mapping[str, Mapping[int, str]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as copy:
        parts = {part: by_sheet[sheet] for sheet, part in sheet_parts(package).items() if sheet in by_sheet}
        for entry in package.infolist():
            content = read_part(package, entry.filename)
            if entry.filename in parts:
                content = _annotate_sheet(content, parts[entry.filename])
            # A name with the entry's date, but not its sizes, flags and extra fields.
            copy.writestr(zipfile.ZipInfo(entry.filename, entry.date_time), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _annotate_sheet(xml: bytes, notes: Mapping[int, str]) -> bytes:
    column = 1 + max((column_index(place[1].decode()) for place in _PLACE.finditer(xml)), default=-1)
    if column > 16_383:
        raise SheetRefused("damaged")
    letters = column_letters(column)
    pieces: list[bytes] = []
    done = 0
    number = 0
    for row in _ROW.finditer(xml):
        given = _NUMBER.search(row["attributes"])
        number = int(given[1]) if given else number + 1
        if number not in notes:
            continue
        ns = row["ns"]
        cell = _cell(ns, f"{letters}{number}", notes[number])
        opening = b"<" + ns + b"row" + _SPANS.sub(b"", row["attributes"]).rstrip() + b">"
        if row["closed"]:
            pieces += [xml[done : row.start()], opening, cell, b"</" + ns + b"row>"]
            done = row.end()
            continue
        end = xml.index(b"</" + ns + b"row", row.end())
        pieces += [xml[done : row.start()], opening, xml[row.end() : end], cell]
        done = end
    pieces.append(xml[done:])
    return _with_width(_DIMENSION.sub(b"", b"".join(pieces), count=1), column)


def _cell(ns: bytes, place: str, note: str) -> bytes:
    text = escaped(cell_text(note)).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    body = b'<%sis><%st xml:space="preserve">%s</%st></%sis>' % (ns, ns, text.encode(), ns, ns)
    return b'<%sc r="%s" t="inlineStr">%s</%sc>' % (ns, place.encode(), body, ns)


def _with_width(xml: bytes, column: int) -> bytes:
    """Make the new column wide enough to read, if the sheet sets widths and none reaches so far."""
    cols = _COLS.search(xml)
    if cols is None or max((int(m[1]) for m in _COL_MAX.finditer(cols[0])), default=0) > column:
        return xml
    ns = re.match(rb"<((?:[A-Za-z_][\w.\-]*:)?)cols", cols[0])
    width = b'<%scol min="%d" max="%d" width="60" customWidth="1"/>' % (ns[1] if ns else b"", column + 1, column + 1)
    return xml[: cols.end()] + width + xml[cols.end() :]
