"""Start-up of the app: its checks become known."""

from django.apps import AppConfig


class TenancyConfig(AppConfig):
    """Counties, accounts, grants, the walls."""

    name = "tenancy"

    def ready(self) -> None:
        from tenancy import startup  # noqa: F401 - registers the check of the walls
