"""Addresses of a prefecture's readers, who belong to no county."""

from django.urls import URLPattern, URLResolver, path

from reports.views import prefecture as views
from tenancy.access import readers_only
from tenancy.door import Door
from tenancy.views.outside import account_routes

app_name = "prefecture"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.board, name="board"),
    *account_routes(Door(None, "prefecture"), readers_only),
]
