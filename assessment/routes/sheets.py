"""Addresses of the area "sheets"."""

from django.urls import URLPattern, URLResolver, path

from assessment.views import marks, sheets, tables

_SHEET = "<slug:tenant>/assessment/<uuid:cycle>/pairings/<uuid:pairing>/sheet/"

urlpatterns: list[URLPattern | URLResolver] = [
    path(_SHEET, sheets.sheet, name="sheet"),
    path(f"{_SHEET}word/", sheets.word, name="sheet_word"),
    path(f"{_SHEET}excel/", tables.sheet, name="sheet_excel"),
    path(f"{_SHEET}lines/<str:code>/", sheets.sheet_line, name="sheet_line"),
    path("<slug:tenant>/assessment/<uuid:cycle>/pairings/<uuid:pairing>/my-mark/", marks.my_mark, name="my_mark"),
]
