"""What the area "boards" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from lib.kinds import panels
    from reports.home import own_panel, unit_panel

    panels.register(own_panel, "home")
    panels.register(unit_panel, "unit", "village")
