"""Addresses of the area "cycles"."""

from django.urls import URLPattern, URLResolver, path

from assessment.views import cycles, results, review, self_reports, steps, tables, what_if

_ALL = "<slug:tenant>/assessment"
_ONE = f"{_ALL}/<uuid:cycle>"
_REPORT = f"{_ONE}/pairings/<uuid:pairing>/self-report"

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{_ALL}/", cycles.listing, name="cycle_list"),
    path(f"{_ALL}/new/", cycles.create, name="cycle_create"),
    path(f"{_ALL}/check-program/", results.archive_reader, name="archive_reader"),
    path(f"{_ONE}/", cycles.one, name="cycle"),
    path(f"{_ONE}/configure/", cycles.configure, name="cycle_configure"),
    path(f"{_ONE}/steps/<slug:step>/", steps.step, name="cycle_step"),
    path(f"{_ONE}/self-reports/", self_reports.listing, name="self_reports"),
    path(f"{_ONE}/self-reports/excel/", tables.self_reports, name="self_reports_excel"),
    path(f"{_REPORT}/", self_reports.one, name="self_report"),
    path(f"{_REPORT}/approve/", self_reports.approve, name="self_report_approve"),
    path(f"{_REPORT}/return/", self_reports.give_back, name="self_report_return"),
    path(f"{_REPORT}/dispute/<str:code>/", self_reports.dispute, name="dispute"),
    path(f"{_ONE}/disputes/<uuid:dispute>/", self_reports.answer_dispute, name="dispute_answer"),
    path(f"{_ONE}/review/", review.grid, name="review"),
    path(f"{_ONE}/what-if/", what_if.listing, name="what_if"),
    path(f"{_ONE}/what-if/<uuid:rubric>/", what_if.compare, name="what_if_compare"),
    path(f"{_ONE}/decision/", results.decision, name="decision"),
    path(f"{_ONE}/results/", results.scores, name="results"),
    path(f"{_ONE}/results/excel/", tables.grades, name="results_excel"),
    path(f"{_ONE}/publicity/", results.publicity, name="publicity"),
    path(f"{_ONE}/publicity/excel/", tables.publicity, name="publicity_excel"),
    path(f"{_ONE}/archive/", results.archive, name="archive"),
    path(f"{_ONE}/archive/<int:number>/", results.archive_file, name="archive_file"),
]
