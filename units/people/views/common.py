"""What the pages of logins share."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from tenancy.access import TenantRequest
from units.people.queries import Login, login_with


def login_for(request: TenantRequest, uid: UUID) -> Login:
    """The login; 404 alike when missing, another county's or out of reach."""
    found = login_with(uid, access=request.access)
    if found is None:
        raise Http404
    return found


def address_of(tenant: str, login: Login) -> str:
    """The page of a login: the person's, or its own while it belongs to nobody."""
    if login.person is not None:
        return reverse("people:member", args=[tenant, login.person.uid])
    return reverse("people:login", args=[tenant, login.account.uid])


def name_of(login: Login) -> str:
    """The person's name, else the login."""
    return login.person.name if login.person is not None else login.account.login


def frame(tenant: str, heading: str, *, login: Login | None = None) -> dict[str, Any]:
    """Heading and breadcrumb below the list, and below the login if given."""
    trail = [
        {"label": _("Home"), "url": f"/{tenant}/"},
        {"label": _("People and grants"), "url": reverse("people:member_list", args=[tenant])},
    ]
    if login is not None and heading != name_of(login):
        trail.append({"label": name_of(login), "url": address_of(tenant, login)})
    return {"heading": heading, "breadcrumb": [*trail, {"label": heading, "url": ""}]}


def attempt(form: BaseForm | None, write: Any) -> tuple[Any, str]:
    """(what ``write()`` gives, "") or (None, the refusal), which is put on the form when there is one."""
    try:
        with transaction.atomic():
            return write(), ""
    except ValidationError as refusal:
        if form is not None:
            _tell(form, refusal)
        return None, " ".join(refusal.messages)


def _tell(form: BaseForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
