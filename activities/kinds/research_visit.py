"""调查研究: branch and in-service members deep in the village Party organisation (domain.md §1 row 33)."""

from django.utils.translation import gettext_lazy as _

from activities.kinds.asked import RecordKind
from activities.models import Carrier

RESEARCH_VISIT = RecordKind(
    code="research_visit", carrier=Carrier.ACTIVITY, asks=("title",), labels={"title": _("subject of the research")}
)
