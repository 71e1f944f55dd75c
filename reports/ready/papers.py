"""What the area "papers" registers with the floors below when the server starts."""


def ready() -> None:
    """Called once, by the app's configuration."""
    from activities.actions import hearing
    from lib.kinds import panels
    from reports.actions.following import follow
    from reports.views import joint_reports, notices

    hearing.hear(follow)
    panels.register_action(joint_reports.of_cell_action, "obligation")
    panels.register(joint_reports.reports_panel, "pairing")
    panels.register(joint_reports.of_record_panel, "record")
    panels.register(joint_reports.to_sign_panel, "home")
    panels.register_action(notices.notice_action, "sheet")
    panels.register_action(notices.pdf_action, "sheet")
