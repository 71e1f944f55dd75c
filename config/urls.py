"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tenancy.urls")),
]
handler400 = "tenancy.errors.bad_request"
handler403 = "tenancy.errors.forbidden"
handler404 = "tenancy.errors.not_found"
handler500 = "tenancy.errors.server_error"
