"""What the fast reader does not tell: hidden rows, error cells, date formats without a day.

These stand in the sheet's XML as attributes, so patterns over the bytes find them without building
a tree. `package.check_package` has seen the parts: UTF-8, without definitions.
"""

import re
import zipfile
from dataclasses import dataclass, field

from lib.sheets.grid import CellError, column_index
from lib.sheets.package import chunks, read_part
from lib.sheets.refusals import SheetRefused

MAX_ROWS = 50_000
MAX_COLUMNS = 256
# The reader lays a sheet out as one rectangle; a form of 20,000 rows and 256 columns fits.
MAX_AREA = 6_000_000

_NAMESPACE = rb"(?:[A-Za-z_][\w.\-]*:)?"
_ROW = re.compile(rb"<" + _NAMESPACE + rb"row\b([^>]*)>")
_HIDDEN = re.compile(rb"\bhidden\s*=\s*[\"'](?:1|true|on)[\"']")
_ROW_NUMBER = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([0-9]{1,7})[\"']")
_FILLED_CELL = re.compile(rb"<" + _NAMESPACE + rb"c\b([^>]*[^/>])>(?=\s*<" + _NAMESPACE + rb"(?:v|is|f)\b)")
_CELL = re.compile(rb"(?<![\w:])r\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_IS_ERROR = re.compile(rb"(?<![\w:])t\s*=\s*[\"']e[\"']")
_STYLE = re.compile(rb"(?<![\w:])s\s*=\s*[\"']([0-9]{1,6})[\"']")
_ERROR_VALUE = re.compile(rb"<" + _NAMESPACE + rb"v[^>]*>([^<]{1,16})<")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b([^>]*)>")
_SHEET = re.compile(rb"<" + _NAMESPACE + rb"sheet\b([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_NUMBER_FORMAT = re.compile(rb"<" + _NAMESPACE + rb"numFmt\b([^>]*)>")
_CELL_FORMATS = re.compile(rb"<" + _NAMESPACE + rb"cellXfs\b.*?</" + _NAMESPACE + rb"cellXfs\s*>", re.DOTALL)
_CELL_FORMAT = re.compile(rb"<" + _NAMESPACE + rb"xf\b([^>]*)>")
_MONTH_FORMATS_BUILT_IN = frozenset({"17", "27", "36", "50", "52", "54", "57"})  # mmm-yy; yyyy年m月
_CARRY = 1024


@dataclass(slots=True)
class SheetMarkup:
    """Attributes of one sheet; rows and columns counted from 0."""

    hidden_rows: set[int] = field(default_factory=set)
    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)
    month_only: set[tuple[int, int]] = field(default_factory=set)
    height: int = 0
    width: int = 0


def scan_sheet(package: zipfile.ZipFile, part: str, sheet_name: str, month_styles: frozenset[int]) -> SheetMarkup:
    """Read one sheet's attributes, refusing a sheet too long or too wide before it is unpacked."""
    found = SheetMarkup()
    n_rows = 0
    carry = b""
    for piece in chunks(package, part):
        text = carry + piece
        # Cut before the last tag that may continue in the next piece.
        cut = max(text.rfind(b"<", 0, max(len(text) - _CARRY, 0)), 0)
        n_rows += _take(text[:cut], text, found, month_styles, sheet_name)
        carry = text[cut:]
        if n_rows > MAX_ROWS * 20:
            raise SheetRefused("too_many_rows", sheet=sheet_name, limit=MAX_ROWS)
    _take(carry, carry, found, month_styles, sheet_name)
    return found


def _take(text: bytes, ahead: bytes, found: SheetMarkup, month_styles: frozenset[int], sheet_name: str) -> int:
    n_rows = 0
    for row in _ROW.finditer(text):
        n_rows += 1
        if b"hidden" in row[1] and _HIDDEN.search(row[1]) and (number := _ROW_NUMBER.search(row[1])):
            found.hidden_rows.add(int(number[1]) - 1)
    for match in _FILLED_CELL.finditer(ahead, 0, min(len(ahead), len(text) + _CARRY)):
        if match.start() >= len(text):
            break
        attributes = match[1]
        place = _CELL.search(attributes)
        if place is None:
            continue
        column, row_index = column_index(place[1].decode()), int(place[2]) - 1
        if column >= MAX_COLUMNS:
            raise SheetRefused("too_many_columns", sheet=sheet_name, limit=MAX_COLUMNS)
        if row_index >= MAX_ROWS:
            raise SheetRefused("too_many_rows", sheet=sheet_name, limit=MAX_ROWS)
        found.height, found.width = max(found.height, row_index + 1), max(found.width, column + 1)
        if found.height * found.width > MAX_AREA:
            raise SheetRefused("too_many_columns", sheet=sheet_name, limit=MAX_AREA // found.height)
        if _IS_ERROR.search(attributes):
            value = _ERROR_VALUE.search(ahead, match.end(), match.end() + _CARRY)
            found.errors[row_index, column] = _error(value[1].decode("utf-8", "replace") if value else "")
        if month_styles and (style := _STYLE.search(attributes)) and int(style[1]) in month_styles:
            found.month_only.add((row_index, column))
    return n_rows


def _error(text: str) -> CellError:
    try:
        return CellError(text)
    except ValueError:
        return CellError.OTHER


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The name of the XML part of each sheet, by the sheet's name."""
    targets = {}
    for relation in _RELATION.finditer(read_part(package, "xl/_rels/workbook.xml.rels")):
        fields = _attributes(relation[1])
        target = fields.get("Target", "").lstrip("/")
        targets[fields.get("Id", "")] = target if target.startswith("xl/") else f"xl/{target}"
    parts = {}
    for sheet in _SHEET.finditer(read_part(package, "xl/workbook.xml")):
        fields = _attributes(sheet[1])
        relation_id = next((v for k, v in fields.items() if k.endswith(":id")), "")
        if targets.get(relation_id) in package.namelist():
            parts[fields.get("name", "")] = targets[relation_id]
    return parts


def month_only_styles(package: zipfile.ZipFile) -> frozenset[int]:
    """Indexes of the cell styles that show a date as year and month only."""
    styles = read_part(package, "xl/styles.xml")
    month_formats = set(_MONTH_FORMATS_BUILT_IN)
    for number_format in _NUMBER_FORMAT.finditer(styles):
        fields = _attributes(number_format[1])
        if _shows_month_only(fields.get("formatCode", "")):
            month_formats.add(fields.get("numFmtId", ""))
    block = _CELL_FORMATS.search(styles)
    formats = _CELL_FORMAT.finditer(block[0]) if block else iter(())
    return frozenset(i for i, xf in enumerate(formats) if _attributes(xf[1]).get("numFmtId") in month_formats)


def uses_1904(package: zipfile.ZipFile) -> bool:
    """Whether the workbook counts its days from 1904."""
    return bool(re.search(rb"\bdate1904\s*=\s*[\"'](?:1|true)[\"']", read_part(package, "xl/workbook.xml")))


def _shows_month_only(code: str) -> bool:
    bare = re.sub(r"\"[^\"]*\"|\[[^\]]*\]|\\.|_.", "", code.split(";")[0]).lower()
    return "y" in bare and "m" in bare and "d" not in bare and "h" not in bare and "s" not in bare


def _attributes(text: bytes) -> dict[str, str]:
    from html import unescape

    return {m[1]: unescape(m[2] if m[2] is not None else m[3]) for m in _ATTRIBUTE.finditer(text.decode("utf-8", "replace"))}
