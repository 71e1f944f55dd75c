"""Addresses of the division codes, under the county's settings."""

from django.urls import path

from units.divisions import views

app_name = "divisions"
urlpatterns = [
    path("<slug:tenant>/settings/divisions/", views.revisions, name="list"),
    path("<slug:tenant>/settings/divisions/<uuid:revision>/", views.revision, name="revision"),
    path("<slug:tenant>/settings/divisions/<uuid:revision>/accept-added/", views.accept_added, name="accept_added"),
    path("<slug:tenant>/settings/divisions/lines/<uuid:change>/accept/", views.accept, name="accept"),
    path("<slug:tenant>/settings/divisions/lines/<uuid:change>/refuse/", views.refuse, name="refuse"),
]
