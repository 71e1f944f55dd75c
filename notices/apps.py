"""Start-up of the app: its round of the dispatcher becomes known."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Outbox and inboxes."""

    name = "notices"

    def ready(self) -> None:
        from lib.kinds import panels
        from notices import counties, home
        from tenancy import rounds

        panels.register(home.unread_panel, "home")
        rounds.each_round(counties.deliver_everywhere)
