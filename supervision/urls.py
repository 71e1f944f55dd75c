"""Addresses of the app, area by area."""

from django.urls import URLPattern, URLResolver

from supervision.routes import kept

app_name = "supervision"
urlpatterns: list[URLPattern | URLResolver] = [
    *kept.urlpatterns,
]
