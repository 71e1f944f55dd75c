"""What people do with units, posts, people and lists. Each is one transaction, in the chain and in the history."""

from units.actions.listings import end_listing, list_unit
from units.actions.people import create_person, show_phone, update_person
from units.actions.posts import add_post, end_post, homonyms
from units.actions.units import create_unit, end_unit, reopen_unit, update_unit

__all__ = [
    "add_post",
    "create_person",
    "create_unit",
    "end_listing",
    "end_post",
    "end_unit",
    "homonyms",
    "list_unit",
    "reopen_unit",
    "show_phone",
    "update_person",
    "update_unit",
]
