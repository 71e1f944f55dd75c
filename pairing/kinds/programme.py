"""Programme years (工作方案): what the pairings of a year hang on."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, Search, Type
from pairing import actions
from pairing.models import Programme
from tenancy import clock
from tenancy.access import Access


def _visible(access: Access) -> QuerySet[Programme]:
    rows: QuerySet[Programme] = Programme.objects.all()
    return rows


def _create(*, access: Access, values: dict[str, Any]) -> Programme:
    return actions.create_programme(**values, access=access)


def _update(*, access: Access, row: Programme, values: dict[str, Any], reason: str) -> Programme:
    actions.update_programme(programme=row, **values, reason=reason, access=access)
    return row


def _initial(access: Access) -> dict[str, Any]:
    year = clock.today().year
    return {"year": year, "title": f"{year}年结对共建", "starts_on": f"{year}-01-01", "ends_on": f"{year}-12-31"}


PROGRAMME = Kind(
    code="programme",
    one=_("programme"),
    many=_("Programme years"),
    model=Programme,
    object="programme",
    namespace="pairing",
    path="programmes",
    title="工作方案",
    title_path="title",
    order=("-year",),
    visible=_visible,
    # Programmes belong to the whole county: nobody edits one in an own scope only.
    within=lambda rows, units: rows.none(),
    search=Search(names=("title", "doc_no"), help=_("Title or document number")),
    fields=(
        Field(key="title", label=_("Title"), in_form=True, wide=True, heading="方案名称"),
        Field(key="year", label=_("Year"), in_form=True, heading="年度", filter=Filter(widget="text")),
        Field(key="doc_no", label=_("Document number"), in_form=True, heading="文号", help=_("Like 高委组〔2024〕12号.")),
        Field(key="issuer", label=_("Issued by"), in_form=True, heading="发文单位"),
        Field(key="starts_on", label=_("From"), type=Type.DATE, in_form=True, heading="起始日期"),
        Field(key="ends_on", label=_("To"), type=Type.DATE, in_form=True, heading="截止日期"),
    ),
    create=_create,
    update=_update,
    initial=_initial,
    empty=Empty(_("No programme year yet."), _("Make one, or import the pairing table: it brings its year along.")),
    create_label=_("New programme year"),
    help=_("A programme year is the issued plan that the pairings of a year hang on."),
)
