"""Addresses of the area "records"."""

from django.urls import URLPattern, URLResolver, path

from activities import kinds
from activities.models import ItemKind
from activities.views import confirm, items, ledgers, own, records, visitors, write
from tenancy.kinds import routes

_LIST = ("list", "detail", "create", "edit", "history")
urlpatterns: list[URLPattern | URLResolver] = [
    # Before the addresses of one record.
    path("<slug:tenant>/records/new/", write.create, name="record_create"),
    path("<slug:tenant>/records/own/new/", own.create, name="record_own_create"),
    path("<slug:tenant>/records/confirm/", confirm.waiting, name="record_waiting"),
    *[path(f"<slug:tenant>/{kind.path}/", ledgers.ledger(kind), name=f"{kind.stem}_list") for kind in kinds.LEDGERS],
    *routes(kinds.RECORD, without=("list", "detail", "create", "edit")),
    path("<slug:tenant>/projects/new/", items.create_page(ItemKind.PROJECT), name="project_new"),
    path("<slug:tenant>/livelihood/new/", items.create_page(ItemKind.LIVELIHOOD), name="livelihood_item_new"),
    path("<slug:tenant>/courtyards/new/", items.create_page(ItemKind.COURTYARD), name="courtyard_new"),
    *routes(kinds.PROJECTS, without=("list", "detail", "create", "edit")),
    *routes(kinds.LIVELIHOOD, without=("list", "detail", "create", "edit")),
    *routes(kinds.COURTYARDS, without=("list", "detail", "create", "edit")),
    path("<slug:tenant>/items/<uuid:uid>/", items.detail, name="item"),
    path("<slug:tenant>/items/<uuid:uid>/edit/", items.edit, name="item_edit"),
    path("<slug:tenant>/items/<uuid:uid>/state/", items.state, name="item_state"),
    path("<slug:tenant>/items/<uuid:uid>/co-leads/", items.co_leads, name="item_co_leads"),
    path("<slug:tenant>/items/<uuid:uid>/house/", items.house, name="item_house"),
    path("<slug:tenant>/items/<uuid:uid>/degraded/", items.degraded, name="item_degraded"),
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
    path("<slug:tenant>/records/<uuid:uid>/visitors/", visitors.listing, name="visitors"),
    path("<slug:tenant>/records/<uuid:uid>/visitors/new/", visitors.create, name="visitor_new"),
    path("<slug:tenant>/visitors/<uuid:uid>/", visitors.edit, name="visitor"),
    path("<slug:tenant>/visitors/<uuid:uid>/phone/", visitors.phone, name="visitor_phone"),
]
