"""What is owed in each period and how it stands: judged by one statement, kept in the transactions that change it."""

from activities.obligations.explaining import Explanation, Line, explain
from activities.obligations.keeping import Changes, Touched, recount, refresh
from activities.obligations.standing import Standing, standing

__all__ = ["Changes", "Explanation", "Line", "Standing", "Touched", "explain", "recount", "refresh", "standing"]
