"""What a score rests on beside the ledgers, for programs: polls, promoted experiences, vetoes; written by the page's actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import django_filters as filters
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from assessment.actions.facts import FactRefused, add_honour, add_veto, lift_veto, set_poll, withdraw_honour
from assessment.kinds import HONOUR, POLL, VETO
from assessment.models import Cycle, Honour, HonourLevel, Poll, Veto, VetoKind
from assessment.queries.facts import visible_honours, visible_polls, visible_vetoes
from lib.kinds.declare import Kind
from lib.kinds.pages.places import row_for
from pairing.models import Pairing
from pairing.queries import within as of_units
from tenancy.access import Access, RoutePolicy
from tenancy.api import CursorPages
from tenancy.api_schema import Problem
from units.api.filters import YES_NO, as_boolean, updated_at
from units.api.serializers import Ref
from units.api.views import Rows
from units.api.writing import an_object

_CONFLICTS = frozenset({"final", "twice", "wrong_state"})
_MOST_PEOPLE = 100_000
REFUSED = {
    409: OpenApiResponse(Problem, description=_("It stands against something else: final, twice, wrong_state.")),
    422: OpenApiResponse(Problem, description=_("A rule stands against it: not_assessed, reason_missing, invalid.")),
}
_PAIRING = "5f0c8f3e-6b57-4a3e-8a43-6c6d5d0a8f11"
_CYCLE = "7d0b4c55-2b7e-4c9e-8c3a-7d3a6f0e1b21"


class _OfPairing(serializers.Serializer[Any]):
    """What all of them say: of which pairing."""

    id = serializers.UUIDField(source="uid")
    pairing = serializers.UUIDField(source="pairing.uid")
    unit = Ref(source="pairing.unit")
    village = Ref(source="pairing.village")


class PollOut(_OfPairing):
    """How many villagers answered what about one pairing in one assessment."""

    assessment = serializers.UUIDField(source="cycle.uid")
    satisfied = serializers.IntegerField()
    fairly = serializers.IntegerField()
    dissatisfied = serializers.IntegerField()
    unknown = serializers.IntegerField()
    held_on = serializers.DateField()
    note = serializers.CharField(allow_blank=True)
    author = serializers.CharField(source="author_name", allow_blank=True, help_text=_("Who wrote it down."))
    updated_at = serializers.DateTimeField(allow_null=True)


def _count() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=_MOST_PEOPLE)


class PollChange(serializers.Serializer[Any]):
    """Counts only: nobody's name is kept. ``reason``: needed once scores are computed."""

    satisfied = _count()
    fairly = _count()
    dissatisfied = _count()
    unknown = _count()
    held_on = serializers.DateField(required=False)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PollIn(PollChange):
    """A poll on a pairing of an assessment, both named by their ids."""

    assessment = serializers.UUIDField()
    pairing = serializers.UUIDField()


class HonourOut(_OfPairing):
    """An experience of a pairing that was promoted higher up; of one matter the highest level counts."""

    matter = serializers.CharField()
    level = serializers.ChoiceField(choices=HonourLevel.choices)
    promoted_on = serializers.DateField()
    doc_no = serializers.CharField(allow_blank=True)
    withdrawn_because = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField(allow_null=True)


class HonourIn(serializers.Serializer[Any]):
    """A promoted experience."""

    pairing = serializers.UUIDField()
    matter = serializers.CharField(max_length=120)
    level = serializers.ChoiceField(choices=HonourLevel.choices)
    promoted_on = serializers.DateField()
    doc_no = serializers.CharField(max_length=60, required=False, allow_blank=True)


class VetoOut(_OfPairing):
    """A fact that holds the grade of a pairing down in an assessment."""

    assessment = serializers.UUIDField(source="cycle.uid")
    kind = serializers.ChoiceField(choices=VetoKind.choices)
    fact = serializers.CharField()
    decided_by = serializers.CharField()
    doc_no = serializers.CharField()
    decided_on = serializers.DateField()
    lifted_because = serializers.CharField(allow_blank=True)
    updated_at = serializers.DateTimeField(allow_null=True)


class VetoIn(serializers.Serializer[Any]):
    """A fact that was decided outside, with its document. ``reason``: needed once scores are computed."""

    assessment = serializers.UUIDField()
    pairing = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=VetoKind.choices)
    fact = serializers.CharField(max_length=400)
    decided_by = serializers.CharField(max_length=60)
    doc_no = serializers.CharField(max_length=60)
    decided_on = serializers.DateField()
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class FactReasonIn(serializers.Serializer[Any]):
    """Why."""

    reason = serializers.CharField(max_length=200)


class FactPages(CursorPages):
    """In the order of ids."""

    ordering = ("created_at", "uid")


class _OfPairingFilters(filters.FilterSet):
    pairing = filters.UUIDFilter(label=_("Id of the pairing."), field_name="pairing__uid")
    unit = filters.UUIDFilter(label=_("Id of the unit."), field_name="pairing__unit__uid")


