"""Pairings (结对关系): the table of a programme year, in the columns of 结对关系一览表."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Hanging, Kind, Search, State, Type
from pairing import actions, queries
from pairing.ledgers import PAIRINGS, SELF_CHOSEN_WORD
from pairing.models import EndingReason, Origin, Pairing, PairingPost, PairingPostKind, PairingState, Programme
from pairing.models.pairing import LIVE_STATES
from pairing.queries.viewed import day_in_view, in_states, state_in_view, stood_on, unit_in_view, viewed_day
from tenancy import clock
from tenancy.access import Access
from units.models import Listing, Post, Unit
from units.models.listing import ListingKind
from units.models.person import PostKind
from units.models.unit import VILLAGE_KINDS
from units.queries import visible_towns, visible_units, visible_villages

_TONES = {
    PairingState.PROPOSED: ("blue", "half"),
    PairingState.AGREED: ("blue", "half"),
    PairingState.SIGNED: ("indigo", "half"),
    PairingState.ACTIVE: ("green", "dot"),
    PairingState.SUSPENDED: ("amber", "hourglass"),
    PairingState.ENDED: ("grey", "dash"),
    PairingState.REJECTED: ("grey", "cross"),
}


_PREPARING = (PairingState.PROPOSED, PairingState.AGREED, PairingState.SIGNED)


def state_chip(state: str) -> dict[str, str]:
    """The mark of a pairing's state: shape, word and colour (ui.md)."""
    tone, mark = _TONES[PairingState(state)]
    return {"word": str(PairingState(state).label), "tone": tone, "mark": mark}


def _held(kind: str) -> QuerySet[PairingPost]:
    day = viewed_day()
    now = Q(ends_on=None) | Q(ends_on__gte=day_in_view())
    if day is not None:
        now &= Q(starts_on__lte=day)
    rows: QuerySet[PairingPost] = PairingPost.objects.filter(now, pairing=OuterRef("pk"), kind=kind)
    return rows


def _holder(kind: str, what: str) -> Subquery:
    return Subquery(_held(kind).order_by("-starts_on", "-id").values(what)[:1])


def _post(key: str, kind: str, label: Any) -> Field:
    return Field(
        key=key,
        label=label,
        type=Type.PERSON,
        annotate=lambda: _holder(kind, "person__name"),
        phone=lambda: _holder(kind, "phone"),
        sortable=False,
        fact=False,
        column=PAIRINGS.column(key),
    )


def _village_post(kind: str, what: str) -> Subquery:
    held = Post.objects.filter(unit=OuterRef("village"), kind=kind, ends_on=None)
    return Subquery(held.order_by("id").values(what)[:1])


def _designations() -> ArraySubquery:
    listed = Listing.objects.filter(unit=OuterRef("village"), ends_on=None)
    return ArraySubquery(listed.order_by("kind").values("kind"))


def _leads() -> QuerySet[Pairing]:
    rows: QuerySet[Pairing] = Pairing.objects.filter(
        programme=OuterRef("programme"), village=OuterRef("village"), is_lead=True, state__in=LIVE_STATES
    )
    return rows


def _lead_unit() -> Subquery:
    return Subquery(_leads().values("unit__name")[:1])


def _remarks() -> Case:
    """备注 as the files have it: the word for a self-chosen village, then the notes (pairing.ledgers.remarks)."""
    chosen = When(origin=Origin.SELF_CHOSEN, notes="", then=Value(SELF_CHOSEN_WORD))
    both = When(origin=Origin.SELF_CHOSEN, then=Concat(Value(f"{SELF_CHOSEN_WORD};"), F("notes")))
    return Case(chosen, both, default=F("notes"), output_field=CharField())


def _waiting(code: str) -> Q:
    today = clock.today()
    return queries.begun_but_not_active(today) & queries.hindrance(code, today)


_GAPS: dict[str, tuple[Any, Any]] = {
    "leader": (_("no group leader"), lambda: ~Exists(_held(PairingPostKind.GROUP_LEADER))),
    "liaison": (_("no liaison"), lambda: ~Exists(_held(PairingPostKind.LIAISON))),
    "agreement": (_("no signed agreement"), lambda: Q(agreement_signed_on=None, agreement_waived_on=None)),
    "lead": (_("village without a lead unit"), lambda: ~Exists(_leads())),
    "waits_leader": (_("waits for a group leader to become active"), lambda: _waiting("no_group_leader")),
    "waits_lead": (_("waits for a lead unit to become active"), lambda: _waiting("no_lead_unit")),
}


def gap(code: str) -> Q:
    """Condition of a pairing that lacks something, or waits for something to become active (a code of ``_GAPS``)."""
    return Q(_GAPS[code][1]())


def _programmes(access: Any) -> QuerySet[Programme]:
    rows: QuerySet[Programme] = Programme.objects.order_by("-year", "id")
    return rows


def _branches(access: Access) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = visible_units(access).filter(kind="party_organisation", ends_on=None).order_by("pinyin", "id")
    return rows


