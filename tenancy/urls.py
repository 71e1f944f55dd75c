"""Health, sign-in, and what belongs to a county as a whole."""

from django.urls import URLPattern, URLResolver

app_name = "tenancy"
urlpatterns: list[URLPattern | URLResolver] = []
