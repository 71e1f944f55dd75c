"""Programme years and who is paired with whom in them."""

from pairing.models.pairing import Origin, Pairing, PairingPost, PairingPostKind, PairingState
from pairing.models.programme import Programme

__all__ = ["Origin", "Pairing", "PairingPost", "PairingPostKind", "PairingState", "Programme"]
