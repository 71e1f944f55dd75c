"""Which steps of the judging statement the rules in question can ask for at all; the others are left out of its text.

A statement of thirty tables and steps takes a millisecond to begin, whatever it then finds. Most rules ask for few of
them: nobody owes together, no surplus is carried, no waiver was made. What is left is the same text, word for word.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

# For terms t.
_OF_TERMS = {
    "shared": "t.scope IN ('unit', 'village', 'person')",
    "online": "t.online_per_month IS NOT NULL",
    "projects": "t.max_quarters_per_project IS NOT NULL",
    "surplus": "t.carry_over",
    "short_weeks": "t.period_kind = 'week' AND t.min_working_days > 0",
    "several_types": "t.allow_multi",
    "raised": "t.count_on IN ('registered', 'started')",
    "distinct": "t.distinct_by <> ''",
}
# Of the county: row-level security keeps others out.
_OF_COUNTY = {
    "waivers": "EXISTS (SELECT 1 FROM activities_waiver w WHERE w.withdrawn_at IS NULL)",
    "suspensions": "EXISTS (SELECT 1 FROM pairing_pairingsuspension u)",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What has to be asked. To be read under the county's lock: nobody may publish terms or a waiver between."""

    # Several pairings owe one thing together.
    shared: bool = True
    # Online sessions count so many a month.
    online: bool = True
    # An unfinished project counts for so many periods.
    projects: bool = True
    # A surplus counts for later periods.
    surplus: bool = True
    # A week may have too few working days.
    short_weeks: bool = True
    # A record may count for further types.
    several_types: bool = True
    # The day on which something was raised counts.
    raised: bool = True
    # What is done about one thing counts once.
    distinct: bool = True
    waivers: bool = True
    suspensions: bool = True

    def asked(self) -> dict[str, bool]:
        """By name, for the text of the statement."""
        return asdict(self)


ALL = Parts()


def parts_sql() -> str:
    """Columns for ``Parts``, in the order of its fields, to be aggregated from published terms ``t``."""
    of_terms = ", ".join(f"coalesce(bool_or({condition}), false) AS {name}" for name, condition in _OF_TERMS.items())
    return f"{of_terms}, {', '.join(f'{condition} AS {name}' for name, condition in _OF_COUNTY.items())}"
