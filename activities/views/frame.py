"""What the pages of a programme year's rules share: finding the year, its tabs, the way back, saving a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from activities.queries.rules import year_to_tell
from lib.htmx import answer
from pairing.models import Programme
from tenancy import clock
from tenancy.access import Access, TenantRequest


def programme_of(uid: UUID) -> Programme:
    """A programme year of the county. Everybody who reads rules reads all of its years."""
    found: Programme = get_object_or_404(Programme, uid=uid)
    return found


def address(route: str, tenant: str, *args: Any) -> str:
    """An address of this app."""
    return reverse(f"activities:{route}", args=[tenant, *args])


def tabs(programme: Programme, access: Access, tenant: str, *, here: str) -> list[dict[str, Any]]:
    """The parts of a year's rules; ``here`` is the open one."""
    places = [
        ("rules", _("Rules")),
        ("waivers", _("Waivers")),
        ("calendar", _("Working calendar")),
        ("types", _("Types and classes")),
    ]
    if access.can("programme", "X"):
        places.append(("deadlines", _("Deadlines")))
    if access.can("record_void", "D"):
        places.append(("reopenings", _("Locked months")))
    if access.can("programme", "U"):
        places.append(("rehearsal", _("Rehearsal")))
    return [
        {"label": label, "url": address(f"year_{code}", tenant, programme.uid), "active": code == here} for code, label in places
    ]


def trail(programme: Programme, tenant: str, *above: tuple[str, str], last: str = "") -> list[dict[str, Any]]:
    """From the county's first page over the rules to this page; ``above``: (label, url) in between."""
    steps = [(_("Home"), f"/{tenant}/"), (_("Rules"), address("rules", tenant))]
    steps.append((programme.title, address("year_rules", tenant, programme.uid)))
    steps += [*above, (last, "")] if last else above
    found = [{"label": label, "url": url} for label, url in steps]
    if not last and not above:
        found[-1]["url"] = ""
    return found


def year_page(
    programme: Programme, request: TenantRequest, tenant: str, *, here: str, heading: str, help_text: str
) -> dict[str, Any]:
    """Context that each tab of a year has."""
    is_first = here == "rules"
    return {
        "programme": programme,
        "heading": programme.title if is_first else heading,
        "breadcrumb": trail(programme, tenant, last="" if is_first else heading),
        "tabs": tabs(programme, request.access, tenant, here=here),
        "help_text": help_text,
    }


def chosen_year(request: TenantRequest, programme: Programme) -> int:
    """The calendar year asked for, if the programme lasts in it; else the one that a page tells of."""
    typed = request.GET.get("year", "")
    years = range(programme.starts_on.year, programme.ends_on.year + 1)
    if typed.isascii() and typed.isdigit() and len(typed) == 4 and int(typed) in years:
        return int(typed)
    return year_to_tell(programme, clock.today())


def year_tabs(programme: Programme, url: str, chosen: int) -> list[dict[str, Any]]:
    """The calendar years that a programme lasts in, as tabs of the page at ``url``."""
    return [
        {"label": str(year), "url": f"{url}?year={year}", "active": year == chosen}
        for year in range(programme.starts_on.year, programme.ends_on.year + 1)
    ]


def attempt(form: forms.BaseForm, deed: Callable[[], Any]) -> Any:
    """Do it if the form is right; a refusal stands in the form, under its fields where they exist. None: not done."""
    if not (form.is_bound and form.is_valid()):
        return None
    try:
        return deed() or True
    except ValidationError as refusal:
        if hasattr(refusal, "error_dict"):
            for name, sentences in refusal.message_dict.items():
                for sentence in sentences:
                    form.add_error(name if name in form.fields else None, sentence)
        else:
            form.add_error(None, refusal)
    return None


def form_page(
    request: TenantRequest,
    form: forms.BaseForm,
    *,
    heading: str,
    breadcrumb: list[dict[str, Any]],
    cancel_url: str,
    help_text: str = "",
    submit_label: str = "",
    template: str = "kinds/form.html",
    **more: Any,
) -> HttpResponse:
    """A page with one form on it; 422 when it has been sent and was not right."""
    context = {
        "heading": heading,
        "breadcrumb": breadcrumb,
        "help_text": help_text,
        "form": form,
        "cancel_url": cancel_url,
        "submit_label": submit_label or _("Save"),
        **more,
    }
    return answer(request, template, context, status=422 if form.is_bound else 200)


def done(request: TenantRequest, sentence: str, url: str) -> HttpResponse:
    """Say it is done and go on."""
    messages.success(request, sentence)
    return HttpResponseRedirect(url)


def missing(row: Any) -> Any:
    """The row, or Http404."""
    if row is None:
        raise Http404
    return row
