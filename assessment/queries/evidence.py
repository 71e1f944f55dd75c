"""What each line of each sheet rests on, as it is kept when scores become public: the records counted and those not, with why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import override

from activities.models import Record
from assessment.models import Cycle
from assessment.queries.lists import scored_ones
from assessment.queries.refs import Evidence, Found, Ref
from assessment.scoring.score import lines_of

# The fields of a Ref in an archive; empty ones are left out.
_TOLD = ("kind", "label", "type", "state", "period", "value", "why", "note", "url_name")


def evidence_of(cycle: Cycle) -> dict[tuple[int, str], dict[str, Any]]:
    """(pairing, code of the line) → ``{"counted": […], "not_counted": […]}``; in Chinese, as papers are.

    A constant number of queries for each pairing, and one for all records' versions.
    """
    lines = lines_of(cycle.rubric)
    found: dict[tuple[int, str], Found] = {}
    with override("zh-hans"):
        for row in scored_ones(cycle):
            evidence = Evidence(cycle, row.pairing, lines)
            found |= {(row.pairing_id, line.code): evidence.of(line) for line in lines}
    versions = _versions(ref for one in found.values() for ref in (*one.counted, *one.not_counted))
    return {
        key: {
            "counted": [_written(ref, versions) for ref in one.counted],
            "not_counted": [_written(ref, versions) for ref in one.not_counted],
        }
        for key, one in found.items()
    }


def _versions(refs: Iterable[Ref]) -> dict[UUID, int]:
    """How often each record has been written: the version that was counted, or not."""
    uids = {ref.uid for ref in refs if ref.kind == "record" and ref.uid}
    rows = Record.objects.filter(uid__in=uids).order_by().annotate(n=Count("version"))
    return dict(rows.values_list("uid", "n"))


def _written(ref: Ref, versions: Mapping[UUID, int]) -> dict[str, Any]:
    told: dict[str, Any] = {name: getattr(ref, name) for name in _TOLD if getattr(ref, name)}
    if ref.uid:
        told["id"] = str(ref.uid)
    if ref.day:
        told["day"] = ref.day.isoformat()
    if ref.uid is not None and ref.uid in versions:
        told["version"] = versions[ref.uid]
    return told


def read(kept: Mapping[str, Any]) -> Found:
    """What was kept, as a page shows it."""
    return Found(tuple(_ref(one) for one in kept["counted"]), tuple(_ref(one) for one in kept["not_counted"]))


def _ref(told: Mapping[str, Any]) -> Ref:
    day = date.fromisoformat(told["day"]) if told.get("day") else None
    uid = UUID(told["id"]) if told.get("id") else None
    return Ref(uid=uid, day=day, **{name: told.get(name, "") for name in _TOLD})
