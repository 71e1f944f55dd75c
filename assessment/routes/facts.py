"""Addresses of the area "facts"."""

from django.urls import URLPattern, URLResolver

from assessment.kinds import FACTS
from assessment.views.facts import STEPS
from units.views.imported import imported_routes

urlpatterns: list[URLPattern | URLResolver] = []
for kind in FACTS:
    urlpatterns += imported_routes(kind, kind.path.rpartition("/")[2])
urlpatterns += [step.address() for step in STEPS]
