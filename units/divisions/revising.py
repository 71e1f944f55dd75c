"""Comparing with a newer edition, and accepting or refusing its lines one by one. Nothing changes by itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.chinese.text import match_key
from tenancy import audit
from tenancy.access import Access
from tenancy.models import Tenant
from tenancy.scope import Actor, because
from units import actions as units
from units.divisions import queries
from units.divisions.diff import compare
from units.divisions.edition import EDITION_DATE, CountyList, Entry
from units.divisions.names import usual_official_name, village_kind
from units.models import DivisionChange, DivisionRevision, Unit, UnitAlias, UnitKind

Kind, State = DivisionChange.Kind, DivisionChange.State


class RevisionRefused(ValueError):
    """The comparison cannot be made; the text says why and what to do."""


class ChangeRefused(ValueError):
    """The line cannot be accepted as things stand; the text says why and what to do."""


class ChangeDecided(ChangeRefused):
    """Somebody decided the line meanwhile."""


def edition_date(text: str, *, today: date) -> date:
    """The day an edition describes, from YYYY-MM-DD. Raises RevisionRefused."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise RevisionRefused(_("Write the day that the list describes, for example 2024-06-30.")) from None
    if not EDITION_DATE < day <= today:
        raise RevisionRefused(
            _("The day must lie after %(first)s, the day of the list in use, and not in the future.")
            % {"first": EDITION_DATE.isoformat()}
        )
    return day


@transaction.atomic
def compare_edition(*, tenant: Tenant, county: CountyList, edition: date, actor: Actor, now: datetime) -> DivisionRevision:
    """Write down what a newer edition would change. The tenant is in scope; its units stay as they are.

    Raises RevisionRefused for an edition that was compared before, or older than the last one.
    """
    with connection.cursor() as cursor:
        # Two people with the same file: the second is told that it was compared.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('divisions'), %s)", [tenant.pk % 2_147_483_647])
    last = DivisionRevision.objects.order_by("-edition").first()
    if last is not None and last.edition >= edition.isoformat():
        raise RevisionRefused(
            _("The edition of %(last)s was compared already. Go on with its lines, or choose a newer list.")
            % {"last": last.edition}
        )
    revision: DivisionRevision = DivisionRevision.objects.create(
        tenant=tenant, edition=edition.isoformat(), created_by_id=actor.account_id
    )
    DivisionChange.objects.bulk_create(
        [
            DivisionChange(
                tenant=tenant,
                revision=revision,
                kind=line.kind,
                unit_id=line.unit_id,
                code=line.code,
                name=line.name,
                parent_code=line.parent_code,
            )
            for line in compare(queries.live_places(), county)
        ],
        batch_size=1000,
    )
    counts = queries.counts_by_kind(revision)
    audit.append(
        actor,
        "divisions_compared",
        object_kind="division_revision",
        object_uid=revision.uid,
        edition=revision.edition,
        lines=counts,
    )
    return revision


@transaction.atomic
def accept_change(*, change: DivisionChange, access: Access, now: datetime) -> None:
    """Apply one line. Raises ChangeRefused, with what to do first, and ChangeDecided when it was accepted meanwhile."""
    change = _taken(change, State.PROPOSED, State.REFUSED)
    edition = date.fromisoformat(change.revision.edition)
    because(_why(change), actor=access.actor)
    if change.kind == Kind.ADDED:
        change.unit = _add(change, edition, access)
    elif change.kind == Kind.REMOVED:
        _end(change, edition, access, now)
    else:
        _alter(change, access)
    _decide(change, State.ACCEPTED, access, now)


@transaction.atomic
def refuse_change(*, change: DivisionChange, access: Access, now: datetime) -> None:
    """Leave things as they are. A refused line may still be accepted later."""
    _decide(_taken(change, State.PROPOSED), State.REFUSED, access, now)


@transaction.atomic
def accept_added(*, revision: DivisionRevision, access: Access, now: datetime) -> int:
    """Accept every new town and village that is not decided yet, towns first; all or none. Answers how many."""
    open_lines = queries.changes_of(revision, kind=Kind.ADDED, state=State.PROPOSED)
    lines = sorted(open_lines, key=lambda line: (len(line.code), line.code))
    for line in lines:
        accept_change(change=line, access=access, now=now)
    return len(lines)


