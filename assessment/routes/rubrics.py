"""Addresses of the area "rubrics"."""

from django.urls import URLPattern, URLResolver, path

from assessment.views import rubric_lines, rubrics

_ONE = "<slug:tenant>/assessment/rubrics/<uuid:rubric>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/assessment/rubrics/", rubrics.listing, name="rubric_list"),
    path("<slug:tenant>/assessment/rubrics/preset/", rubrics.preset, name="rubric_preset"),
    path(f"{_ONE}/", rubrics.one, name="rubric"),
    path(f"{_ONE}/edit/", rubrics.edit, name="rubric_edit"),
    path(f"{_ONE}/bands/", rubrics.bands, name="rubric_bands"),
    path(f"{_ONE}/add-group/", rubric_lines.group_add, name="rubric_group_add"),
    path(f"{_ONE}/groups/<str:code>/", rubrics.group, name="rubric_group"),
    path(f"{_ONE}/groups/<str:code>/add-line/", rubric_lines.line_add, name="rubric_line_add"),
    path(f"{_ONE}/groups/<str:code>/drop/", rubric_lines.group_drop, name="rubric_group_drop"),
    path(f"{_ONE}/lines/<str:code>/", rubrics.line, name="rubric_line"),
    path(f"{_ONE}/lines/<str:code>/drop/", rubric_lines.line_drop, name="rubric_line_drop"),
    path(f"{_ONE}/copy/", rubrics.copy, name="rubric_copy"),
    path(f"{_ONE}/drop/", rubrics.drop, name="rubric_drop"),
]
