"""What this app adds to the floors below when the server starts."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    name = "activities"
