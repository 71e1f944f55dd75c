"""What people do with pairings. Each is one transaction; nothing is overwritten (domain.md §4.1)."""

from pairing.actions.activation import activate_pairing, activate_ready
from pairing.actions.common import PairingMovedOn, PairingRefused
from pairing.actions.deciding import agree_pairing, approve_plan, propose_pairing, reject_pairing, sides_of, sign_pairing
from pairing.actions.facts import PairingFacts
from pairing.actions.moving import Moved, move_pairings
from pairing.actions.posts import name_holder, name_new_holder
from pairing.actions.programmes import create_programme, update_programme
from pairing.actions.renewing import renew_pairings
from pairing.actions.resting import end_pairing, resume_pairing, suspend_pairing
from pairing.actions.writing import create_pairing, update_pairing

__all__ = [
    "Moved",
    "PairingFacts",
    "PairingMovedOn",
    "PairingRefused",
    "activate_pairing",
    "activate_ready",
    "agree_pairing",
    "approve_plan",
    "create_pairing",
    "create_programme",
    "end_pairing",
    "move_pairings",
    "name_holder",
    "name_new_holder",
    "propose_pairing",
    "reject_pairing",
    "renew_pairings",
    "resume_pairing",
    "sides_of",
    "sign_pairing",
    "suspend_pairing",
    "update_pairing",
    "update_programme",
]
