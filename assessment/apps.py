"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from assessment.ready import cycles, facts, rehearsal, rubrics, sheets

        for area in (facts, rubrics, cycles, sheets, rehearsal):
            area.ready()