class PollFilters(_OfPairingFilters):
    """Parameters of the list of polls."""

    assessment = filters.UUIDFilter(label=_("Id of the assessment."), field_name="cycle__uid")


def _in_force(rows: QuerySet[Any], name: str, is_live: bool) -> QuerySet[Any]:
    said = "withdrawn_because" if rows.model is Honour else "lifted_because"
    return rows.filter(**{said: ""}) if is_live else rows.exclude(**{said: ""})


def _live() -> filters.Filter:
    return as_boolean(
        filters.TypedChoiceFilter(
            label=_("Those that hold only, or the withdrawn only."),
            choices=YES_NO,
            coerce=lambda word: word == "true",
            method=_in_force,
        )
    )


class HonourFilters(_OfPairingFilters):
    """Parameters of the list of promoted experiences."""

    level = filters.ChoiceFilter(label=_("Promoted by"), choices=HonourLevel.choices)
    is_live = _live()


class VetoFilters(PollFilters):
    """Parameters of the list of vetoes."""

    kind = filters.ChoiceFilter(label=_("Kind"), choices=VetoKind.choices)
    is_live = _live()


def refused(problem: FactRefused) -> Response:
    """A refusal: 409 for what stands against something else, 422 for a rule; ``fields`` where one is to blame."""
    body: dict[str, Any] = {"code": problem.code, "message": " ".join(problem.messages)}
    if hasattr(problem, "error_dict"):
        body["fields"] = problem.message_dict
    return Response(body, status=409 if problem.code in _CONFLICTS else 422)


def _nothing(name: str) -> ValidationError:
    return ValidationError({name: _("There is nothing with this id, or it is not open to you.")})


def _pairing(access: Access, kind: str, uid: Any) -> Pairing:
    """A pairing on which somebody may write such a fact; whether it is assessed, the action says."""
    reach = access.reach(kind, "C")
    rows = Pairing.objects.all() if reach is None else Pairing.objects.filter(of_units(reach))
    row: Pairing | None = rows.filter(uid=uid).first()
    if row is None:
        raise _nothing("pairing")
    return row


def _cycle(uid: Any) -> Cycle:
    """An assessment of the county; one that is final is refused by the action, in its words."""
    row: Cycle | None = Cycle.objects.filter(uid=uid).first()
    if row is None:
        raise _nothing("assessment")
    return row


