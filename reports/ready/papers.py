"""What the area "papers" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
