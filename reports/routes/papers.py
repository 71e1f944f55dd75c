"""Addresses of the area "papers"."""

from django.urls import URLPattern, URLResolver, path

from reports.views import joint_reports

_JOINT = "<slug:tenant>/pairings/<uuid:pairing>/joint-reports/<str:quarter>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_JOINT, joint_reports.report, name="joint_report"),
    path(f"{_JOINT}draft/", joint_reports.draft, name="joint_report_draft"),
    path(f"{_JOINT}edit/", joint_reports.edit, name="joint_report_edit"),
    path(f"{_JOINT}sign/", joint_reports.sign, name="joint_report_sign"),
    path(f"{_JOINT}word/", joint_reports.word, name="joint_report_word"),
]
