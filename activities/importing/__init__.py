"""The activity ledger (结对共建活动台账) and those of projects, livelihood items and courtyards as kinds of import.

Their rows become records and items; what was done waits for the village to confirm it.
"""

from activities.importing.ledger import ActivityLedger
from activities.importing.things.ledger import CourtyardLedger, LivelihoodLedger, ProjectLedger
from units.importing.registry import register

for kind in (ActivityLedger(), ProjectLedger(), LivelihoodLedger(), CourtyardLedger()):
    register(kind)
