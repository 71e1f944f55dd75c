"""What the area "records" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities import home, kinds
    from activities.views.visitors import visitors_panel
    from lib.kinds import panels, registry

    for ledger in kinds.LEDGERS:
        registry.register(ledger)
    for card in (home.write_panel, home.confirm_panel, home.unfinished_panel):
        panels.register(card, "home")
    panels.register(visitors_panel, "record")