def _taken(change: DivisionChange, *states: str) -> DivisionChange:
    """The line, locked: two people may press the button together."""
    locked: DivisionChange = (
        DivisionChange.objects.select_for_update(of=("self",)).select_related("revision", "unit").get(pk=change.pk)
    )
    if locked.state not in states:
        raise ChangeDecided(_("This line was decided by someone else. Reload the page to see it as it is now."))
    return locked


def _decide(change: DivisionChange, state: DivisionChange.State, access: Access, now: datetime) -> None:
    change.state = state
    change.decided_at = now
    change.decided_by = access.account
    change.save(update_fields=["state", "decided_at", "decided_by", "unit"])
    audit.append(
        access,
        f"division_change_{state}",
        object_kind="division_change",
        object_uid=change.uid,
        kind=change.kind,
        code=change.code,
    )


def _town(code: str) -> Unit:
    town: Unit | None = Unit.objects.filter(kind=UnitKind.TOWN, division_code=code, ends_on=None).first()
    if town is None:
        raise ChangeRefused(_("The town with the code %(code)s is not there yet. Accept its line first.") % {"code": code})
    return town


def _refuse_taken_code(code: str, *, but: Unit | None = None) -> None:
    holder = Unit.objects.filter(division_code=code, ends_on=None).exclude(pk=but.pk if but else None).first()
    if holder is not None:
        raise ChangeRefused(
            _("The code %(code)s is still held by %(name)s. Decide the line of %(name)s first.")
            % {"code": code, "name": holder.name}
        )


def _refuse_taken_name(kind: str, parent: Unit | None, name: str, *, but: Unit | None = None) -> None:
    alike = Unit.objects.filter(kind=kind, parent=parent, name=name, ends_on=None).exclude(pk=but.pk if but else None)
    if alike.exists():
        raise ChangeRefused(
            _("%(place)s has a %(name)s already. Rename or end that one first, or leave this line as it is.")
            % {"place": parent.name if parent else _("The county"), "name": name}
        )


def _place_kind(change: DivisionChange) -> str:
    return UnitKind.TOWN if len(change.code) == 9 else village_kind(Entry(change.code, change.name))


def _add(change: DivisionChange, edition: date, access: Access) -> Unit:
    parent = _town(change.parent_code) if change.parent_code else None
    kind = _place_kind(change)
    _refuse_taken_code(change.code)
    _refuse_taken_name(kind, parent, change.name)
    unit = units.create_unit(
        access=access,
        values={"kind": kind, "name": change.name, "parent": parent, "division_code": change.code, "starts_on": edition},
    )
    official = usual_official_name(kind, change.name)
    if official:
        UnitAlias.objects.create(tenant=access.tenant, unit=unit, name=official, key=match_key(official))
    return unit


def _alter(change: DivisionChange, access: Access) -> None:
    """Renamed, moved or recoded: name, town and code become those of the line."""
    unit = change.unit
    assert unit is not None
    values: dict[str, Any] = {"division_code": change.code, "name": unit.name, "kind": unit.kind, "parent": unit.parent}
    if change.kind == Kind.MOVED:
        values["parent"] = _town(change.parent_code)
    if change.kind == Kind.RENAMED:
        values |= {"name": change.name, "kind": _place_kind(change)}
    _refuse_taken_code(change.code, but=unit)
    _refuse_taken_name(values["kind"], values["parent"], values["name"], but=unit)
    units.update_unit(access=access, row=unit, values=values, reason=_why(change))


def _end(change: DivisionChange, edition: date, access: Access, now: datetime) -> None:
    unit = change.unit
    assert unit is not None
    if unit.ends_on is not None:
        return
    # The list describes its own day: on the day before, the place was there for the last time at the latest.
    last_day = edition - timedelta(days=1)
    if unit.starts_on is not None:
        last_day = max(last_day, unit.starts_on)
    today = timezone.localtime(now).date()
    try:
        units.end_unit(access=access, unit=unit, last_day=last_day, reason=_why(change), today=today)
    except ValidationError as refused:
        raise ChangeRefused(" ".join(refused.messages)) from refused


def _why(change: DivisionChange) -> str:
    return _("division codes, edition of %(edition)s") % {"edition": change.revision.edition}
