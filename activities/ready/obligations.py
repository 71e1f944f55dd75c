"""What the area "obligations" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities.kinds.obligations import OBLIGATION
    from activities.views.due import county_panel, due_panel
    from activities.views.strip import strip_panel, strips_panel
    from activities.views.timeline import timeline_panel
    from lib.kinds import panels, registry

    registry.register(OBLIGATION)
    panels.register(strip_panel, "pairing")
    panels.register(strips_panel, "unit", "village")
    panels.register(due_panel, "home")
    panels.register(county_panel, "home")
    panels.register(timeline_panel, "pairing")
