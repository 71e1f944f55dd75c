"""The quarterly joint report: drafted from records, edited, signed by both, submitted; who may and who may not."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.exceptions import ValidationError
from docx import Document

from activities.actions import records
from activities.hands import Hand, system_hand
from activities.models import ActivityType, Record, Status
from reports.actions.joint_reports import draft_report, edit_report, sign_report
from reports.models import JointReport
from reports.queries.joint_reports import draft_of, seen, signed_from
from tenancy import clock
from tenancy.scope import tenant_scope
from tests.activities.obligations.conftest import local
from tests.reports.papers.conftest import CODE, NOW, QUARTER, Year, make_year

pytestmark = pytest.mark.django_db


def drafted(year: Year) -> JointReport:
    return draft_report(access=year.access("UL"), pairing=year.county.first, quarter=QUARTER)


def refused(deed: Callable[[], object]) -> str:
    with pytest.raises(ValidationError) as caught:
        deed()
    return str(caught.value.code)


def test_the_draft_tells_each_confirmed_record_of_the_quarter_by_content_with_its_footnote(year: Year) -> None:
    with tenant_scope(year.tenant):
        draft = draft_of(year.county.first, QUARTER)
        rows = [Record.objects.get(uid=uid) for uid in draft.footnotes]
    assert [(row.type, row.occurred_on.isoformat()) for row in rows] == [
        ("labour_day", "2024-10-16"),
        ("labour_day", "2024-11-20"),
        ("reception", "2024-11-05"),
        ("theme_party_day", "2024-12-19"),
    ]
    assert "共开展结对共建活动4次，均经双方确认；其中由单位记录3次，由村记录1次。" in draft.text
    assert "10月16日在荷垌村，清理村道，48人次参加[1]；11月20日在荷垌村，清淤水渠，组长参加[2]。" in draft.text
    assert "接待来访群众3人次[3]" in draft.text
    assert "植树" not in draft.text  # the village has not confirmed it


def test_the_drafts_figures_of_what_was_owed_are_those_of_the_cells(year: Year) -> None:
    with tenant_scope(year.tenant):
        text = draft_of(year.county.first, QUARTER).text
        weeks = [year.county.cell("reception", f"2024-W{week}") for week in range(40, 53)]
    owed = [cell for cell in weeks if cell.is_due and not cell.waived_because]
    met = [cell for cell in owed if cell.state == "met"]
    told = re.search(rf"{weeks[0].rule.name}应完成(\d+)期，已完成(\d+)期", text)
    assert told is not None, text
    assert (int(told[1]), int(told[2])) == (len(owed), len(met))
    assert len(met) == 1


def test_signed_by_both_it_is_a_confirmed_record_and_the_quarter_is_met(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        report.refresh_from_db()
        assert (report.state, report.record) == ("unit", None)
        assert year.county.cell("joint_report", CODE).state != "met"
        signed = sign_report(access=year.access("VS"), report=report, seen=seen(report))
        record = signed.record
        assert record is not None
        assert (signed.state, record.status, record.author_side, record.reports_on) == ("signed", "confirmed", "unit", QUARTER)
        assert record.author_id == year.members["UL"].pk
        assert record.shares.get().confirmed_by_id == year.members["VS"].pk
        assert year.county.cell("joint_report", CODE).state == "met"


def test_the_village_may_sign_first_and_then_the_record_is_its(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("VS"), report=report, seen=seen(report))
        signed = sign_report(access=year.access("UG"), report=report, seen=seen(report))
        assert signed.record is not None
        assert (signed.record.author_side, signed.record.status) == ("village", "confirmed")


def test_an_edit_takes_the_signature_back(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        edit_report(access=year.access("VS"), report=report, text="本季度工作如期完成。[1]", seen=seen(report))
        report.refresh_from_db()
        assert (report.state, report.unit_signed_on, report.unit_signed_name, report.unit_signed_by) == ("draft", None, "", None)
        assert report.versions.filter(unit_signed_on__isnull=False).exists()  # type: ignore[attr-defined]


def test_nobody_signs_or_saves_over_words_that_were_not_on_the_screen(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        before = seen(report)
        edit_report(access=year.access("VS"), report=report, text="村里改过的话。", seen=before)
        assert refused(lambda: sign_report(access=year.access("UL"), report=report, seen=before)) == "changed"
        assert refused(lambda: edit_report(access=year.access("UL"), report=report, text="另一句", seen=before)) == "changed"
        report.refresh_from_db()
        assert (report.text, report.unit_signed_on) == ("村里改过的话。", None)


def test_a_mark_without_a_footnote_and_an_empty_text_are_refused(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        unit, mark = year.access("UL"), seen(report)
        assert refused(lambda: edit_report(access=unit, report=report, text="见[5]。", seen=mark)) == "no_footnote"
        assert refused(lambda: edit_report(access=unit, report=report, text=" \n ", seen=mark)) == "empty"


def test_a_side_signs_once_and_one_account_never_for_both(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        assert refused(lambda: sign_report(access=year.access("UG"), report=report, seen=seen(report))) == "signed_already"
        other = draft_report(access=year.access("CS"), pairing=year.county.pairings[2], quarter=QUARTER)
        sign_report(access=year.access("CS"), report=other, seen=seen(other), side="unit", basis="纸质报告已签")
        assert (
            refused(lambda: sign_report(access=year.access("CS"), report=other, seen=seen(other), side="village", basis="电话"))
            == "one_hand"
        )


def test_a_superior_signs_on_a_basis_and_the_record_says_so(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        town = year.access("TO")
        assert refused(lambda: sign_report(access=town, report=report, seen=seen(report))) == "side_missing"
        assert refused(lambda: sign_report(access=town, report=report, seen=seen(report), side="village")) == "basis_missing"
        signed = sign_report(access=town, report=report, seen=seen(report), side="village", basis="村书记电话确认")
        assert signed.record is not None
        share = signed.record.shares.get()
        assert (share.confirmed_by_proxy, share.confirm_basis) == (True, "村书记电话确认")


def test_after_both_have_signed_it_is_closed_until_its_record_is_voided(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        signed = sign_report(access=year.access("VS"), report=report, seen=seen(report))
        assert refused(lambda: edit_report(access=year.access("UL"), report=report, text="改", seen=seen(report))) == "closed"
        assert refused(lambda: drafted(year)) == "closed"
        assert signed.record is not None
        records.void_record(record=signed.record, hand=system_hand("unit"), reason="写错季度")
        again = drafted(year)
        assert (again.state, again.record, again.unit_signed_on) == ("draft", None, None)


def test_a_refusal_of_the_record_leaves_no_second_signature(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        ActivityType.objects.filter(code="joint_report").update(is_active=False)
        assert refused(lambda: sign_report(access=year.access("VS"), report=report, seen=seen(report))) == "type_unknown"
        report.refresh_from_db()
        assert (report.state, report.village_signed_on) == ("unit", None)
        assert not Record.objects.filter(type="joint_report").exists()


def test_a_report_handed_in_after_its_time_is_late_and_says_so_in_the_cell(year: Year) -> None:
    with clock.at(local("2025-02-20T10:00")), tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
        sign_report(access=year.access("VS"), report=report, seen=seen(report))
        assert year.county.cell("joint_report", CODE).state == "met_late"


@pytest.mark.parametrize("role", ["CA", "AU", "CL", "far", "far_village"])
def test_whoever_belongs_to_neither_side_drafts_nothing(year: Year, role: str) -> None:
    client = year.client(role)
    answer = client.post(year.url("draft/"))
    assert answer.status_code in (302, 403, 404)
    with tenant_scope(year.tenant):
        assert not JointReport.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [("UL", 200), ("UG", 200), ("VS", 200), ("TO", 200), ("CS", 200), ("CA", 200), ("AU", 200), ("CL", 200), ("far", 404)],
)
def test_who_reads_a_report(year: Year, role: str, status: int) -> None:
    with tenant_scope(year.tenant):
        drafted(year)
    assert year.client(role).get(year.url()).status_code == status
    assert year.client(role).get(year.url("word/")).status_code == status


def test_another_countys_report_is_not_found_nor_changed(year: Year) -> None:
    with clock.at(local(NOW)):
        other = make_year("huazhou")
        with tenant_scope(other.tenant):
            report = drafted(other)
    client = year.client("CS")
    for path in ("", "word/", "edit/"):
        wrong = year.url(path).replace(str(year.county.first.uid), str(other.county.first.uid))
        assert client.get(wrong).status_code == 404
    wrong = year.url("sign/").replace(str(year.county.first.uid), str(other.county.first.uid))
    with tenant_scope(other.tenant):
        assert client.post(wrong, {"seen": seen(report), "side": "unit", "basis": "x"}).status_code == 404
        report.refresh_from_db()
        assert report.state == "draft"


def test_the_pages_lead_from_one_click_to_a_submitted_report(year: Year) -> None:
    unit, village = year.client("UL"), year.client("VS")
    assert "起草" in unit.get(year.url()).content.decode()
    page = unit.post(year.url("draft/"), follow=True).content.decode()
    assert 'href="#note-1"' in page
    mark = re.search(r'name="seen" value="(\w+)"', page)
    assert mark is not None
    assert unit.post(year.url("sign/"), {"seen": mark[1]}).status_code == 302
    home = village.get(f"/{year.tenant.slug}/").content.decode()
    assert year.url() in home
    assert village.post(year.url("sign/"), {"seen": mark[1]}).status_code == 302
    page = unit.get(year.url()).content.decode()
    assert "双方已签" in page
    with tenant_scope(year.tenant):
        record = JointReport.objects.get().record
        assert record is not None
        assert record.status == Status.CONFIRMED
    assert year.url() in unit.get(f"/{year.tenant.slug}/records/{record.uid}/").content.decode()
    assert year.url() in unit.get(f"/{year.tenant.slug}/pairings/{year.county.first.uid}/").content.decode()


def test_what_was_typed_is_kept_when_somebody_else_was_quicker(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        old = seen(report)
        edit_report(access=year.access("VS"), report=report, text="村里先改了。", seen=old)
    answer = year.client("UL").post(year.url("edit/"), {"seen": old, "text": "单位打的字不能丢"})
    assert answer.status_code == 409
    assert "单位打的字不能丢" in answer.content.decode()


def test_a_signature_by_proxy_without_a_basis_comes_back_with_the_sentence(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
    answer = year.client("TO").post(year.url("sign/"), {"seen": seen(report), "side": "village", "basis": ""})
    assert answer.status_code == 422
    assert "依据" in answer.content.decode()
    with tenant_scope(year.tenant):
        report.refresh_from_db()
        assert report.state == "draft"


def test_the_word_file_says_what_the_page_says(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = drafted(year)
        sign_report(access=year.access("UL"), report=report, seen=seen(report))
    answer = year.client("VS").get(year.url("word/"))
    lines = [paragraph.text for paragraph in Document(io.BytesIO(answer.content)).paragraphs]
    assert lines[0] == "高州市林业局与荷垌村2024年第四季度联合报告"
    for line in report.text.split("\n\n"):
        assert line in lines
    assert "[1] 2024-10-16 集中劳动（由单位记录）" in "\n".join(lines)
    assert "荷垌村：（未签）" in lines


def test_a_quarter_before_the_pairing_and_one_to_come_have_no_report(year: Year) -> None:
    for code in ("2024-Q2", "2025-Q4", "2024-10", "nonsense"):
        url = year.url().replace(CODE, code)
        assert year.client("UL").get(url).status_code == 404
        assert year.client("UL").post(f"{url}draft/").status_code in (302, 404)
    with tenant_scope(year.tenant):
        assert not JointReport.objects.exists()


# -- the quarter, the record, programs -----------------------------------------------------------------
def test_nobody_signs_before_the_quarter_is_over(year: Year) -> None:
    with tenant_scope(year.tenant), clock.at(local("2024-12-31T20:00")):
        report = drafted(year)
        assert refused(lambda: sign_report(access=year.access("UL"), report=report, seen=seen(report))) == "not_over"
    with clock.at(local("2024-12-31T20:00")):
        page = year.client("UL").get(year.url()).content.decode()
        assert "2025年1月1日" in page
        assert year.url("sign/") not in page
    with tenant_scope(year.tenant), clock.at(local("2025-01-01T00:10")):
        assert sign_report(access=year.access("UL"), report=report, seen=seen(report)).state == "unit"


def test_of_a_pairing_that_ended_the_quarter_is_over_on_its_last_day(year: Year) -> None:
    with tenant_scope(year.tenant):
        pairing = year.county.first
        pairing.ends_on = date(2024, 11, 15)
        assert signed_from(pairing, QUARTER) == date(2024, 11, 16)
        pairing.ends_on = date(2025, 3, 1)
        assert signed_from(pairing, QUARTER) == date(2025, 1, 1)


def signed_by_both(year: Year) -> JointReport:
    report = drafted(year)
    sign_report(access=year.access("UL"), report=report, seen=seen(report))
    return sign_report(access=year.access("VS"), report=report, seen=seen(report))


def village_hand(year: Year) -> Hand:
    return Hand(year.access("VS").actor, "village", frozenset({year.county.first.village_id}))


def test_a_confirmation_that_is_undone_takes_the_signature_back_and_given_again_it_is_one(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = signed_by_both(year)
        record = report.record
        assert record is not None
        records.undo_confirmation(record=record, hand=village_hand(year))
        report.refresh_from_db()
        assert (report.state, report.village_signed_on, report.village_signed_name) == ("unit", None, "")
        assert report.unit_signed_on is not None
        assert year.county.cell("joint_report", CODE).state == "waiting"
        signed = sign_report(access=year.access("VS"), report=report, seen=seen(report))
        assert signed.state == "signed"
        assert signed.record == record, "the record that waited is confirmed; no second one is written"
        assert Record.objects.filter(type="joint_report").count() == 1
        assert year.county.cell("joint_report", CODE).state == "met"


def test_confirmed_again_on_the_record_s_page_the_report_is_signed_again(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = signed_by_both(year)
        assert report.record is not None
        records.undo_confirmation(record=report.record, hand=village_hand(year))
        records.confirm_record(record=report.record, hand=village_hand(year))
        report.refresh_from_db()
        assert (report.state, report.village_signed_by_id) == ("signed", year.members["VS"].pk)


def test_returned_as_untrue_nobody_has_signed(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = signed_by_both(year)
        assert report.record is not None
        records.undo_confirmation(record=report.record, hand=village_hand(year))
        records.return_record(record=report.record, hand=village_hand(year), reason="数字不对")
        report.refresh_from_db()
        assert (report.state, report.unit_signed_on, report.village_signed_on) == ("draft", None, None)
        again = signed_by_both(year)
        assert again.record is not None
        assert [row.status for row in Record.objects.filter(type="joint_report").order_by("id")] == ["voided", "confirmed"]


def test_other_words_after_an_undone_confirmation_are_submitted_anew(year: Year) -> None:
    with tenant_scope(year.tenant):
        report = signed_by_both(year)
        first = report.record
        assert first is not None
        records.undo_confirmation(record=first, hand=village_hand(year))
        report.refresh_from_db()
        edit_report(access=year.access("VS"), report=report, text="本季度共同开展活动四次。[1]", seen=seen(report))
        first.refresh_from_db()
        assert first.status == "voided"
        report.refresh_from_db()
        assert (report.state, report.record) == ("draft", None)


def test_the_cell_of_the_strip_leads_to_the_report_or_to_drafting_it(year: Year) -> None:
    with tenant_scope(year.tenant):
        cell = year.county.cell("joint_report", CODE)
    page = f"/{year.tenant.slug}/obligations/{cell.uid}/"
    client = year.client("UL")
    first = client.get(page).content.decode()
    assert year.url() in first
    assert "起草联合报告" in first
    assert year.url() in client.get(page, headers={"HX-Request": "true", "HX-Target": "why"}).content.decode()
    assert year.url() not in year.client("AU").get(page).content.decode(), "nothing to read and nothing to draft"
    with tenant_scope(year.tenant):
        drafted(year)
    assert "本季度联合报告" in year.client("AU").get(page).content.decode()
    with tenant_scope(year.tenant):
        other = year.county.cell("reception", "2024-W45")
    assert "joint-reports" not in client.get(f"/{year.tenant.slug}/obligations/{other.uid}/").content.decode()


def test_programs_draft_edit_and_sign(year: Year) -> None:
    base = f"/{year.tenant.slug}/api/v1/joint-reports/"
    unit, village = year.client("UL"), year.client("VS")
    asked = {"pairing": str(year.county.first.uid), "quarter": CODE}
    made = unit.post(base, asked, content_type="application/json")
    assert made.status_code == 201
    one = made.json()
    assert (one["quarter"], one["state"], one["signed_from"], len(one["footnotes"])) == (CODE, "draft", "2025-01-01", 4)
    assert [row["id"] for row in unit.get(base, {"state": "draft"}).json()["results"]] == [one["id"]]
    url = f"{base}{one['id']}/"

    def post(client: Any, step: str, **given: str) -> tuple[int, Any]:
        answer = client.post(f"{url}{step}/", given, content_type="application/json")
        return answer.status_code, answer.json()

    status, edited = post(village, "edit", text="共同开展活动四次。[1]", seen=one["seen"])
    assert (status, edited["text"]) == (200, "共同开展活动四次。[1]")
    assert post(unit, "sign", seen=one["seen"]) == (409, {"code": "changed", "message": ANY})
    assert post(unit, "edit", text="见[9]。", seen=edited["seen"])[1]["code"] == "no_footnote"
    assert post(unit, "sign", seen=edited["seen"])[1]["state"] == "unit"
    assert post(unit, "sign", seen=edited["seen"]) == (409, {"code": "signed_already", "message": ANY})
    status, signed = post(village, "sign", seen=edited["seen"])
    assert (status, signed["state"]) == (200, "signed")
    assert unit.get(f"/{year.tenant.slug}/api/v1/records/{signed['record']}/").json()["status"] == "confirmed"
    assert unit.post(base, asked, content_type="application/json").status_code == 409
    assert unit.post(base, {**asked, "quarter": "2024-13"}, content_type="application/json").status_code == 400
    early = unit.post(base, {**asked, "quarter": "2025-Q1"}, content_type="application/json").json()
    refusal = unit.post(f"{base}{early['id']}/sign/", {"seen": early["seen"]}, content_type="application/json")
    assert (refusal.status_code, refusal.json()["code"]) == (422, "not_over")
    far = year.client("far")
    assert far.get(url).status_code == 404
    assert far.post(base, asked, content_type="application/json").status_code == 404
