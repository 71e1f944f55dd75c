"""What comes in of pairings: their list (结对关系一览表), and the households on each one's own (党员联系户台账)."""

from pairing.importing.households import HouseholdLedger
from pairing.importing.pairing_list import PairingList
from units.importing.registry import register

for kind in (PairingList(), HouseholdLedger()):
    register(kind)