def _offices(access: Access) -> QuerySet[Unit]:
    rows: QuerySet[Unit] = visible_units(access).filter(kind__in=["organisation", "external"], ends_on=None)
    reach = access.reach("pairing", "C")
    # Who proposes for the own unit proposes for no other.
    rows = rows if reach is None else rows.filter(pk__in=reach)
    return rows.order_by("pinyin", "id")


def _hosts(access: Access) -> QuerySet[Unit]:
    # A unit may choose any village of the county, by name; what else is known of them it does not read.
    proposes = access.can("pairing", "C") and not access.everywhere("pairing", "C")
    villages = Unit.objects.filter(kind__in=VILLAGE_KINDS) if proposes else visible_villages(access)
    rows: QuerySet[Unit] = villages.filter(ends_on=None).select_related("parent")
    return rows.order_by("parent__pinyin", "pinyin", "id")


def _facts(values: dict[str, Any]) -> actions.PairingFacts:
    return actions.PairingFacts(**values)


def _create(*, access: Access, values: dict[str, Any]) -> Pairing:
    """By decree for the county's staff; a unit's own wish is a proposal (domain.md §4.1)."""
    if not access.everywhere("pairing", "C"):
        return actions.propose_pairing(facts=_facts(values), access=access)
    return actions.create_pairing(facts=_facts(values), access=access)


def _update(*, access: Access, row: Pairing, values: dict[str, Any], reason: str) -> Pairing:
    actions.update_pairing(pairing=row, facts=_facts(values), reason=reason, access=access)
    return row


def _initial(access: Access) -> dict[str, Any]:
    newest = _programmes(access).first()
    return {"programme": newest.uid if newest else None, "starts_on": clock.today().isoformat(), "origin": Origin.ASSIGNED}


