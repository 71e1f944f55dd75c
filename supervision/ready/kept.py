"""What the area "kept" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from lib.kinds import panels, registry
    from supervision import kinds, shown, telling
    from supervision.views.steps import STEPS
    from tenancy.views.kind_steps import register_buttons

    for kind in kinds.KINDS:
        registry.register(kind)
    register_buttons(*STEPS)
    panels.register(shown.pairing_panel, "pairing")
    for card in (shown.to_answer_panel, shown.to_sign_panel, shown.to_rectify_panel, shown.to_check_panel, shown.suggested_panel):
        panels.register(card, "home")
    # Importing it names the messages.
    assert telling.signed is not None
