"""Addresses of the platform's operator."""

from django.urls import URLPattern, URLResolver, path

from tenancy.access import operators_only
from tenancy.door import Door
from tenancy.views.outside import account_routes
from units.operator import views

app_name = "operator"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.counties, name="counties"),
    *account_routes(Door(None, "operator"), operators_only),
    path("counties/new/", views.county_new, name="county_new"),
    path("counties/<slug:slug>/", views.county, name="county"),
    path("counties/<slug:slug>/use/", views.county_use, name="county_use"),
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<uuid:uid>/answer/", views.feedback_answer, name="feedback_answer"),
]
