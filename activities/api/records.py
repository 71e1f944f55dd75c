"""The API's addresses of records: written, changed and moved by the form and actions of the pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.actions import records as actions
from activities.actions.facts import facts_of
from activities.api import filters, shapes
from activities.forms.offers import editing_offer, offer_for, standing
from activities.forms.own import OwnForm
from activities.forms.records import Offer, RecordForm
from activities.hands import Hand, confirming_hand, own_hand, writing_hand
from activities.kinds.records import RECORD
from activities.models import AuthorSide, Record, Status
from activities.queries import writing
from activities.queries.deadlines import may_proxy_confirm, proxy_from
from activities.queries.own import own_types, own_villages
from activities.queries.records import pairings_of, visible_records, with_shares
from activities.refusals import RecordRefused, refusal
from lib.kinds.pages.places import visible_row
from pairing.models import Pairing
from pairing.queries import within
from tenancy import clock
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.filters import updated_at
from units.api.views import Rows
from units.api.writing import an_object

_CONFLICTS = frozenset({"already_done", "duplicate_courtyard", "duplicate_record", "period_locked", "too_late_to_undo"})
REFUSED = {
    409: OpenApiResponse(
        Problem,
        description=_("It stands against something else: already_done, duplicate_record, duplicate_courtyard, period_locked …"),
    ),
    422: OpenApiResponse(
        Problem, description=_("A rule stands against it; the code says which: own_side, in_future, not_active …")
    ),
}


class RefusedOut(Problem):
    """A refusal that names the record it is about."""

    record = serializers.UUIDField(required=False, help_text=_("Id of the likely double, or of the first claim."))


def refused(problem: RecordRefused) -> Response:
    """The refusal, as its code wants: 409 for what stands against something else, 422 for a rule."""
    code = str(problem.code)
    body: dict[str, Any] = {"code": code, "message": " ".join(problem.messages)}
    if getattr(problem, "error_dict", None):
        body["fields"] = {name: [str(one) for one in errors] for name, errors in problem.message_dict.items()}
    if "record" in problem.facts:
        body["record"] = problem.facts["record"]
    return Response(body, status=409 if code in _CONFLICTS else 422)


class RecordPages(CursorPages):
    """By the day it happened, the newest first."""

    ordering = ("-occurred_on", "-uid")


def rows_for(access: Access) -> QuerySet[Record]:
    """The records that one may read, as the API tells them."""
    rows = with_shares(visible_records(access)).select_related("programme", "item")
    found: QuerySet[Record] = rows.annotate(updated_at=updated_at(Record))
    return found


def _checked(form: RecordForm | OwnForm) -> None:
    if not form.is_valid():
        raise serializers.ValidationError(
            {"" if name == "__all__" else name: [str(e) for e in errors] for name, errors in form.errors.items()}
        )


def _as_sent(values: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """Values as a browser would send them."""
    sent: MultiValueDict[str, Any] = MultiValueDict()
    for name, value in values.items():
        if isinstance(value, (list, tuple)):
            sent.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False:
            sent[name] = str(value)
    return sent


def _named(given: Mapping[str, Any], offer: Offer) -> dict[str, Any]:
    """``pairings`` holds all that took part; the form keeps one's own apart from those beside them."""
    named = [str(uid) for uid in (*given.get("pairings", ()), *given.get("joint", ()))]
    beside = {str(one.uid) for one in offer.beside}
    return {**given, "pairings": [uid for uid in named if uid not in beside], "joint": [uid for uid in named if uid in beside]}


