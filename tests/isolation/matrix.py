"""The table of routes in docs/security/routes.md: every address, who may come in, and each role's right by method."""

from __future__ import annotations

from tenancy.policy import ROLES, right
from tests.routes import Route, routes

# Who comes in where no county is in scope.
_OUTSIDE = {"operators": "platform operators only", "readers": "readers of a prefecture's published sums only"}
DOCUMENT = "docs/security/routes.md"
HEAD = """# Every address and who may use it

Written by `PAIRING_WRITE_ROUTES=1 python -m pytest tests/isolation/test_matrix.py` from the addresses and from
`tenancy/policy.py`. A test compares it with what is there, so that a new address, or a changed right, shows as a line
of this file when it is reviewed.

A letter is the action of the policy table (C create, R read, U edit, X confirm, D void, E export, I import); `o` behind
it: within the grant's own scope only; `–`: 403. Who is no member of the county gets 404, who is not signed in the
sign-in page (401 in the API).
"""


def _cell(route: Route, role: str, method: str) -> str:
    assert route.policy is not None
    action = route.policy.action(method)
    found = right(route.policy.kind or "", role, action) if action else None
    return f"{found.action}{'o' if found.own else ''}" if found else "–"


def document() -> str:
    """The whole file."""
    members = [role for role in ROLES if role != "OP"]
    lines = [HEAD, "## By the policy table", "", f"| address | method | object | {' | '.join(members)} |"]
    lines.append("|---|---|---|" + "---|" * len(members))
    others = ["", "## Without a right", "", "| address | for | why |", "|---|---|---|"]
    for route in sorted(routes(), key=lambda one: one.path):
        path, policy = f"`/{route.path}`".replace("|", "\\|"), route.policy
        if policy is None:
            continue
        if policy.kind is None:
            others.append(f"| {path} | {policy.audience} | {policy.why or _OUTSIDE[policy.audience]} |")
            continue
        for method in route.methods:
            cells = " | ".join(_cell(route, role, method) for role in members)
            lines.append(f"| {path} | {method} | {policy.kind} | {cells} |")
    return "\n".join([*lines, *others]) + "\n"
