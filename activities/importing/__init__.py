"""The activity ledger (结对共建活动台账) as one more kind of import: its rows become records, submitted for confirmation."""

from activities.importing.ledger import ActivityLedger
from units.importing.registry import register

register(ActivityLedger())
