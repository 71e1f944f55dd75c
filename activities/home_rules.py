"""What other pages show of rules: the county's first page asks for a year to be set up, a programme's page leads to its rules."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from activities.models import Rule, YearSettings
from activities.queries.years import current_programme
from lib.kinds.panels import Action, Panel
from pairing.models import Programme
from tenancy import clock


def open_year_panel(request: Any, access: Any) -> Panel | None:
    """For those who may set a year up, while the year that is on has no rules."""
    if not access.can("programme", "C"):
        return None
    programme = current_programme(clock.today())
    if programme is None or YearSettings.objects.filter(programme=programme).exists():
        return None
    url = reverse("activities:year_open", args=[request.tenant.slug, programme.uid])
    links = [{"label": _("Set up %(programme)s") % {"programme": programme.title}, "url": url,
              "note": _("One page: rules, activity types, deadlines and the working calendar.")}]  # fmt: skip
    return Panel(key="open_year", title=_("The year has no rules yet"), template="kinds/parts/links.html",
                 context={"links": links}, order=12)  # fmt: skip


def rules_panel(request: Any, programme: Programme) -> Panel | None:
    """The rules in use, on a programme's page."""
    if not request.access.can("programme", "R"):
        return None
    rules = Rule.objects.filter(programme=programme, is_active=True).order_by("position", "id")
    links = [{"label": rule.name, "url": reverse("activities:rule", args=[request.tenant.slug, rule.uid])} for rule in rules]
    return Panel(
        key="rules",
        title=_("Rules in use"),
        template="kinds/parts/links.html",
        context={"links": links, "empty": _("No rule is in use: nothing is owed.")},
        order=20,
    )


def rules_action(request: Any, programme: Programme) -> Action | None:
    """From a programme's page to its rules."""
    if not request.access.can("programme", "R"):
        return None
    return Action(_("Rules"), reverse("activities:year_rules", args=[request.tenant.slug, programme.uid]), order=5)
