"""Reading persons, their logins and their grants."""

from units.people.queries.grants import GrantShown, ended, grants_of, live, scope_name
from units.people.queries.logins import (
    ROLE_OF_POST,
    Candidate,
    Login,
    candidates,
    free_logins,
    is_last_administrator,
    login_with,
    logins_without_person,
    person_of,
    suggest_login,
)
from units.people.queries.members import live_roles, visible_members, with_role

__all__ = [
    "ROLE_OF_POST",
    "Candidate",
    "GrantShown",
    "Login",
    "candidates",
    "ended",
    "free_logins",
    "grants_of",
    "is_last_administrator",
    "live",
    "live_roles",
    "login_with",
    "logins_without_person",
    "person_of",
    "scope_name",
    "suggest_login",
    "visible_members",
    "with_role",
]
