"""Reading warnings and findings."""

from supervision.queries.kept import overdue, visible_findings, visible_warnings, within

__all__ = ["overdue", "visible_findings", "visible_warnings", "within"]
