"""The kinds of this floor, one file each."""

from pairing.kinds.households import HOUSEHOLD
from pairing.kinds.paired import PAIRED
from pairing.kinds.pairing import PAIRING
from pairing.kinds.programme import PROGRAMME

__all__ = ["HOUSEHOLD", "PAIRED", "PAIRING", "PROGRAMME"]
