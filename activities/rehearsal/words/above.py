"""Words whose tables lie on the floors above, supervision and assessment: declared here, played there.

The floor that plays a word registers it when the server starts (``registry.plays``).
"""

from activities.rehearsal import readers
from activities.rehearsal.registry import later_event, later_question, needed, optional

# As many as the floors above take (pairing.actions.households, assessment.actions.facts).
_HOUSEHOLDS, _ANSWERS = needed(readers.whole(0, 5000)), needed(readers.whole(0, 100_000))

later_event("households", pairing=needed(readers.pairing), listed=_HOUSEHOLDS, covered=_HOUSEHOLDS)
later_event(
    "figure",
    village=needed(readers.paired_village),
    metric=needed(readers.one_of("collective_income")),
    year=needed(readers.year),
    value=needed(readers.yuan),
)
later_event("poll", pairing=needed(readers.pairing), satisfied=_ANSWERS, fairly=_ANSWERS, dissatisfied=_ANSWERS, unknown=_ANSWERS)
later_event("warn", pairing=needed(readers.pairing), level=needed(readers.whole(2, 3)), reason=optional(readers.words(400)))
later_event("withdraw", pairing=needed(readers.pairing), level=needed(readers.whole(2, 3)), reason=optional(readers.words(400)))
later_event(
    "honour",
    pairing=needed(readers.pairing),
    matter=needed(readers.words(readers.MATTER)),
    level=needed(readers.one_of("town", "county", "city", "province", "nation")),
    # Beyond the common language: the day of the promotion, where it is not that of the event.
    on=optional(readers.day),
)
later_event("veto", pairing=needed(readers.pairing), kind=needed(readers.text), doc=needed(readers.words(readers.DOC_NO)))
later_event(
    "enter",
    pairing=needed(readers.pairing),
    item=needed(readers.text),
    value=needed(readers.number),
    note=optional(readers.any_text),
)
later_question("warnings", pairing=optional(readers.pairing), level=optional(readers.whole(2, 5)))
later_question("score", pairing=optional(readers.pairing), unit=optional(readers.unit), cycle=needed(readers.year))
