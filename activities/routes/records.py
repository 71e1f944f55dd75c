"""Addresses of the area "records"."""

from django.urls import URLPattern, URLResolver, path

from activities import kinds
from activities.views import confirm, records, write
from tenancy.kinds import routes

_LIST = ("detail", "create", "edit", "history")
urlpatterns: list[URLPattern | URLResolver] = [
    # Before the addresses of one record.
    path("<slug:tenant>/records/new/", write.create, name="record_create"),
    path("<slug:tenant>/records/confirm/", confirm.waiting, name="record_waiting"),
    *routes(kinds.RECORD, without=("detail", "create", "edit")),
    *routes(kinds.RECEPTIONS, without=_LIST),
    *routes(kinds.TRAININGS, without=_LIST),
    path("<slug:tenant>/records/<uuid:uid>/", records.detail, name="record"),
    path("<slug:tenant>/records/<uuid:uid>/edit/", write.edit, name="record_edit"),
    path("<slug:tenant>/records/<uuid:uid>/submit/", records.submit, name="record_submit"),
    path("<slug:tenant>/records/<uuid:uid>/abandon/", records.abandon, name="record_abandon"),
    path("<slug:tenant>/records/<uuid:uid>/void/", records.void, name="record_void"),
    path("<slug:tenant>/records/<uuid:uid>/card/", confirm.card, name="record_card"),
    path("<slug:tenant>/records/<uuid:uid>/confirm/", confirm.confirm, name="record_confirm"),
    path("<slug:tenant>/records/<uuid:uid>/confirm-for/", confirm.confirm_for, name="record_confirm_for"),
    path("<slug:tenant>/records/<uuid:uid>/undo/", confirm.undo, name="record_undo"),
    path("<slug:tenant>/records/<uuid:uid>/return/", confirm.give_back, name="record_return"),
]
