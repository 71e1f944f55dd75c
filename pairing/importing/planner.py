"""What importing a list of pairings would write: pairings, posts, branches, listings, and the ends of those left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from lib.sheets.readings import PersonValue
from pairing import changes
from pairing.importing.cells import LABELS, day_of, origin_of
from pairing.importing.missing import last_day, missing_pairings
from pairing.models import (
    ChangeKind,
    EndingReason,
    Origin,
    Pairing,
    PairingChange,
    PairingPost,
    PairingPostKind,
    PairingState,
    PairingSuspension,
    Programme,
)
from pairing.models.pairing import LIVE_STATES
from tenancy import clock
from tenancy.models import Tenant
from units.importing.people import LEADERS, People, close, plain_leader
from units.importing.plan import Plan, Wave, is_new, new
from units.importing.registry import Context
from units.importing.roster import new_unit
from units.importing.rows import Row
from units.models import Listing, Unit, UnitKind
from units.models.listing import ListingKind
from units.models.person import PostKind

_POSTS = (("group_leader", PairingPostKind.GROUP_LEADER), ("liaison", PairingPostKind.LIAISON))


class Planner:
    """One run of planning: what the county has, by the keys that rows are found by."""

    def __init__(self, rows: Sequence[Row], context: Context, plan: Plan) -> None:
        self.rows, self.context, self.to = rows, context, plan
        self.tenant: Tenant = context.tenant
        self.programme: Programme = rows[0].found["programme"]
        self.people = People.load(self.tenant)
        self.pairings: dict[tuple[object, object], Pairing] = {}
        self.posts: dict[tuple[object, str], PairingPost] = {}
        self._load_pairings()
        self.branches = {
            (branch.parent.uid, branch.name): branch
            for branch in Unit.objects.filter(kind=UnitKind.PARTY_ORGANISATION, ends_on=None).select_related("parent")
            if branch.parent is not None
        }
        self.listed: dict[object, set[str]] = defaultdict(set)
        for uid, kind in Listing.objects.filter(ends_on=None).values_list("unit__uid", "kind"):
            self.listed[uid].add(kind)
        self.made: set[object] = set()

    def _load_pairings(self) -> None:
        if is_new(self.programme):
            self._know_leaders(PairingPost.objects.all())
            return
        live = Pairing.objects.filter(programme=self.programme, state__in=LIVE_STATES)
        for pairing in live.select_related("unit", "village", "party_org"):
            self.pairings[pairing.unit.uid, pairing.village.uid] = pairing
        held = PairingPost.objects.all()
        self._know_leaders(held)
        for post in held.filter(pairing__in=self.pairings.values(), ends_on=None).select_related("pairing", "person"):
            self.posts[post.pairing.uid, post.kind] = post

    def _know_leaders(self, posts: Any) -> None:
        """A group leader without an office in the unit is a person of the unit all the same."""
        for post in posts.select_related("person", "pairing__unit").order_by("id"):
            self.people.know(post.pairing.unit.uid, post.person)

    def plan_all(self) -> None:
        n_of_village: dict[object, set[object]] = defaultdict(set)
        for _unit, village in self.pairings:
            n_of_village[village].add(_unit)
        for row in self.rows:
            n_of_village[row.found["village"].uid].add(row.found["unit"].uid)
        leads = {row.found["village"].uid: row for row in self.rows if row.values["is_lead"]}
        self._unseat_leads(leads)
        has_lead = set(leads) | {village for (_unit, village), pairing in self.pairings.items() if pairing.is_lead}
        self._end_missing()
        for row in self.rows:
            village = row.found["village"].uid
            self._plan_row(row, needs_lead=len(n_of_village[village]) > 1 and village not in has_lead)

    def _end_missing(self) -> None:
        """End what the new roster leaves out, when that was asked for and every row says which pairing it is."""
        if self.context.options.get("missing") != "end" or is_new(self.programme):
            return
        row, day = self.rows[0], last_day(self.context)
        for pairing in missing_pairings(self.context.facts["rows"], self.programme) or ():
            pairing = self.pairings[pairing.unit.uid, pairing.village.uid]
            last = max(day, pairing.starts_on)
            if hindrances := changes.ending_hindrances(pairing, last):
                row.note("unit", "not_ended", " ".join(hindrances))
                continue
            for field, value in (
                ("state", PairingState.ENDED),
                ("ends_on", last),
                ("is_lead", False),
                ("ending_reason", EndingReason.YEAR_ADJUSTMENT),
            ):
                self.to.change(row, pairing, field, value, first=True)
            for kind in PairingPostKind:
                post = self.posts.pop((pairing.uid, kind), None)
                if post is not None:
                    self.to.change(row, post, "ends_on", max(last, post.starts_on), first=True)
            for rest in PairingSuspension.objects.filter(pairing=pairing, ends_on=None):
                self.to.change(row, rest, "ends_on", max(last, rest.starts_on), first=True)
            self._remember(row, pairing, ChangeKind.ENDED, last, from_unit=pairing.unit)
            del self.pairings[pairing.unit.uid, pairing.village.uid]

    def _remember(self, row: Row, pairing: Pairing, kind: ChangeKind, on: date, **units: Unit) -> None:
        """A row of the history of the pairing; undone with the import."""
        change = new(
            PairingChange,
            tenant=self.tenant,
            pairing=pairing,
            kind=kind,
            who=self.context.who[:150],
            effective_on=on,
            doc_no=self.programme.doc_no,
            reason=str(EndingReason.YEAR_ADJUSTMENT.label) if kind == ChangeKind.ENDED else "",
            at=clock.now(),
            **units,
        )
        self.to.add(row, Wave.BELOW_LEDGER, change)

    def _unseat_leads(self, leads: Mapping[object, Row]) -> None:
        """A village has one lead: the former one steps down before the new one is written."""
        label = LABELS["lead_unit"]
        for (unit, village), pairing in self.pairings.items():
            row = leads.get(village)
            if pairing.is_lead and row is not None and row.found["unit"].uid != unit:
                self.to.change(row, pairing, "is_lead", False, first=True)
                row.tell(label, pairing.unit.name, row.found["unit"].name)

    def _plan_row(self, row: Row, *, needs_lead: bool) -> None:
        unit, village = row.found["unit"], row.found["village"]
        if is_new(self.programme) and self.programme.uid not in self.made:
            self.made.add(self.programme.uid)
            self.to.add(row, Wave.UNITS, self.programme)
        if is_new(unit) and unit.uid not in self.made:
            self.made.add(unit.uid)
            self.to.add(row, Wave.UNITS, unit)
        row.effect = "same"
        pairing = self.pairings.get((unit.uid, village.uid))
        if pairing is None:
            pairing = self.pairings[unit.uid, village.uid] = self._new_pairing(row, unit, village)
            row.effect = "add"
        self._plan_fields(row, pairing)
        self._plan_people(row, pairing)
        self._plan_state(row, pairing, needs_lead=needs_lead)
        if row.effect == "add":
            row.values["state"] = str(pairing.state)
            self.to.add(row, Wave.LEDGER, pairing)
            self._remember(row, pairing, ChangeKind.CREATED, pairing.starts_on, to_unit=unit)
        self._plan_village(row, village)
        row.values["state"] = str(pairing.state)
        if row.effect == "same" and row.changes:
            row.effect = "change"

    def _new_pairing(self, row: Row, unit: Unit, village: Unit) -> Pairing:
        starts = day_of(row, "starts_on") or day_of(row, "agreement_signed_on") or self.programme.starts_on
        return new(
            Pairing,
            tenant=self.tenant,
            programme=self.programme,
            unit=unit,
            village=village,
            starts_on=starts,
            origin=origin_of(row),
            state=PairingState.PROPOSED,
        )

    def _plan_fields(self, row: Row, pairing: Pairing) -> None:
        starts, signed = day_of(row, "starts_on"), day_of(row, "agreement_signed_on")
        if starts is not None:
            self.to.change(row, pairing, "starts_on", starts, label=LABELS["starts_on"])
        if signed is not None:
            self.to.change(row, pairing, "agreement_signed_on", signed, label=LABELS["agreement_signed_on"])
        if row.values["notes"]:
            self.to.change(row, pairing, "notes", row.values["notes"], label=LABELS["notes"])
        if row.values["origin"] == Origin.SELF_CHOSEN:
            self.to.change(row, pairing, "origin", Origin.SELF_CHOSEN, label=str(Pairing._meta.get_field("origin").verbose_name))
        if row.values["is_lead"] and not pairing.is_lead:
            self.to.change(row, pairing, "is_lead", True)
            if not any(change["label"] == str(LABELS["lead_unit"]) for change in row.changes):
                row.tell(LABELS["lead_unit"], "", pairing.unit.name)
        branch = self._branch(row, pairing.unit)
        if branch is not None and (pairing.party_org_id is None or pairing.party_org_id != branch.pk):
            before = pairing.party_org.name if pairing.party_org_id and pairing.party_org else ""
            self.to.change(row, pairing, "party_org", branch)
            row.tell(LABELS["party_org"], before, branch.name)

    def _branch(self, row: Row, unit: Unit) -> Unit | None:
        name = row.values["party_org"]
        if not name:
            return None
        branch = self.branches.get((unit.uid, name))
        if branch is None:
            branch = new_unit(self.tenant, name, UnitKind.PARTY_ORGANISATION, parent=unit)
            self.branches[unit.uid, name] = branch
            self.to.add(row, Wave.BELOW_UNITS, branch)
        return branch

    def _plan_people(self, row: Row, pairing: Pairing) -> None:
        for column, kind in _POSTS:
            value = row.read(column)
            if isinstance(value, PersonValue):
                self._hold(row, column, pairing, kind, value)

    def _hold(self, row: Row, column: str, pairing: Pairing, kind: PairingPostKind, value: PersonValue) -> None:
        current = self.posts.get((pairing.uid, kind))
        label = kind.label
        if current is not None and current.person.name == value.name:
            if value.phone:
                self.to.change(row, current, "phone", value.phone, label=label)
            return
        starts_on = pairing.starts_on
        if current is not None:
            starts_on = close(self.to, row, current, self.context.stated_on)
        person = self.people.person(self.to, row, column, pairing.unit.uid, value)
        post = new(
            PairingPost, tenant=self.tenant, pairing=pairing, person=person, kind=kind, phone=value.phone, starts_on=starts_on
        )
        self.posts[pairing.uid, kind] = post
        self.to.add(row, Wave.BELOW_LEDGER, post)
        row.tell(label, current.person.name if current is not None else "", value.name)

    def _plan_state(self, row: Row, pairing: Pairing, *, needs_lead: bool) -> None:
        """As far along as the list shows: agreed, signed, and active once begun, led, and with a lead unit."""
        if pairing.state == PairingState.SUSPENDED:
            return
        reached = PairingState.AGREED
        if pairing.agreement_signed_on is not None and pairing.agreement_signed_on <= self.context.today:
            reached = PairingState.SIGNED
            begun = pairing.starts_on <= self.context.today
            led = (pairing.uid, PairingPostKind.GROUP_LEADER) in self.posts
            if begun and led and not needs_lead:
                reached = PairingState.ACTIVE
            elif needs_lead:
                message = _("The village has several units and no lead unit: the pairing stays “%(state)s”.")
                row.note("lead_unit", "no_lead", message % {"state": PairingState.SIGNED.label})
            elif not led:
                message = _("No group leader is named: the pairing stays “%(state)s”.")
                row.note("group_leader", "no_leader", message % {"state": PairingState.SIGNED.label})
        if LIVE_STATES.index(reached) > LIVE_STATES.index(PairingState(pairing.state)):
            label = str(Pairing._meta.get_field("state").verbose_name)
            self.to.change(row, pairing, "state", reached, label=label)
            if reached == PairingState.ACTIVE:
                self.to.change(row, pairing, "active_from", pairing.starts_on)
                self._remember(row, pairing, ChangeKind.ACTIVATED, pairing.starts_on)

    def _plan_village(self, row: Row, village: Unit) -> None:
        since = self.context.stated_on
        secretary = row.read("secretary")
        if isinstance(secretary, PersonValue):
            self.people.hold(self.to, row, "secretary", village, PostKind.VILLAGE_SECRETARY, secretary, since=since)
        name, title = plain_leader(row.text("leader_contact"))
        if name:
            self.people.hold(
                self.to,
                row,
                "leader_contact",
                village,
                PostKind.LEADER_CONTACT,
                PersonValue(name),
                since=since,
                title=title,
                home=LEADERS,
            )
        for kind in row.values["designations"]:
            if kind not in self.listed[village.uid]:
                self.listed[village.uid].add(kind)
                listing = new(Listing, tenant=self.tenant, unit=village, kind=kind, starts_on=since)
                self.to.add(row, Wave.LEDGER, listing, shown=(LABELS["designations"], str(ListingKind(kind).label)))
