"""What the area "rules" registers with the floors below when the server starts."""

from lib.kinds import panels


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities import home_rules

    panels.register(home_rules.open_year_panel, "home")
    panels.register(home_rules.rules_panel, "programme")
    panels.register_action(home_rules.rules_action, "programme")
