"""Start-up of the app: its checks and its card of the first page become known."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Counties, accounts, grants, the walls."""

    name = "tenancy"

    def ready(self) -> None:
        from lib.kinds import panels
        from tenancy import startup  # noqa: F401 - registers the check of the walls
        from tenancy.home import feedback_panel

        panels.register(feedback_panel, "home")
