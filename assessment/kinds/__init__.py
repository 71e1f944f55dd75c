"""The kinds of this app: what people bring to a score."""

from assessment.kinds.honours import HONOUR
from assessment.kinds.polls import POLL
from assessment.kinds.vetoes import VETO

FACTS = (POLL, HONOUR, VETO)
__all__ = ["FACTS", "HONOUR", "POLL", "VETO"]
