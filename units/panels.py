"""What the pages of units show below their facts, and the buttons at their head."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.chinese.phones import mask_phone
from lib.kinds import cells, panels
from lib.kinds.panels import Action, Panel
from units.addresses import address_of
from units.economy import economy_panel
from units.models import Listing, Person, Unit, UnitKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS
from units.queries import visible_units, within
from units.queries.people import posts_held_by, posts_of

UNITS = ("unit", "village", "town", "party_organisation", "group")


def _may(request: Any, unit: Unit, action: str, kind: str = "unit") -> bool:
    reach = request.access.reach(kind, action)
    return reach is None or (bool(reach) and within(Unit.objects.filter(pk=unit.pk), reach).exists())


def time_of(starts_on: Any, ends_on: Any) -> tuple[str, ...]:
    """From when to when, in parts that are not broken over two lines."""
    if ends_on is None:
        return (_("since %(day)s") % {"day": cells.day(starts_on)},) if starts_on else (_("until today"),)
    last = _("to %(day)s") % {"day": cells.day(ends_on)}
    return (cells.day(starts_on), last) if starts_on else (last,)


_RANK = {code: rank for rank, code in enumerate(PostKind.values)}


def phone_of(number: str, url: str) -> dict[str, str] | None:
    """A masked number with its button; None when there is none."""
    return {"masked": mask_phone(number), "reveal_url": url} if number else None


def posts_panel(request: Any, unit: Unit) -> Panel:
    """People over time: those in office first."""
    tenant = request.tenant.slug
    may_change = unit.ends_on is None and _may(request, unit, "U")
    rows = [
        {
            "name": post.person.name,
            "url": reverse("units:person", args=[tenant, post.person.uid]),
            "post": post.title or post.get_kind_display(),
            "note": post.get_kind_display() if post.title else "",
            "phone": phone_of(post.phone or post.person.phone, reverse("units:post_phone", args=[tenant, post.uid])),
            "time": time_of(post.starts_on, post.ends_on),
            "is_live": post.ends_on is None,
            "end_url": reverse("units:post_end", args=[tenant, post.uid]) if may_change and post.ends_on is None else "",
        }
        for post in sorted(posts_of(unit), key=lambda post: (post.ends_on is not None, _RANK[post.kind]))
    ]
    context = {
        "live": [row for row in rows if row["is_live"]],
        "former": [row for row in rows if not row["is_live"]],
        "empty": _("Nobody is entered yet."),
        "caption": _("People and posts of %(name)s") % {"name": unit.name},
        "has_actions": may_change,
    }
    url = reverse("units:post_add", args=[tenant, unit.uid]) if may_change else ""
    return Panel("posts", _("People and posts"), "units/parts/posts.html", context, 20, _("Add a post"), url)


def listings_panel(request: Any, unit: Unit) -> Panel | None:
    """Designations over time; only for those who may read them."""
    if not _may(request, unit, "R", "designation"):
        return None
    tenant = request.tenant.slug
    may_end = unit.ends_on is None and _may(request, unit, "U", "designation")
    found = Listing.objects.filter(unit=unit).order_by("-starts_on", "-id")
    rows = [
        {
            "label": one.get_kind_display(),
            "time": time_of(one.starts_on, one.ends_on),
            "doc_no": one.doc_no,
            "reason": one.reason,
            "is_live": one.ends_on is None,
            "end_url": reverse("units:listing_end", args=[tenant, one.uid]) if may_end and one.ends_on is None else "",
        }
        for one in found
    ]
    may_add = unit.ends_on is None and _may(request, unit, "C", "designation")
    url = reverse("units:listing_add", args=[tenant, unit.uid]) if may_add else ""
    context = {"rows": rows, "empty": _("It stands on no list."), "caption": _("Lists"), "has_actions": may_end}
    return Panel("listings", _("Designations"), "units/parts/listings.html", context, 30, _("Put on a list"), url)


def _links(request: Any, units: Any) -> list[dict[str, Any]]:
    tenant = request.tenant.slug
    return [
        {
            "label": unit.name,
            "url": address_of(tenant, unit),
            # Most communities say so in their names.
            "note": unit.get_kind_display() if unit.kind == UnitKind.COMMUNITY and "社区" not in unit.name else "",
            "chip": {"word": _("Ended"), "tone": "grey", "mark": "dash"} if unit.ends_on else None,
        }
        for unit in units
    ]


def _below(request: Any, unit: Unit, *kinds: str) -> Any:
    return visible_units(request.access).filter(parent=unit, kind__in=kinds).order_by("ends_on", "pinyin", "id")


def _new_url(request: Any, unit: Unit, route: str) -> str:
    may_add = unit.ends_on is None and request.access.can("unit", "C")
    return f"{reverse(route, args=[request.tenant.slug])}?parent={unit.uid}" if may_add else ""


def villages_panel(request: Any, unit: Unit) -> Panel:
    """The villages and communities of a town."""
    links = _links(request, _below(request, unit, *VILLAGE_KINDS))
    n = sum(link["chip"] is None for link in links)
    title = ngettext("%(n)d village or community", "%(n)d villages and communities", n) % {"n": n}
    url = _new_url(request, unit, "units:village_create")
    context = {"links": links, "empty": _("No villages yet.")}
    return Panel("villages", title, "kinds/parts/links.html", context, 10, _("New village"), url)


def party_panel(request: Any, unit: Unit) -> Panel | None:
    """Party organisations of a unit."""
    links = _links(request, _below(request, unit, UnitKind.PARTY_ORGANISATION))
    url = _new_url(request, unit, "units:party_organisation_create")
    if not links and not url:
        return None
    context = {"links": links, "empty": _("No Party organisation is entered.")}
    return Panel("party", _("Party organisations"), "kinds/parts/links.html", context, 40, _("New Party organisation"), url)


def units_panel(request: Any, unit: Unit) -> Panel | None:
    """Units below a unit or in a town."""
    links = _links(request, _below(request, unit, UnitKind.ORGANISATION))
    title = _("Units of the town") if unit.kind == UnitKind.TOWN else _("Units below")
    context = {"links": links, "empty": ""}
    return Panel("units", title, "kinds/parts/links.html", context, 45) if links else None


def groups_panel(request: Any, unit: Unit) -> Panel | None:
    """Village groups; left out where nobody uses them."""
    links = _links(request, _below(request, unit, UnitKind.GROUP))
    if not links:
        return None
    url = _new_url(request, unit, "units:group_create")
    context = {"links": links, "empty": ""}
    return Panel("groups", _("Village groups"), "kinds/parts/links.html", context, 60, _("New village group"), url)


def phone_panel(request: Any, person: Person) -> Panel:
    """A person's telephone, masked; and their posts."""
    tenant = request.tenant.slug
    rows = [
        {
            "unit": post.unit.name,
            "url": address_of(tenant, post.unit),
            "post": post.title or post.get_kind_display(),
            "phone": phone_of(post.phone, reverse("units:post_phone", args=[tenant, post.uid])),
            "time": time_of(post.starts_on, post.ends_on),
        }
        for post in posts_held_by(person, request.access)
    ]
    context = {
        "phone": phone_of(person.phone, reverse("units:person_phone", args=[tenant, person.uid])),
        "rows": rows,
        "caption": _("Posts of %(name)s") % {"name": person.name},
    }
    return Panel("posts", _("Telephone and posts"), "units/parts/held.html", context, 20)


def end_action(request: Any, unit: Unit) -> Action | None:
    """End, or take the end back."""
    if not _may(request, unit, "U"):
        return None
    route = "units:end" if unit.ends_on is None else "units:reopen"
    label = _("End") if unit.ends_on is None else _("Open again")
    return Action(label, reverse(route, args=[request.tenant.slug, unit.uid]), order=90)


def register() -> None:
    """Tell the machinery of kinds (called once, at start-up)."""
    panels.register(posts_panel, *UNITS)
    panels.register(listings_panel, "village")
    panels.register(economy_panel, "village")
    panels.register(villages_panel, "town")
    panels.register(party_panel, "unit", "village", "town", "party_organisation")
    panels.register(units_panel, "town", "unit")
    panels.register(groups_panel, "village")
    panels.register(phone_panel, "person")
    panels.register_action(end_action, *UNITS)
