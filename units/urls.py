"""Addresses of 单位与村, all below ``/<tenant>/units/``."""

from django.urls import URLPattern, URLResolver, path

from tenancy.kinds import routes
from units.kinds import FIGURE, KINDS, PARTY_ORGANISATION, PERSON, TOWN, UNIT, VILLAGE
from units.views import ending, listings, lists, posts, tree
from units.views.imported import imported_routes

app_name = "units"
_TABBED = (UNIT, VILLAGE, TOWN, PARTY_ORGANISATION, PERSON)
_HERE = "<slug:tenant>/units"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_HERE}/", tree.tree, name="list"),
    path(f"{_HERE}/posts/<uuid:uid>/end/", posts.end, name="post_end"),
    path(f"{_HERE}/posts/<uuid:uid>/phone/", posts.show_post_phone, name="post_phone"),
    path(f"{_HERE}/people/<uuid:uid>/phone/", posts.show_person_phone, name="person_phone"),
    path(f"{_HERE}/listings/<uuid:uid>/end/", listings.end, name="listing_end"),
    path(f"{_HERE}/<uuid:uid>/posts/new/", posts.add, name="post_add"),
    path(f"{_HERE}/<uuid:uid>/listings/new/", listings.add, name="listing_add"),
    path(f"{_HERE}/<uuid:uid>/end/", ending.end, name="end"),
    path(f"{_HERE}/<uuid:uid>/reopen/", ending.reopen, name="reopen"),
]
for kind in _TABBED:
    urlpatterns.append(path(f"<slug:tenant>/{kind.path}/", lists.table_of(kind), name=f"{kind.stem}_list"))
for kind in KINDS:
    if kind is FIGURE:
        urlpatterns += imported_routes(kind, "figures")
    else:
        urlpatterns += routes(kind, without=("list",) if kind in _TABBED else ())
