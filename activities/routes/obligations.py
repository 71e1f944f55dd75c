"""Addresses of the area "obligations"."""

from django.urls import URLPattern, URLResolver, path

from activities.kinds.obligations import OBLIGATION
from activities.views import obligations, timeline
from tenancy.kinds import routes

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/obligations/", obligations.listing, name="obligation_list"),
    *routes(OBLIGATION, without=("list", "detail", "create", "edit", "history")),
    path("<slug:tenant>/obligations/<uuid:uid>/", obligations.detail, name="obligation"),
    path("<slug:tenant>/pairings/<uuid:uid>/obligations/", obligations.strip, name="strip"),
    path("<slug:tenant>/pairings/<uuid:uid>/timeline/", timeline.timeline, name="timeline"),
]
