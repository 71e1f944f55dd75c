"""The start page, and how pages are shown: language and text size."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tenancy.access import PAGE, public
from tenancy.forms import CountyForm
from tenancy.models.account import Account
from tenancy.queries.counties import counties_of, county_named
from tenancy.views.signing import safe_next

TEXT_COOKIE = "text"
TEXT_SIZES = ("16", "18", "22", "26", "30")
_YEAR = 365 * 24 * 3600


@public("the way to one's county's own sign-in page")
@require_http_methods(PAGE)
def start(request: HttpRequest) -> HttpResponse:
    """The counties of whoever is signed in; else a question for the county's address name."""
    account = request.user
    counties = counties_of(account) if isinstance(account, Account) else []
    if request.method == "POST":
        form = CountyForm(request.POST)
        if form.is_valid():
            slug = form.cleaned_data["county"]
            if county_named(slug) is not None:
                return redirect(reverse("tenancy:login", args=[slug]))
            form.refuse()
        return render(request, "tenancy/start.html", {"form": form, "counties": counties}, status=422)
    if len(counties) == 1:
        return redirect(f"/{counties[0].slug}/")
    return render(request, "tenancy/start.html", {"form": CountyForm(), "counties": counties})


@public("how a page is shown is no secret; kept in a cookie")
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody chose."""
    response = redirect(safe_next(request, str(request.POST.get("next", "")), "/"))
    chosen = str(request.POST.get("language", ""))
    if chosen in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@public("how a page is shown is no secret; kept in a cookie")
@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """Keep the text size that somebody chose; from 18 on, pages are in elder mode."""
    response = redirect(safe_next(request, str(request.POST.get("next", "")), "/"))
    chosen = str(request.POST.get("text", ""))
    if chosen in TEXT_SIZES:
        _keep(response, TEXT_COOKIE, chosen)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="Lax", secure=settings.BEHIND_HTTPS)
