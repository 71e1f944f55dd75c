"""Pictures of the tour and the page that tells of them: both from one list, so that they cannot drift apart.

``PAIRING_TOUR=1`` has the walk write them anew; else it only walks.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/tour"
PAGE = ROOT / "docs/tour.md"
# A README is read over slow lines too.
MOST_BYTES = 150_000


@dataclass(frozen=True, slots=True)
class Picture:
    """One look at a page: the file's name, and a sentence in each language."""

    name: str
    zh: str
    en: str

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.webp"


def are_asked_for() -> bool:
    """Whether this run is to write pictures."""
    return os.environ.get("PAIRING_TOUR") == "1"


def take(page: Page, picture: Picture) -> None:
    """What stands on the screen now, as people see it: no more than one screenful."""
    if are_asked_for():
        FOLDER.mkdir(parents=True, exist_ok=True)
        # Through the debugger: playwright itself makes no WebP, and the other formats are three times as large.
        asked = {"format": "webp", "quality": 80}
        taken = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
        picture.path.write_bytes(base64.b64decode(taken["data"]))


def told(pictures: Iterable[Picture]) -> str:
    """The whole of docs/tour.md."""
    lines = [
        "# 走一遍",
        "",
        "从一个空白县到一张可以追问的得分表:下面各图由浏览器测试 `tests/tour` 一步步走出来,人名、电话均为虚构。",
        "",
        "*From an empty county to a score that explains itself: a browser test walks this way. All people are invented.*",
        "",
    ]
    for number, one in enumerate(pictures, 1):
        lines += [f"{number}. {one.zh}", "", f"   *{one.en}*", "", f"   ![{one.zh}](tour/{one.path.name})", ""]
    lines += ["重新生成 / Make them anew: `PAIRING_TOUR=1 .venv/bin/python -m pytest tests/tour`", ""]
    return "\n".join(lines)
