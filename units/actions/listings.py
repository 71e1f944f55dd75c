"""Lists that villages stand on: entry and exit are decisions with a document (domain.md §1.3 row 29)."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tenancy import audit
from tenancy.access import Access
from tenancy.scope import current_tenant
from units.actions.changes import must_reach, tell_why
from units.models import Listing, Unit


@transaction.atomic
def list_unit(*, access: Access, unit: Unit, kind: str, starts_on: date, doc_no: str = "", reason: str = "") -> Listing:
    """Put a village on a list. Raises ValidationError when it stands there already, or has ended."""
    must_reach(access, unit, "designation", "C")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if unit.ends_on is not None or not unit.is_village:
        raise ValidationError(_("Only villages that exist stand on lists."))
    if Listing.objects.filter(unit=unit, kind=kind, ends_on=None).exists():
        raise ValidationError({"kind": _("It stands on this list already.")})
    tell_why(access, reason)
    listing: Listing = Listing.objects.create(
        tenant=current_tenant(), unit=unit, kind=kind, starts_on=starts_on, doc_no=doc_no, reason=reason
    )
    audit.append(access, "listed", object_kind="designation", object_uid=listing.uid, unit=str(unit.uid), list=kind)
    return listing


@transaction.atomic
def end_listing(*, access: Access, listing: Listing, last_day: date, doc_no: str = "", reason: str = "") -> None:
    """Take a village off a list; the last day still counts. The document of the exit stands in the history."""
    must_reach(access, listing.unit, "designation", "U")
    listing = Listing.objects.select_for_update(of=("self",)).select_related("unit").get(pk=listing.pk)
    if listing.ends_on is not None:
        raise ValidationError(_("It has ended already. Reload the page to see it as it is now."))
    if last_day < listing.starts_on:
        raise ValidationError({"last_day": _("The last day cannot lie before the first.")})
    tell_why(access, _("%(reason)s (%(document)s)") % {"reason": reason, "document": doc_no} if doc_no else reason)
    listing.ends_on = last_day
    listing.save(update_fields=["ends_on"])
    audit.append(access, "delisted", object_kind="designation", object_uid=listing.uid, unit=str(listing.unit.uid), doc_no=doc_no)
