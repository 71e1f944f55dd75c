"""Addresses of the import pages."""

from django.urls import path

from units.importing import views

app_name = "importing"
_HERE = "<slug:tenant>/imports"

urlpatterns = [
    path(f"{_HERE}/", views.batch_list, name="list"),
    path(f"{_HERE}/new/", views.new, name="new"),
    path(f"{_HERE}/template/", views.template, name="template"),
    path(f"{_HERE}/<uuid:uid>/", views.batch, name="batch"),
    path(f"{_HERE}/<uuid:uid>/progress/", views.progress, name="progress"),
    path(f"{_HERE}/<uuid:uid>/answer/", views.answer, name="answer"),
    path(f"{_HERE}/<uuid:uid>/answer-alike/", views.alike, name="alike"),
    path(f"{_HERE}/<uuid:uid>/sheets/", views.sheets, name="sheets"),
    path(f"{_HERE}/<uuid:uid>/commit/", views.commit, name="commit"),
    path(f"{_HERE}/<uuid:uid>/undo/", views.undo, name="undo"),
    path(f"{_HERE}/<uuid:uid>/drop/", views.drop, name="drop"),
    path(f"{_HERE}/<uuid:uid>/download/", views.download, name="download"),
]
