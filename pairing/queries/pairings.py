"""Reading pairings: who sees which, with everything a list or a page shows, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from pairing.models import Pairing, PairingPost, PairingPostKind, Programme
from pairing.models.pairing import LIVE_STATES
from tenancy.access import Access
from units.models import Post, Unit
from units.models.person import PostKind


def within(units: frozenset[int]) -> Q:
    """Pairings of these units, of their Party organisations, or with villages in or below them."""
    return Q(unit__in=units) | Q(party_org__in=units) | Q(village__in=units) | Q(village__parent__in=units)


def visible_pairings(access: Access, action: str = "R") -> QuerySet[Pairing]:
    """Pairings on which ``access`` may do ``action`` (domain.md §7, row "Pairing")."""
    reach = access.reach("pairing", action)
    pairings: QuerySet[Pairing] = Pairing.objects.all()
    return pairings if reach is None else pairings.filter(within(reach))


def with_sides(pairings: QuerySet[Pairing], *, on: date) -> QuerySet[Pairing]:
    """Adds both sides, the town, and who holds the posts on a day (``pairing.posts_now``)."""
    held = Q(starts_on__lte=on) & (Q(ends_on=None) | Q(ends_on__gte=on))
    posts = PairingPost.objects.filter(held).select_related("person")
    return pairings.select_related("programme", "unit", "village", "village__parent", "party_org").prefetch_related(
        Prefetch("posts", posts, to_attr="posts_now")
    )


def post_now(pairing: Pairing, kind: str) -> PairingPost | None:
    """The holder of a post, of a pairing read by ``with_sides``."""
    posts: Sequence[PairingPost] = pairing.posts_now  # type: ignore[attr-defined]
    return next((post for post in posts if post.kind == kind), None)


def group_leader(pairing: Pairing) -> PairingPost | None:
    return post_now(pairing, PairingPostKind.GROUP_LEADER)


def liaison(pairing: Pairing) -> PairingPost | None:
    return post_now(pairing, PairingPostKind.LIAISON)


def live(pairings: QuerySet[Pairing]) -> QuerySet[Pairing]:
    """Neither rejected nor ended."""
    chosen: QuerySet[Pairing] = pairings.filter(state__in=LIVE_STATES)
    return chosen


def partners(pairing: Pairing) -> QuerySet[Pairing]:
    """The other live pairings of the same village in the same programme: its pairing group (glossary 21)."""
    return (
        live(Pairing.objects.filter(programme_id=pairing.programme_id, village_id=pairing.village_id))
        .exclude(pk=pairing.pk)
        .select_related("unit")
        .order_by("-is_lead", "unit__pinyin", "id")
    )


def pairings_of(unit: Unit, access: Access) -> QuerySet[Pairing]:
    """All pairings of a unit, a Party organisation, a village or a town, newest programme first, as far as seen."""
    sides = Q(unit=unit) | Q(party_org=unit) | Q(village=unit) | Q(village__parent=unit)
    return visible_pairings(access).filter(sides).order_by("-programme__year", "village__pinyin", "-is_lead", "id")


def programme_counts(programme: Programme, access: Access) -> dict[str, int]:
    """``n_pairings``, ``n_units`` and ``n_villages`` of a programme year that are live and seen."""
    seen = live(visible_pairings(access)).filter(programme=programme)
    counts: dict[str, int] = seen.aggregate(
        n_pairings=Count("pk"), n_units=Count("unit", distinct=True), n_villages=Count("village", distinct=True)
    )
    return counts


def village_secretaries(villages: Sequence[int]) -> dict[int, Post]:
    """The village secretary's post by village, of those that have one now."""
    held = Post.objects.filter(unit__in=villages, kind=PostKind.VILLAGE_SECRETARY, ends_on=None)
    return {post.unit_id: post for post in held.select_related("person").order_by("-id")}


def is_paired() -> Exists:
    """Whether a unit or village (the outer query's row) is in a live pairing."""
    sides = Q(unit=OuterRef("pk")) | Q(village=OuterRef("pk"))
    return Exists(live(Pairing.objects.filter(sides)))


def partners_of(units: frozenset[int]) -> Q:
    """Condition on units: those paired with ``units``, now or ever; their people may see each other's side by name."""
    edges = Pairing.objects.filter(within(units))
    return Q(pk__in=edges.values("unit")) | Q(pk__in=edges.values("village")) | Q(pk__in=edges.values("village__parent"))
