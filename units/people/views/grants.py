"""Giving and ending roles."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.htmx import answer
from tenancy.access import PAGE, TenantRequest, allow
from tenancy.models import Grant, Role
from tenancy.models.grant import ROLE_SCOPES
from units.models import Unit
from units.people import actions
from units.people.actions.grants import KINDS_OF_SCOPE
from units.people.forms import MOST_OFFERED, EndGrantForm, GrantChoiceForm, GrantForm, givable_roles, needs_unit, units_matching
from units.people.queries import Login, grants_of
from units.people.views.common import address_of, attempt, frame, login_for


def _units_for(role: str) -> Any:
    kinds = [kind for scope in ROLE_SCOPES.get(role, ()) for kind in KINDS_OF_SCOPE.get(scope, ())]
    return Unit.objects.filter(kind__in=kinds, ends_on=None)


@allow("grant", GET="C", POST="C")
@require_http_methods(PAGE)
def grant_new(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """First the role, then what it is over (found by name or pinyin), then from when to when."""
    found = login_for(request, uid)
    choice = GrantChoiceForm(request.GET)
    role = choice.cleaned_data["role"] if choice.is_valid() else ""
    context = frame(tenant, _("Give a role"), login=found)
    if not role:
        context["roles"] = [{"url": f"?role={code}", "label": label, "over": _over(code)} for code, label in givable_roles()]
        return answer(request, "people/grant_role.html", context)
    offered = units_matching(_units_for(role), choice.cleaned_data["q"])
    # A posted choice is checked against all of them: the search only shortens what is offered.
    units = _units_for(role) if request.method == "POST" else offered.filter(pk__in=[u.pk for u in offered[:MOST_OFFERED]])
    form = GrantForm(request.POST or None, role=role, units=units, initial={"starts_on": localdate()})
    if form.is_bound and form.is_valid():
        grant = _give(request, found, role, form)
        if grant is not None:
            messages.success(request, _("The role was given; it counts with the next click."))
            return HttpResponseRedirect(address_of(tenant, found))
    context |= {
        "role": Role(role).label,
        "form": form,
        "searches": needs_unit(role),
        "choice": choice,
        "n_more": max(0, offered.count() - MOST_OFFERED) if needs_unit(role) else 0,
        "cancel_url": address_of(tenant, found),
        "other_url": reverse("people:grant_new", args=[tenant, uid]),
    }
    return answer(request, "people/grant_new.html", context, status=422 if form.is_bound else 200)


def _give(request: TenantRequest, found: Login, role: str, form: GrantForm) -> Grant | None:
    values = form.cleaned_data
    grant, _refusal = attempt(
        form,
        lambda: actions.give_grant(
            access=request.access,
            account=found.account,
            role=role,
            unit=values.get("unit"),
            starts_on=values["starts_on"],
            ends_on=values["ends_on"],
            reason=values["reason"],
        ),
    )
    given: Grant | None = grant
    return given


def _over(role: str) -> str:
    if not needs_unit(role):
        return _("the whole county")
    words = {"town": _("a town"), "unit": _("a unit"), "village": _("a village")}
    return _(" or ").join(words[scope] for scope in ROLE_SCOPES[role] if scope in words)


@allow("grant", GET="U", POST="U")
@require_http_methods(PAGE)
def grant_end(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """End a role, at once or after a day, with the reason."""
    grant: Grant | None = Grant.objects.select_related("account").filter(uid=uid).first()
    if grant is None:
        raise Http404
    found = login_for(request, grant.account.uid)
    form = EndGrantForm(request.POST or None, initial={"last_day": localdate()})
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        last_day = values["last_day"] if values["when"] == EndGrantForm.ON_DAY else None

        def write() -> bool:
            actions.end_grant(access=request.access, grant=grant, last_day=last_day, reason=values["reason"], today=localdate())
            return True

        if attempt(form, write)[0]:
            messages.success(request, _("The role was ended. It stays readable."))
            return HttpResponseRedirect(address_of(tenant, found))
    shown = next(one for one in grants_of(found.account, on=localdate()) if one.grant.pk == grant.pk)
    context = frame(tenant, _("End a role"), login=found)
    context |= {
        "form": form,
        "confirm": {
            "title": _("End the role %(role)s over %(scope)s?") % {"role": grant.get_role_display(), "scope": shown.scope},
            "text": _("Nothing is deleted: who held the role from when to when stays readable."),
            "action": "",
            "label": _("End the role"),
            "cancel_url": address_of(tenant, found),
        },
    }
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound else 200)
