"""Warnings that a person signs, and findings that are to be rectified (domain.md §4.3, §4.4)."""

from supervision.models.finding import Finding, FindingSource, FindingState
from supervision.models.warning import Warning, WarningLevel

__all__ = ["Finding", "FindingSource", "FindingState", "Warning", "WarningLevel"]
