"""Addresses of the area "kept"."""

from django.urls import URLPattern, URLResolver

from supervision.kinds import KINDS
from supervision.views.steps import STEPS
from tenancy.kinds import routes

urlpatterns: list[URLPattern | URLResolver] = []
for kind in KINDS:
    urlpatterns += routes(kind)
urlpatterns += [step.address() for step in STEPS]
