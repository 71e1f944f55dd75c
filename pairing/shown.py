"""What pages show of pairings: cards on the pages of units, villages and pairings, and the buttons beside them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lib.chinese.phones import mask_phone
from lib.kinds import cells
from lib.kinds.pages.places import may
from lib.kinds.panels import Action, Panel
from pairing import queries
from pairing.kinds.pairing import PAIRING, state_chip
from pairing.models import ChangeKind, Pairing, PairingChange, PairingPost, PairingPostKind, PairingState, PairingSuspension
from pairing.models.pairing import LIVE_STATES
from pairing.queries import HINDRANCES, hindrance_codes
from pairing.queries.viewed import day_in_view, viewed_day
from pairing.steps import STEPS
from tenancy import clock
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
    rows = list(queries.with_sides(found, on=clock.today())[: _SHOWN + 1])
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
    rows = (
        PairingPost.objects.filter(pairing=pairing, **_until_then())
        .select_related("person", "pairing")
        .order_by("kind", "-starts_on", "-id")
    )
    by_kind: list[dict[str, Any]] = []
    can_change = viewed_day() is None and pairing.state in LIVE_STATES and may(PAIRING, request.access, pairing, "U")
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


def _until_then() -> dict[str, Any]:
    day = viewed_day()
    return {} if day is None else {"starts_on__lte": day}


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


def steps_panel(request: Any, pairing: Pairing) -> Panel | None:
    """What can follow now, a button each; where a guard stands against it, its sentence instead."""
    if viewed_day() is not None:
        return _looking_back(request, pairing)
    today = clock.today()
    hindered = hindrance_codes(pairing, today) if pairing.state == PairingState.SIGNED else []
    found = []
    for step in STEPS:
        if pairing.state not in step.states or not may(PAIRING, request.access, pairing, step.right):
            continue
        if step.code == "agree" and request.access.everywhere("pairing", "X"):
            continue  # the county's yes is the decree
        if step.code == "plan" and pairing.plan_approved_on is not None:
            continue
        against = [str(HINDRANCES[code]) for code in hindered] if step.code == "activate" else []
        if step.code == "activate" and not against and pairing.starts_on > today:
            against = [_("It becomes active by itself on %(day)s.") % {"day": cells.day(pairing.starts_on)}]
        url = "" if against else reverse(f"pairing:{step.code}", args=[request.tenant.slug, pairing.uid])
        found.append({"label": step.label, "url": url, "against": against, "is_grave": step.grave})
    context = {"steps": found, "told": _told(pairing)}
    if not found and not context["told"]:
        return None
    return Panel(key="steps", title=_("Next step"), template="pairing/parts/next.html", context=context, order=5)


def _looking_back(request: Any, pairing: Pairing) -> Panel:
    """The pairing of an earlier day: which, and the way back to now."""
    day = day_in_view()
    found = queries.as_of(day, Pairing.objects.filter(pk=pairing.pk)).values("state_then", "unit_then_name").first()
    if found is None:
        told = _("On %(day)s there was nothing of this pairing yet.") % {"day": cells.day(day)}
    else:
        word = PairingState(found["state_then"]).label
        words = {"day": cells.day(day), "state": word, "unit": found["unit_then_name"]}
        told = _("As of %(day)s: %(state)s, unit %(unit)s.") % words
    url = reverse("pairing:pairing", args=[request.tenant.slug, pairing.uid])
    steps = [{"label": _("As it is now"), "url": url, "against": [], "is_grave": False}]
    return Panel(
        key="steps",
        title=_("On an earlier day"),
        template="pairing/parts/next.html",
        context={"told": told, "steps": steps},
        order=5,
    )


def _told(pairing: Pairing) -> str:
    """Who has said yes so far; since when it counts, or why it rests."""
    if pairing.state == PairingState.PROPOSED:
        return _("Agreed so far: the unit %(unit)s, the village %(village)s.") % {
            "unit": _yes_or_not(pairing.unit_agreed_on),
            "village": _yes_or_not(pairing.village_agreed_on),
        }
    if pairing.state == PairingState.SUSPENDED:
        rest = PairingSuspension.objects.filter(pairing=pairing, ends_on=None).first()
        if rest is not None:
            return _("Suspended since %(day)s: %(reason)s") % {"day": cells.day(rest.starts_on), "reason": rest.reason}
    if pairing.state == PairingState.ACTIVE and pairing.active_from is not None:
        return _("Active since %(day)s.") % {"day": cells.day(pairing.active_from)}
    return ""


def _yes_or_not(day: date | None) -> str:
    return cells.day(day) if day is not None else _("not yet")


def changes_panel(request: Any, pairing: Pairing) -> Panel:
    """Every step with its day, document and reason, newest first (年度调整 among them); and the choice of an earlier day."""
    day = viewed_day()
    until = {} if day is None else {"effective_on__lte": day}
    rows = (
        PairingChange.objects.filter(pairing=pairing, **until)
        .select_related("from_unit", "to_unit")
        .order_by("-effective_on", "-id")
    )
    found = [
        {
            "word": row.get_kind_display(),
            "day": cells.day(row.effective_on),
            "units": " → ".join(unit.name for unit in (row.from_unit, row.to_unit) if unit is not None)
            if row.kind in (ChangeKind.MOVED, ChangeKind.CORRECTED)
            else "",
            "doc_no": row.doc_no,
            "reason": row.reason,
        }
        for row in rows[:_SHOWN]
    ]
    context = {"changes": found, "as_of": day.isoformat() if day else clock.today().isoformat()}
    return Panel(key="changes", title=_("Changes"), template="pairing/parts/changes.html", context=context, order=40)


def move_action(request: Any, unit: Unit) -> Action | None:
    """Move the pairings of a unit to its successor, for those who may change any pairing."""
    access = request.access
    if not access.can("pairing", "U") or not access.everywhere("pairing", "U"):
        return None
    if not queries.live(Pairing.objects.filter(unit=unit)).exists():
        return None
    return Action(_("Move its pairings"), reverse("pairing:move", args=[request.tenant.slug, unit.uid]), order=80)


def new_pairing_action(request: Any, unit: Unit) -> Action | None:
    """Pair this unit or village, for those who may pair any."""
    if unit.ends_on is not None or not request.access.everywhere("pairing", "C") or not request.access.can("pairing", "C"):
        return None
    side = "village" if unit.is_village else "unit"
    return Action(_("Pair it"), f"{reverse('pairing:pairing_create', args=[request.tenant.slug])}?{side}={unit.uid}", order=60)
