"""Cleaning and comparing text.

Three strengths: `tidy` is what we keep and show, `fold` is what we parse, `match_key` is what we
compare. What the person typed is never replaced by its folded form on screen.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

# Characters that XML 1.0, PostgreSQL or a reader's eyes cannot take: controls, lone surrogates,
# non-characters, zero-width and direction marks. The zero-width joiner (200D) stays: it holds
# emoji families together.
_UNWANTED = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200c\u200e\u200f"
    "\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_PLANE_ENDS = re.compile("[" + "".join(f"{chr(p * 0x10000 + 0xFFFE)}{chr(p * 0x10000 + 0xFFFF)}" for p in range(1, 17)) + "]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\u0085")
_SPACES = re.compile(r"\s+")
_IGNORED_WHEN_MATCHING = re.compile("[\u200d\ufe00-\ufe0f]")
_LIST_MARK = re.compile(
    r"^\s*(?:[①-⑳⑴-⒇㈠-㈩❶-❿]|[(（][一二三四五六七八九十0-9０-９]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}、|[0-9０-９]{1,3}(?:、|[.．](?![0-9０-９])))\s*"
)


_SHORT = 120

P = ParamSpec("P")
R = TypeVar("R")


def remember_short(function: Callable[P, R]) -> Callable[P, R]:
    """Keep results for short cells, which repeat down a column; long ones would only fill memory."""
    remembered = lru_cache(maxsize=8192, typed=True)(function)

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        if isinstance(args[0], str) and len(args[0]) > _SHORT:
            return function(*args, **kwargs)
        return remembered(*args, **kwargs)  # type: ignore[arg-type]  # all our arguments are hashable

    return call


def tidy(text: str) -> str:
    """The text to keep and show: as typed, without what no reader can see and no store can hold."""
    if text.isprintable():
        return text.strip()
    text = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    text = _PLANE_ENDS.sub("", _UNWANTED.sub("", text))
    return text.strip()


@remember_short
def fold(text: str) -> str:
    """The text to parse: full-width forms made ordinary, runs of white space made one space."""
    return _SPACES.sub(" ", unicodedata.normalize("NFKC", tidy(text))).strip()


@remember_short
def match_key(text: str) -> str:
    """The text to compare: folded, without any white space, case ignored."""
    folded = unicodedata.normalize("NFKC", _IGNORED_WHEN_MATCHING.sub("", tidy(text)))
    # Folding case, and spaces that go, can leave characters which NFKC would change again.
    return unicodedata.normalize("NFKC", _SPACES.sub("", folded.casefold()))


def without_list_mark(text: str) -> str:
    """The text without a leading ①, （一）, 2、 or 3. — numbering people put before a fixed word."""
    return _LIST_MARK.sub("", text, count=1)
