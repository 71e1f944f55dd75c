"""What people bring to a score, as ledgers that come in: polls, promoted experiences, vetoes (domain.md §3.2, G2, H, J)."""

from assessment.importing.honours import HonourLedger
from assessment.importing.polls import PollLedger
from assessment.importing.vetoes import VetoLedger
from units.importing.registry import register

for kind in (PollLedger(), HonourLedger(), VetoLedger()):
    register(kind)
