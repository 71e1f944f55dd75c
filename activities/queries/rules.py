"""Reading rules: versions, what they ask in a year, what they say in words."""

from activities.queries.burden import Burden, DuePeriod, Reckoning, burden, year_to_tell
from activities.queries.versions import as_if_published, in_force, published, rules_of, terms_on, versions_of

__all__ = [
    "Burden",
    "DuePeriod",
    "Reckoning",
    "as_if_published",
    "burden",
    "in_force",
    "published",
    "rules_of",
    "terms_on",
    "versions_of",
    "year_to_tell",
]
