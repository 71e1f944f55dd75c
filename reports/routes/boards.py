"""Addresses of the area "boards"."""

from django.urls import URLPattern, URLResolver, path

from reports.views import board

urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:tenant>/board/", board.board, name="board"),
]
