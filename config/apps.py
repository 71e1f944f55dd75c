"""Start-up of the project itself."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # The tasks' application must be ours in every process, or messages go to a broker that nobody set up.
        import config.celery  # noqa: F401
