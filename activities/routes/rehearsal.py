"""Addresses of the area "rehearsal"."""

from django.urls import URLPattern, URLResolver, path

from activities.views import rehearse

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/rules/years/<uuid:programme>/rehearsal/", rehearse.of_year, name="year_rehearsal"),
]
