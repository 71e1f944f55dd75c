"""The kinds of this app."""

from supervision.kinds.findings import FINDING
from supervision.kinds.warnings import WARNING

KINDS = (WARNING, FINDING)
__all__ = ["FINDING", "KINDS", "WARNING"]
