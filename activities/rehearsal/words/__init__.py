"""The words of a scenario, one module for each sort. A new word is one function with its fields (``registry``)."""


def load() -> None:
    """Declare them all; a second time nothing happens."""
    from activities.rehearsal.words import above, answers, burden, lifecycle, messages, records, rules  # noqa: F401
