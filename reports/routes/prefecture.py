"""Addresses of the area "prefecture": what a county publishes, and whom the operator lets read.

The readers' own are in reports.prefecture_urls.
"""

from django.urls import URLPattern, URLResolver, path

from reports.views import publish, readers

urlpatterns: list[URLPattern | URLResolver] = [
    path("operator/prefecture-readers/", readers.readers, name="readers"),
    path("operator/prefecture-readers/end/", readers.reader_end, name="reader_end"),
    path("<slug:tenant>/board/publish/", publish.publish, name="publish_sums"),
]
