"""人员: whom the county deals with; name, posts, telephone and nothing else (domain.md §5.2)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.kinds.declare import Empty, Field, Filter, Kind, Search, State, Type
from units.actions import create_person, update_person
from units.kinds import common
from units.models import Person
from units.models.person import PostKind
from units.queries import visible_people
from units.queries.people import holding, people_within, posts_in_words, with_post

PERSON = Kind(
    code="person",
    one=_("person"),
    many=_("People"),
    model=Person,
    object="unit",
    namespace="units",
    path="units/people",
    visible=visible_people,
    within=people_within,
    search=Search(
        names=("name",), pinyin=("pinyin",), initials=("initials",), help=_("Name, pinyin or initials, for example cj.")
    ),
    states=(
        State("serving", _("In office"), lambda on: with_post()),
        State("former", _("Without a post"), lambda on: ~with_post()),
    ),
    fields=(
        Field(key="name", label=_("Name"), sort=("pinyin",), in_form=True, required=True, fact=False),
        Field(key="posts", label=_("Posts"), type=Type.NAMES, annotate=posts_in_words, sortable=False, fact=False, wide=True),
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
        Field(
            key="phone",
            label=_("Telephone"),
            type=Type.PHONE,
            in_form=True,
            sortable=False,
            fact=False,
            help=_("The office's number where there is one: ask for no private one."),
        ),
        Field(key="notes", label=_("Notes"), in_form=True, quiet=True, shown=False, sortable=False),
    ),
    create=create_person,
    update=update_person,
    history=(common.POSTS,),
    list_crumbs=common.CRUMBS,
    help=_("People with a post in a unit or a village. Telephones are masked; each look at a number is logged."),
    form_help=_("Name, telephone and posts only; no identity card numbers, no dossier."),
    empty=Empty(_("No people yet."), _("They come with the rosters; you can also write somebody down.")),
    create_label=_("New person"),
    title="人员名册",
)
