"""季度联合报告: the two-side written report on a period; it counts for the period that it reports on."""

from activities.kinds.asked import RecordKind
from activities.models import Carrier

JOINT_REPORT = RecordKind(code="joint_report", carrier=Carrier.REPORT, asks=("reports_on",), required=("reports_on",))
