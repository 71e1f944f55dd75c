"""What is owed in each period and how it stands: judged by one statement, kept in the transactions that change it."""

from activities.obligations.explaining import Explanation, Line, explain
from activities.obligations.keeping import Changes, Touched, judged_at_the_end, recount, recounts_gathered, refresh
from activities.obligations.standing import Standing, standing

__all__ = [
    "Changes",
    "Explanation",
    "Line",
    "Standing",
    "Touched",
    "explain",
    "judged_at_the_end",
    "recount",
    "recounts_gathered",
    "refresh",
    "standing",
]
