"""Complaints and suggestions: sent by anybody, answered within five working days (domain.md §5.2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tenancy import limits
from tenancy.access import PAGE, Access, TenantRequest, access_for, allow, public
from tenancy.actions import feedback as actions
from tenancy.addresses import client_address
from tenancy.errors import too_many_requests
from tenancy.forms import AnswerForm, FeedbackForm
from tenancy.models import Account, Feedback
from tenancy.names import names_of
from tenancy.queries import feedback as queries
from tenancy.scope import Actor, tenant_scope

# Anonymous doors are knocked at by machines too.
PER_ADDRESS, PER_COUNTY, WINDOW = 10, 300, timedelta(hours=1)
PAGE_SIZE = 20


def _sender(request: TenantRequest) -> Access | None:
    account: Any = request.user
    return access_for(account, request.tenant, address=client_address(request)) if isinstance(account, Account) else None


@public("whoever has a complaint need not sign in or say who they are")
@require_http_methods(PAGE)
def feedback(request: TenantRequest, tenant: str) -> HttpResponse:
    """Write a complaint or suggestion."""
    sender = _sender(request)
    came_from = request.headers.get("Referer", "")[:200] if request.method != "POST" else ""
    form = FeedbackForm(request.POST or None, signed_in=sender is not None, initial={"page": came_from.split("?")[0]})
    if request.method != "POST":
        return _form_page(request, form, sender)
    if not form.is_valid():
        return _form_page(request, form, sender, status=422)
    moment = now()
    if not (
        limits.spend("feedback", client_address(request), limit=PER_ADDRESS, within=WINDOW, now=moment)
        and limits.spend("feedback_county", str(request.tenant.pk), limit=PER_COUNTY, within=WINDOW, now=moment)
    ):
        return too_many_requests(request)
    values = form.cleaned_data
    if values["about"] == "platform":
        actions.send_platform_feedback(county=request.tenant.name, text=values["text"], contact=values["contact"], now=moment)
    else:
        author = sender.account if sender is not None and not values.get("anonymous") else None
        with tenant_scope(request.tenant, actor=Actor("")):
            actions.send_feedback(
                tenant=request.tenant,
                text=values["text"],
                contact=values["contact"],
                page=values["page"],
                author=author,
                now=moment,
            )
    return redirect(reverse("tenancy:feedback_sent", args=[request.tenant.slug]))


@public("says thank you")
@require_safe
def feedback_sent(request: TenantRequest, tenant: str) -> HttpResponse:
    """What happens next."""
    context = {"heading": _("Thank you"), "home": f"/{request.tenant.slug}/"}
    return render(request, "tenancy/feedback_sent.html", context)


@allow("feedback", GET="R")
@require_safe
def feedback_list(request: TenantRequest, tenant: str) -> HttpResponse:
    """What was written, what waits for an answer."""
    page = Paginator(queries.feedback_list(), PAGE_SIZE).get_page(request.GET.get("page", "1"))
    names = names_of({row.author_id for row in page if row.author_id})
    rows = [_row(request, row, names) for row in page]
    context = {
        "heading": _("Complaints and suggestions"),
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{request.tenant.slug}/"},
            {"label": _("Complaints and suggestions"), "url": ""},
        ],
        "help_text": _("Each is answered within five working days. Who wrote without a name stays unknown."),
        "rows": rows,
        "page": page,
        "can_answer": request.access.can("feedback", "U"),
    }
    return render(request, "tenancy/feedback_list.html", context)


@allow("feedback", GET="U", POST="U")
@require_http_methods(PAGE)
def feedback_answer(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Answer one."""
    row = queries.feedback_with(uid)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    list_url = reverse("tenancy:feedback_list", args=[request.tenant.slug])
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_feedback(feedback=row, answer=form.cleaned_data["answer"], access=request.access, now=now())
        except actions.FeedbackAnswered:
            messages.info(request, _("Somebody else answered this a moment ago; your answer was not kept."))
        else:
            messages.success(request, _("The answer was kept."))
        return redirect(list_url)
    context = {
        "heading": _("Answer"),
        "breadcrumb": [{"label": _("Complaints and suggestions"), "url": list_url}, {"label": _("Answer"), "url": ""}],
        "row": _row(request, row, names_of([row.author_id] if row.author_id else [])),
        "form": form,
        "list_url": list_url,
    }
    return render(request, "tenancy/feedback_answer.html", context, status=422 if request.method == "POST" else 200)


def _row(request: TenantRequest, row: Feedback, names: dict[int, str]) -> dict[str, Any]:
    author = _("without a name")
    if row.author_id is not None:
        author = names.get(row.author_id) or _("a member")
    return {
        "feedback": row,
        "author": author,
        "is_late": row.answered_at is None and row.due_on < localdate(),
        "url": reverse("tenancy:feedback_answer", args=[request.tenant.slug, row.uid]),
    }


def _form_page(request: HttpRequest, form: FeedbackForm, sender: Access | None, status: int = 200) -> HttpResponse:
    context = {
        "heading": _("Complaints and suggestions"),
        "help_text": _("You need not say who you are. Each is answered within five working days."),
        "form": form,
        "list_url": _list_url(sender),
    }
    return render(request, "tenancy/feedback.html", context, status=status)


def _list_url(sender: Access | None) -> str:
    if sender is None or not sender.can("feedback", "R"):
        return ""
    return reverse("tenancy:feedback_list", args=[sender.tenant.slug])
