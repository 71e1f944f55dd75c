"""Every address of the product."""

from django.urls import URLPattern, URLResolver, include, path

from config.home import home

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the counties': "operator" and "prefecture" are no counties (tenancy.models.tenant.RESERVED_SLUGS).
    path("operator/", include("units.operator.urls")),
    path("prefecture/", include("reports.prefecture_urls")),
    path("", include("tenancy.urls")),
    path("", include("units.people.urls")),
    path("", include("units.importing.urls")),
    path("", include("notices.urls")),
    path("", include("reports.urls")),
    path("", include("assessment.urls")),
    path("", include("supervision.urls")),
    path("", include("activities.urls")),
    path("", include("pairing.urls")),
    path("", include("units.urls")),
    path("", include("units.divisions.urls")),
    path("<slug:tenant>/api/v1/", include("config.api_urls")),
    path("<slug:tenant>/", home, name="home"),
]
handler400 = "tenancy.errors.bad_request"
handler403 = "tenancy.errors.forbidden"
handler404 = "tenancy.errors.not_found"
handler500 = "tenancy.errors.server_error"
