"""What is owed in each period and how it stands: judged by one statement, kept in the transactions that change it."""

from activities.obligations.explaining import Explanation, Line, explain
from activities.obligations.keeping import (
    Ahead,
    Changes,
    Touched,
    ahead,
    judged_at_the_end,
    recount,
    recounts_gathered,
    refresh,
    refresh_current,
)
from activities.obligations.standing import Standing, standing

__all__ = [
    "Ahead",
    "Changes",
    "Explanation",
    "Line",
    "Standing",
    "Touched",
    "ahead",
    "explain",
    "judged_at_the_end",
    "recount",
    "recounts_gathered",
    "refresh",
    "refresh_current",
    "standing",
]
