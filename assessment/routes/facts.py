"""Addresses of the area "facts"."""

from django.urls import URLPattern, URLResolver

from assessment.kinds import FACTS
from assessment.views.facts import STEPS
from tenancy.kinds import routes

urlpatterns: list[URLPattern | URLResolver] = []
for kind in FACTS:
    urlpatterns += routes(kind)
urlpatterns += [step.address() for step in STEPS]
