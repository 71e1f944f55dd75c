"""Every deed that the code records has words for the event log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tenancy.deeds import DEEDS, OBJECTS, detail_words

ROOT = Path(__file__).resolve().parents[2]
APPS = ("config", "pairing", "units", "tenancy", "lib")
WRITERS = ("append", "platform", "audit", "_record")


def _texts(node: ast.expr) -> Iterator[str]:
    """Literal texts that an argument can be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


def _calls() -> Iterator[ast.Call]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            if "audit" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, ast.Call) and any(keyword.arg == "object_kind" for keyword in node.keywords):
                    yield node
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
                    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
                    if name in WRITERS and node.args:
                        yield node


def _recorded() -> tuple[set[str], set[str]]:
    deeds: set[str] = set()
    objects: set[str] = set()
    for call in _calls():
        for argument in call.args:
            deeds |= {text for text in _texts(argument) if text.isidentifier() and text.islower()}
        for keyword in call.keywords:
            if keyword.arg == "object_kind":
                objects |= set(_texts(keyword.value))
    return deeds, objects


def test_every_recorded_deed_and_object_has_words() -> None:
    deeds, objects = _recorded()
    assert len(deeds) > 30, "the search finds nothing"
    assert deeds - set(DEEDS) == set()
    assert objects - set(OBJECTS) - {""} == set()


def test_details_are_told_in_words() -> None:
    assert detail_words("fields", ["minimum", "grace_days"], "rule") == "字段 最低数量、宽限天数"
    assert detail_words("fields", ["lock_day"], "programme") == "字段 锁定日"
    assert detail_words("fields", ["name", "phone"], "person") == "字段 姓名、电话"
    assert detail_words("type", "labour_day", "record") == "类型 集中劳动"
    assert detail_words("post", "group_leader", "post") == "任职 组长"
    # Of the county's own, and of no known sort: the code; a public id tells a reader nothing.
    assert detail_words("type", "night_school", "record") == "类型 night_school"
    assert detail_words("fields", ["whatever"], "nothing") == "字段 whatever"
    assert detail_words("unit", "0ca57317-eeab-430a-b165-aa6a59c6ad73", "post") == ""
