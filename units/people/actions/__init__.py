"""What the county's administrator does with logins and grants."""

from units.people.actions.grants import end_grant, give_grant
from units.people.actions.logins import (
    create_login,
    link_person,
    require_second_factor,
    reset_password,
    reset_second_factor,
    set_may_sign_in,
)

__all__ = [
    "create_login",
    "end_grant",
    "give_grant",
    "link_person",
    "require_second_factor",
    "reset_password",
    "reset_second_factor",
    "set_may_sign_in",
]
