"""What the area "prefecture" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from reports.queries.prefecture import reader_prefecture
    from tenancy import readers

    readers.found_by(reader_prefecture)
