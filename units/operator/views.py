"""Pages of the platform's operator."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tenancy.access import PAGE, operators_only
from tenancy.actions import feedback as feedback_actions
from tenancy.addresses import client_address
from tenancy.forms import AnswerForm
from tenancy.models import Account, Tenant
from tenancy.queries import feedback as feedback_queries
from tenancy.scope import Actor
from units.divisions.actions import create_county
from units.divisions.counties import CountyRefused
from units.divisions.first_admin import LoginRefused, create_first_admin
from units.operator import actions, queries
from units.operator.forms import CountySearchForm, FirstAdminForm, NewCountyForm


def _actor(request: HttpRequest) -> Actor:
    assert isinstance(request.user, Account)
    return Actor(request.user.login, request.user.pk, roles="OP", address=client_address(request))


# -- counties ---------------------------------------------------------------------------------
@operators_only
@require_safe
def counties(request: HttpRequest) -> HttpResponse:
    """Every county: name, address name, since when, in use or not."""
    context = {
        "heading": _("Counties"),
        "breadcrumb": [],
        "help_text": _("The operator sets counties up and reads nothing inside them."),
        "table": _county_table(list(queries.counties())),
    }
    return render(request, "operator/counties.html", context)


def _county_table(rows: list[Tenant]) -> dict[str, Any]:
    labels = [_("County"), _("Division code"), _("Address"), _("Set up on"), _("State")]
    return {
        "id": "counties",
        "caption": _("Counties"),
        "columns": [{"key": str(n), "label": label} for n, label in enumerate(labels)],
        "rows": [
            {
                "url": reverse("operator:county", args=[tenant.slug]),
                "cells": [
                    {"text": tenant.name, "label": labels[0]},
                    {"text": tenant.division_id, "label": labels[1]},
                    {"text": f"/{tenant.slug}/", "label": labels[2]},
                    {"text": localtime(tenant.created_at).strftime("%Y-%m-%d"), "label": labels[3]},
                    {"text": _("in use") if tenant.is_active else _("closed"), "label": labels[4]},
                ],
            }
            for tenant in rows
        ],
        "empty": {
            "title": _("No county yet"),
            "text": _("Set the first one up: its towns and villages come from the division codes."),
            "action_url": reverse("operator:county_new"),
            "action_label": _("Set a county up"),
        },
    }


@operators_only
@require_http_methods(PAGE)
def county_new(request: HttpRequest) -> HttpResponse:
    """Find a county in the division list, then set it up with all its towns and villages."""
    search = CountySearchForm(request.GET if "q" in request.GET else None)
    found = queries.find_counties(search.cleaned_data["q"]) if search.is_bound and search.is_valid() else []
    chosen = request.GET.get("code", "")
    initial = next(({"code": c.code, "name": c.name, "slug": c.slug} for c in found if c.code == chosen), {})
    form = NewCountyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            tenant = create_county(
                code=values["code"], slug=values["slug"], name=values["name"], actor=_actor(request), now=now()
            )
        except CountyRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.success(request, _("%(name)s is set up. Now make its first administrator.") % {"name": tenant.name})
            return redirect(reverse("operator:county", args=[tenant.slug]))
    context = {
        "heading": _("Set a county up"),
        "breadcrumb": [{"label": _("Counties"), "url": reverse("operator:counties")}, {"label": _("Set a county up"), "url": ""}],
        "search": search,
        "found": found,
        "form": form if form.is_bound or initial else None,
        "has_searched": search.is_bound,
    }
    return render(request, "operator/county_new.html", context, status=422 if form.is_bound else 200)


@operators_only
@require_http_methods(PAGE)
@sensitive_variables("first_password")
def county(request: HttpRequest, slug: str) -> HttpResponse:
    """One county: its first administrator is made here; the first password is shown this once."""
    tenant = queries.county_with(slug)
    if tenant is None:
        raise Http404
    form, first_password, login = FirstAdminForm(request.POST or None), "", ""
    if request.method == "POST" and form.is_valid():
        login = form.cleaned_data["login"].strip().lower()
        try:
            first_password = create_first_admin(tenant=tenant, login=login, actor=_actor(request), now=now())
        except LoginRefused as problem:
            form.add_error("login", str(problem))
        else:
            form = FirstAdminForm()
    context = {
        "heading": tenant.name,
        "breadcrumb": [{"label": _("Counties"), "url": reverse("operator:counties")}, {"label": tenant.name, "url": ""}],
        "county": tenant,
        "address": request.build_absolute_uri(f"/{tenant.slug}/login/"),
        "form": form,
        "first_password": first_password,
        "login": login,
    }
    return render(request, "operator/county.html", context, status=422 if form.is_bound else 200)


@operators_only
@require_POST
def county_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Close a county, or open it again."""
    tenant = queries.county_with(slug)
    if tenant is None:
        raise Http404
    is_active = request.POST.get("use") == "open"
    actions.set_county_in_use(tenant=tenant, is_active=is_active, actor=_actor(request))
    text = _("%(name)s is open again.") if is_active else _("%(name)s is closed; nobody signs in there. Nothing was deleted.")
    messages.success(request, text % {"name": tenant.name})
    return redirect(reverse("operator:county", args=[tenant.slug]))


# -- complaints about the software --------------------------------------------------------------
@operators_only
@require_safe
def feedback(request: HttpRequest) -> HttpResponse:
    """What people wrote about the software."""
    page = Paginator(feedback_queries.platform_feedback_list(), 20).get_page(request.GET.get("page", "1"))
    context = {
        "heading": _("Feedback on the platform"),
        "breadcrumb": [],
        "page": page,
        "rows": [
            {
                "feedback": row,
                "author": row.county or _("without a county"),
                "is_late": row.answered_at is None and row.due_on < localtime(now()).date(),
                "url": reverse("operator:feedback_answer", args=[row.uid]),
            }
            for row in page
        ],
        "can_answer": True,
    }
    return render(request, "tenancy/feedback_list.html", context)


@operators_only
@require_http_methods(PAGE)
def feedback_answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer one."""
    row = feedback_queries.platform_feedback_with(uid)
    if row is None:
        raise Http404
    form, list_url = AnswerForm(request.POST or None), reverse("operator:feedback")
    if request.method == "POST" and form.is_valid():
        try:
            feedback_actions.answer_platform_feedback(
                feedback=row, answer=form.cleaned_data["answer"], actor=_actor(request), now=now()
            )
        except feedback_actions.FeedbackAnswered:
            messages.info(request, _("Somebody else answered this a moment ago; your answer was not kept."))
        else:
            messages.success(request, _("The answer was kept."))
        return redirect(list_url)
    context = {
        "heading": _("Answer"),
        "breadcrumb": [{"label": _("Feedback on the platform"), "url": list_url}, {"label": _("Answer"), "url": ""}],
        "row": {"feedback": row, "author": row.county or _("without a county")},
        "form": form,
        "list_url": list_url,
    }
    return render(request, "tenancy/feedback_answer.html", context, status=422 if request.method == "POST" else 200)
