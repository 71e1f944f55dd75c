"""What the area "facts" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from assessment.kinds import FACTS
    from assessment.shown_facts import honours_panel, veto_action, vetoes_panel
    from assessment.views.facts import STEPS
    from lib.kinds import panels, registry
    from tenancy.views.kind_steps import register_buttons

    for kind in FACTS:
        registry.register(kind)
    register_buttons(*STEPS)
    panels.register(honours_panel, "pairing")
    panels.register(vetoes_panel, "pairing")
    panels.register_action(veto_action, "sheet")
