"""What people bring to a score: reviewers' figures, polls, honours, vetoes (domain.md §3.2). Each is one transaction."""

from assessment.actions.facts.common import FactRefused
from assessment.actions.facts.entries import enter
from assessment.actions.facts.honours import add_honour, withdraw_honour
from assessment.actions.facts.polls import set_poll
from assessment.actions.facts.vetoes import add_veto, lift_veto

__all__ = [
    "FactRefused",
    "add_honour",
    "add_veto",
    "enter",
    "lift_veto",
    "set_poll",
    "withdraw_honour",
]
