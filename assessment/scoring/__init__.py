"""Scores of a cycle: the statement, what it answers, and the results of units."""

from assessment.scoring.score import Scored, ScoredLine, score
from assessment.scoring.units import UnitScored, unit_results

__all__ = ["Scored", "ScoredLine", "UnitScored", "score", "unit_results"]
