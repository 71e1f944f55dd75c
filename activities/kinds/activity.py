"""Any other activity: types without a quota and the county's own types are rows of ActivityType, and as easy to write."""

from activities.kinds.asked import RecordKind
from activities.models import Carrier

ACTIVITY = RecordKind(code=Carrier.ACTIVITY, carrier=Carrier.ACTIVITY)
