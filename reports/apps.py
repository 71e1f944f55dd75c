"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports.ready import boards, papers, prefecture

        for area in (boards, papers, prefecture):
            area.ready()
