"""Addresses of programme years and pairings."""

from django.urls import path

from pairing import kinds
from pairing.views import households, lifecycle, posts
from pairing.views.as_of import looking_back
from tenancy.kinds import routes
from units.views.imported import imported_routes

app_name = "pairing"
urlpatterns = [
    *looking_back(routes(kinds.PAIRING)),
    *routes(kinds.PROGRAMME),
    *imported_routes(kinds.HOUSEHOLD, "households"),
    households.DELIST.address(),
    path("<slug:tenant>/pairings/<uuid:uid>/households/", households.add_many, name="households_many"),
    *lifecycle.step_routes(),
    path("<slug:tenant>/units/<uuid:uid>/move-pairings/", lifecycle.move, name="move"),
    path("<slug:tenant>/pairings/<uuid:uid>/posts/<slug:kind>/", posts.post, name="post"),
    path("<slug:tenant>/pairings/<uuid:uid>/posts/<uuid:post>/phone/", posts.post_phone, name="post_phone"),
]
