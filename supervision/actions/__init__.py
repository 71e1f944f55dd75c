"""What people do with warnings and findings (domain.md §4.3, §4.4). Each is one transaction; nothing is deleted."""

from supervision.actions.common import SupervisionRefused
from supervision.actions.extensions import ask_extension, extend_finding, refuse_extension
from supervision.actions.findings import close_finding, hand_in_finding, issue_finding, send_back_finding
from supervision.actions.warnings import answer_warning, propose_warning, sign_warning, withdraw_warning

__all__ = [
    "SupervisionRefused",
    "answer_warning",
    "ask_extension",
    "close_finding",
    "extend_finding",
    "hand_in_finding",
    "issue_finding",
    "propose_warning",
    "refuse_extension",
    "send_back_finding",
    "sign_warning",
    "withdraw_warning",
]
