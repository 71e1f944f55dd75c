"""Addresses of the area "papers"."""

from django.urls import URLPattern, URLResolver, path

from reports.views import joint_reports, month, notices, templates

_JOINT = "<slug:tenant>/pairings/<uuid:pairing>/joint-reports/<str:quarter>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_JOINT, joint_reports.report, name="joint_report"),
    path(f"{_JOINT}draft/", joint_reports.draft, name="joint_report_draft"),
    path(f"{_JOINT}edit/", joint_reports.edit, name="joint_report_edit"),
    path(f"{_JOINT}sign/", joint_reports.sign, name="joint_report_sign"),
    path(f"{_JOINT}word/", joint_reports.word, name="joint_report_word"),
    path("<slug:tenant>/reports/month/", month.page, name="month"),
    path("<slug:tenant>/reports/month/word/", month.word, name="month_word"),
    path("<slug:tenant>/reports/month/pdf/", month.pdf, name="month_pdf"),
    path("<slug:tenant>/reports/month/excel/<slug:table>/", month.excel, name="month_excel"),
    path("<slug:tenant>/assessment/<uuid:cycle>/units/<uuid:unit>/notice/", notices.word, name="notice"),
    path("<slug:tenant>/assessment/<uuid:cycle>/units/<uuid:unit>/notice/pdf/", notices.pdf, name="notice_pdf"),
    path("<slug:tenant>/reports/templates/", templates.template_list, name="template_list"),
    path("<slug:tenant>/reports/templates/<slug:paper>/", templates.take, name="template_take"),
    path("<slug:tenant>/reports/templates/<slug:paper>/own/", templates.own, name="template_own"),
    path("<slug:tenant>/reports/templates/<slug:paper>/keep/", templates.keep, name="template_keep"),
    path("<slug:tenant>/reports/templates/<slug:paper>/drop/", templates.drop, name="template_drop"),
]
