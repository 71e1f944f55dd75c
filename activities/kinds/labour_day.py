"""集中劳动: the joint labour day, in the village (A18), by one unit or several together (A2)."""

from activities.kinds.asked import RecordKind
from activities.models import Carrier

LABOUR_DAY = RecordKind(code="labour_day", carrier=Carrier.ACTIVITY, asks=("leader_present",))
