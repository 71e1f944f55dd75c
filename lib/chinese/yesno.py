"""Yes words and none words."""

from lib.chinese.text import match_key

_YES = frozenset(
    {
        "是",
        "√",
        "✓",
        "✔",
        "☑",
        "已",
        "y",
        "yes",
        "1",
        "有",
        "对",
        "true",
        "已完成",
        "完成",
        "已办",
        "已签",
        "已签订",
        "o",
        "○",
    }
)
_NO = frozenset(
    {
        "否",
        "×",
        "✗",
        "✘",
        "x",
        "未",
        "n",
        "no",
        "0",
        "没有",
        "false",
        "不是",
        "未完成",
        "未办",
        "未签",
        "未签订",
        "不",
    }
)
_NONE = frozenset(
    {
        "无",
        "/",
        "-",
        "--",
        "—",
        "——",
        "空",
        "暂无",
        "\\",
        "n/a",
        "na",
        "―",
        "–",
        "*",
        "没有",
    }
)


def parse_yes_no(cell: str | bool | float | int) -> bool | None:
    """True, False, or None when the word is neither. 无 (there is none of it) is False."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        return {1: True, 0: False}.get(int(cell)) if cell == int(cell) else None
    key = match_key(cell)
    if key in _YES:
        return True
    return False if key in _NO or key == "无" else None


def says_none(text: str) -> bool:
    """Whether the cell says that there is nothing to say: empty, 无, /, -, —."""
    key = match_key(text)
    return not key or key in _NONE
