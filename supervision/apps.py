"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "supervision"

    def ready(self) -> None:
        from supervision.ready import kept, rehearsal

        for area in (kept, rehearsal):
            area.ready()
