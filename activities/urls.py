"""Addresses of what is owed and done in a year."""

from django.urls import URLPattern, URLResolver

from activities.routes import obligations, records, rehearsal, rules

app_name = "activities"
urlpatterns: list[URLPattern | URLResolver] = [
    *rules.urlpatterns,
    *records.urlpatterns,
    *obligations.urlpatterns,
    *rehearsal.urlpatterns,
]
