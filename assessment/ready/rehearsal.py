"""What the area "rehearsal" registers with the floors below when the server starts: scores, and the words of a scenario."""

from django.utils.translation import gettext_lazy as _

from tenancy.deeds import DEEDS


def ready() -> None:
    """Called once, by the app's configuration."""
    DEEDS["cycle_scored"] = _("computed the scores of an assessment")
