"""联合主题党日: a joint Party day with those expected and those present (domain.md §1 row 23)."""

from django.utils.translation import gettext_lazy as _

from activities.kinds.asked import RecordKind
from activities.models import Carrier

THEME_PARTY_DAY = RecordKind(
    code="theme_party_day",
    carrier=Carrier.ACTIVITY,
    asks=("title", "due_count"),
    labels={"person_times": _("present")},
)
