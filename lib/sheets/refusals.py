"""Why a file, or a sheet of it, is not read at all, in sentences that say what to do."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGES: Mapping[str, Promise | str] = {
    "empty_file": _("The file is empty (0 bytes). Choose the file again, or save it again and upload that."),
    "too_big": _("The file is larger than %(limit)s MB. Remove pictures, or split the form, and upload again."),
    "not_a_spreadsheet": _(
        "This is not a spreadsheet. Upload an .xlsx file (in WPS or Excel: Save as, Excel workbook) or a .csv file."
    ),
    "old_xls": _("This is an old .xls file. Open it in WPS or Excel, choose Save as, Excel workbook (.xlsx), and upload that."),
    "wps_et": _("This is a WPS .et file. Open it in WPS, choose Save as, Excel workbook (.xlsx), and upload that."),
    "locked": _("The file is locked with a password. Open it, remove the password (File, Encrypt), save it and upload it again."),
    "web_page": _(
        "This is a web page saved under the name of a spreadsheet. Open it, choose Save as, Excel workbook "
        "(.xlsx), and upload that."
    ),
    "macros": _("The file contains macros. Choose Save as, Excel workbook (.xlsx, without macros), and upload that."),
    "binary_workbook": _("This is a binary workbook (.xlsb). Choose Save as, Excel workbook (.xlsx), and upload that."),
    "other_office": _(
        "This is a Word or PowerPoint file, or an OpenDocument one. Copy the form into an Excel workbook (.xlsx) and upload that."
    ),
    "damaged": _("The file is damaged or was not transferred completely. Open it, save it under a new name and upload that."),
    "unpacks_too_big": _(
        "Unpacked, the file is far larger than a form can be, so it was not opened. Copy the form into a new "
        "workbook and upload that."
    ),
    "dangerous_xml": _(
        "The file contains definitions (DTD) that no spreadsheet program writes, so it was not opened. Copy "
        "the form into a new workbook and upload that."
    ),
    "too_many_rows": _(
        "Sheet %(sheet)s has more than %(limit)s rows. Delete empty formatted rows at its end, or split it, and upload again."
    ),
    "too_many_columns": _(
        "Sheet %(sheet)s has more than %(limit)s columns. Delete what stands to the right of the form and upload again."
    ),
    "too_many_sheets": _("The file has more than %(limit)s sheets. Split it and upload the parts."),
    "no_sheets": _("The file has no sheet with content. Check that you chose the right file."),
    "encoding": _(
        "The text of this .csv file cannot be read. Save it as an Excel workbook (.xlsx), or as CSV UTF-8, and upload that."
    ),
    "too_heavy": _(
        "Reading the file took too much time or memory, so it was stopped. Split it, or copy the form into a "
        "new workbook, and upload that."
    ),
    "no_header": _(
        "No heading row was found in sheet %(sheet)s: fewer than %(need)s of the known column names (such as "
        "%(names)s) stand in one row."
    ),
    "wrong_ledger": _(
        "Sheet %(sheet)s does not look like “%(wanted)s”; by its headings it is “%(likely)s”. Choose that kind, or another file."
    ),
}


class SheetRefused(Exception):
    """A file or sheet is refused; `code` is for programs, `message` for people."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> str:
        """The sentence in the reader's language, made late: a child process has no languages."""
        return str(MESSAGES[self.code]) % self.params if self.params else str(MESSAGES[self.code])

    def __str__(self) -> str:
        return self.code

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.code, self.params)


def _again(code: str, params: dict[str, Any]) -> SheetRefused:
    return SheetRefused(code, **params)