@extend_schema_view(
    list=extend_schema(operation_id="records_list", summary=_("Records"), tags=["records"]),
    retrieve=extend_schema(operation_id="records_retrieve", summary=_("One record"), tags=["records"]),
    create=extend_schema(
        operation_id="records_create",
        summary=_("Write a record down"),
        tags=["records"],
        request=shapes.RecordIn,
        responses={200: shapes.RecordOut, 201: shapes.RecordOut, **REFUSED},
        examples=[
            OpenApiExample(
                "record",
                {
                    "client_id": "0f5c8f3e-6b57-4a3e-8a43-6c6d5d0a8f12",
                    "pairings": ["5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11"],
                    "type": "labour_day",
                    "occurred_on": "2024-10-16",
                    "text": "清理村道两侧杂草",
                    "person_times": 32,
                },
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(
        operation_id="records_update",
        summary=_("Change a record"),
        tags=["records"],
        request=shapes.RecordChange,
        responses={200: shapes.RecordOut, **REFUSED},
    ),
)
class RecordViews(Rows):
    """What was done together."""

    route_policy = RoutePolicy("members", "record", (("GET", "R"), ("POST", "C"), ("PATCH", "C")))
    model = Record
    serializer_class = shapes.RecordOut
    filterset_class = filters.DatedRecordFilters
    pagination_class = RecordPages

    def rows(self) -> QuerySet[Record]:
        return rows_for(self.access)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = shapes.RecordIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        values = given.validated_data
        first = self._first(values.get("client_id"))
        if first is not None:
            return self._answer(first, 200)
        if not values["pairings"]:
            return self._create_own(values)
        offer = self._offer(values)
        stands_against = self._not_offered(values, offer)
        if stands_against is not None:
            return refused(stands_against)
        form = RecordForm(_as_sent({"was_announced": True, "form": "at_desk", **_named(values, offer)}), offer=offer)
        _checked(form)
        try:
            with transaction.atomic():
                hand = writing_hand(
                    self.access, form.chosen(), side=values.get("side", AuthorSide.UNIT), basis=values.get("basis", "")
                )
                record = actions.write_record(
                    facts=form.facts(),
                    hand=hand,
                    submit=values["submit"],
                    client_id=values.get("client_id"),
                    is_another=values.get("is_another", False),
                )
        except RecordRefused as problem:
            return refused(problem)
        # Another request with the same client_id may have been quicker.
        return self._answer(record, 201 if record.created_at == clock.now() else 200)

    def _create_own(self, values: Mapping[str, Any]) -> Response:
        """What has no pairing: the county's own, or a village's own."""
        if not values.get("programme"):
            raise serializers.ValidationError({"pairings": [str(refusal("no_pairing").message)]})
        types = [one for one in own_types(self.access) if one.type.programme.uid == values["programme"]]
        if not types:
            return refused(refusal("no_pairing"))
        if all(one.type.code != values["type"] for one in types):
            return refused(refusal("type_unknown"))
        form = OwnForm(
            _as_sent({**values, "type": f"{types[0].type.programme.year}.{values['type']}"}),
            types=types,
            villages=list(own_villages(self.access)),
            needs_basis=True,
        )
        _checked(form)
        try:
            with transaction.atomic():
                record = actions.write_record(
                    facts=form.facts(),
                    hand=own_hand(self.access, village=form.own_village, basis=form.cleaned_data.get("basis", "")),
                    client_id=values.get("client_id"),
                    is_another=values.get("is_another", False),
                )
        except RecordRefused as problem:
            return refused(problem)
        return self._answer(record, 201 if record.created_at == clock.now() else 200)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = shapes.RecordChange(data=an_object(request.data), partial=True)
        given.is_valid(raise_exception=True)
        record: Record = visible_row(RECORD, self.access, kwargs["id"])
        before = facts_of(record)
        offer = editing_offer(self.access, record, before.pairings)
        if offer is None:
            return refused(refusal("not_yours") if record.status in actions.EDITABLE else actions.done_already(record))
        stands = standing(record, offer)
        named = [*stands.pop("pairings"), *stands.pop("joint")]
        values = {"pairings": named, **stands, **given.validated_data}
        form = RecordForm(_as_sent(_named(values, offer)), offer=offer, record=record)
        _checked(form)
        try:
            with transaction.atomic():
                hand = writing_hand(
                    self.access, form.chosen(), side=record.author_side, basis=values.get("basis") or record.proxy_basis
                )
                facts = replace(before, **{"pairings": form.chosen(), **form.values()})
                actions.edit_record(record=record, facts=facts, hand=hand, reason=values.get("reason", ""))
        except RecordRefused as problem:
            return refused(problem)
        return self._answer(record, 200)

    def _first(self, client_id: Any) -> Record | None:
        if client_id is None:
            return None
        found: Record | None = visible_records(self.access).filter(client_id=client_id).first()
        return found

    def _offer(self, values: Mapping[str, Any]) -> Offer:
        wanted = {str(uid) for uid in (*values["pairings"], *values.get("joint", ()))}
        writable = list(writing.writable_pairings(self.access))
        named = [one for one in writable if str(one.uid) in wanted]
        near = {one.village_id for one in named}
        own: list[Pairing] = [one for one in writable if one.village_id in near]
        return offer_for(self.access, own)

    def _not_offered(self, values: Mapping[str, Any], offer: Offer) -> RecordRefused | None:
        """The refusal of a pairing that one does not write for, or of a type that is not in use; by the form's own lists."""
        offered = {str(one.uid) for one in (*offer.pairings, *offer.beside)}
        left = {str(uid) for uid in (*values["pairings"], *values.get("joint", ()))} - offered
        if left:
            reach = self.access.reach("record", "C")
            own = Pairing.objects.filter(uid__in=left)
            # One's own that is not at work; whose the others are, or whether there are any, is nobody's business.
            is_own = (own if reach is None else own.filter(within(reach))).count() == len(left)
            return refusal("not_active", day=values["occurred_on"].isoformat()) if is_own else refusal("not_yours")
        return None if any(one.code == values["type"] for one in offer.types) else refusal("type_unknown")

    def _answer(self, record: Record, status: int) -> Response:
        row = rows_for(self.access).get(pk=record.pk)
        return Response(self.get_serializer(row).data, status=status)


class Step(APIView):
    """One step of a record: the record as it is afterwards, or the refusal with its code."""

    input_class: ClassVar[type[serializers.Serializer[Any]]]

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        """Do it. Raises RecordRefused."""
        raise NotImplementedError

    def run(self, uid: Any) -> Response:
        given = self.input_class(data=an_object(self.request.data))
        given.is_valid(raise_exception=True)
        record: Record = visible_row(RECORD, self.access, uid)
        try:
            with transaction.atomic():
                self.step(record, given.validated_data)
        except RecordRefused as problem:
            return refused(problem)
        return Response(shapes.RecordOut(rows_for(self.access).get(pk=record.pk)).data)

    def confirming(self, record: Record, basis: str) -> Hand:
        return confirming_hand(self.access, author_side=record.author_side, pairings=pairings_of(record), basis=basis)

    def writing(self, record: Record, basis: str) -> Hand:
        return writing_hand(self.access, pairings_of(record), side=record.author_side, basis=basis or record.proxy_basis)


def _described(code: str, summary: Any, shape: type[serializers.Serializer[Any]]) -> Any:
    return extend_schema(
        operation_id=f"records_{code}",
        summary=summary,
        tags=["records"],
        request=shape,
        responses={200: shapes.RecordOut, **REFUSED},
    )


class Confirm(Step):
    """属实."""

    route_policy = RoutePolicy("members", "record_confirm", (("POST", "X"),))
    input_class = shapes.BasisIn

    @_described("confirm", _("Confirm a record"), shapes.BasisIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        hand = self.confirming(record, given.get("basis", ""))
        if hand.is_proxy and record.status == Status.SUBMITTED and not may_proxy_confirm(record):
            first = proxy_from(record)
            raise refusal("too_early_for_proxy", day=first.isoformat() if first else "")
        actions.confirm_record(record=record, hand=hand)


class Undo(Step):
    """One's own confirmation taken back."""

    route_policy = RoutePolicy("members", "record_confirm", (("POST", "X"),))
    input_class = shapes.BasisIn

    @_described("undo", _("Take one's own confirmation back"), shapes.BasisIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        actions.undo_confirmation(record=record, hand=self.confirming(record, given.get("basis") or "undo"))


class Return(Step):
    """不属实."""

    route_policy = RoutePolicy("members", "record_confirm", (("POST", "X"),))
    input_class = shapes.ReasonIn

    @_described("return", _("Return a record to its writers"), shapes.ReasonIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        actions.return_record(record=record, hand=self.confirming(record, given.get("basis", "")), reason=given["reason"])


class Submit(Step):
    """A draft handed in."""

    route_policy = RoutePolicy("members", "record", (("POST", "C"),))
    input_class = shapes.BasisIn

    @_described("submit", _("Hand a draft in"), shapes.BasisIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        actions.submit_record(record=record, hand=self.writing(record, given.get("basis", "")))


class Resubmit(Step):
    """A returned record handed in again; corrected before with PATCH."""

    route_policy = RoutePolicy("members", "record", (("POST", "C"),))
    input_class = shapes.BasisIn

    @_described("resubmit", _("Hand a returned record in again"), shapes.BasisIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        actions.resubmit_record(record=record, hand=self.writing(record, given.get("basis", "")))


class Void(Step):
    """作废."""

    route_policy = RoutePolicy("members", "record_void", (("POST", "D"),))
    input_class = shapes.VoidIn

    @_described("void", _("Void a record"), shapes.VoidIn)
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.run(kwargs["id"])

    def step(self, record: Record, given: Mapping[str, Any]) -> None:
        hand = Hand(self.access.actor, AuthorSide.COUNTY)
        actions.void_record(record=record, hand=hand, reason=given["reason"], untrue=given.get("untrue", False))


STEPS: dict[str, type[Step]] = {
    "confirm": Confirm, "undo": Undo, "return": Return, "submit": Submit, "resubmit": Resubmit, "void": Void
}  # fmt: skip
