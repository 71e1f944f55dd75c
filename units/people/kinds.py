"""The list of 人员与授权: persons with their posts, login and roles."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, Search, State, Type
from tenancy.models import Role
from units.models import Person
from units.models.person import PostKind
from units.people.queries import live_roles, visible_members, with_role
from units.queries.people import holding, people_within, posts_in_words

_WITH_LOGIN = Q(account__isnull=False, account__is_active=True)


def _every(on: date) -> Q:
    return Q()


def _chip(row: Mapping[str, Any]) -> Mapping[str, str] | None:
    if row["account__is_active"] is False:
        return {"word": _now("Disabled"), "tone": "grey", "mark": "dash"}
    return None


MEMBER = Kind(
    code="member",
    one=_("person"),
    many=_("People and grants"),
    model=Person,
    object="grant",
    namespace="people",
    path="people",
    visible=visible_members,
    within=people_within,
    search=Search(names=("name", "account__login"), pinyin=("pinyin",), initials=("initials",), help=_("Name, pinyin or login.")),
    states=(
        State("everybody", _("Everybody"), _every),
        State("login", _("With a login"), lambda on: _WITH_LOGIN),
        State("none", _("Without a login"), lambda on: Q(account=None)),
        State("disabled", _("Login disabled"), lambda on: Q(account__is_active=False)),
    ),
    fields=(
        Field(key="name", label=_("Name"), sort=("pinyin",), fact=False),
        Field(key="posts", label=_("Posts"), type=Type.NAMES, annotate=posts_in_words, sortable=False, wide=True),
        Field(
            key="post",
            label=_("Post"),
            type=Type.CHOICE,
            choices=PostKind,
            path="pk",
            listed=False,
            fact=False,
            sheet=False,
            filter=Filter(where=holding),
        ),
        Field(key="login", label=_("Login name"), path="account__login"),
        Field(
            key="roles",
            label=_("Roles today"),
            type=Type.CHOICES,
            choices=Role,
            only=tuple(code for code in Role.values if code != Role.OP),
            annotate=live_roles,
            sortable=False,
            filter=Filter(label=_("Role"), where=with_role),
        ),
    ),
    chip=_chip,
    chip_paths=("account__is_active",),
    help=_("Who may sign in and what they may do. Each role counts from a day to a day and is never deleted."),
    empty=Empty(
        _("No people yet."),
        _("They come with the rosters: import the units and pairings first, then make the logins here in one go."),
    ),
    title="人员与授权",
)
