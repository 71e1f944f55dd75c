"""Rule sets to open a programme year with (docs/decisions/0012-rules-as-dated-terms.md)."""

from __future__ import annotations

from activities.presets.all_rules import ALL_RULES
from activities.presets.declare import ClassDeclared, Preset, RuleDeclared, TermsDeclared, TypeDeclared
from activities.presets.empty import EMPTY
from activities.presets.five_ones import FIVE_ONES

PRESETS: dict[str, Preset] = {preset.code: preset for preset in (FIVE_ONES, ALL_RULES, EMPTY)}

__all__ = [
    "ALL_RULES",
    "EMPTY",
    "FIVE_ONES",
    "PRESETS",
    "ClassDeclared",
    "Preset",
    "RuleDeclared",
    "TermsDeclared",
    "TypeDeclared",
]
