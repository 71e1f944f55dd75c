"""One's own inbox: what one was told, what comes next, and an answer (domain.md §4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.kinds import cells
from lib.pager import pager
from notices import actions, queries, words
from notices.forms import AnswerNoticeForm, InboxFilterForm
from notices.models import Notice
from tenancy.access import PAGE, TenantRequest, signed_in

PAGE_SIZE = 20


@signed_in("one's own messages")
@require_safe
def inbox(request: TenantRequest, tenant: str) -> HttpResponse:
    """What I was told, newest first."""
    form = InboxFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    level, unread = wanted.get("level"), bool(wanted.get("unread"))
    page = Paginator(queries.inbox(request.access, level=level, unread=unread), PAGE_SIZE).get_page(wanted.get("page") or 1)
    n_unread = queries.inbox(request.access, unread=True).count()
    chosen = {"level": level, "unread": "1" if unread else None}
    kept = {name: value for name, value in chosen.items() if value is not None}
    context = {
        "heading": _("Messages"),
        "breadcrumb": [{"label": _("Home"), "url": f"/{tenant}/"}, {"label": _("Messages"), "url": ""}],
        "help_text": _("What the platform told you. Nobody is ranked by it, and nobody else sees whether you have read it."),
        "tabs": _tabs(request, level, unread, n_unread),
        "notices": _shown(request, list(page)),
        "page": page,
        "pager": pager(page, lambda number: "?" + urlencode({**kept, "page": number})),
        "n_unread": n_unread,
        "outbox_url": _outbox_url(request),
        "is_narrowed": level is not None or unread,
    }
    return render(request, "notices/inbox.html", context)


@signed_in("one's own messages")
@require_POST
def read(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Seen."""
    actions.read_notice(notice=_own(request, uid))
    return redirect(reverse("notices:inbox", args=[tenant]))


@signed_in("one's own messages")
@require_POST
def read_all(request: TenantRequest, tenant: str) -> HttpResponse:
    """All seen."""
    n_read = actions.read_all(access=request.access)
    text = ngettext("%(n)d message marked as read.", "%(n)d messages marked as read.", n_read) % {"n": n_read}
    messages.success(request, text)
    return redirect(reverse("notices:inbox", args=[tenant]))


@signed_in("one's own messages")
@require_http_methods(PAGE)
def answer(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Explain, or name the day by which it will be done."""
    notice = _own(request, uid)
    inbox_url = reverse("notices:inbox", args=[tenant])
    if notice.level not in queries.LEVELS or notice.kind == words.DIGEST:
        raise Http404
    if notice.answered_at is not None:
        messages.info(request, _("This message was answered before; the first answer stands."))
        return redirect(inbox_url)
    form = AnswerNoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_notice(
                notice=notice, text=form.cleaned_data["text"], promise_on=form.cleaned_data["promise_on"], access=request.access
            )
        except actions.AlreadyAnswered:
            messages.info(request, _("This message was answered before; the first answer stands."))
        except ValidationError as problem:
            form.add_error(None, problem)
        else:
            messages.success(request, _("The answer was kept."))
        if not form.errors:
            return redirect(inbox_url)
    context = {
        "heading": _("Answer"),
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{tenant}/"},
            {"label": _("Messages"), "url": inbox_url},
            {"label": _("Answer"), "url": ""},
        ],
        "notice": _shown(request, [notice])[0],
        "form": form,
        "inbox_url": inbox_url,
    }
    return render(request, "notices/answer.html", context, status=422 if request.method == "POST" else 200)


def _own(request: TenantRequest, uid: UUID) -> Notice:
    found = queries.own_notice(request.access, uid)
    if found is None:
        raise Http404
    return found


def _shown(request: TenantRequest, rows: list[Notice]) -> list[dict[str, Any]]:
    """The notices as the templates want them, with the lines of digests."""
    lines = queries.lines_of(rows)
    chips = words.standings([*rows, *(line for found in lines.values() for line in found)])
    slug = request.tenant.slug
    return [
        {**_one(row, slug, chips), "lines_inside": [_one(line, slug, chips) for line in lines.get(row.pk, [])]} for row in rows
    ]


def _one(row: Notice, slug: str, chips: Mapping[int, Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "row": row,
        "words": words.words_of(row, slug),
        "chip": chips.get(row.pk),
        "sent": cells.minute(row.sent_at),
        "due": cells.day(row.due_on) if row.due_on else "",
        "promised": cells.day(row.promise_on) if row.promise_on else "",
        "read_url": reverse("notices:read", args=[slug, row.uid]) if row.read_at is None else "",
        "answer_url": reverse("notices:answer", args=[slug, row.uid]) if queries.can_answer(row) else "",
    }


def _tabs(request: TenantRequest, level: int | None, unread: bool, n_unread: int) -> list[dict[str, Any]]:
    def tab(label: str, count: int | None = None, **kept: Any) -> dict[str, Any]:
        is_here = (kept.get("level"), bool(kept.get("unread"))) == (level, unread)
        return {"label": label, "url": "?" + urlencode(kept) if kept else request.path, "active": is_here, "count": count}

    return [
        tab(_("All")),
        tab(_("Unread"), n_unread, unread=1),
        tab(_("Overdue"), level=1),
        tab(_("Due soon"), level=0),
    ]


def _outbox_url(request: TenantRequest) -> str:
    return reverse("notices:outbox", args=[request.tenant.slug]) if request.access.can("message", "R") else ""
