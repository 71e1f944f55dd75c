"""The history of a row from its versions: when, who, which fields from what to what, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Field as ModelField
from django.db.models import ForeignKey, Model
from django.utils.translation import gettext as _

from lib.chinese.phones import mask_phone
from lib.kinds import cells
from lib.kinds.declare import Access, Kind

# Keys for sorting, marks of the machinery, and what the head of each event says already (who, when): not what a person did.
_SILENT = frozenset(
    {"id", "uid", "tenant", "pinyin", "initials", "key", "created_at", "account", "author", "author_name"}
    | {"client_id", "import_batch", "status_at", "revision", "details"}
)
LIMIT = 200

NameOf = Callable[[Iterable[int]], Mapping[int, str]]


def _nobody(accounts: Iterable[int]) -> Mapping[int, str]:
    return {}


@dataclass
class _Names:
    """Who the accounts are in this county: an app that knows people says it."""

    of: NameOf = _nobody


names = _Names()


def tell_names(of: NameOf) -> None:
    """Let ``of(account ids)`` give the people's names for histories; without it the account's login is shown."""
    names.of = of


@dataclass(frozen=True, slots=True)
class _Step:
    """One version beside the one before it."""

    model: type[Model]
    label: str
    version: Any
    before: Any
    words: Mapping[str, Any]
    above: str = ""

    @property
    def is_own(self) -> bool:
        return not self.above

    @property
    def fields(self) -> list[ModelField[Any, Any]]:
        """What may have changed; not the key to the row whose history this is."""
        silent = _SILENT | {self.above}
        return [one for one in self.model._meta.concrete_fields if one.name not in silent]


def _steps(versions: Iterable[Any], model: type[Model], label: Any, words: Mapping[str, Any], above: str = "") -> list[_Step]:
    last: dict[int, Any] = {}
    found = []
    for version in versions:
        found.append(_Step(model, str(label), version, last.get(version.pgh_obj_id), words, above))
        last[version.pgh_obj_id] = version
    return found


def _is_phone(one: ModelField[Any, Any]) -> bool:
    return "phone" in one.name


class _Reader:
    """Turns raw values of versions into words; names of related rows are read at once, one query a model."""

    def __init__(self, kind: Kind, steps: list[_Step]) -> None:
        self._kind = kind
        wanted: dict[type[Model], set[int]] = {}
        for step in steps:
            for one in step.fields:
                if isinstance(one, ForeignKey):
                    related = one.related_model
                    assert isinstance(related, type)
                    for version in (step.version, step.before):
                        pk = getattr(version, one.attname, None) if version is not None else None
                        if pk is not None:
                            wanted.setdefault(related, set()).add(pk)
        self._names = {
            model: {row.pk: str(row) for row in model._default_manager.filter(pk__in=ids)} for model, ids in wanted.items()
        }

    def word(self, one: ModelField[Any, Any], version: Any) -> str:
        value = getattr(version, one.attname)
        if value in (None, "", [], {}):
            return ""
        if one.model is self._kind.model and one.name in self._kind.said:
            return self._kind.said[one.name](version)
        if isinstance(one, ForeignKey):
            assert isinstance(one.related_model, type)
            return self._names.get(one.related_model, {}).get(value, "")
        if one.choices:
            return str(dict(one.flatchoices).get(value, value))
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if _is_phone(one):
            return mask_phone(str(value))
        return cells.day(value) if hasattr(value, "isoformat") and not hasattr(value, "hour") else str(value)

    def changes(self, step: _Step) -> list[dict[str, str]]:
        found = []
        for one in step.fields:
            after = self.word(one, step.version)
            before = self.word(one, step.before) if step.before is not None else ""
            raw_differs = step.before is None or getattr(step.before, one.attname) != getattr(step.version, one.attname)
            if raw_differs and (before or after):
                label = step.words.get(one.name) or one.verbose_name
                # What a row began without is no news: only what was said is told.
                if step.before is not None or getattr(step.version, one.attname) is not False:
                    found.append({"label": str(label), "before": before, "after": after})
        return found


def _first_values(changes: list[dict[str, str]]) -> str:
    return _("; ").join(_("%(label)s: %(value)s") % {"label": one["label"], "value": one["after"]} for one in changes)


def _context(version: Any) -> dict[str, Any]:
    told = version.pgh_context
    if isinstance(told, str):
        told = json.loads(told)
    return told if isinstance(told, dict) else {}


def _title(step: _Step, changes: list[dict[str, str]]) -> str:
    if step.is_own:
        return _("Created") if step.before is None else _("Changed")
    ended = (
        step.before is not None
        and any(one["before"] == "" and one["after"] for one in changes)
        and (getattr(step.version, "ends_on", None) is not None and getattr(step.before, "ends_on", None) is None)
    )
    holes = {"thing": step.label}
    if step.before is None:
        return _("%(thing)s added") % holes
    return _("%(thing)s ended") % holes if ended else _("%(thing)s changed") % holes


def _may_read(kind: Kind, access: Access, row: Any, needs: str) -> bool:
    reach = access.reach(needs, "R") if needs else None
    return reach is None or kind.within(kind.model._default_manager.filter(pk=row.pk), reach).exists()


def history_of(kind: Kind, access: Access, row: Any) -> list[dict[str, Any]]:
    """The newest ``LIMIT`` events of a row and of what hangs on it (``kind.history``), for templates/parts/timeline.html.

    Telephones are masked: a history is read by more people than a number is shown to.
    """
    own: dict[str, Any] = {}
    for one in kind.fields:
        if one.annotate is None or one.fact or one.attribute:
            for name in (one.attribute or one.source, one.key):
                own.setdefault(name, one.label)
    steps = _steps(row.versions.order_by("pgh_id"), kind.model, kind.one, own)
    for hanging in kind.history:
        if not _may_read(kind, access, row, hanging.needs):
            continue
        relation = row._meta.get_field(hanging.accessor)
        related = relation.related_model
        versions = related.versions.rel.related_model  # the model of its version rows
        found = versions.objects.filter(**{relation.field.name: row}).order_by("pgh_id")
        steps += _steps(found, related, hanging.label or related._meta.verbose_name, hanging.words, relation.field.name)
    # In one transaction all have the same time: the row's own version comes before what was hung on it.
    steps.sort(key=lambda step: (step.version.pgh_created_at, not step.is_own, step.version.pgh_id), reverse=True)
    steps = steps[:LIMIT]
    reader = _Reader(kind, steps)
    contexts = [_context(step.version) for step in steps]
    people = names.of({told["account"] for told in contexts if told.get("account")})
    events = []
    for step, told in zip(steps, contexts, strict=True):
        changes = reader.changes(step)
        if not changes and step.before is not None:
            continue
        reason = _("Reason: %(reason)s") % {"reason": told["reason"]} if told.get("reason") else ""
        is_first = step.before is None
        events.append(
            {
                "when": cells.minute(step.version.pgh_created_at),
                "datetime": step.version.pgh_created_at.isoformat(),
                "who": people.get(told.get("account") or 0, "") or told.get("actor", ""),
                "title": _title(step, changes),
                # What a row began with is no change of anything: one line, not a table of arrows.
                "text": "  ".join(part for part in (_first_values(changes) if is_first else "", reason) if part),
                "changes": [] if is_first else changes,
            }
        )
    return events
