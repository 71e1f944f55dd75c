"""The policy table: which role may do what, in which scope (domain.md §7). One declaration.

Pages, API, exports and the generated tests read this table; nothing else says who may do what.
A cell lists actions: C create, R read, U edit, X confirm or approve, D void, E export, I import. ``o`` behind a
letter: within the grant's own scope only. ``-``: nothing. What a cell of the domain's table says in words beyond
that ("if the village wrote", "sampled", "logged") stands in NOTES and is enforced by the action concerned.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ROLES = ("OP", "CA", "CS", "IN", "CL", "TO", "UL", "UG", "VS", "JC", "HC", "AU")
ACTIONS = "CRUXDEI"

TABLE = """
object         | OP | CA   | CS  | IN     | CL  | TO     | UL       | UG       | VS       | JC       | HC  | AU
settings       | -  | CRU  | R   | -      | -   | -      | -        | -        | -        | -        | -   | R
grant          | C  | CRU  | R   | -      | -   | Ro     | Ro       | Ro       | -        | -        | -   | R
programme      | -  | CRUX | CRU | R      | R   | R      | R        | R        | R        | R        | -   | R
unit           | -  | CRU  | CRU | R      | R   | RoUo   | Ro       | Ro       | Ro       | Ro       | -   | R
designation    | -  | CRUX | CRU | R      | Ro  | Ro     | -        | -        | Ro       | -        | -   | R
pairing        | -  | CRUX | CRU | R      | Ro  | Ro     | CoRo     | RoXo     | RoXo     | Ro       | -   | R
agreement      | -  | R    | CRU | R      | Ro  | Ro     | CoRoUo   | Xo       | Xo       | Ro       | -   | R
record         | -  | R    | CR  | R      | Ro  | CoRo   | CoRoUo   | CoRoUo   | CoRoUo   | CoRoUo   | -   | R
record_confirm | -  | -    | X   | -      | -   | Xo     | Xo       | Xo       | Xo       | Xo       | -   | -
record_void    | -  | D    | D   | C      | -   | -      | -        | -        | -        | -        | -   | -
household      | -  | R    | CRU | R      | -   | Ro     | Ro       | Ro       | CoRoUo   | Ro       | Ro  | R
petition       | -  | R    | R   | R      | -   | Ro     | Ro       | Ro       | Ro       | -        | Ro  | R
item           | -  | R    | CRU | R      | Ro  | RoUo   | CoRoUo   | CoRoUoXo | RoXo     | Ro       | -   | R
figure         | -  | RX   | CRU | R      | Ro  | CoRoUo | Ro       | Ro       | Ro       | -        | -   | R
committee      | -  | X    | CRU | R      | R   | CoRoUo | -        | -        | Ro       | CoRoUo   | -   | R
inspection     | -  | RX   | CRU | CoRoUo | Ro  | Ro     | Ro       | Ro       | Ro       | -        | -   | R
finding_check  | -  | X    | X   | Xo     | -   | -      | -        | -        | -        | -        | -   | -
finding_answer | -  | -    | -   | -      | -   | -      | Xo       | Xo       | Xo       | -        | -   | -
warning        | -  | RX   | CR  | CR     | Ro  | Ro     | Ro       | Ro       | -        | -        | -   | R
warning_answer | -  | -    | -   | -      | -   | -      | -        | Xo       | -        | -        | -   | -
honour         | -  | R    | CRU | R      | Ro  | Ro     | Ro       | Ro       | Ro       | -        | -   | R
veto           | -  | CRU  | R   | R      | -   | -      | -        | -        | -        | -        | -   | R
poll           | -  | R    | CRU | CRU    | -   | -      | -        | -        | -        | -        | -   | R
entry          | -  | R    | CRU | CRU    | -   | -      | -        | -        | -        | -        | -   | R
self_report    | -  | R    | R   | R      | -   | Ro     | CoRoUo   | Xo       | Co       | -        | -   | R
score          | -  | R    | R   | Ro     | -   | -      | -        | -        | -        | -        | -   | R
other_score    | -  | R    | R   | -      | R   | -      | -        | Ro       | -        | -        | -   | R
result         | -  | X    | -   | -      | -   | -      | -        | -        | -        | -        | -   | -
appeal         | -  | X    | R   | R      | -   | -      | Co       | Xo       | -        | -        | -   | R
dashboard      | -  | R    | R   | Ro     | Ro  | Ro     | Ro       | Ro       | Ro       | Ro       | Ro  | R
export         | -  | E    | E   | Eo     | -   | Eo     | Eo       | Eo       | Eo       | -        | -   | E
import         | -  | I    | I   | -      | -   | Io     | Io       | -        | Io       | -        | -   | -
event_log      | -  | R    | R   | -      | -   | -      | Ro       | Ro       | Ro       | -        | -   | R
message        | -  | R    | R   | -      | -   | -      | -        | -        | -        | -        | -   | R
feedback       | RU | RU   | R   | C      | C   | C      | C        | C        | C        | C        | C   | C
"""

NOTES: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("grant", "OP"): "the first administrator of a county only",
        ("designation", "VS"): "软弱涣散 is hidden until it is decided",
        ("record", "CS"): "by proxy, marked as such",
        ("record", "TO"): "by proxy, marked as such",
        ("record_confirm", "CS"): "by proxy, marked as such",
        ("record_confirm", "TO"): "by proxy, marked as such",
        ("record_confirm", "UL"): "what the village wrote",
        ("record_confirm", "VS"): "what the unit wrote",
        ("record_void", "IN"): "proposes; the county voids",
        ("household", "IN"): "sampled households",
        ("petition", "CA"): "each reading is logged",
        ("petition", "CS"): "each reading is logged",
        ("petition", "IN"): "sampled",
        ("petition", "UL"): "own records",
        ("petition", "AU"): "each reading is logged",
        ("figure", "VS"): "reads; a correction is told to the town, which writes it",
        ("household", "HC"): "those that one looks after oneself",
        ("warning", "CA"): "signs and withdraws; a machine never does",
        ("warning", "CS"): "proposes",
        ("warning", "IN"): "proposes",
        ("warning", "UG"): "answers",
        ("entry", "IN"): "reads the own entries; two people on a line that is checked on site",
        ("self_report", "VS"): "the village's mark, blind to the unit",
        ("score", "IN"): "own lines",
        ("other_score", "UG"): "the grade only, after publicity",
        ("appeal", "IN"): "a reviewer who did not score the line",
        ("import", "CS"): "every ledger but vetoes, which it may not write on the page either",
        ("import", "TO"): "household ledgers",
        ("import", "UL"): "what it writes itself: activities and items, no households",
        ("import", "VS"): "household ledgers",
        ("export", "AU"): "each export is logged",
        ("event_log", "UL"): "own deeds",
        ("event_log", "UG"): "own deeds",
        ("event_log", "VS"): "own deeds",
        ("feedback", "OP"): "platform matters",
    }
)


@dataclass(frozen=True, slots=True)
class Right:
    """One action that a role may do on one object. ``own``: only within the scope of the grant."""

    action: str
    own: bool


def _parse(table: str) -> Mapping[tuple[str, str], Mapping[str, Right]]:
    lines = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    if tuple(lines[0][1:]) != ROLES:
        raise ValueError("The policy table's first line must name the twelve roles in order.")
    rights: dict[tuple[str, str], Mapping[str, Right]] = {}
    for kind, *cells in lines[1:]:
        for role, cell in zip(ROLES, cells, strict=True):
            if not re.fullmatch(rf"-|([{ACTIONS}]o?)+", cell):
                raise ValueError(f"Policy table: {kind} × {role} holds {cell!r}.")
            found = re.findall(rf"([{ACTIONS}])(o?)", cell)
            rights[kind, role] = {letter: Right(letter, own == "o") for letter, own in found}
    return MappingProxyType(rights)


RIGHTS = _parse(TABLE)
OBJECTS = tuple(dict.fromkeys(kind for kind, _role in RIGHTS))


def right(kind: str, role: str, action: str) -> Right | None:
    """The right of one role, or None. Raises KeyError for an object or role that the table does not know."""
    return RIGHTS[kind, role].get(action)
