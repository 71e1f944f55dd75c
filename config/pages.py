"""What every page's frame needs: navigation, who is signed in, the footer's words (templates/base.html)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import CharField, OuterRef, Subquery, Value
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from assessment.rights import takes_part
from notices.queries import unread_of
from tenancy.access import Access, access_for
from tenancy.models import Account, Role, Tenant, TenantSettings
from tenancy.scope import reading_scope
from tenancy.views.start import TEXT_COOKIE, TEXT_SIZES
from units.importing.registry import open_kinds
from units.models import Person


def page_frame(request: HttpRequest) -> dict[str, Any]:
    """Context of ``base.html``. One query in a county (its settings and the person's name), none elsewhere."""
    tenant: Tenant | None = getattr(request, "tenant", None)
    frame: dict[str, Any] = {"display": _display(request), "site": _site(tenant)}
    if tenant is None:
        frame["account"] = _operator(request) or _reader(request)
        if frame["account"]:
            frame["nav"] = _operator_nav(request) if request.user.is_operator else _reader_nav(request)  # type: ignore[union-attr]
        return frame
    access = _access(request, tenant)
    row = _settings_and_name(tenant, access)
    frame["site"] |= {"organiser": row.sponsor if row else "", "record_no": row.registration_no if row else ""}
    if row and row.retirement_note:
        frame["site"]["retirement_url"] = reverse("tenancy:retirement", args=[tenant.slug])
    if access is not None:
        frame["nav"] = _nav(request, access, row.n_unread if row else 0)
        frame["account"] = _member(access, row.person_name if row else None)
    return frame


def _display(request: HttpRequest) -> dict[str, Any]:
    chosen = request.COOKIES.get(TEXT_COOKIE, "")
    return {
        "text": chosen if chosen in TEXT_SIZES else TEXT_SIZES[0],
        "url": reverse("tenancy:elder"),
        "language_url": reverse("tenancy:language"),
    }


def _site(tenant: Tenant | None) -> dict[str, Any]:
    site: dict[str, Any] = {"product": _("Pairing platform"), "version": settings.VERSION, "home_url": "/"}
    if tenant is not None:
        site |= {
            "county": tenant.name,
            "home_url": f"/{tenant.slug}/",
            "feedback_url": reverse("tenancy:feedback", args=[tenant.slug]),
        }
    return site


def _access(request: HttpRequest, tenant: Tenant) -> Access | None:
    """The middleware's, or on a public page that of whoever happens to be signed in."""
    found: Access | None = getattr(request, "access", None)
    if found is None and isinstance(request.user, Account):
        found = access_for(request.user, tenant)
    return found


def _settings_and_name(tenant: Tenant, access: Access | None) -> Any:
    """The county's settings, with the signed-in person's name and count of unread messages: one query for all."""
    name: Any = Value(None, output_field=CharField())
    n_unread: Any = Value(0)
    with reading_scope(tenant):
        if access is not None:
            people = Person.objects.filter(account_id=access.account.pk, tenant_id=OuterRef("tenant_id"))
            name = Subquery(people.values("name")[:1])
            n_unread = unread_of(access.account.pk)
        return TenantSettings.objects.annotate(person_name=name, n_unread=n_unread).first()


def _nav(request: HttpRequest, access: Access, n_unread: int) -> list[dict[str, Any]]:
    """Places by right; an address that does not exist would be a broken build (tests/test_pages.py)."""
    slug = access.tenant.slug
    places = [
        (_("Home"), f"/{slug}/", True),
        (_messages(n_unread), _address("notices:inbox", slug), True),
        (_("Units and villages"), _address("units:list", slug), access.can("unit", "R")),
        (_("Pairings"), _address("pairing:pairing_list", slug), access.can("pairing", "R")),
        (_("Activities"), _address("activities:record_list", slug), access.can("record", "R")),
        (_("Obligations"), _address("activities:obligation_list", slug), access.can("pairing", "R")),
        (_("Rules"), _address("activities:rules", slug), access.can("programme", "R")),
        (_("Supervision"), _address("supervision:home", slug), access.can("inspection", "R")),
        (_("Assessment"), _address("assessment:cycle_list", slug), takes_part(access)),
        (_("Reports"), _address("reports:board", slug), access.can("dashboard", "R") and access.can("pairing", "R")),
        (_("Import"), _address("importing:list", slug), bool(open_kinds(access))),
        (_("People and grants"), _address("people:member_list", slug), access.can("grant", "R")),
        (_("Settings"), _address("tenancy:settings", slug), access.can("settings", "R")),
    ]
    home = f"/{slug}/"
    path = request.path
    return [
        {"label": label, "url": url, "active": path == url or (url != home and path.startswith(url))}
        for label, url, is_open in places
        if is_open and url
    ]


def _messages(n_unread: int) -> str:
    return _("Messages (%(n)d)") % {"n": n_unread} if n_unread else _("Messages")


def _address(name: str, slug: str) -> str:
    try:
        return reverse(name, args=[slug])
    except NoReverseMatch:
        return ""


def _member(access: Access, person_name: str | None) -> dict[str, Any]:
    slug = access.tenant.slug
    links = [
        {"label": _("Sign-in and security"), "url": reverse("tenancy:security", args=[slug])},
        {"label": _("Change the password"), "url": reverse("tenancy:password", args=[slug])},
    ]
    if access.can("event_log", "R"):
        links.append({"label": _("Event log"), "url": reverse("tenancy:audit", args=[slug])})
    return {
        "name": person_name or access.account.login,
        "roles": _("; ").join(str(Role(code).label) for code in access.roles),
        "links": links,
        "sign_out_url": reverse("tenancy:logout", args=[slug]),
    }


def _operator(request: HttpRequest) -> dict[str, Any] | None:
    account = getattr(request, "user", None)
    if not isinstance(account, Account) or not account.is_operator:
        return None
    links = [
        {"label": _("Sign-in and security"), "url": reverse("operator:security")},
        {"label": _("Change the password"), "url": reverse("operator:password")},
    ]
    return {"name": account.login, "roles": str(Role.OP.label), "links": links, "sign_out_url": reverse("operator:logout")}


def _reader(request: HttpRequest) -> dict[str, Any] | None:
    """A prefecture's reader; asked only where the view has found that the account is one."""
    account = getattr(request, "user", None)
    if not isinstance(account, Account) or getattr(request, "prefecture", None) is None:
        return None
    links = [
        {"label": _("Sign-in and security"), "url": reverse("prefecture:security")},
        {"label": _("Change the password"), "url": reverse("prefecture:password")},
    ]
    return {
        "name": account.login,
        "roles": _("reader of a prefecture's sums"),
        "links": links,
        "sign_out_url": reverse("prefecture:logout"),
    }


def _reader_nav(request: HttpRequest) -> list[dict[str, Any]]:
    home = reverse("prefecture:board")
    return [{"label": _("Reports"), "url": home, "active": request.path == home}]


def _operator_nav(request: HttpRequest) -> list[dict[str, Any]]:
    places = [
        (_("Counties"), reverse("operator:counties")),
        (_("Readers of prefectures"), reverse("reports:readers")),
        (_("Feedback on the platform"), reverse("operator:feedback")),
    ]
    return [{"label": label, "url": url, "active": request.path == url} for label, url in places]
