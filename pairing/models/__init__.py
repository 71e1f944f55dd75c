"""Programme years and who is paired with whom in them."""

from pairing.models.history import ChangeKind, PairingChange, PairingSuspension
from pairing.models.household import HouseholdContact
from pairing.models.pairing import EndingReason, Origin, Pairing, PairingPost, PairingPostKind, PairingState
from pairing.models.programme import Programme

__all__ = [
    "ChangeKind",
    "EndingReason",
    "HouseholdContact",
    "Origin",
    "Pairing",
    "PairingChange",
    "PairingPost",
    "PairingPostKind",
    "PairingState",
    "PairingSuspension",
    "Programme",
]
