"""The rows below the headings: merged cells filled, ditto marks followed, captions and ends found."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lib.chinese.text import fold, match_key
from lib.sheets.grid import Cell, Sheet
from lib.sheets.headers import Headers

_DITTO = frozenset({"〃", "″", "〞", "〝", "ʺ", '"', "“", "”", "''", '""', "′′", "‶", "同上", "同前", "如上"})
_END = re.compile(
    r"(?:合计|总计|共计)(?:[:：(（].*)?|(?:填表人|填报人|制表人|制表|审核人|审核|单位负责人|负责人签名|经办人)[:：].*|(?:注|说明|备注|填表说明|填报说明)[:：].*|注[0-9].*"
)
_END_ALONE = frozenset({"注", "说明", "备注", "填表人", "审核人", "制表人"})
_SUBTOTAL = re.compile(r"(?:小计|本页合计|本页小计)(?:[:：(（].*)?")
_PICTURE = re.compile(r"=\s*(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
_MERGED_ENOUGH = 3
_MOST_TITLE = 300


@dataclass(slots=True)
class TableRow:
    """One data row: `cells` by column index.

    `copied` columns got their value from a merged cell; `marks` are the ditto marks that stood
    where `cells` now has the value from above.
    """

    index: int
    cells: dict[int, Cell]
    copied: frozenset[int] = frozenset()
    ditto_without_source: frozenset[int] = frozenset()
    hidden: bool = False
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """All data rows of a sheet, and what was left out and why, in sentences."""

    rows: list[TableRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_table(sheet: Sheet, headers: Headers, *, literal: bool, fill_down: frozenset[int]) -> Table:
    """The data rows below the headings.

    `literal` is for our own machine form: a ditto mark there is text, a row named 合计 is a row.
    `fill_down` are columns whose blank cells repeat the cell above: only where a person asked.
    """
    table = Table()
    columns = sorted({m.index for m in (*headers.mapped, *headers.repeated)})
    copies = _vertical_copies(sheet, headers.first_data_row)
    captions = {(b.top, b.left) for b in sheet.merged if b.right - b.left + 1 >= _MERGED_ENOUGH and b.top == b.bottom}
    above: dict[int, Cell] = {}
    n_pictures = 0
    for index in range(headers.first_data_row, len(sheet.rows)):
        row = sheet.rows[index]
        first = next(((c, cell) for c, cell in enumerate(row) if not _is_blank(cell)), None)
        if first is None:
            continue
        if not literal:
            column, cell = first
            if _is_end(cell, column):
                _note_rest(sheet, index, columns, table)
                break
            if _skip_reason(row, cell, column, index, captions, headers, table):
                continue
        cells: dict[int, Cell] = {}
        copied, lost = set(), set()
        marks: dict[int, str] = {}
        own = False
        row_copies = copies.get(index)
        for column in columns:
            cell = row[column] if column < len(row) else ""
            if isinstance(cell, str) and cell:
                if _is_blank(cell):
                    cell = ""
                elif not literal and cell[0] == "=" and _PICTURE.match(cell):
                    n_pictures += 1
                    cell = ""
                elif not literal and len(cell) <= 6 and cell.strip().replace(" ", "") in _DITTO:
                    own = True
                    if column in above:
                        marks[column], cell = cell, above[column]
                    else:
                        lost.add(column)
            if cell != "":
                own = True
            elif row_copies and column in row_copies:
                cell = row_copies[column]
                copied.add(column)
            elif column in fill_down and column in above:
                cell = above[column]
            cells[column] = cell
        if not own:
            continue  # numbered but empty lines of a template
        above = {column: cell for column, cell in cells.items() if cell != ""} | {
            column: cell for column, cell in above.items() if column in fill_down and cells[column] == ""
        }
        table.rows.append(TableRow(index, cells, frozenset(copied), frozenset(lost), index in sheet.hidden_rows, marks))
    if n_pictures:
        table.notes.append(_("Pictures inside cells were not read: %(n)d.") % {"n": n_pictures})
    return table


def _vertical_copies(sheet: Sheet, first_data_row: int) -> dict[int, dict[int, Cell]]:
    """By row and column, the value that a cell merged downwards shows there."""
    copies: dict[int, dict[int, Cell]] = {}
    for block in sheet.merged:
        if block.bottom <= block.top or block.bottom < first_data_row or block.top >= len(sheet.rows):
            continue
        source = sheet.rows[block.top]
        value: Cell = source[block.left] if block.left < len(source) else ""
        if block.top < first_data_row or value == "":
            continue
        for row in range(block.top + 1, min(block.bottom + 1, len(sheet.rows))):
            copies.setdefault(row, {})[block.left] = value
    return copies


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and (not cell or cell.isspace()) and type(cell) is str


def _is_end(cell: Cell, column: int) -> bool:
    if not isinstance(cell, str) or len(cell) > 400:
        return False
    text = match_key(cell)
    if column == 0 and text in _END_ALONE:
        return True
    return bool(_END.fullmatch(text))


def _note_rest(sheet: Sheet, end: int, columns: list[int], table: Table) -> None:
    """Say so when the rows below 合计 look like more of the table."""
    rest = sum(
        1
        for row in sheet.rows[end + 1 :]
        if sum(1 for c in columns if c < len(row) and not _is_blank(row[c])) >= max(4, len(columns) // 3)
    )
    if rest:
        table.notes.append(
            _("Reading stopped at row %(row)d (“%(text)s”); %(n)d filled rows below it were not read.")
            % {"row": end + 1, "text": _first_text(sheet.rows[end]), "n": rest}
        )


def _skip_reason(
    row: list[Cell], cell: Cell, column: int, index: int, captions: set[tuple[int, int]], headers: Headers, table: Table
) -> bool:
    """Subtotals, captions across the table and headings repeated on each page are no data."""
    if not isinstance(cell, str):
        return False
    text = fold(cell)
    if len(text) < 20 and _SUBTOTAL.fullmatch(match_key(text)):
        table.notes.append(_("Row %(row)d (“%(text)s”) is a subtotal and was left out.") % {"row": index + 1, "text": text})
        return True
    if (index, column) in captions and sum(1 for c in row if not _is_blank(c)) == 1:
        table.notes.append(_("Row %(row)d (“%(text)s”) is a caption and was left out.") % {"row": index + 1, "text": text[:40]})
        return True
    return _repeats_headings(row, headers)


def _repeats_headings(row: list[Cell], headers: Headers) -> bool:
    matches = 0
    for mapped in headers.mapped:
        cell = row[mapped.index] if mapped.index < len(row) else ""
        if isinstance(cell, str) and cell and match_key(cell) in match_key(mapped.heading):
            matches += 1
    return matches >= max(3, len(headers.mapped) * 2 // 3)


def _first_text(row: list[Cell]) -> str:
    return next((fold(cell)[:40] for cell in row if isinstance(cell, str) and cell.strip()), "")


def title_texts(sheet: Sheet, headers: Headers) -> Iterator[str]:
    """The texts above the headings, each once, top down."""
    seen = set()
    for row in sheet.rows[: headers.row]:
        for cell in row:
            # A title is short; patterns over a whole essay in one cell would take their time.
            text = fold(cell[:_MOST_TITLE]) if isinstance(cell, str) else ""
            if text and text not in seen:
                seen.add(text)
                yield text
