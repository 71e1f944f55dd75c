"""What pages show of pairings: cards on the pages of units, villages and pairings, and the buttons beside them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.chinese.phones import mask_phone
from lib.kinds import cells
from lib.kinds.pages.places import may
from lib.kinds.panels import Action, Panel
from pairing import queries
from pairing.kinds.pairing import PAIRING, state_chip
from pairing.models import Pairing, PairingPost, PairingPostKind
from pairing.models.pairing import LIVE_STATES
from units.models import Unit

# A page shows this many; the table, one tap away, has them all.
_SHOWN = 50


def _years(pairing: Pairing) -> str:
    told = {"programme": pairing.programme.title, "start": cells.day(pairing.starts_on)}
    if pairing.ends_on is None:
        return _("%(programme)s, since %(start)s") % told
    return _("%(programme)s, %(start)s to %(end)s") % {**told, "end": cells.day(pairing.ends_on)}


def partners_panel(request: Any, unit: Unit) -> Panel | None:
    """Partners over time, newest programme first: on a unit's page its villages, on a village's its units."""
    if not request.access.can("pairing", "R"):
        return None
    found = queries.pairings_of(unit, request.access)
    rows = list(queries.with_sides(found, on=localdate())[: _SHOWN + 1])
    is_host, is_town = unit.is_village, unit.kind == "town"
    links = []
    for pairing in rows[:_SHOWN]:
        if is_town:
            label = f"{pairing.unit.name} — {pairing.village.name}"
        elif is_host:
            label = pairing.unit.name
        else:
            label = f"{pairing.village.parent.name} {pairing.village.name}" if pairing.village.parent else pairing.village.name
        lead = _("lead unit; ") if pairing.is_lead and is_host else ""
        links.append(
            {
                "label": label,
                "url": reverse("pairing:pairing", args=[request.tenant.slug, pairing.uid]),
                "note": lead + _years(pairing),
                "chip": state_chip(pairing.state),
            }
        )
    if len(rows) > _SHOWN:
        links.append({"label": _("All in the table"), "url": reverse("pairing:pairing_list", args=[request.tenant.slug])})
    return Panel(
        key="partners",
        title=_("Pairings"),
        template="kinds/parts/links.html",
        context={"links": links, "empty": _("Not paired so far.")},
        order=30,
    )


def posts_panel(request: Any, pairing: Pairing) -> Panel:
    """Group leader and liaison now and before, each with the days they held the post."""
    rows = PairingPost.objects.filter(pairing=pairing).select_related("person", "pairing").order_by("kind", "-starts_on", "-id")
    by_kind: list[dict[str, Any]] = []
    can_change = pairing.state in LIVE_STATES and may(PAIRING, request.access, pairing, "U")
    held = list(rows)
    for kind in PairingPostKind:
        by_kind.append(
            {
                "word": kind.label,
                "holders": [_holder(request, post) for post in held if post.kind == kind],
                "change_url": reverse("pairing:post", args=[request.tenant.slug, pairing.uid, kind.value]) if can_change else "",
            }
        )
    return Panel(key="posts", title=_("Posts"), template="pairing/parts/posts.html", context={"posts": by_kind}, order=10)


def _holder(request: Any, post: PairingPost) -> dict[str, Any]:
    return {
        "name": post.person.name,
        "url": reverse("units:person", args=[request.tenant.slug, post.person.uid]),
        "phone": phone_of(request, post.pairing, post),
        "since": cells.day(post.starts_on),
        "until": cells.day(post.ends_on) if post.ends_on else "",
    }


def phone_of(request: Any, pairing: Pairing, post: PairingPost) -> dict[str, str] | None:
    """The masked number and where it is shown whole (templates/parts/masked_phone.html); None without a number."""
    if not post.phone:
        return None
    url = reverse("pairing:post_phone", args=[request.tenant.slug, pairing.uid, post.uid])
    return {"masked": mask_phone(post.phone), "reveal_url": url}


def group_panel(request: Any, pairing: Pairing) -> Panel | None:
    """The other units paired with the same village this year (结对组)."""
    seen = queries.visible_pairings(request.access)
    links = [
        {
            "label": other.unit.name,
            "url": reverse("pairing:pairing", args=[request.tenant.slug, other.uid]),
            "note": _("lead unit") if other.is_lead else "",
            "chip": state_chip(other.state),
        }
        for other in queries.partners(pairing).filter(pk__in=seen.values("pk"))
    ]
    return Panel(
        key="group",
        title=_("Other units of this village"),
        template="kinds/parts/links.html",
        context={"links": links, "empty": _("No other unit is paired with this village this year.")},
        order=20,
    )


def programme_panel(request: Any, programme: Any) -> Panel:
    """How many are paired in a programme year; the figure opens the table that sums to it."""
    found = queries.programme_counts(programme, request.access)
    url = f"{reverse('pairing:pairing_list', args=[request.tenant.slug])}?programme={programme.uid}"
    stats = [
        {"label": _("Pairings"), "value": cells.number(found["n_pairings"]), "url": url},
        {"label": _("Units"), "value": cells.number(found["n_units"]), "url": url},
        {"label": _("Villages"), "value": cells.number(found["n_villages"]), "url": url},
    ]
    return Panel(key="counts", title=_("Live pairings"), template="pairing/parts/stats.html", context={"stats": stats}, order=10)


def end_action(request: Any, pairing: Pairing) -> Action | None:
    """End the pairing, for those who may."""
    if pairing.state not in LIVE_STATES or not may(PAIRING, request.access, pairing, "U"):
        return None
    return Action(_("End the pairing"), reverse("pairing:end", args=[request.tenant.slug, pairing.uid]), order=90)


def new_pairing_action(request: Any, unit: Unit) -> Action | None:
    """Pair this unit or village, for those who may pair any."""
    if unit.ends_on is not None or not request.access.everywhere("pairing", "C") or not request.access.can("pairing", "C"):
        return None
    side = "village" if unit.is_village else "unit"
    return Action(_("Pair it"), f"{reverse('pairing:pairing_create', args=[request.tenant.slug])}?{side}={unit.uid}", order=60)
