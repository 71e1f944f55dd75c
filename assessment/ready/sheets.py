"""What the area "sheets" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from assessment.views import marks, sheets
    from lib.kinds import panels

    panels.register(sheets.sheets_panel, "pairing")
    panels.register(marks.mark_panel, "home")
