"""The product's addresses and one more: an empty page of a county, behind the same middleware, in the same frame."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from config import urls
from config.urls import handler400, handler403, handler404, handler500
from tenancy.access import TenantRequest, signed_in


@signed_in("a page of the bench, which has nothing on it")
def empty(request: TenantRequest, tenant: str) -> HttpResponse:
    return render(request, "base.html", {"heading": "", "breadcrumb": []})


urlpatterns = [path("<slug:tenant>/empty/", empty, name="empty"), *urls.urlpatterns]
__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
