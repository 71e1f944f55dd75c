"""People and offices named by ledgers: who is the same person, and whose post begins or ends."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from lib.chinese.names import clean_name
from lib.sheets.readings import PersonValue
from tenancy.models import Tenant
from units.importing.plan import Plan, Wave, new
from units.importing.rows import Row
from units.models import Person, Post, Unit
from units.models.person import PostKind

P = TypeVar("P", bound=Model)
# County leaders are one circle: the same name at two villages is one leader.
LEADERS = "leaders"
LONGEST_NAME = 40


@dataclass
class People:
    """Same name within the same unit is one person; the same telephone for two people is allowed.

    ``homes`` maps (where, name) to a person: where is a unit's uid, or ``LEADERS``. Telephones stay on the
    offices; one that differs from the person's own is said as a note, never asked.
    """

    tenant: Tenant
    homes: dict[tuple[Hashable, str], Person] = field(default_factory=dict)
    held: dict[tuple[Hashable, str], list[Post]] = field(default_factory=lambda: defaultdict(list))
    # Who the file itself has named for an office: the first row speaks for all.
    _said: dict[tuple[Hashable, str], str] = field(default_factory=dict)

    @classmethod
    def load(cls, tenant: Tenant) -> People:
        """Everybody who holds or held an office in a unit; one query."""
        people = cls(tenant)
        for post in Post.objects.select_related("person", "unit").order_by("id"):
            people.know(post.unit.uid, post.person)
            if post.kind == PostKind.LEADER_CONTACT:
                people.know(LEADERS, post.person)
            if post.ends_on is None:
                people.held[post.unit.uid, post.kind].append(post)
        return people

    def know(self, home: Hashable, person: Person) -> None:
        self.homes.setdefault((home, person.name), person)

    def person(self, plan: Plan, row: Row, column: str, home: Hashable, value: PersonValue) -> Person:
        """The person of that name in that unit; a new one when there is none."""
        found = self.homes.get((home, value.name))
        if found is None:
            # Its sort keys are made when it is written: a preview of thousands needs none.
            found = new(Person, tenant=self.tenant, name=value.name, phone=value.phone)
            self.know(home, found)
            plan.add(row, Wave.PEOPLE, found)
        elif value.phone and not found.phone:
            plan.change(row, found, "phone", value.phone)
        elif value.phone and value.phone != found.phone:
            message = _("%(name)s has another telephone number elsewhere; this one is kept with this post.")
            row.note(column, "phone_differs", message % {"name": value.name})
        return found

    def hold(
        self,
        plan: Plan,
        row: Row,
        column: str,
        unit: Unit,
        kind: PostKind,
        value: PersonValue,
        *,
        since: date,
        title: str = "",
        home: Hashable | None = None,
    ) -> None:
        """See to it that this person, and no other, holds this office of the unit."""
        label = kind.label
        said = self._said.setdefault((unit.uid, kind), value.name)
        if said != value.name:
            message = _("Another row names %(first)s as %(office)s of %(unit)s; that one is kept, not %(name)s.")
            row.note(column, "office_differs", message % {"first": said, "office": label, "unit": unit.name, "name": value.name})
            return
        current = self.held[unit.uid, kind]
        for post in current:
            if post.person.name == value.name:
                if value.phone:
                    plan.change(row, post, "phone", value.phone, label=label)
                if title:
                    plan.change(row, post, "title", title, label=label)
                if value.phone and post.person.phone != value.phone:
                    self.person(plan, row, column, home or unit.uid, value)
                return
        former = "、".join(post.person.name for post in current)
        starts_on = since if current else None
        for post in current:
            starts_on = close(plan, row, post, since)
        person = self.person(plan, row, column, home or unit.uid, value)
        self.know(unit.uid, person)
        post = new(
            Post, tenant=self.tenant, unit=unit, person=person, kind=kind, title=title, phone=value.phone, starts_on=starts_on
        )
        self.held[unit.uid, kind] = [post]
        plan.add(row, Wave.POSTS, post)
        row.tell(label, former, value.name)


def close(plan: Plan, row: Row, post: P, since: date) -> date:
    """End an office the day before ``since``; never before it began. Returns the day on which the next begins."""
    began = getattr(post, "starts_on", None)
    last = since - timedelta(days=1)
    if began is not None and last < began:
        last = began
    plan.change(row, post, "ends_on", last, first=True)
    return last + timedelta(days=1)


def check_people(row: Row, columns: Iterable[str]) -> None:
    """Refuse names that are longer than a name can be: a sentence has slipped into the column."""
    for column in columns:
        value = row.read(column)
        if isinstance(value, PersonValue) and len(value.name) > LONGEST_NAME:
            message = _("“%(name)s…” is too long for a name. Write only the name.")
            row.error(column, "name_too_long", message % {"name": value.name[:20]})


def plain_leader(text: str) -> tuple[str, str]:
    """陈某(副市长) is 陈某 with the title 副市长; (挂点) only says what the column says."""
    name, _bracket, inner = text.replace("（", "(").partition("(")
    title = inner.rstrip(")）").strip()
    return clean_name(name), "" if title in ("挂点", "挂钩", "联系", "挂点领导") else title


__all__ = ["LEADERS", "People", "check_people", "close", "plain_leader"]
