"""What the area "rehearsal" registers with the floors below when the server starts: scores, and the words of a scenario."""

from django.utils.translation import gettext_lazy as _

from tenancy.deeds import DEEDS


def ready() -> None:
    """Called once, by the app's configuration."""
    from assessment.rehearsal import answers, events  # noqa: F401 - each word registers itself

    DEEDS["cycle_scored"] = _("computed the scores of an assessment")
