"""Addresses of the app, area by area."""

from django.urls import URLPattern, URLResolver

from reports.routes import boards, papers, prefecture

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    *boards.urlpatterns,
    *papers.urlpatterns,
    *prefecture.urlpatterns,
]
