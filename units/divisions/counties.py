"""Finding the county that somebody means, by code or by name; and saying what comes near when there is none."""

from __future__ import annotations

import re
from difflib import get_close_matches

from django.utils.translation import gettext as _

from lib.chinese.text import fold
from units.divisions.edition import Entry, town_name, upper_divisions

MOST_NEAR = 5
# What is shown of something mistaken: enough to recognise it.
LONGEST_SHOWN = 20


class CountyRefused(ValueError):
    """No county can be set up from what was given. ``field`` (code, slug, name) says where; the text what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def find_county(code: str) -> Entry:
    """The county with this code. Raises CountyRefused with the nearest counties for a wrong code or a name."""
    code = fold(code[:LONGEST_SHOWN])
    found = upper_divisions().get(code)
    if found is not None and len(code) == 6 and not code.endswith("00"):
        return found
    raise CountyRefused("code", _what_was_meant(code))


def _what_was_meant(code: str) -> str:
    divisions = upper_divisions()
    if not code:
        return _("Write the six digits of the county's division code.")
    if re.fullmatch(r"\d{9}(\d{3})?", code) and code[:6] in divisions:
        return _("%(code)s%(town)s lies below a county. Use the county's code: %(near)s.") % {
            "code": code,
            "town": f"({town_name(code[:9])})" if town_name(code[:9]) else "",
            "near": _listed([divisions[code[:6]]]),
        }
    if code in divisions and len(code) == 6:
        return _("%(name)s has no counties and cannot be set up as one; units below a county may not run the system.") % {
            "name": divisions[code].name
        }
    region = code.removesuffix("00").removesuffix("00") if re.fullmatch(r"\d{6}", code) else code
    if region in divisions and len(region) < 6:
        return _("%(name)s lies above the counties. Choose one of its counties, for example %(near)s.") % {
            "name": divisions[region].name,
            "near": _listed([entry for entry in _counties() if entry.code.startswith(region)]),
        }
    near = _near(code)
    if not near:
        return _("There is no county with the code %(code)s. Write the six digits of the county's division code.") % {
            "code": code
        }
    return _("There is no county with the code %(code)s. Did you mean %(near)s?") % {"code": code, "near": _listed(near)}


def _counties() -> list[Entry]:
    return [entry for entry in upper_divisions().values() if len(entry.code) == 6 and not entry.code.endswith("00")]


def _near(text: str) -> list[Entry]:
    counties = {entry.code: entry for entry in _counties()}
    if not text.isdigit():
        wanted = text.rstrip("市县区旗") or text
        return [entry for entry in counties.values() if wanted and wanted in entry.name][:MOST_NEAR]
    close = get_close_matches(text[:6], counties, n=MOST_NEAR, cutoff=0.7)
    return [counties[code] for code in close]


def _listed(entries: list[Entry]) -> str:
    return _(", ").join(f"{entry.code} {entry.name}" for entry in entries[:MOST_NEAR])
