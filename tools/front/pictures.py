"""The pictures of the README, taken from a running demonstration: ``python tools/front/pictures.py http://127.0.0.1:8000``."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import openpyxl

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.browser import DESK, launch  # noqa: E402


def _spoilt(folder: str) -> Path:
    """The pairing table with a misspelt village, an unknown unit and a day that does not exist."""
    book = openpyxl.load_workbook(ROOT / "tests/samples/结对关系一览表.xlsx")
    sheet = book.worksheets[0]
    sheet["C8"], sheet["I5"], sheet["O7"] = "西唐村", "市组织局", "2024.8.35"
    path = Path(folder) / "结对关系一览表.xlsx"
    book.save(path)
    return path


def main(base: str) -> None:
    """Sign in as the demonstration's administrator; save docs/images/*.png."""
    accounts = json.loads((ROOT / ".local/demo-accounts.json").read_text(encoding="utf-8"))
    staff = next(a for a in accounts if (a["tenant"], a["role"]) == ("gaozhou", "CA"))
    images = ROOT / "docs/images"
    images.mkdir(parents=True, exist_ok=True)
    with launch() as browser, tempfile.TemporaryDirectory() as folder:
        page = browser.new_page(viewport=DESK, locale="zh-CN")
        page.goto(f"{base}/gaozhou/login/")
        page.fill("input[name=login]", staff["login"])
        page.fill("input[name=password]", staff["password"])
        page.click("main button.btn-primary")
        page.wait_for_url(f"{base}/gaozhou/")
        page.goto(f"{base}/gaozhou/pairings/")
        page.screenshot(path=images / "pairings.png")
        page.goto(f"{base}/gaozhou/imports/new/?kind=pairings")
        page.set_input_files("input[type=file]", _spoilt(folder))
        page.click("main button.btn-primary")
        page.wait_for_selector("text=确认导入", timeout=30_000)
        page.screenshot(path=images / "import.png")
        page.click("button:has-text('放弃')")


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
