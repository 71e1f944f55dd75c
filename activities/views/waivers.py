"""Waivers of a programme year: the list, a new one with what it would waive, withdrawing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from activities.actions import waivers as actions
from activities.forms.waivers import WaiverForm, WithdrawForm
from activities.models import Rule, Waiver, WaiverScope
from activities.views.frame import address, attempt, done, form_page, programme_of, trail, year_page
from lib.htmx import answer
from lib.kinds import cells
from pairing.models import Pairing
from pairing.queries import live
from tenancy.access import TenantRequest, allow
from units.queries import visible_towns


def _scope(waiver: Waiver) -> str:
    if waiver.scope == WaiverScope.TOWN and waiver.town:
        return waiver.town.name
    if waiver.scope == WaiverScope.PAIRING and waiver.pairing:
        return str(waiver.pairing)
    return str(waiver.get_scope_display())


@allow("programme", GET="R")
def of_year(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """All waivers of a year, withdrawn ones too."""
    year = programme_of(programme)
    can_edit = request.access.can("programme", "U")
    names = dict(Rule.objects.filter(programme=year).values_list("code", "name"))
    rows = Waiver.objects.filter(programme=year).select_related("town", "pairing__unit", "pairing__village")
    context = year_page(
        year,
        request,
        tenant,
        here="waivers",
        heading=_("Waivers"),
        help_text=_("Nobody owes a waived period: it is in neither figure. Weeks with too few working days are waived anyway."),
    )
    context |= {
        "waivers": [
            {
                "reason": row.reason,
                "days": _("%(start)s to %(end)s") % {"start": cells.day(row.starts_on), "end": cells.day(row.ends_on)},
                "scope": _scope(row),
                "rules": _(", ").join(names.get(code, code) for code in row.rules) or _("all rules"),
                "approver": " ".join(part for part in (row.approver, row.doc_no) if part),
                "is_live": row.withdrawn_at is None,
                "because": row.withdrawn_because,
                "url": address("waiver_withdraw", tenant, row.uid) if can_edit and row.withdrawn_at is None else "",
            }
            for row in rows
        ],
        "new_url": address("waiver_new", tenant, year.uid) if can_edit else "",
    }
    return answer(request, "activities/waivers/list.html", context)


@allow("programme", GET="U", POST="U")
def new(request: TenantRequest, tenant: str, programme: UUID) -> HttpResponse:
    """Ask for a waiver, show what it would waive, then write it down."""
    year = programme_of(programme)
    rules = [(rule.code, rule.name) for rule in Rule.objects.filter(programme=year, is_active=True)]
    form = WaiverForm(
        request.POST or None,
        towns=visible_towns(request.access).order_by("pinyin", "id"),
        pairings=live(Pairing.objects.filter(programme=year))
        .select_related("unit", "village")
        .order_by("village__pinyin", "unit__pinyin", "id"),
        rules=rules,
    )
    back = address("year_waivers", tenant, year.uid)
    actor = request.access.actor
    effect = None
    if request.POST.get("step") == "save":
        if attempt(form, lambda: actions.add_waiver(facts=form.facts(year), actor=actor)) is not None:
            return done(request, _("The waiver holds. What is owed has been counted again."), back)
    else:
        effect = attempt(form, lambda: actions.preview_waiver(facts=form.facts(year), actor=actor))
    heading = _("New waiver")
    context: dict[str, Any] = {
        "heading": heading,
        "breadcrumb": trail(year, tenant, (_("Waivers"), back), last=heading),
        "help_text": _("For typhoon, flood or epidemic. What it would waive is shown before it is written down."),
        "form": form,
        "cancel_url": back,
        "effect": effect,
        "by_rule": [{"name": name, "n": effect.by_rule.get(code, 0)} for code, name in rules] if effect else [],
    }
    # A preview is an answer, not a mistake.
    return answer(request, "activities/waivers/new.html", context, status=422 if form.is_bound and effect is None else 200)


@allow("programme", GET="U", POST="U")
def withdraw(request: TenantRequest, tenant: str, waiver: UUID) -> HttpResponse:
    """Ask why, then take a waiver back."""
    row: Waiver = get_object_or_404(
        Waiver.objects.select_related("programme", "town", "pairing__unit", "pairing__village"), uid=waiver
    )
    year = row.programme
    back = address("year_waivers", tenant, year.uid)
    form = WithdrawForm(request.POST or None)
    taken = attempt(
        form,
        lambda: actions.withdraw_waiver(waiver=row, reason=form.cleaned_data["reason"], actor=request.access.actor),
    )
    if taken is not None:
        return done(request, _("The waiver is withdrawn. Its periods are owed again."), back)
    heading = _("Withdraw the waiver")
    told = {"reason": row.reason, "scope": _scope(row), "start": cells.day(row.starts_on), "end": cells.day(row.ends_on)}
    return form_page(
        request,
        form,
        heading=heading,
        breadcrumb=trail(year, tenant, (_("Waivers"), back), last=heading),
        cancel_url=back,
        submit_label=heading,
        help_text=_("%(reason)s, %(scope)s, %(start)s to %(end)s: these periods would be owed again. The waiver stays readable.")
        % told,
    )
