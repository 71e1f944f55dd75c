"""What a unit does not see of its own sheet, so that its village's mark stays between the village and the county.

docs/decisions/0015-what-a-unit-sees.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.models import LineSource, LineState
from assessment.queries.sheets import ExplainedLine


@dataclass(frozen=True, slots=True)
class Withheld:
    """``codes``: lines told without figures. ``totals``: no sums either, for they would give the mark away."""

    codes: frozenset[str] = frozenset()
    totals: bool = False


def withheld(lines: Sequence[ExplainedLine]) -> Withheld:
    """The other side's marks, together with all that people judged in their groups: known is only what these make together.

    A sum hides a mark only beside another figure that the unit does not know. Where there is none (a poll with too few
    answers, a group of its own), every sum that holds the mark is withheld as well.
    """
    groups = {one.line.group_id for one in lines if one.line.source == LineSource.OTHER_SIDE}
    bundle = [one for one in lines if one.line.group_id in groups and one.line.source != LineSource.SYSTEM]
    exposed = {
        group
        for group in groups
        if not any(
            one.line.group_id == group and one.line.source != LineSource.OTHER_SIDE and one.state == LineState.SCORED
            for one in bundle
        )
    }
    return Withheld(frozenset(one.line.code for one in bundle), bool(exposed))
