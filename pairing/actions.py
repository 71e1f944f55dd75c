"""What people do with pairings. Each is one transaction; nothing is overwritten (domain.md §4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lib.chinese.pinyin import pinyin_key
from pairing.models import Origin, Pairing, PairingPost, PairingState, Programme
from pairing.models.pairing import LIVE_STATES
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import because, current_tenant
from units.models import Person, Post, Unit


class PairingRefused(ValidationError):
    """The pairing cannot be written as asked; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PairingFacts:
    """What a form says of a pairing."""

    programme: Programme
    unit: Unit
    village: Unit
    starts_on: date
    origin: str = Origin.ASSIGNED
    party_org: Unit | None = None
    is_lead: bool = False
    agreement_signed_on: date | None = None
    notes: str = ""


def _check(facts: PairingFacts) -> None:
    if not facts.village.is_village:
        raise PairingRefused(_("The paired side must be a village or a community."))
    for side in (facts.unit, facts.village):
        if side.ends_on is not None and side.ends_on < facts.starts_on:
            raise PairingRefused(_("%(unit)s has ended. Choose another, or an earlier day.") % {"unit": side.name})
    if facts.party_org is not None and facts.party_org.parent_id != facts.unit.pk:
        raise PairingRefused(_("The Party organisation must belong to the unit."))
    if not facts.programme.starts_on.replace(month=1, day=1) <= facts.starts_on <= facts.programme.ends_on:
        raise PairingRefused(_("The first day must lie in the programme's time."))
    if facts.agreement_signed_on and facts.agreement_signed_on > facts.programme.ends_on:
        raise PairingRefused(_("The agreement cannot be signed after the programme has ended."))


def _hand_over_lead(facts: PairingFacts, *, but: int | None) -> None:
    """One lead unit a village: naming a new one takes it from the old."""
    if facts.is_lead:
        rivals = Pairing.objects.filter(
            programme=facts.programme, village=facts.village, is_lead=True, state__in=LIVE_STATES
        ).exclude(pk=but)
        rivals.update(is_lead=False)


@transaction.atomic
def create_pairing(*, facts: PairingFacts, access: Access) -> Pairing:
    """Write down a new pairing, agreed by decree of the county (domain.md §4.1: assigned).

    Raises PairingRefused when the two are already paired in this programme, or a fact does not fit.
    """
    _check(facts)
    _hand_over_lead(facts, but=None)
    try:
        with transaction.atomic():
            pairing: Pairing = Pairing.objects.create(
                tenant=current_tenant(),
                state=PairingState.SIGNED if facts.agreement_signed_on else PairingState.AGREED,
                **_fields(facts),
            )
    except IntegrityError as problem:
        raise _twice(facts) from problem
    audit.append(access, "pairing_created", object_kind="pairing", object_uid=pairing.uid)
    return pairing


@transaction.atomic
def update_pairing(*, pairing: Pairing, facts: PairingFacts, reason: str, access: Access) -> None:
    """Correct what is written of a live pairing; the earlier state stays as a version, with the reason.

    Raises PairingRefused for an ended pairing: it is read-only for ever.
    """
    if pairing.state not in LIVE_STATES:
        raise PairingRefused(_("An ended pairing is kept as it was. Write a new one instead."))
    _check(facts)
    because(reason, actor=access.actor)
    _hand_over_lead(facts, but=pairing.pk)
    values = _fields(facts)
    changed = [name for name, value in values.items() if getattr(pairing, name) != value]
    for name in changed:
        setattr(pairing, name, values[name])
    try:
        with transaction.atomic():
            pairing.save(update_fields=changed)
    except IntegrityError as problem:
        raise _twice(facts) from problem
    audit.append(access, "pairing_changed", object_kind="pairing", object_uid=pairing.uid, fields=changed)


@transaction.atomic
def end_pairing(*, pairing: Pairing, on: date, reason: str, access: Access) -> None:
    """End a pairing with its last day and why (年度调整, 期满, 机构改革, 村退出). Its posts end the same day.

    Raises PairingRefused when it has ended already or the day lies before its first.
    """
    if on < pairing.starts_on:
        raise PairingRefused(_("The last day cannot lie before the first day of the pairing."))
    because(reason, actor=access.actor)
    # Conditional, not read-then-write: two of the staff may press the button together.
    n_ended = Pairing.objects.filter(pk=pairing.pk, state__in=LIVE_STATES).update(
        state=PairingState.ENDED, ends_on=on, is_lead=False
    )
    if n_ended == 0:
        raise PairingRefused(_("This pairing was ended by someone else. Reload the page to see it as it is now."))
    for post in PairingPost.objects.filter(pairing=pairing, ends_on=None):
        post.ends_on = max(on, post.starts_on)
        post.save(update_fields=["ends_on"])
    audit.append(access, "pairing_ended", object_kind="pairing", object_uid=pairing.uid)


