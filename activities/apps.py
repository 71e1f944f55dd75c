"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"

    def ready(self) -> None:
        from activities.ready import kept, obligations, records, rehearsal, reminders, rules

        for area in (kept, rules, records, obligations, reminders, rehearsal):
            area.ready()
