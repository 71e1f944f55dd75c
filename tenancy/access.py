"""Who is asking, and what the policy table lets them do: the decorators and checks that every route uses.

Each view names its place in the policy table with ``allow``; a view that needs no right says so with
``signed_in``, ``public``, ``operators_only`` or ``readers_only``, and why. A route without one of them fails the build
(tests/house/test_routes.py) and answers 404.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse

from tenancy.models.account import Account
from tenancy.models.grant import ScopeKind
from tenancy.models.tenant import Tenant
from tenancy.policy import RIGHTS, Right
from tenancy.readers import prefecture_of
from tenancy.scope import Actor

V = TypeVar("V", bound=Callable[..., Any])
# Methods of a page with a form on it, for ``require_http_methods``.
PAGE = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class LiveGrant:
    """A grant as it counts today: what ``app.session_lookup`` answers."""

    role: str
    scope_kind: str
    scope_unit_id: int | None
    scope_object: str | None


@dataclass(frozen=True)
class Access:
    """What one account may do in one county now.

    ``reach(kind, action)`` is None for the whole county, else the ids of the units that the grants name.
    """

    account: Account
    tenant: Tenant
    grants: tuple[LiveGrant, ...]
    address: str = ""

    @cached_property
    def roles(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    @cached_property
    def actor(self) -> Actor:
        return Actor(name=self.account.login, account_id=self.account.pk, roles=",".join(self.roles), address=self.address)

    def rights(self, kind: str, action: str) -> Iterable[tuple[LiveGrant, Right]]:
        for grant in self.grants:
            right = RIGHTS[kind, grant.role].get(action)
            if right is not None:
                yield grant, right

    def can(self, kind: str, action: str) -> bool:
        """Whether any grant allows the action somewhere; which rows, ``reach`` says."""
        return any(True for _ in self.rights(kind, action))

    def everywhere(self, kind: str, action: str) -> bool:
        """Whether the action is allowed on every row of the county."""
        return self.reach(kind, action) is None

    def reach(self, kind: str, action: str) -> frozenset[int] | None:
        """Ids of the units over which the action is allowed; None for all of the county, empty for nowhere."""
        units: set[int] = set()
        for grant, right in self.rights(kind, action):
            if not right.own or grant.scope_kind == ScopeKind.TENANT:
                return None
            if grant.scope_unit_id is not None:
                units.add(grant.scope_unit_id)
        return frozenset(units)


class TenantRequest(HttpRequest):
    """A request inside a county: the middleware has checked the account's grants and set the wall."""

    tenant: Tenant
    access: Access
    user: Account
    htmx: Any


@dataclass(frozen=True, slots=True)
class RoutePolicy:
    """Where a route stands in the policy table. ``kind`` None: no right needed, ``why`` says so."""

    audience: str  # "members", "public", "operators", "readers"
    kind: str | None = None
    actions: tuple[tuple[str, str], ...] = ()  # (HTTP method, action)
    why: str = ""

    def action(self, method: str) -> str | None:
        wanted = "GET" if method in ("HEAD", "OPTIONS") else method
        return dict(self.actions).get(wanted)


def _marked(view: V, policy: RoutePolicy) -> V:
    view.route_policy = policy  # type: ignore[attr-defined]
    return view


def policy_of(view: Any) -> RoutePolicy | None:
    """The policy of a resolved view; class-based API views carry it on the class."""
    found = getattr(view, "route_policy", None) or getattr(getattr(view, "cls", None), "route_policy", None)
    return cast("RoutePolicy | None", found)


def allow(kind: str, /, **methods: str) -> Callable[[V], V]:
    """The view is for members with the right to do ``methods[method]`` on ``kind``.

    ``@allow("unit", GET="R", POST="U")``. Other methods answer 405. A member without the right gets 403;
    whoever is no member of the county gets 404, as for a page that does not exist.
    """
    actions = tuple((method.upper(), action) for method, action in methods.items())
    policy = RoutePolicy("members", kind, actions)

    def decorate(view: V) -> V:
        @wraps(view)
        def checked(request: TenantRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            action = policy.action(request.method or "GET")
            if action is None:
                return HttpResponse(status=405, headers={"Allow": ", ".join(method for method, _ in actions)})
            if not request.access.can(kind, action):
                raise PermissionDenied
            return cast("HttpResponse", view(request, *args, **kwargs))

        return _marked(cast("V", checked), policy)

    return decorate


def signed_in(why: str) -> Callable[[V], V]:
    """For every member of the county, whatever the role; ``why`` says what makes that right."""
    return lambda view: _marked(view, RoutePolicy("members", None, (), why))


def public(why: str) -> Callable[[V], V]:
    """For anybody, signed in or not; no tenant is in scope; ``why`` says what makes that right."""
    return lambda view: _marked(view, RoutePolicy("public", None, (), why))


def operators_only(view: V) -> V:
    """For platform operators. No tenant is in scope: an operator reads nothing inside a county."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not getattr(request.user, "is_operator", False):
            raise Http404
        return cast("HttpResponse", view(request, *args, **kwargs))

    return _marked(cast("V", checked), RoutePolicy("operators"))


def readers_only(view: V) -> V:
    """For readers of a prefecture's sums, whose prefecture the request then names. No tenant is in scope."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = request.user
        prefecture = prefecture_of(account) if isinstance(account, Account) else None
        if prefecture is None:
            raise Http404
        request.prefecture = prefecture  # type: ignore[attr-defined]
        return cast("HttpResponse", view(request, *args, **kwargs))

    return _marked(cast("V", checked), RoutePolicy("readers"))


def live_grants(account_id: int, tenant_id: int | None = None) -> list[tuple[int, LiveGrant]]:
    """(tenant id, grant) of an account today, asked of the sign-in function: no tenant need be in scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.session_lookup(%s, %s)", [account_id, tenant_id])
        return [(row[0], LiveGrant(row[1], row[2], row[3], str(row[4]) if row[4] else None)) for row in cursor.fetchall()]


def access_for(account: Account, tenant: Tenant, *, address: str = "") -> Access | None:
    """The access of an account in a county, or None when it has no live grant there."""
    grants = tuple(grant for _tenant, grant in live_grants(account.pk, tenant.pk))
    return Access(account, tenant, grants, address) if grants else None
