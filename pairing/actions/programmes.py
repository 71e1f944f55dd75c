"""Opening and correcting programme years."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pairing.actions.common import PairingRefused
from pairing.models import Programme
from tenancy import audit
from tenancy.access import Access
from tenancy.scope import because, current_tenant


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
        raise PairingRefused(_("There is already a programme of that year and title."), "programme_exists") from problem
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
        raise PairingRefused(_("There is already a programme of that year and title."), "programme_exists") from problem
    audit.append(access, "programme_changed", object_kind="programme", object_uid=programme.uid, fields=changed)
