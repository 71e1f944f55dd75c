"""Cards of a county's first page (工作台): what is left to set up, what needs a hand, and one's own pairings."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.kinds import cells
from lib.kinds.panels import Panel
from pairing import queries
from pairing.kinds.pairing import gap, state_chip
from pairing.models import Pairing
from pairing.shown import phone_of
from tenancy import clock
from units import panels
from units.models import Person, Post, Unit
from units.models.unit import VILLAGE_KINDS, UnitKind

# On a phone nobody scrolls through more; a town's others are one tap away.
_OWN = 12


def _address(request: Any, route: str, query: str = "") -> str:
    return reverse(route, args=[request.tenant.slug]) + (f"?{query}" if query else "")


def _tally() -> dict[str, int]:
    """Figures of the whole county, in two queries."""
    units: dict[str, int] = Unit.objects.filter(ends_on=None).aggregate(
        towns=Count("pk", filter=Q(kind=UnitKind.TOWN)),
        villages=Count("pk", filter=Q(kind__in=VILLAGE_KINDS)),
        units=Count("pk", filter=Q(kind=UnitKind.ORGANISATION)),
    )
    live = queries.live(Pairing.objects.all())
    pairings: dict[str, int] = live.aggregate(
        pairings=Count("pk"),
        paired_units=Count("unit", distinct=True),
        paired_villages=Count("village", distinct=True),
        leader=Count("pk", filter=gap("leader")),
        liaison=Count("pk", filter=gap("liaison")),
        agreement=Count("pk", filter=gap("agreement")),
        lead=Count("village", filter=gap("lead"), distinct=True),
        waits_leader=Count("pk", filter=gap("waits_leader")),
        waits_lead=Count("pk", filter=gap("waits_lead")),
    )
    return units | pairings


def county_panel(request: Any, access: Any) -> Panel | None:
    """The county in figures, for those who read all of it; each figure opens the list that sums to it."""
    if access.reach("unit", "R") is not None or access.reach("pairing", "R") is not None:
        return None
    tally = _tally()
    if not tally["pairings"]:
        return None
    pairings = _address(request, "pairing:pairing_list")
    stats = [
        {"label": _("Live pairings"), "value": cells.number(tally["pairings"]), "url": pairings},
        {
            "label": _("Units paired"),
            "value": cells.number(tally["paired_units"]),
            "url": _address(request, "units:unit_list", "paired=yes"),
        },
        {
            "label": _("Villages paired"),
            "value": cells.number(tally["paired_villages"]),
            "url": _address(request, "units:village_list", "paired=yes"),
        },
    ]
    return Panel(key="county", title=_("The county"), template="pairing/parts/stats.html", context={"stats": stats}, order=30)


def gaps_panel(request: Any, access: Any) -> Panel | None:
    """What is missing in the pairings, for those who can mend it. Nothing missing: a sentence, no empty table."""
    if not access.can("pairing", "U") or not access.everywhere("pairing", "U"):
        return None
    tally = _tally()
    if not tally["pairings"]:
        return None
    words = {
        "waits_leader": ngettext(
            "%(n)d signed pairing is not active: it waits for a group leader",
            "%(n)d signed pairings are not active: they wait for a group leader",
            tally["waits_leader"],
        ),
        "waits_lead": ngettext(
            "%(n)d signed pairing is not active: its village needs a lead unit",
            "%(n)d signed pairings are not active: their villages need a lead unit",
            tally["waits_lead"],
        ),
        "leader": ngettext("%(n)d pairing has no group leader", "%(n)d pairings have no group leader", tally["leader"]),
        "liaison": ngettext("%(n)d pairing has no liaison", "%(n)d pairings have no liaison", tally["liaison"]),
        "agreement": ngettext(
            "%(n)d pairing has no signed agreement", "%(n)d pairings have no signed agreement", tally["agreement"]
        ),
        "lead": ngettext("%(n)d village has no lead unit", "%(n)d villages have no lead unit", tally["lead"]),
    }
    links = [
        {"label": words[code] % {"n": tally[code]}, "url": _address(request, "pairing:pairing_list", f"gap={code}")}
        for code in words
        if tally[code]
    ]
    context = {"links": links, "empty": _("Nothing is missing: every pairing has its leader, liaison, agreement and lead unit.")}
    return Panel(key="gaps", title=_("Needs a hand"), template="kinds/parts/links.html", context=context, order=20)


def setup_panel(request: Any, access: Any) -> Panel | None:
    """The steps from an empty county to one that works; gone when all are done."""
    if not access.can("import", "I") or not access.everywhere("import", "I"):
        return None
    tally = _tally()
    has_people = Person.objects.filter(account__isnull=False).exclude(account_id=access.account.pk).exists()
    steps: list[dict[str, Any]] = [
        {
            "label": _("Towns and villages: %(towns)d and %(villages)d") % tally
            if tally["villages"]
            else _("Towns and villages"),
            "url": _address(request, "units:village_list"),
            "is_done": bool(tally["villages"]),
        },
        {
            "label": _("Import the roster of units"),
            "url": _address(request, "importing:new", "kind=units"),
            "is_done": bool(tally["units"]),
        },
        {
            "label": _("Import the pairing table"),
            "url": _address(request, "importing:new", "kind=pairings"),
            "is_done": bool(tally["pairings"]),
        },
    ]
    if access.can("grant", "C"):
        steps.append(
            {
                "label": _("Give liaisons and villages their logins"),
                "url": _address(request, "people:many"),
                "is_done": has_people,
            }
        )
    if all(step["is_done"] for step in steps):
        return None
    current = next(index for index, step in enumerate(steps) if not step["is_done"])
    for index, step in enumerate(steps):
        step["state"] = "done" if step.pop("is_done") else "current" if index == current else "todo"
    return Panel(
        key="setup", title=_("Set the county up"), template="pairing/parts/setup.html", context={"steps": steps}, order=5
    )


def own_panel(request: Any, access: Any) -> Panel | None:
    """One's own pairings, with whom to call, for those who see only their own."""
    if access.reach("pairing", "R") is None or not access.can("pairing", "R"):
        return None
    found = queries.live(queries.visible_pairings(access)).order_by(
        "village__parent__pinyin", "village__pinyin", "-is_lead", "unit__pinyin", "id"
    )
    rows = list(queries.with_sides(found, on=clock.today())[: _OWN + 1])
    secretaries = queries.village_secretaries([pairing.village_id for pairing in rows[:_OWN]])
    own = access.reach("pairing", "R")
    cards = [_card(request, pairing, secretaries.get(pairing.village_id), own) for pairing in rows[:_OWN]]
    more = _address(request, "pairing:pairing_list") if len(rows) > _OWN else ""
    return Panel(
        key="own", title=_("My pairings"), template="pairing/parts/own.html", context={"cards": cards, "more_url": more}, order=10
    )


