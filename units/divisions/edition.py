"""Reading an edition of the division codes: lines of ``code,name``, plain or compressed (.csv, .csv.xz).

A province has 2 digits, a prefecture 4, a county 6, a town 9, a village or community 12. One edition of
the whole country is shipped with the product; a county may bring a newer one.
"""

from __future__ import annotations

import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.utils.translation import gettext as _

from lib.chinese.text import fold

# The date that the shipped list describes: the statistics bureau's edition of that day.
EDITION_DATE = date(2023, 6, 30)
EDITION = EDITION_DATE.isoformat()
SHIPPED = Path(__file__).resolve().parent.parent / "data" / f"divisions-{EDITION}.csv.xz"

# The whole country is 22 MB; a file that unpacks to more than this is something else.
MAX_BYTES = 80 * 1024 * 1024
_LINE = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{9}|\d{12}),(.{1,60})")


class EditionUnreadable(ValueError):
    """The file is no list of division codes. The text says what to do, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list."""

    code: str
    name: str

    @property
    def parent_code(self) -> str:
        """The code one level up; empty for a province."""
        return self.code[: {2: 0, 4: 2, 6: 4, 9: 6, 12: 9}[len(self.code)]]


@dataclass(frozen=True, slots=True)
class CountyList:
    """One county of an edition, in the order of the codes. ``above`` is province, prefecture and county itself."""

    code: str
    above: tuple[Entry, ...]
    towns: tuple[Entry, ...]
    villages: tuple[Entry, ...]

    @property
    def is_listed(self) -> bool:
        return bool(self.above) and self.above[-1].code == self.code


def unpack(raw: bytes) -> bytes:
    """The list's bytes, decompressed within MAX_BYTES. Raises EditionUnreadable."""
    if raw[:6] != b"\xfd7zXZ\0":
        return raw
    try:
        plain = lzma.LZMADecompressor(memlimit=256 * 1024 * 1024).decompress(raw, max_length=MAX_BYTES + 1)
    except lzma.LZMAError as problem:
        raise EditionUnreadable(
            _("The file cannot be unpacked. Choose the list of division codes as .csv or .csv.xz.")
        ) from problem
    if len(plain) > MAX_BYTES:
        raise EditionUnreadable(_("The file unpacks to more than 80 MB. Choose the list of division codes alone."))
    return plain


def county_of(plain: bytes, code: str) -> CountyList:
    """The lines of one county, from the unpacked bytes of a list in UTF-8."""
    # Only the county's own lines become strings: the country has 660,000.
    wanted = re.compile(
        rb"^(?:%b|%b|%b(?:\d{3}(?:\d{3})?)?),[^\r\n]*" % (code[:2].encode(), code[:4].encode(), code.encode()), re.M
    )
    entries = sorted(_entries(line.decode("utf-8") for line in wanted.findall(plain)), key=lambda entry: entry.code)
    by_length: dict[int, list[Entry]] = {2: [], 4: [], 6: [], 9: [], 12: []}
    for entry in entries:
        by_length[len(entry.code)].append(entry)
    above = (*by_length[2], *by_length[4], *by_length[6])
    return CountyList(code, above, tuple(by_length[9]), tuple(by_length[12]))


def _entries(lines: Iterable[str]) -> Iterable[Entry]:
    for line in lines:
        match = _LINE.fullmatch(line.strip())
        if match:
            yield Entry(match[1], match[2])


def read_shipped(code: str) -> CountyList:
    """One county of the shipped edition: about half a second, most of it unpacking."""
    return county_of(unpack(SHIPPED.read_bytes()), code)


@lru_cache(maxsize=1)
def upper_divisions() -> dict[str, Entry]:
    """Provinces, prefectures and counties of the shipped edition by code. They stand first, so little is unpacked."""
    found: dict[str, Entry] = {}
    with lzma.open(SHIPPED, "rt", encoding="utf-8") as lines:
        for line in lines:
            code, _comma, name = line.rstrip("\n").partition(",")
            if len(code) > 6:
                break
            found[code] = Entry(code, name)
    return found


def town_name(code: str) -> str:
    """The name of a town of the shipped edition, or an empty text."""
    return next((entry.name for entry in read_shipped(code[:6]).towns if entry.code == code), "")


def read_brought(raw: bytes, code: str) -> CountyList:
    """One county of a list that somebody brings, checked line by line.

    Lines of other counties are passed over. UTF-8 or GB 18030, a heading line is allowed. Raises EditionUnreadable.
    """
    plain = unpack(raw)
    text = _decoded(plain)
    ours: dict[str, Entry] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        digits = line.lstrip("\ufeff \"'").partition(",")[0].strip(" \"'")
        if not digits.startswith(code):
            continue
        match = _LINE.fullmatch(fold(line.lstrip("\ufeff")).replace('"', "").replace(", ", ","))
        if match is None:
            raise EditionUnreadable(
                _("Line %(number)d cannot be read: write a code of 6, 9 or 12 digits, a comma and the name.") % {"number": number}
            )
        entry = Entry(match[1], match[2].strip())
        if ours.get(entry.code, entry) != entry:
            raise EditionUnreadable(
                _("Line %(number)d gives the code %(code)s a second name. Correct the list first.")
                % {"number": number, "code": entry.code}
            )
        ours[entry.code] = entry
    _check_whole(ours, code)
    entries = sorted(ours.values(), key=lambda entry: entry.code)
    return CountyList(
        code,
        tuple(entry for entry in entries if len(entry.code) == 6),
        tuple(entry for entry in entries if len(entry.code) == 9),
        tuple(entry for entry in entries if len(entry.code) == 12),
    )


def _decoded(plain: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = plain.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise EditionUnreadable(_("The file is no text. Choose the list of division codes as .csv (UTF-8 or GB 18030)."))


def _check_whole(ours: dict[str, Entry], code: str) -> None:
    """A list without towns or villages would propose to remove the county: refuse it."""
    towns = {c for c in ours if len(c) == 9}
    villages = [c for c in ours if len(c) == 12]
    if not towns or not villages:
        raise EditionUnreadable(
            _("The list has no towns and villages of %(code)s. Choose a list that holds this county's codes.") % {"code": code}
        )
    lost = next((c for c in villages if c[:9] not in towns), None)
    if lost is not None:
        raise EditionUnreadable(
            _("The village %(code)s has no town %(town)s in the list. Choose a complete list.") % {"code": lost, "town": lost[:9]}
        )
