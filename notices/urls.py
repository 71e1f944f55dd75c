"""Addresses of the inbox and of what was sent."""

from django.urls import path

from notices.views import inbox, outbox

app_name = "notices"
urlpatterns = [
    path("<slug:tenant>/inbox/", inbox.inbox, name="inbox"),
    path("<slug:tenant>/inbox/read/", inbox.read_all, name="read_all"),
    path("<slug:tenant>/inbox/sent/", outbox.outbox, name="outbox"),
    path("<slug:tenant>/inbox/<uuid:uid>/read/", inbox.read, name="read"),
    path("<slug:tenant>/inbox/<uuid:uid>/answer/", inbox.answer, name="answer"),
]
