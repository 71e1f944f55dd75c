"""A person with login and roles; a login that belongs to nobody yet."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib.chinese.phones import mask_phone
from lib.htmx import answer
from lib.kinds.pages.places import visible_row
from tenancy import second_factor
from tenancy.access import PAGE, TenantRequest, allow
from units.models import Person
from units.people import actions
from units.people.forms import LoginForm, PersonSearchForm, people_matching
from units.people.kinds import MEMBER
from units.people.queries import Login, grants_of, suggest_login
from units.people.views.common import address_of, attempt, frame, login_for
from units.people.views.slips import slip_page
from units.queries.people import posts_held_by, posts_in_words


@allow("grant", GET="R")
@require_safe
def person(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A person: posts, login, roles."""
    row: Person = visible_row(MEMBER, request.access, uid)
    login = None
    if row.account is not None:
        login = Login(row.account, row, row.account.home_id == request.tenant.pk and not row.account.is_operator)
    context = frame(tenant, row.name)
    context |= {"facts": _facts(request, tenant, row), "person": row, **_login_context(request, tenant, login)}
    if login is None and request.access.can("grant", "C"):
        context["create_url"] = reverse("people:login_new", args=[tenant, row.uid])
    return answer(request, "people/person.html", context)


def _facts(request: TenantRequest, tenant: str, row: Person) -> list[dict[str, Any]]:
    posts = posts_held_by(row, request.access).filter(ends_on=None)
    facts: list[dict[str, Any]] = [
        {"label": post.get_kind_display(), "text": post.unit.name, "note": post.title} for post in posts
    ]
    if row.phone:
        reveal = reverse("units:person_phone", args=[tenant, row.uid])
        facts.append({"label": _("Telephone"), "phone": {"masked": mask_phone(row.phone), "reveal_url": reveal}})
    return facts


@allow("grant", GET="R")
@require_safe
def login(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """A login that belongs to nobody of the list; one with a person leads to the person's page."""
    found = login_for(request, uid)
    if found.person is not None:
        return HttpResponseRedirect(address_of(tenant, found))
    context = frame(tenant, found.account.login)
    context |= _login_context(request, tenant, found)
    if request.access.can("grant", "U"):
        context["link_url"] = reverse("people:link", args=[tenant, found.account.uid])
    return answer(request, "people/person.html", context)


def _login_context(request: TenantRequest, tenant: str, found: Login | None) -> dict[str, Any]:
    if found is None:
        return {"login": None}
    account, may = found.account, request.access.can("grant", "U")
    arguments = [tenant, account.uid]
    grants = grants_of(account, on=localdate())
    return {
        "login": found,
        "has_factor": second_factor.is_on(account),
        "grants": [
            {
                "shown": shown,
                "end_url": reverse("people:grant_end", args=[tenant, shown.grant.uid])
                if may and (shown.grant.ends_on is None or shown.grant.ends_on >= localdate())
                else "",
            }
            for shown in grants
        ],
        "may_change": may and found.is_managed,
        "give_url": reverse("people:grant_new", args=arguments) if request.access.can("grant", "C") else "",
        "reset_url": reverse("people:password_reset", args=arguments),
        "state_url": reverse("people:login_state", args=arguments),
        "factor_url": reverse("people:second_factor", args=arguments),
    }


@allow("grant", GET="C", POST="C")
@require_http_methods(PAGE)
def login_new(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Make a login for a person; the first password is shown this once."""
    row: Person = visible_row(MEMBER, request.access, uid)
    if row.account_id is not None:
        messages.info(request, _("%(name)s has a login already.") % {"name": row.name})
        return HttpResponseRedirect(reverse("people:member", args=[tenant, row.uid]))
    form = LoginForm(request.POST or None, initial={"login": suggest_login(row.name)})
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["login"]
        password, _refusal = attempt(form, lambda: actions.create_login(access=request.access, person=row, login=name, now=now()))
        if password is not None:
            row.refresh_from_db()
            assert row.account is not None
            return slip_page(request, tenant, Login(row.account, row, True), password)
    context = frame(tenant, _("Make a login"))
    context |= {
        "form": form,
        "submit_label": _("Make the login"),
        "cancel_url": reverse("people:member", args=[tenant, row.uid]),
        "help_text": _("For %(name)s. The first password is shown once, on the next page.") % {"name": row.name},
    }
    return answer(request, "kinds/form.html", context, status=422 if form.is_bound else 200)


@allow("grant", GET="U", POST="U")
@require_http_methods(PAGE)
def link(request: TenantRequest, tenant: str, uid: UUID) -> HttpResponse:
    """Say whose login this is: search the person, choose one."""
    found = login_for(request, uid)
    if found.person is not None:
        return HttpResponseRedirect(address_of(tenant, found))
    free = Person.objects.filter(account=None)
    if request.method == "POST":
        row: Person = visible_row(MEMBER, request.access, _uuid(request.POST.get("person", "")))
        _done, refusal = attempt(None, lambda: actions.link_person(access=request.access, login=found, person=row) or True)
        if refusal:
            messages.error(request, refusal)
            return HttpResponseRedirect(reverse("people:login", args=[tenant, uid]))
        messages.success(request, _("%(name)s now signs in with this login.") % {"name": row.name})
        return HttpResponseRedirect(reverse("people:member", args=[tenant, row.uid]))
    form = PersonSearchForm(request.GET if "q" in request.GET else None)
    people: list[Person] = []
    if form.is_bound and form.is_valid():
        # With their posts: two people may have one name.
        people = list(people_matching(free, form.cleaned_data["q"]).annotate(in_words=posts_in_words())[:30])
    context = frame(tenant, _("Whose login is this?"), login=found)
    context |= {"form": form, "people": people, "has_searched": form.is_bound}
    return answer(request, "people/link.html", context)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
