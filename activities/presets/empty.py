"""Nothing: for counties that write their own classes, types and rules."""

from __future__ import annotations

from activities.presets.declare import Preset

EMPTY = Preset(code="empty", title="空白", summary="不带任何规则和活动类型，由本县自己填写。")
