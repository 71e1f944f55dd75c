"""How the API describes itself: bearer tokens, the refusals that every operation may give."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework import serializers


class Problem(serializers.Serializer):
    """A refusal: a code for programs, a sentence for people, and for wrong input what is wrong where."""

    code = serializers.CharField(help_text=_("For programs: bad_request, not_found, forbidden …"))
    message = serializers.CharField(help_text=_("For people: what happened and what to do."))
    fields = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text=_("What is wrong, by the name of the parameter or field."),
    )


def _refusal(description: Any, code: str, message: str, fields: dict[str, list[str]] | None = None) -> OpenApiResponse:
    body: dict[str, Any] = {"code": code, "message": message} | ({"fields": fields} if fields else {})
    return OpenApiResponse(Problem, description, [OpenApiExample(code, body)])


REFUSALS = {
    "400": _refusal(
        _("Wrong parameters or body."),
        "bad_request",
        "请求无法识别。请检查 “fields” 中列出的内容。",
        {"limit": ["请输入 1 到 200 之间的数字。"]},
    ),
    "401": _refusal(_("No token, or one that has ended."), "not_authenticated", "请先登录:从 auth/token/ 取得令牌。"),
    "403": _refusal(_("The role does not include this."), "forbidden", "您的角色没有这项权限。如有需要,请联系县级管理员。"),
    "404": _refusal(_("Missing, another county's, or out of reach: one answer."), "not_found", "没有这项内容,或者未向您开放。"),
    "415": _refusal(_("The body is neither JSON nor a form."), "unsupported_media_type", "请发送 JSON 或表单。"),
}


class Schema(AutoSchema):
    """Adds the refusals that an operation can give, beside what its view says itself."""

    def get_description(self) -> str:
        # Docstrings are for those who read the code. What an operation says, it says with ``extend_schema``.
        return ""

    def _get_response_bodies(self, direction: str = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for status in self._refusals():
            if status not in bodies:
                bodies[status] = self._get_response_for_code(REFUSALS[status], status, direction=direction)
        return bodies

    def _refusals(self) -> list[str]:
        # 400 always: middleware refuses NUL and broken encodings in any address.
        found = ["400", "404"]
        if self.view.route_policy.audience == "members":
            found += ["401", "403"]
        if self.method in ("POST", "PUT", "PATCH"):
            found.append("415")
        return found


class Bearer(OpenApiAuthenticationExtension):
    """The token of ``auth/token/``."""

    target_class = "tenancy.api.SignedIn"
    name = "bearer"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": str(_("The token that auth/token/ gives."))}


def without_docstrings(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The API speaks the reader's language; the docstrings of its shapes do not."""
    for shape in result.get("components", {}).get("schemas", {}).values():
        if str(shape.get("description", "")).isascii():
            shape.pop("description", None)
    return result
