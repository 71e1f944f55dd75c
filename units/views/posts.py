"""Who takes and leaves an office; and a telephone shown whole."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from lib.htmx import answer
from lib.kinds.pages.written import attempt
from tenancy.access import TenantRequest, allow
from units import actions
from units.addresses import address_of
from units.forms import LastDayForm, PostForm
from units.kinds import PERSON, UNIT
from units.models import Person, Post
from units.queries import visible_people, visible_units
from units.views.common import frame, may, unit_for


@allow("unit", GET="U", POST="U")
def add(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    unit = unit_for(request, uid, "U")
    form = PostForm(request.POST if request.method == "POST" else None, unit=unit, today=localdate())
    if form.is_bound:
        known = actions.homonyms(access=request.access, name=request.POST.get("name", "")[:40])
        if known:
            form.ask_which(known)
        if form.is_valid():
            told = {name: form.cleaned_data[name] for name in ("kind", "name", "title", "phone", "starts_on", "replaces")}
            post = attempt(form, lambda: actions.add_post(access=request.access, unit=unit, person=form.person, **told), UNIT)
            if post is not None:
                holes = {"name": post.person.name, "post": post.title or post.get_kind_display()}
                messages.success(request, _("%(name)s is now %(post)s.") % holes)
                return HttpResponseRedirect(address_of(tenant, unit))
    context = frame(tenant, unit, _("Add a post"))
    context |= {
        "form": form,
        "help_text": _("A post is never overwritten: the one before ends, this one begins, and both stay readable."),
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


def _post(request: TenantRequest, uid: UUID) -> Post:
    posts: QuerySet[Post] = Post.objects.filter(uid=uid, unit__in=visible_units(request.access))
    post = posts.select_related("unit__parent", "person").first()
    if post is None:
        raise Http404
    return post


@allow("unit", GET="U", POST="U")
def end(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    post = _post(request, uid)
    if not may(request, post.unit, "U"):
        raise PermissionDenied
    if post.ends_on is not None:
        raise Http404
    form = LastDayForm(request.POST if request.method == "POST" else None, today=localdate())
    if form.is_bound and form.is_valid():

        def write() -> bool:
            actions.end_post(access=request.access, post=post, **form.cleaned_data)
            return True

        if attempt(form, write, UNIT):
            messages.success(request, _("The post of %(name)s has ended.") % {"name": post.person.name})
            return HttpResponseRedirect(address_of(tenant, post.unit))
    context = frame(tenant, post.unit, _("End a post"))
    holes = {"name": post.person.name, "post": post.title or post.get_kind_display()}
    context |= {
        "form": form,
        "confirm": {
            "title": _("Does %(name)s leave the post of %(post)s?") % holes,
            "text": _("The last day still counts. The post stays readable in the history."),
            "action": reverse("units:post_end", args=[tenant, post.uid]),
            "label": _("End the post"),
            "cancel_url": context["cancel_url"],
        },
    }
    return answer(request, "kinds/confirm.html", context, status=422 if form.is_bound else 200)


@allow("unit", POST="R")
def show_post_phone(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    post = _post(request, uid)
    return _shown(request, tenant, post, back=address_of(tenant, post.unit))


@allow("unit", POST="R")
def show_person_phone(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    person = visible_people(request.access).filter(uid=uid).first()
    if person is None:
        raise Http404
    return _shown(request, tenant, person, back=reverse(PERSON.route(), args=[tenant, person.uid]))


def _shown(request: TenantRequest, tenant: str, of: Person | Post, *, back: str) -> HttpResponse:
    number = actions.show_phone(access=request.access, of=of)
    person = of.person if isinstance(of, Post) else of
    context = {
        "heading": person.name,
        "breadcrumb": [
            {"label": _("Home"), "url": f"/{tenant}/"},
            {"label": person.name, "url": back},
            {"label": _("Telephone"), "url": ""},
        ],
        "phone": {"full": number},
        "back_url": back,
    }
    if request.htmx:
        return answer(request, "parts/masked_phone.html", context)
    return answer(request, "units/phone.html", context)
