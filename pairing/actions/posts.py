"""Naming who leads a pairing, from a day on."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lib.chinese.pinyin import pinyin_key
from pairing import changes
from pairing.actions.activation import activate_group
from pairing.actions.common import PairingRefused
from pairing.models import Pairing, PairingPost, PairingPostKind
from pairing.models.pairing import LIVE_STATES
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.models import Person, Post


@transaction.atomic
def name_holder(*, pairing: Pairing, kind: str, person: Person, phone: str, on: date, access: Access) -> PairingPost:
    """Name the group leader or liaison from a day on; whoever held the post until then ends the day before.

    Raises PairingRefused when the pairing has ended or the day lies before the present holder's first.
    """
    if pairing.state not in LIVE_STATES:
        raise PairingRefused(_("An ended pairing is kept as it was."), "wrong_state")
    if on < pairing.starts_on:
        first = {"day": pairing.starts_on.isoformat()}
        raise PairingRefused(_("The day cannot lie before the first day of the pairing, %(day)s.") % first, "before_start")
    held: PairingPost | None = PairingPost.objects.select_for_update().filter(pairing=pairing, kind=kind, ends_on=None).first()
    if held is not None:
        if held.person_id == person.pk and held.phone == phone:
            return held
        if on <= held.starts_on and held.person_id != person.pk:
            raise PairingRefused(
                _("The present holder began on %(day)s. Choose a later day.") % {"day": held.starts_on.isoformat()},
                "before_holder",
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
    if kind == PairingPostKind.GROUP_LEADER:
        changes.changed([pairing.pk])
        activate_group(pairing, access=access)
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