PAIRING = Kind(
    code="pairing",
    one=_("pairing"),
    many=_("Pairings"),
    model=Pairing,
    object="pairing",
    namespace="pairing",
    path="pairings",
    title="结对关系一览表",
    title_path="unit__name",
    name_of=lambda row: f"{row.unit.name} — {row.village.name}",
    order=("village__parent__division_code", "village__parent__pinyin", "village__pinyin", "-is_lead", "unit__pinyin"),
    visible=lambda access: queries.visible_pairings(access).select_related("unit", "village", "village__parent", "programme"),
    within=lambda rows, units: rows.filter(queries.within(units)),
    states=(
        State("live", _("Live"), lambda on: in_states(*LIVE_STATES)),
        State("active", _("Active"), lambda on: in_states(PairingState.ACTIVE)),
        State("preparing", _("Being prepared"), lambda on: in_states(*_PREPARING)),
        State("suspended", _("Suspended"), lambda on: in_states(PairingState.SUSPENDED)),
        State("ended", _("Ended"), lambda on: in_states(PairingState.ENDED, PairingState.REJECTED)),
    ),
    search=Search(
        names=("unit__name", "village__name"),
        pinyin=("unit__pinyin", "village__pinyin"),
        initials=("unit__initials", "village__initials"),
        below=("unit__aliases__key", "village__aliases__key"),
        help=_("Unit or village: characters, pinyin or initials"),
    ),
    fields=(
        Field(
            key="unit",
            label=_("Unit"),
            type=Type.ROW,
            annotate=lambda: unit_in_view("name"),
            uid="uid",
            route="pairing:pairing",
            sort=("unit__pinyin",),
            in_form=True,
            attribute="unit",
            options=_offices,
            fact=False,
            wide=True,
            column=PAIRINGS.column("unit"),
        ),
        Field(
            key="helper",
            label=_("Unit"),
            type=Type.ROW,
            annotate=lambda: unit_in_view("name"),
            uid=lambda: unit_in_view("uid"),
            route="units:unit",
            listed=False,
            sheet=False,
        ),
        Field(
            key="town",
            label=_("Town"),
            type=Type.ROW,
            path="village__parent__name",
            uid="village__parent__uid",
            route="units:town",
            sort=("village__parent__division_code", "village__parent__pinyin"),
            filter=Filter(widget="row", path="village__parent", rows=visible_towns),
            column=PAIRINGS.column("town"),
        ),
        Field(
            key="village",
            label=_("Village"),
            type=Type.ROW,
            path="village__name",
            uid="village__uid",
            route="units:village",
            sort=("village__pinyin",),
            in_form=True,
            attribute="village",
            options=_hosts,
            column=PAIRINGS.column("village"),
        ),
        Field(
            key="designations",
            label=_("Designations"),
            type=Type.CHOICES,
            choices=ListingKind,
            annotate=_designations,
            sortable=False,
            shown=False,
            fact=False,
            filter=Filter(
                where=lambda kind: Q(village__listings__kind=kind, village__listings__ends_on=None),
                choices=tuple(ListingKind.choices),
            ),
            column=PAIRINGS.column("designations"),
        ),
        Field(
            key="secretary",
            label=_("Village secretary"),
            type=Type.PERSON,
            annotate=lambda: _village_post(PostKind.VILLAGE_SECRETARY, "person__name"),
            phone=lambda: _village_post(PostKind.VILLAGE_SECRETARY, "phone"),
            sortable=False,
            shown=False,
            column=PAIRINGS.column("secretary"),
        ),
        Field(
            key="leader_contact",
            label=_("County leader in contact"),
            annotate=lambda: _village_post(PostKind.LEADER_CONTACT, "person__name"),
            sortable=False,
            shown=False,
            column=PAIRINGS.column("leader_contact"),
        ),
        Field(
            key="lead_unit",
            label=_("Lead unit of the village"),
            annotate=_lead_unit,
            sortable=False,
            shown=False,
            column=PAIRINGS.column("lead_unit"),
        ),
        Field(
            key="party_org",
            label=_("Party organisation"),
            type=Type.ROW,
            path="party_org__name",
            uid="party_org__uid",
            route="units:party_organisation",
            sort=("party_org__pinyin",),
            in_form=True,
            attribute="party_org",
            options=_branches,
            shown=False,
            column=PAIRINGS.column("party_org"),
        ),
        _post("group_leader", PairingPostKind.GROUP_LEADER, _("Group leader")),
        _post("liaison", PairingPostKind.LIAISON, _("Liaison")),
        Field(
            key="is_lead",
            label=_("Lead unit"),
            type=Type.YES_NO,
            in_form=True,
            heading="是否牵头",
        ),
        Field(
            key="as_of",
            label=_("As of"),
            path="starts_on",
            listed=False,
            sheet=False,
            fact=False,
            filter=Filter(widget="day", where=stood_on),
        ),
        Field(
            key="gap",
            label=_("Missing"),
            path="state",
            listed=False,
            sheet=False,
            fact=False,
            filter=Filter(where=gap, choices=tuple((code, word) for code, (word, _condition) in _GAPS.items())),
        ),
        Field(
            key="origin",
            label=_("Origin"),
            type=Type.CHOICE,
            choices=Origin,
            in_form=True,
            shown=False,
            heading="结对来源",
        ),
        Field(
            key="pairing_state",
            label=_("State"),
            annotate=state_in_view,
            type=Type.CHOICE,
            choices=PairingState,
            heading="状态",
            shown=False,
        ),
        Field(key="starts_on", label=_("Paired from"), type=Type.DATE, in_form=True, column=PAIRINGS.column("starts_on")),
        Field(
            key="agreement_signed_on",
            label=_("Agreement signed on"),
            type=Type.DATE,
            in_form=True,
            shown=False,
            column=PAIRINGS.column("agreement_signed_on"),
        ),
        Field(key="active_from", label=_("Active from"), type=Type.DATE, shown=False, heading="生效时间"),
        Field(key="ends_on", label=_("To"), type=Type.DATE, shown=False, heading="结束时间"),
        Field(
            key="ending_reason",
            label=_("Reason of the end"),
            type=Type.CHOICE,
            choices=EndingReason,
            shown=False,
            quiet=True,
            heading="终止原因",
        ),
        Field(
            key="plan_approved_on", label=_("Yearly plan approved on"), type=Type.DATE, shown=False, heading="年度计划批准时间"
        ),
        Field(
            key="agreement_waived",
            label=_("Agreement waived because"),
            listed=False,
            quiet=True,
            wide=True,
            sheet=False,
        ),
        Field(
            key="programme",
            label=_("Programme"),
            type=Type.ROW,
            path="programme__title",
            uid="programme__uid",
            route="pairing:programme",
            sort=("programme__year", "programme__title"),
            in_form=True,
            attribute="programme",
            options=_programmes,
            filter=Filter(widget="row", path="programme", rows=_programmes),
            shown=False,
            heading="工作方案",
        ),
        Field(key="notes", label=_("Notes"), in_form=True, listed=False, wide=True, sheet=False),
        Field(
            key="remarks",
            label=_("Remarks"),
            annotate=_remarks,
            sortable=False,
            shown=False,
            fact=False,
            wide=True,
            column=PAIRINGS.column("notes"),
        ),
    ),
    create=_create,
    update=_update,
    initial=_initial,
    refusals={
        "pairing_live_once": ("village", _("These two are already paired in this programme.")),
        "pairing_ends_after_start": ("starts_on", _("The pairing ends before this day. Choose an earlier one.")),
        "pairing_is_two_sides": ("village", _("A unit cannot be paired with itself.")),
    },
    chip=lambda found: state_chip(found["state"]) if viewed_day() is None else None,
    chip_paths=("state",),
    history=(Hanging("posts"), Hanging("suspensions")),
    empty=Empty(_("No pairings yet."), _("Import the pairing table as you have it, or write one down.")),
    create_label=_("New pairing"),
    help=_("Who is paired with which village, in which programme year, from when to when."),
)
