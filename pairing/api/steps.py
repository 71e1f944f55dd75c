"""The steps of a pairing's life for programs: ``POST pairings/{id}/<step>/``, and proposing one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lib.kinds.pages.places import row_for
from pairing import actions
from pairing.api.serializers import PairingIn, PairingOut
from pairing.kinds import PAIRING
from pairing.models import EndingReason, Pairing
from pairing.queries import visible_pairings, with_sides
from tenancy import clock
from tenancy.access import Access, RoutePolicy
from tenancy.api_schema import Problem
from units.api import writing
from units.api.filters import updated_at


class PairingDayIn(serializers.Serializer):
    """A day."""

    on = serializers.DateField()


class PairingOptionalDayIn(serializers.Serializer):
    """A day; left out: the pairing's first day."""

    on = serializers.DateField(required=False)


class PairingAgreeIn(serializers.Serializer):
    """The document of a decree; the two sides leave it out."""

    doc_no = serializers.CharField(max_length=60, required=False, allow_blank=True)


class PairingReasonIn(serializers.Serializer):
    """Why."""

    reason = serializers.CharField(max_length=200)


class PairingSignIn(serializers.Serializer):
    """The day of the signature, or why there is none."""

    on = serializers.DateField(required=False)
    waived = serializers.CharField(max_length=200, required=False, allow_blank=True)


class PairingSuspendIn(PairingReasonIn):
    """From which day it rests, and why."""

    on = serializers.DateField()


class PairingEndIn(serializers.Serializer):
    """The last day and why."""

    on = serializers.DateField()
    reason = serializers.ChoiceField(choices=EndingReason.choices)
    remark = serializers.CharField(max_length=200, required=False, allow_blank=True)
    doc_no = serializers.CharField(max_length=60, required=False, allow_blank=True)


class Step(APIView):
    """One step: the pairing as it is afterwards, or the refusal with its code."""

    input_class: ClassVar[type[serializers.Serializer]]
    right: ClassVar[str]
    run: ClassVar[Callable[..., Any]]

    @property
    def access(self) -> Access:
        return self.request._request.access  # type: ignore[attr-defined, no-any-return]

    def answer(self, uid: Any) -> Response:
        given = self.input_class(data=writing.an_object(self.request.data))
        given.is_valid(raise_exception=True)
        pairing: Pairing = row_for(PAIRING, self.access, uid, self.right)
        try:
            type(self).run(pairing=pairing, access=self.access, **given.validated_data)
        except actions.PairingRefused as refusal:
            status = 409 if isinstance(refusal, actions.PairingMovedOn) else 422
            return Response({"code": refusal.code, "message": " ".join(refusal.messages)}, status=status)
        return Response(PairingOut(shown(self.access, uid)).data)


def shown(access: Access, uid: Any) -> Any:
    """The pairing as the API tells it."""
    rows = with_sides(visible_pairings(access), on=clock.today()).annotate(updated_at=updated_at(Pairing))
    return rows.get(uid=uid)


_REFUSED = {
    409: OpenApiResponse(Problem, description=_("It is in another state: wrong_state, already_ended.")),
    422: OpenApiResponse(Problem, description=_("A guard stands against it; the code says which.")),
}


def _step(
    code: str, right: str, shape: type[serializers.Serializer], run: Callable[..., Any], summary: Any, example: dict[str, Any]
) -> type[Step]:
    @extend_schema(
        operation_id=f"pairings_{code}",
        summary=summary,
        tags=["pairings"],
        request=shape,
        responses={200: PairingOut, **_REFUSED},
        examples=[OpenApiExample(code, example, request_only=True)],
    )
    def post(self: Step, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.answer(kwargs["id"])

    told: dict[str, Any] = {
        "route_policy": RoutePolicy("members", "pairing", (("POST", right),)),
        "input_class": shape,
        "right": right,
        "run": staticmethod(run),
        "post": post,
    }
    return type(f"Pairing{code.title()}", (Step,), told)


STEPS: dict[str, type[Step]] = {
    code: _step(code, right, shape, run, summary, example)
    for code, right, shape, run, summary, example in (
        ("agree", "X", PairingAgreeIn, actions.agree_pairing, _("Agree to a proposed pairing"), {}),
        (
            "decree",
            "U",
            PairingAgreeIn,
            actions.agree_pairing,
            _("Decide a proposal by the county"),
            {"doc_no": "高委组〔2024〕12号"},
        ),
        ("reject", "X", PairingReasonIn, actions.reject_pairing, _("Reject a proposed pairing"), {"reason": "已与其他单位结对"}),
        ("sign", "U", PairingSignIn, actions.sign_pairing, _("Write a signed agreement down"), {"on": "2024-09-03"}),
        (
            "activate",
            "U",
            PairingOptionalDayIn,
            actions.activate_pairing,
            _("Make a signed pairing active"),
            {"on": "2024-09-03"},
        ),
        (
            "suspend",
            "U",
            PairingSuspendIn,
            actions.suspend_pairing,
            _("Suspend a pairing"),
            {"on": "2024-11-04", "reason": "防汛"},
        ),
        ("resume", "U", PairingDayIn, actions.resume_pairing, _("Resume a suspended pairing"), {"on": "2024-11-11"}),
        ("plan", "U", PairingDayIn, actions.approve_plan, _("Approve the yearly plan"), {"on": "2024-09-20"}),
        ("end", "U", PairingEndIn, actions.end_pairing, _("End a pairing"), {"on": "2024-12-31", "reason": "expired"}),
    )
}


def _propose(*, access: Access, values: dict[str, Any]) -> Pairing:
    return actions.propose_pairing(facts=actions.PairingFacts(**values), access=access)


# The form of a pairing, written as a proposal.
_PROPOSAL = replace(PAIRING, create=_propose)


class Propose(APIView):
    """Propose a pairing: county staff any, a unit for a village that it chose itself."""

    route_policy = RoutePolicy("members", "pairing", (("POST", "C"),))

    @extend_schema(
        operation_id="pairings_propose",
        summary=_("Propose a pairing"),
        tags=["pairings"],
        request=PairingIn,
        responses={201: PairingOut},
    )
    def post(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        access: Access = request._request.access  # type: ignore[attr-defined]
        given = PairingIn(data=writing.an_object(request.data))
        given.is_valid(raise_exception=True)
        made = writing.create(_PROPOSAL, access, given.validated_data, {})
        return Response(PairingOut(shown(access, made.uid)).data, status=201)
