"""The small language of templates: fields, lists of rows, "if there is". Nothing is called, computed or reached.

Jinja's grammar, of which only what ``_ALLOWED`` names passes. Each part of a document is checked when it is
compiled, so that nothing is ever filled that was not checked; the sandbox is the second wall.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lib.papers.refusals import TemplateRefused

# A field is one text (None), or a list of rows with these columns.
Fields = Mapping[str, tuple[str, ...] | None]
_LOOP = ("index", "first", "last", "length")
_ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.For, nodes.If, nodes.Not)
_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "( )",
    nodes.Filter: "|",
    nodes.Getitem: "[ ]",
    nodes.Assign: "set",
    nodes.AssignBlock: "set",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.Block: "block",
    nodes.Test: "is",
    nodes.Compare: "= < >",
}


class PaperLanguage(ImmutableSandboxedEnvironment):
    """An environment that compiles only what names the given fields."""

    def __init__(self, fields: Fields) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined)
        # No global functions either: a template knows its fields.
        self.globals.clear()
        self.fields = fields
        self.n_named = 0

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        self._check(tree, {}, in_loop=False)
        return tree

    def _check(self, node: nodes.Node, rows: dict[str, tuple[str, ...]], *, in_loop: bool) -> None:
        """``rows``: the names that stand for a row here, with its columns."""
        if not isinstance(node, _ALLOWED):
            raise TemplateRefused("not_allowed", what=_WORDS.get(type(node), type(node).__name__.lower()))
        if isinstance(node, nodes.For):
            self._check_loop(node, rows, in_loop=in_loop)
            return
        if isinstance(node, nodes.Getattr):
            self._check_column(node, rows)
            return
        if isinstance(node, nodes.Name):
            self._check_name(node.name, rows)
            return
        if isinstance(node, nodes.If) and isinstance(node.test, nodes.Name) and node.test.name in self.fields:
            # "If there is any": of a list too.
            self.n_named += 1
            for child in (*node.body, *node.elif_, *node.else_):
                self._check(child, rows, in_loop=in_loop)
            return
        for child in node.iter_child_nodes():
            self._check(child, rows, in_loop=in_loop)

    def _check_loop(self, node: nodes.For, rows: dict[str, tuple[str, ...]], *, in_loop: bool) -> None:
        if in_loop:
            raise TemplateRefused("too_deep")
        if node.recursive or node.test is not None or not isinstance(node.target, nodes.Name):
            raise TemplateRefused("not_allowed", what="for")
        if not isinstance(node.iter, nodes.Name):
            raise TemplateRefused("not_allowed", what="for")
        name = node.iter.name
        if name not in self.fields:
            raise TemplateRefused("unknown_field", field=name)
        columns = self.fields[name]
        if columns is None:
            raise TemplateRefused("not_a_list", field=name)
        self.n_named += 1
        inside = {**rows, node.target.name: columns, "loop": _LOOP}
        for child in node.body:
            self._check(child, inside, in_loop=True)
        for child in node.else_:
            self._check(child, rows, in_loop=in_loop)

    def _check_column(self, node: nodes.Getattr, rows: dict[str, tuple[str, ...]]) -> None:
        if not isinstance(node.node, nodes.Name):
            raise TemplateRefused("not_allowed", what=".")
        name = node.node.name
        if node.attr not in rows.get(name, ()):
            raise TemplateRefused("unknown_field", field=f"{name}.{node.attr}")
        self.n_named += 1

    def _check_name(self, name: str, rows: dict[str, tuple[str, ...]]) -> None:
        if name in rows or self.fields.get(name, ()) == ():
            raise TemplateRefused("unknown_field", field=name)
        if self.fields[name] is not None:
            raise TemplateRefused("is_a_list", field=name)
        self.n_named += 1


def sample(fields: Fields) -> dict[str, Any]:
    """Something in every field, to try a template with: two rows in each list."""
    return {
        name: "示例" if columns is None else [dict.fromkeys(columns, "示例") for _row in range(2)]
        for name, columns in fields.items()
    }