class _Facts(Rows):
    """Reading one sort of fact, and writing it by its action."""

    input_class: ClassVar[type[serializers.Serializer[Any]]]
    pagination_class = FactPages

    def dated(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """With the time of the last change."""
        found: QuerySet[Any] = rows.annotate(updated_at=updated_at(self.model))
        return found

    def given(self, shape: type[serializers.Serializer[Any]], **more: Any) -> dict[str, Any]:
        """The body as the shape asks. Raises ValidationError (400)."""
        told = shape(data=an_object(self.request.data), **more)
        told.is_valid(raise_exception=True)
        return dict(told.validated_data)

    def written(self, write: Callable[[], Model], status: int = 201) -> Response:
        """The row as it is afterwards, or the refusal with its code."""
        try:
            row = write()
        except FactRefused as problem:
            return refused(problem)
        return Response(self.get_serializer(self.get_queryset().get(pk=row.pk)).data, status=status)


def _described(name: str, words: tuple[Any, Any, Any], shape: Any, out: Any, example: dict[str, Any], **more: Any) -> Any:
    many, one, make = words
    return extend_schema_view(
        list=extend_schema(operation_id=f"{name}_list", summary=many, tags=["facts"]),
        retrieve=extend_schema(operation_id=f"{name}_retrieve", summary=one, tags=["facts"]),
        create=extend_schema(
            operation_id=f"{name}_create",
            summary=make,
            tags=["facts"],
            request=shape,
            responses={201: out, **REFUSED},
            examples=[OpenApiExample(name, example, request_only=True)],
        ),
        **more,
    )


@_described(
    "polls",
    (_("Polls of villagers"), _("One poll"), _("Write a poll down")),
    PollIn,
    PollOut,
    {"assessment": _CYCLE, "pairing": _PAIRING, "satisfied": 13, "fairly": 5, "dissatisfied": 1, "unknown": 1},
    partial_update=extend_schema(
        operation_id="polls_update",
        summary=_("Correct a poll"),
        tags=["facts"],
        request=PollChange,
        responses={200: PollOut, **REFUSED},
    ),
)
class PollViews(_Facts):
    """Polls that one may read; nobody's name is kept. A pairing has one in an assessment: correct it with PATCH."""

    route_policy = RoutePolicy("members", "poll", (("GET", "R"), ("POST", "C"), ("PATCH", "U")))
    model = Poll
    serializer_class = PollOut
    filterset_class = PollFilters

    def rows(self) -> QuerySet[Poll]:
        return self.dated(visible_polls(self.access))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.given(PollIn)
        cycle, pairing = _cycle(values.pop("assessment")), _pairing(self.access, "poll", values.pop("pairing"))
        if Poll.objects.filter(cycle=cycle, pairing=pairing).exists():
            return refused(FactRefused(_("The poll on this pairing is written down already. Open it and correct it."), "twice"))
        return self.written(lambda: set_poll(cycle=cycle, pairing=pairing, access=self.access, **values))

    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.given(PollChange, partial=True)
        row: Poll = row_for(POLL, self.access, kwargs["id"], "U")
        names = ("satisfied", "fairly", "dissatisfied", "unknown", "held_on", "note")
        values = {**{name: getattr(row, name) for name in names}, **values}
        return self.written(lambda: set_poll(cycle=row.cycle, pairing=row.pairing, access=self.access, **values), 200)


@_described(
    "honours",
    (_("Promoted experiences"), _("One promoted experience"), _("Write a promoted experience down")),
    HonourIn,
    HonourOut,
    {
        "pairing": _PAIRING,
        "matter": "支部联建助农直播",
        "level": "city",
        "promoted_on": "2025-06-03",
        "doc_no": "茂组通〔2025〕3号",
    },
)
class HonourViews(_Facts):
    """Experiences that a higher level promoted; withdrawn ones stay readable."""

    route_policy = RoutePolicy("members", "honour", (("GET", "R"), ("POST", "C")))
    model = Honour
    serializer_class = HonourOut
    filterset_class = HonourFilters

    def rows(self) -> QuerySet[Honour]:
        return self.dated(visible_honours(self.access))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.given(HonourIn)
        pairing = _pairing(self.access, "honour", values.pop("pairing"))
        return self.written(lambda: add_honour(pairing=pairing, access=self.access, **values))


@_described(
    "vetoes",
    (_("Vetoes"), _("One veto"), _("Write a veto down")),
    VetoIn,
    VetoOut,
    {
        "assessment": _CYCLE,
        "pairing": _PAIRING,
        "kind": "fabrication",
        "fact": "补造接访登记",
        "decided_by": "县督导组",
        "doc_no": "督字〔2025〕7号",
        "decided_on": "2025-11-05",
    },
)
class VetoViews(_Facts):
    """Facts that hold a grade down; lifted ones stay readable."""

    route_policy = RoutePolicy("members", "veto", (("GET", "R"), ("POST", "C")))
    model = Veto
    serializer_class = VetoOut
    filterset_class = VetoFilters

    def rows(self) -> QuerySet[Veto]:
        return self.dated(visible_vetoes(self.access))

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        values = self.given(VetoIn)
        cycle, pairing = _cycle(values.pop("assessment")), _pairing(self.access, "veto", values.pop("pairing"))
        return self.written(lambda: add_veto(cycle=cycle, pairing=pairing, access=self.access, **values))


class _TakenBack(APIView):
    """A fact that counts no more, with the reason; it stays readable."""

    kind: ClassVar[Kind]
    shape: ClassVar[type[serializers.Serializer[Any]]]

    def take_back(self, request: Request, uid: Any, act: Callable[..., Model]) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = FactReasonIn(data=an_object(request.data))
        given.is_valid(raise_exception=True)
        row = row_for(self.kind, access, uid, "U")
        try:
            act(row, reason=given.validated_data["reason"], access=access)
        except FactRefused as problem:
            return refused(problem)
        rows = self.kind.visible(access).annotate(updated_at=updated_at(self.kind.model))
        return Response(self.shape(rows.get(pk=row.pk)).data)


class HonourWithdraw(_TakenBack):
    """Withdraws a promoted experience."""

    route_policy = RoutePolicy("members", "honour", (("POST", "U"),))
    kind, shape = HONOUR, HonourOut

    @extend_schema(
        operation_id="honours_withdraw",
        summary=_("Withdraw a promoted experience"),
        tags=["facts"],
        request=FactReasonIn,
        responses={200: HonourOut, **REFUSED},
        examples=[OpenApiExample("withdraw", {"reason": "文件已撤回"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.take_back(request, kwargs["id"], lambda row, **more: withdraw_honour(honour=row, **more))


class VetoLift(_TakenBack):
    """Lifts a veto."""

    route_policy = RoutePolicy("members", "veto", (("POST", "U"),))
    kind, shape = VETO, VetoOut

    @extend_schema(
        operation_id="vetoes_lift",
        summary=_("Lift a veto"),
        tags=["facts"],
        request=FactReasonIn,
        responses={200: VetoOut, **REFUSED},
        examples=[OpenApiExample("lift", {"reason": "复核后更正"}, request_only=True)],
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.take_back(request, kwargs["id"], lambda row, **more: lift_veto(veto=row, **more))
