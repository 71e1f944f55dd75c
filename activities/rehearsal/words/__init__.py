"""The words of a scenario, one module for each sort. A new word is one function with its fields (``registry``)."""


def load() -> None:
    """Declare them all; a second time nothing happens."""
    from activities.rehearsal.words import answers, burden, lifecycle, messages, records, rules, unplayable  # noqa: F401
