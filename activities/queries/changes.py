"""What became of cells in the last seven days, from their flips: first state against the present one.

A cell that went there and back again has not changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from activities.models import ObligationState
from lib.any_of import any_of
from lib.by_hashing import joined_by_hashing
from tenancy import clock

SINCE = timedelta(days=7)
_DONE = (ObligationState.MET, ObligationState.MET_LATE)
# By code: states before, states now.
_BEFORE_AND_NOW: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "met": ((ObligationState.NOT_DUE, ObligationState.OPEN, ObligationState.WAITING, ObligationState.MISSED), _DONE),
    "missed": ((ObligationState.NOT_DUE, ObligationState.OPEN), (ObligationState.MISSED,)),
    "back": (
        (*_DONE, ObligationState.WAITING),
        (ObligationState.NOT_DUE, ObligationState.OPEN, ObligationState.MISSED),
    ),
    "waiting": (
        (ObligationState.NOT_DUE, ObligationState.OPEN, ObligationState.MISSED, *_DONE),
        (ObligationState.WAITING,),
    ),
}
WORDS: tuple[tuple[str, Promise], ...] = (
    ("met", _("done in the last seven days")),
    ("missed", _("overdue since less than seven days")),
    ("back", _("done or handed in before, open again")),
    ("waiting", _("handed in in the last seven days, to be confirmed")),
)
_SQL = """
SELECT f.before, o.state, array_agg(o.id)
FROM (
    SELECT rule_id, coalesce(pairing_id, 0) AS pairing, coalesce(village_id, 0) AS village, period_kind, starts_on,
           (array_agg(from_state ORDER BY at, id))[1] AS before
    FROM activities_obligationflip
    WHERE at >= %s
    GROUP BY 1, 2, 3, 4, 5
) f
JOIN activities_obligation o ON o.period_kind = f.period_kind AND o.starts_on = f.starts_on AND o.rule_id = f.rule_id
    AND coalesce(o.pairing_id, 0) = f.pairing AND coalesce(o.village_id, 0) = f.village
WHERE o.state <> f.before
GROUP BY 1, 2
"""


def since() -> datetime:
    """The instant that changes are told from."""
    return clock.now() - SINCE


def changed_cells() -> dict[str, list[int]]:
    """Ids of the county's cells that changed, by code of ``WORDS``; one statement."""
    found: dict[str, list[int]] = {code: [] for code in _BEFORE_AND_NOW}
    with joined_by_hashing(), connection.cursor() as cursor:
        cursor.execute(_SQL, [since()])
        for before, state, cells in cursor.fetchall():
            # A cell's first flip comes from nothing: it was made then, and has not changed.
            for code, (befores, states) in _BEFORE_AND_NOW.items():
                if before in befores and state in states:
                    found[code] += cells
    return found


def changed(code: str) -> Q:
    """Cells that changed so; ``code`` is one of ``WORDS``. Raises KeyError for another."""
    return Q(any_of("pk", changed_cells()[code]))
