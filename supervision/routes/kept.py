"""Addresses of the area "kept"."""

from django.urls import URLPattern, URLResolver, path

from supervision.kinds import KINDS
from supervision.views.index import index
from supervision.views.proposals import suggested
from supervision.views.steps import STEPS
from tenancy.kinds import routes

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/supervision/", index, name="home"),
    path("<slug:tenant>/supervision/proposals/", suggested, name="proposals"),
]
for kind in KINDS:
    urlpatterns += routes(kind)
urlpatterns += [step.address() for step in STEPS]
