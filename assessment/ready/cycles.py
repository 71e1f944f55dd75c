"""What the area "cycles" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities.demo.loading import in_year
    from assessment.demo.judging import judge, n_steps
    from assessment.demo.years import add_to_year
    from units.demo.loading import and_then

    in_year(add_to_year)
    and_then(judge, n_steps)
