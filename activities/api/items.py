"""The API's addresses of projects, livelihood items and courtyards: made and moved by the form and actions of the pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from activities.actions import items as actions
from activities.actions.items import ItemRefused
from activities.api import filters, shapes
from activities.forms.items import ItemForm, details_of
from activities.kinds import ITEM_LEDGERS
from activities.models import Item
from activities.queries.items import pairings_for_items, visible_items, with_sides, writes_of
from lib.kinds.pages.places import row_for
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.filters import updated_at
from units.api.views import Rows
from units.api.writing import an_object

_CONFLICTS = frozenset({"duplicate_courtyard", "wrong_state", "client_id_used"})
REFUSED = {
    409: OpenApiResponse(
        Problem, description=_("It stands against something else: duplicate_courtyard, wrong_state, client_id_used.")
    ),
    422: OpenApiResponse(Problem, description=_("A rule stands against it: not_yours, not_active, invalid; fields says which.")),
}


def refused(problem: ItemRefused) -> Response:
    """A refusal: 409 for what stands against something else, 422 for a rule."""
    body: dict[str, Any] = {"code": problem.code, "message": " ".join(problem.messages)}
    if hasattr(problem, "error_dict"):
        body["fields"] = problem.message_dict
    return Response(body, status=409 if problem.code in _CONFLICTS else 422)


class ItemPages(CursorPages):
    """In the order of ids."""

    ordering = ("kind", "uid")


def rows_for(access: Access) -> QuerySet[Item]:
    """The items that one may read, as the API tells them."""
    found: QuerySet[Item] = with_sides(visible_items(access)).annotate(updated_at=updated_at(Item))
    return found


def _told(access: Access, item: Item, status: int = 200) -> Response:
    return Response(shapes.ItemOut(rows_for(access).get(pk=item.pk)).data, status=status)


def _typed(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Values as a browser would send them to the form of the kind. Raises ValidationError for a detail it does not know."""
    details = given.get("details", {})
    unknown = sorted(set(details) - {one.key for one in details_of(kind)})
    if unknown:
        message = _now("This kind has no further column “%(name)s”.") % {"name": unknown[0][:40]}
        raise serializers.ValidationError({"details": [message]})
    flat = {**{name: value for name, value in given.items() if name != "details"}, **details}
    return {name: str(value) for name, value in flat.items() if value is not None}


def _checked(form: ItemForm) -> None:
    if not form.is_valid():
        raise serializers.ValidationError(
            {"" if name == "__all__" else name: [str(e) for e in errors] for name, errors in form.errors.items()}
        )


@extend_schema_view(
    list=extend_schema(operation_id="items_list", summary=_("Projects, livelihood items and courtyards"), tags=["items"]),
    retrieve=extend_schema(operation_id="items_retrieve", summary=_("One project, livelihood item or courtyard"), tags=["items"]),
    create=extend_schema(
        operation_id="items_create",
        summary=_("Register a project, livelihood item or courtyard"),
        tags=["items"],
        request=shapes.ItemIn,
        responses={200: shapes.ItemOut, 201: shapes.ItemOut, **REFUSED},
        examples=[
            OpenApiExample(
                "livelihood item",
                {
                    "client_id": "0f5c8f3e-6b57-4a3e-8a43-6c6d5d0a8f12",
                    "kind": "livelihood_item",
                    "pairing": "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11",
                    "name": "安装路灯",
                    "raised_on": "2024-10-20",
                },
                request_only=True,
            )
        ],
    ),
    partial_update=extend_schema(
        operation_id="items_update",
        summary=_("Correct a project, livelihood item or courtyard"),
        tags=["items"],
        request=shapes.ItemChange,
        responses={200: shapes.ItemOut, **REFUSED},
    ),
)
class ItemViews(Rows):
    """Things with a life of states; records about them move them."""

    route_policy = RoutePolicy("members", "item", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
    model = Item
    serializer_class = shapes.ItemOut
    filterset_class = filters.ItemFilters
    pagination_class = ItemPages

    def rows(self) -> QuerySet[Item]:
        return rows_for(self.access)

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = shapes.ItemIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        client_id, kind = values.pop("client_id", None), values.pop("kind")
        near = [one for one in pairings_for_items(self.access) if one.uid == values["pairing"]]
        if not near:
            return refused(ItemRefused(_now("You register things for your own pairings only."), code="not_yours"))
        form = ItemForm(_typed(kind, values), kind=kind, pairings=near)
        _checked(form)
        was_there = client_id is not None and Item.objects.filter(uid=client_id).exists()
        try:
            with transaction.atomic():
                item = actions.create_item(facts=form.facts(), access=self.access, client_id=client_id)
        except ItemRefused as problem:
            return refused(problem)
        return _told(self.access, item, 200 if was_there else 201)

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        given = shapes.ItemChange(data=an_object(request.data), partial=True)
        given.is_valid(raise_exception=True)
        item = _changeable(self.access, kwargs["id"])
        before = ItemForm(kind=item.kind, pairings=[item.pairing], item=item)
        standing = {name: before.get_initial_for_field(field, name) for name, field in before.fields.items()}
        form = ItemForm(
            {**_typed(item.kind, {**standing, "reason": ""}), **_typed(item.kind, given.validated_data)}
            | {name: "" for name, value in given.validated_data.items() if value is None},
            kind=item.kind,
            pairings=[item.pairing],
            item=item,
        )
        _checked(form)
        return _step(
            self.access,
            item,
            lambda: actions.update_item(item=item, facts=form.facts(), reason=form.cleaned_data["reason"], access=self.access),
        )


def _changeable(access: Access, uid: Any) -> Item:
    """The item. Http404 for what is not seen, PermissionDenied for what may only be read."""
    found: Item = rows_for(access).filter(uid=uid).first() or row_for(next(iter(ITEM_LEDGERS.values())), access, uid, "U")
    row_for(ITEM_LEDGERS[found.kind], access, uid, "U")
    return found


def _step(access: Access, item: Item, deed: Callable[[], None]) -> Response:
    try:
        with transaction.atomic():
            deed()
    except ItemRefused as problem:
        return refused(problem)
    return _told(access, item)


class Move(APIView):
    """On to the next state, by hand; what follows from a confirmed record, no hand does."""

    route_policy = RoutePolicy("members", "item", (("POST", "U"),))

    @extend_schema(
        operation_id="items_move",
        summary=_("Move a project, livelihood item or courtyard to its next state"),
        tags=["items"],
        request=shapes.MoveIn,
        responses={200: shapes.ItemOut, **REFUSED},
        examples=[OpenApiExample("move", {"state": "stopped", "reason": "村民意见不一"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = shapes.MoveIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        item = _changeable(access, kwargs["id"])
        state, reason = given.validated_data["state"], given.validated_data.get("reason", "").strip()
        return _step(access, item, lambda: actions.move_item(item=item, state=state, reason=reason, access=access))


class House(APIView):
    """The house number that a ledger left out."""

    route_policy = RoutePolicy("members", "record", (("POST", "C"),))

    @extend_schema(
        operation_id="items_house",
        summary=_("Put in the house number of a courtyard that came in without one"),
        tags=["items"],
        request=shapes.HouseIn,
        responses={200: shapes.ItemOut, **REFUSED},
        examples=[OpenApiExample("house", {"house_no": "88号", "householder": "梁某"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = shapes.HouseIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        item = rows_for(access).filter(uid=kwargs["id"]).first()
        if item is None:
            raise Http404
        if not writes_of(access, item):
            raise PermissionDenied
        values = {"householder": "", **given.validated_data}
        return _step(access, item, lambda: actions.complete_household(item=item, access=access, **values))
