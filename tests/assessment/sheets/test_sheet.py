"""The score sheet: the paper form's cells, the sum without remainder, why, Word; who sees how much of it and when."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.utils.html import strip_tags
from docx import Document

from activities.models import Share
from assessment.models import Entry, LineSource, Poll, SheetLine
from assessment.queries.paper import paper_of, standing_sheet
from assessment.sheet_rights import Sight
from tenancy import clock
from tenancy.scope import tenant_scope
from tests import factories_judgement as judged
from tests.assessment.sheets.conftest import JANUARY, Assessed, make_assessed

pytestmark = pytest.mark.django_db
# domain.md §3.2, worked example: code → points.
WORKED = {
    "A1": "4.00", "A2": "3.00", "A3": "4.00", "A4": "2.50", "B1": "5.58", "B2": "3.00", "C1": "6.00", "C2": "3.00", "C3": "3.00",
    "D1": "5.00", "E1": "5.00", "E2": "6.00", "E3": "2.50", "E4": "4.61", "E5": "3.00", "F": "3.00", "G1": "9.20", "G2": "13.66",
    "H": "2.00", "I": "3.00",
}  # fmt: skip


def paper(county: Assessed, sight: Sight = Sight.FULL) -> Any:
    with tenant_scope(county.tenant), clock.at(JANUARY):
        row = county.cycle.assessed.select_related("pairing", "unit", "village").get(pairing=county.pairing)
        sheet = standing_sheet(county.cycle, row)
        assert sheet is not None
        return paper_of(sheet, row, sight)


def text_of(page: bytes) -> str:
    return re.sub(r"\s+", " ", unescape(strip_tags(page.decode())))


def cells_of(page: bytes) -> list[list[str]]:
    """Rows of the table of lines, cell by cell, in the order of the paper form."""
    table = page.decode().partition('class="table table-cards sheet-table"')[2].partition("</table>")[0]
    rows = []
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL):
        if 'scope="row"' not in row:
            continue
        row = re.sub(r'<td class="sheet-side".*?</td>', "", row, flags=re.DOTALL)
        rows.append([unescape(strip_tags(cell)).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)])
    return rows


def test_the_page_shows_the_worked_example_line_by_line(county: Assessed) -> None:
    page = county.client("CS").get(county.url()).content
    found = {row[0].split()[0]: row[6] for row in cells_of(page)}
    assert found == WORKED
    text = text_of(page)
    assert "13.50 + 8.58 + 12.00 + 5.00 + 21.11 + 3.00 + 22.86 = 86.05" in text
    assert "86.05 + 2.00 − 3.00 = 85.05" in text
    assert "较好" in text


def test_one_of_two_on_site_is_told_on_the_sheet_and_beside_it(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        Entry.objects.filter(pairing=county.pairing, line__code="A2").order_by("id").first().delete()
    client = county.client("CS")
    [a2] = [row for row in cells_of(client.get(county.url()).content) if row[0].startswith("A2")]
    assert (a2[6], a2[7]) == ("0.00", "缺另一人的数据")
    assert "目前只有一人录入" in text_of(client.get(county.url("sheet/lines/A2/")).content)


@pytest.mark.parametrize("figures", [{}, {"value": None}, {"value": "x"}])
def test_kept_lines_without_figures_are_shown_without_arithmetic(county: Assessed, figures: dict[str, Any]) -> None:
    county.publish()
    with tenant_scope(county.tenant):
        SheetLine.objects.filter(sheet__pairing=county.pairing).update(figures=figures, state="scored", score=Decimal(1))
    client = county.client("CS")
    assert client.get(county.url()).status_code == 200
    assert client.get(county.url("sheet/word/")).status_code == 200
    for code in WORKED:
        assert client.get(county.url(f"sheet/lines/{code}/")).status_code == 200, code
    assert "未留存所依据的数据" in text_of(client.get(county.url("sheet/lines/G1/")).content)


@pytest.mark.parametrize("state", ["review", "publicity"])
def test_an_exempt_pairing_has_no_score_whatever_was_kept_of_it(county: Assessed, state: str) -> None:
    county.publish()
    with tenant_scope(county.tenant):
        SheetLine.objects.filter(sheet__pairing=county.pairing).update(figures={})
        county.cycle.assessed.filter(pairing=county.pairing).update(exempt_because="机构改革")
    county.become(state)
    client = county.client("CS")
    page = client.get(county.url())
    assert page.status_code == 200
    assert "机构改革" in text_of(page.content)
    assert "85.05" not in text_of(page.content)
    assert client.get(county.url("sheet/word/")).status_code == 404
    assert client.get(county.url("sheet/lines/G1/")).status_code == 404


def test_the_sum_of_the_lines_is_the_score_without_remainder(county: Assessed) -> None:
    found = paper(county)
    groups = {group.code: sum(Decimal(line.score) for line in group.lines) for group in found.groups}
    assert {code: f"{points:.2f}" for code, points in groups.items()} == {group.code: group.points for group in found.groups}
    base = sum(points for code, points in groups.items() if code not in "HI")
    assert Decimal(found.final) == base + groups["H"] - groups["I"] == Decimal("85.05")


def test_the_systems_figure_stands_beside_the_reviewers_with_their_difference(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        for day in (date(2025, 2, 3), date(2025, 5, 6)):
            county.laid.record(county.pairing, "research_visit", day, principal_present=True)
        Share.objects.filter(type="research_visit").update(principal_present=True)
    [a2] = [row for row in cells_of(county.client("CS").get(county.url()).content) if row[0].startswith("A2")]
    assert a2[3].endswith("2")
    assert a2[4:6] == ["3、3", "+1"]


def test_a_figure_that_is_missing_says_so_and_counts_nothing(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        Entry.objects.filter(pairing=county.pairing, line__code="B2").delete()
    page = county.client("CS").get(county.url()).content
    [b2] = [row for row in cells_of(page) if row[0].startswith("B2")]
    assert b2[6:] == ["0.00", "待录入"]
    assert "还有1项数据未录入" in text_of(page)


def test_each_figure_leads_in_two_taps_to_its_records(county: Assessed) -> None:
    client = county.client("CS")
    page = client.get(county.url()).content.decode()
    links = set(re.findall(r'href="([^"]*/sheet/lines/[^"]+/)"', page))
    assert len(links) == len(WORKED)
    [a3] = [link for link in links if link.endswith("/A3/")]
    panel = client.get(a3, headers={"HX-Request": "true", "HX-Target": "why"}).content.decode()
    assert "<html" not in panel
    records = re.findall(r'href="(/gaozhou/records/[^"]+)"', panel)
    assert len(records) >= 5
    assert client.get(records[0]).status_code == 200
    assert "待对方确认" in panel  # the one that does not count says why
    whole = client.get(a3).content.decode()
    assert "<html" in whole
    assert set(records) == set(re.findall(r'href="(/gaozhou/records/[^"]+)"', whole))


def test_why_tells_rule_version_formula_and_what_was_counted(county: Assessed) -> None:
    text = text_of(county.client("CS").get(county.url("sheet/lines/E4/")).content)
    assert "5 × 47 ÷ 51 = 4.61" in text
    assert "第1版" in text
    assert "JDGJ" in text or "结对共建年度考核评分细则" in text
    assert county.client("CS").get(county.url("sheet/lines/Z9/")).status_code == 404


def test_every_line_opens(county: Assessed) -> None:
    client = county.client("AU")
    for code, points in WORKED.items():
        answer = client.get(county.url(f"sheet/lines/{code}/"))
        assert answer.status_code == 200
        assert points in text_of(answer.content)


@pytest.mark.parametrize(
    ("role", "before", "after"),
    [
        ("CA", 200, 200), ("CS", 200, 200), ("AU", 200, 200), ("IN", 404, 404), ("CL", 404, 200), ("TO", 404, 404),
        ("UL", 404, 200), ("UG", 404, 200), ("VS", 404, 404), ("HC", 404, 404), ("far", 404, 404), ("far_village", 404, 404),
    ],
)  # fmt: skip
def test_who_sees_the_sheet_before_and_after_publication(county: Assessed, role: str, before: int, after: int) -> None:
    client = county.client(role)
    paths = ("sheet/", "sheet/word/", "sheet/lines/A1/", "sheet/lines/G1/")
    assert [client.get(county.url(path)).status_code for path in paths] == [before] * 4
    county.publish()
    assert [client.get(county.url(path)).status_code for path in paths] == [after] * 4


def test_another_county_finds_nothing(county: Assessed) -> None:
    other = make_assessed("nanhai", "440605", "南海区")
    wrong = other.url().replace("/nanhai/", "/gaozhou/")
    assert county.client("CA").get(wrong).status_code == 404
    mixed = county.url().replace(str(county.pairing.uid), str(other.pairing.uid))
    assert county.client("CA").get(mixed).status_code == 404


def test_the_unit_sees_its_sheet_and_cannot_reckon_the_villages_mark(county: Assessed) -> None:
    county.publish()
    client = county.client("UG")
    page = client.get(county.url()).content
    rows = {row[0].split()[0]: row for row in cells_of(page)}
    assert rows["A2"][6] == "3.00"
    for code in ("G1", "G2"):
        assert rows[code][3:7] == ["", "", "", ""]
        assert "保密" in rows[code][7]
    text = text_of(page)
    assert "22.86" in text
    assert "85.05" in text
    panels = [text_of(client.get(county.url(f"sheet/lines/{code}/")).content) for code in WORKED]
    word = client.get(county.url("sheet/word/")).content
    document = Document(io.BytesIO(word))
    written = " ".join(
        [*(p.text for p in document.paragraphs), *(c.text for t in document.tables for r in t.rows for c in r.cells)]
    )
    home = text_of(client.get(f"/gaozhou/pairings/{county.pairing.uid}/").content)
    for told in (text, written, home, *panels):
        assert not {"9.20", "9.2", "13.66"} & set(re.findall(r"\d+(?:\.\d+)?", told))
    # The mark itself, and the villagers' answers: a house may have the number 92, these pages hold none.
    for told in (text, written, home, *panels[-4:-2]):
        assert "92" not in re.findall(r"\d+(?:\.\d+)?", told)


def test_where_the_group_has_nothing_else_to_hide_the_mark_no_sum_is_shown(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        Poll.objects.filter(pairing=county.pairing).update(satisfied=5, fairly=0, dissatisfied=0)
    county.publish()
    found, full = paper(county, Sight.OWN), paper(county, Sight.FULL)
    assert (found.sums, found.final) == ((), "")
    assert [group.points for group in found.groups if group.code == "G"] == [""]
    assert full.final != ""
    assert found.grade == full.grade
    page = text_of(county.client("UL").get(county.url()).content)
    assert full.final not in page
    assert "9.20" not in page


def test_what_is_withheld_depends_on_the_rubric_and_not_on_codes(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        county.laid.rubric.lines.filter(code="G1").update(source=LineSource.REVIEWER)
    county.publish()
    assert not any(line.is_withheld for group in paper(county, Sight.OWN).groups for line in group.lines)


def test_reviewers_are_named_to_the_county_only(county: Assessed) -> None:
    county.publish()
    assert "评审甲" in text_of(county.client("CS").get(county.url("sheet/lines/B2/")).content)
    assert "评审甲" not in text_of(county.client("UL").get(county.url("sheet/lines/B2/")).content)


def test_the_word_file_has_the_pages_cells(county: Assessed) -> None:
    client = county.client("CS")
    page = cells_of(client.get(county.url()).content)
    document = Document(io.BytesIO(client.get(county.url("sheet/word/")).content))
    rows = [[cell.text for cell in row.cells][1:] for row in document.tables[0].rows][1:]
    assert rows == page
    lines = [one.text for one in document.paragraphs]
    assert any("86.05 + 2.00 − 3.00 = 85.05" in line for line in lines)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)


def test_an_exempt_pairing_says_why_it_has_no_sheet(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        county.cycle.assessed.filter(pairing=county.pairing).update(exempt_because="机构改革")
    answer = county.client("CS").get(county.url())
    assert answer.status_code == 200
    assert "机构改革" in answer.content.decode()
    assert county.client("CS").get(county.url("sheet/word/")).status_code == 404


def test_the_pairings_page_lists_its_sheets_for_those_who_see_them(county: Assessed) -> None:
    place = f"/gaozhou/pairings/{county.pairing.uid}/"
    assert county.url() in county.client("CS").get(place).content.decode()
    assert county.url() not in county.client("UL").get(place).content.decode()
    county.publish()
    assert county.url() in county.client("UL").get(place).content.decode()
    assert county.url() not in county.client("VS").get(place).content.decode()


def test_the_number_of_queries_does_not_grow_with_records(county: Assessed, django_assert_max_num_queries: Any) -> None:
    client = county.client("CS")
    client.get(county.url("sheet/lines/A3/"))
    with django_assert_max_num_queries(45):
        client.get(county.url("sheet/lines/A3/"))


def test_two_scorers_figures_stand_side_by_side(county: Assessed) -> None:
    with tenant_scope(county.tenant):
        judged.make_entry(county.cycle, county.pairing, county.laid.lines["B2"], "2", scorer=county.members["CS"])
    [b2] = [row for row in cells_of(county.client("CS").get(county.url()).content) if row[0].startswith("B2")]
    assert b2[4] in ("2、2", "2，2", "2, 2")
