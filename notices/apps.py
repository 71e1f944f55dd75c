"""Start-up of the app: its round of the dispatcher becomes known."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Outbox and inboxes."""

    name = "notices"

    def ready(self) -> None:
        from notices import counties
        from tenancy import rounds

        rounds.each_round(counties.deliver_everywhere)
