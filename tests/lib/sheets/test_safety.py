"""The corpus of bad files: each is refused by name, with a sentence that says what to do."""

from pathlib import Path

import pytest
from django.utils import translation

from lib.sheets.reader import read_workbook
from lib.sheets.refusals import MESSAGES, SheetRefused
from lib.sheets.safety import check_file
from tests.lib.sheets.badfiles import BAD, ordinary
from tests.lib.sheets.build import saved


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_name(name: str, tmp_path: Path) -> None:
    code, filename, make = BAD[name]
    path = saved(tmp_path, make(), "upload")
    with pytest.raises(SheetRefused) as refusal:
        read_workbook(path, filename)
    assert refusal.value.code == code
    assert len(refusal.value.message) > 10


@pytest.mark.parametrize("code", MESSAGES)
def test_every_refusal_speaks_chinese_and_says_what_to_do(code: str) -> None:
    with translation.override("zh-hans"):
        message = str(MESSAGES[code])
    assert any("一" <= c <= "鿿" for c in message), message
    assert message.endswith("。")


def test_an_ordinary_workbook_passes(tmp_path: Path) -> None:
    assert check_file(saved(tmp_path, ordinary())).format == "xlsx"


@pytest.mark.parametrize(
    ("encoding", "found"), [("utf-8", "utf-8-sig"), ("utf-8-sig", "utf-8-sig"), ("gb18030", "gb18030"), ("gbk", "gb18030")]
)
def test_the_encodings_of_our_offices_are_read(encoding: str, found: str, tmp_path: Path) -> None:
    path = saved(tmp_path, "单位名称,组长\n高州市林业局,张三\n".encode(encoding), "a.csv")
    assert check_file(path, "a.csv").encoding == found
    assert read_workbook(path, "a.csv").sheets[0].rows == [["单位名称", "组长"], ["高州市林业局", "张三"]]
