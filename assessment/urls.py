"""Addresses of the app, area by area."""

from django.urls import URLPattern, URLResolver

from assessment.routes import cycles, facts, rubrics, sheets

app_name = "assessment"
urlpatterns: list[URLPattern | URLResolver] = [
    *facts.urlpatterns,
    *rubrics.urlpatterns,
    *cycles.urlpatterns,
    *sheets.urlpatterns,
]