@transaction.atomic
def name_holder(*, pairing: Pairing, kind: str, person: Person, phone: str, on: date, access: Access) -> PairingPost:
    """Name the group leader or liaison from a day on; whoever held the post until then ends the day before.

    Raises PairingRefused when the pairing has ended or the day lies before the present holder's first.
    """
    if pairing.state not in LIVE_STATES:
        raise PairingRefused(_("An ended pairing is kept as it was."))
    if on < pairing.starts_on:
        raise PairingRefused(_("The day cannot lie before the first day of the pairing."))
    held: PairingPost | None = PairingPost.objects.select_for_update().filter(pairing=pairing, kind=kind, ends_on=None).first()
    if held is not None:
        if held.person_id == person.pk and held.phone == phone:
            return held
        if on <= held.starts_on and held.person_id != person.pk:
            raise PairingRefused(
                _("The present holder began on %(day)s. Choose a later day.") % {"day": held.starts_on.isoformat()}
            )
        if held.person_id == person.pk:
            held.phone = phone
            held.save(update_fields=["phone"])
            return held
        held.ends_on = on - timedelta(days=1)
        held.save(update_fields=["ends_on"])
    post: PairingPost = PairingPost.objects.create(
        tenant=current_tenant(), pairing=pairing, kind=kind, person=person, phone=phone, starts_on=on
    )
    audit.append(access, "pairing_post_named", object_kind="pairing", object_uid=pairing.uid, post=kind)
    return post


@transaction.atomic
def name_new_holder(*, pairing: Pairing, kind: str, name: str, phone: str, on: date, access: Access) -> PairingPost:
    """Name somebody not yet known: written down as a person of the unit, then as in ``name_holder``.

    The same name in the same unit is the same person (docs/decisions/0002).
    """
    known: Person | None = Person.objects.filter(name=name, posts__unit=pairing.unit).order_by("id").first()
    if known is None:
        key = pinyin_key(name, person=True)
        tenant = current_tenant()
        known = Person.objects.create(tenant=tenant, name=name, pinyin=key.full, initials=key.initials, phone=phone)
        Post.objects.create(tenant=tenant, unit=pairing.unit, person=known, kind=kind, phone=phone, starts_on=on)
        audit.append(access, "person_created", object_kind="person", object_uid=known.uid)
    return name_holder(pairing=pairing, kind=kind, person=known, phone=phone, on=on, access=access)


@transaction.atomic
def create_programme(
    *, year: int, title: str, starts_on: date, ends_on: date, doc_no: str = "", issuer: str = "", access: Access
) -> Programme:
    """Open a programme year. Raises PairingRefused when one of that year and title exists."""
    try:
        with transaction.atomic():
            programme: Programme = Programme.objects.create(
                tenant=current_tenant(),
                year=year,
                title=title,
                starts_on=starts_on,
                ends_on=ends_on,
                doc_no=doc_no,
                issuer=issuer,
            )
    except IntegrityError as problem:
        raise PairingRefused(_("There is already a programme of that year and title.")) from problem
    audit.append(access, "programme_created", object_kind="programme", object_uid=programme.uid)
    return programme


@transaction.atomic
def update_programme(
    *,
    programme: Programme,
    year: int,
    title: str,
    starts_on: date,
    ends_on: date,
    doc_no: str,
    issuer: str,
    reason: str,
    access: Access,
) -> None:
    """Correct what is written of a programme. Raises PairingRefused for a year and title in use."""
    because(reason, actor=access.actor)
    values = {"year": year, "title": title, "starts_on": starts_on, "ends_on": ends_on, "doc_no": doc_no, "issuer": issuer}
    changed = [name for name, value in values.items() if getattr(programme, name) != value]
    for name in changed:
        setattr(programme, name, values[name])
    try:
        with transaction.atomic():
            programme.save(update_fields=changed)
    except IntegrityError as problem:
        raise PairingRefused(_("There is already a programme of that year and title.")) from problem
    audit.append(access, "programme_changed", object_kind="programme", object_uid=programme.uid, fields=changed)


def _fields(facts: PairingFacts) -> dict[str, object]:
    return {
        "programme": facts.programme,
        "unit": facts.unit,
        "village": facts.village,
        "party_org": facts.party_org,
        "origin": facts.origin,
        "is_lead": facts.is_lead,
        "starts_on": facts.starts_on,
        "agreement_signed_on": facts.agreement_signed_on,
        "notes": facts.notes,
    }


def _twice(facts: PairingFacts) -> PairingRefused:
    return PairingRefused(
        _("%(unit)s and %(village)s are already paired in this programme.")
        % {"unit": facts.unit.name, "village": facts.village.name}
    )