def _card(request: Any, pairing: Pairing, secretary: Post | None, own: frozenset[int]) -> dict[str, Any]:
    """One pairing with the other side's people to call: the unit's for a village, the village's for a unit."""
    town = pairing.village.parent.name if pairing.village.parent else ""
    contacts = []
    if secretary is not None and pairing.village_id not in own:
        contacts.append(
            _contact(secretary, panels.phone_of(secretary.phone, _address_of(request, "units:post_phone", secretary.uid)))
        )
    if pairing.unit_id not in own:
        for post in (queries.group_leader(pairing), queries.liaison(pairing)):
            if post is not None:
                contacts.append(_contact(post, phone_of(request, pairing, post)))
    return {
        "unit": pairing.unit.name,
        "village": f"{town} {pairing.village.name}".strip(),
        "url": _address_of(request, "pairing:pairing", pairing.uid),
        "chip": state_chip(pairing.state),
        "is_lead": pairing.is_lead,
        "contacts": contacts,
    }


def _contact(post: Any, phone: dict[str, str] | None) -> dict[str, Any]:
    return {"label": post.get_kind_display(), "text": post.person.name, "phone": phone}


def _address_of(request: Any, route: str, uid: Any) -> str:
    return reverse(route, args=[request.tenant.slug, uid])
