"""The main job, walked as its people walk it: from an empty county to a figure on a board that opens its record.

One walk, because each step stands on what the one before it left: staff bring the sample files in, a liaison writes,
a secretary confirms on a telephone, the sweep reminds, a reviewer enters, the sheet explains, a leader asks the board.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from activities.models import Obligation, Record, Status
from assessment.models import Assessed, Entry
from notices.delivery import deliver
from notices.models import Notice
from pairing.models import Pairing, PairingPost, Programme
from tenancy import clock, sweeping
from tenancy.scope import SYSTEM, tenant_scope
from tests.factories import make_member, make_person
from tests.live import LiveServer
from tests.tour.days import everywhere, statistics_are_gathered
from tests.tour.pictures import FOLDER, MOST_BYTES, PAGE, Picture, are_asked_for, told
from tests.tour.walking import Walk
from tests.units.importing.files import ACTIVITIES, PAIRINGS, ROSTER
from units.divisions.actions import create_county
from units.models import Person, Post, Unit

UNIT, VILLAGE = "高州市供电局", "罗平村"
WORDS = "清理村口水渠和道路两侧杂草"
PICTURES = {
    one.name: one
    for one in (
        Picture(
            "import",
            "县里把原来的表直接拖进来:每行先检查,有疑问的一键回答,确认之前什么都不写入。",
            "County staff drop in the sheets as they are: each row is checked, and nothing is written before they say so.",
        ),
        Picture(
            "pairings",
            "导入之后就是全县的结对一览,可筛选、可导出。",
            "The county's pairings are there, to be filtered and exported.",
        ),
        Picture(
            "rules",
            "用“五个一”开年:规则用大白话写明,每条附上给村里带来的工作量。",
            "The year is opened with the “five ones”: rules in plain words, each with the work it costs a village.",
        ),
        Picture(
            "write",
            "单位联络员用手机记一笔:日期、地点、结对关系都已填好,写一句话即可。",
            "A unit's liaison writes one down on a telephone: day, place and pairing stand there already.",
        ),
        Picture(
            "confirm",
            "村书记在 360 像素的手机上确认:属实或不属实,一点即可,十秒内可撤回。",
            "The village secretary confirms on a 360 px screen: one tap, to be taken back for ten seconds.",
        ),
        Picture(
            "inbox",
            "到期没做的,提醒送到联络员的消息里,可以直接说明情况。",
            "What is overdue reaches the liaison's inbox, and can be answered there.",
        ),
        Picture(
            "review",
            "考核评审逐项录入:台账数据在旁边,评审人只填系统数不出来的。",
            "Review goes line by line: the ledgers' figures stand beside what the reviewer enters.",
        ),
        Picture(
            "sheet",
            "得分表自己说明:每一分的规则、算式、计入和未计入的记录都在侧栏里。",
            "The score sheet explains itself: rule, formula, records counted and not counted, and why.",
        ),
        Picture(
            "board",
            "挂点领导看板:应完成、已完成、待确认、已逾期,每个数都能点开。",
            "A leader's board: due, met, waiting, overdue; every figure opens its list.",
        ),
        Picture(
            "cell",
            "从看板上的一个数,两步就到它背后的记录:计入了哪些、为什么、依据哪一版规则。",
            "Two clicks from a figure stand the records behind it: what counted, why, and by which version of the rule.",
        ),
        Picture(
            "record",
            "记录本身:谁做的、谁确认的、何时改过,都在这里。",
            "The record itself: who did it, who confirmed it, and what was changed.",
        ),
    )
}


def send(page: Page, walk: Walk, kind: str, path: Path) -> None:
    """Bring a file in as far as its preview."""
    page.goto(walk.live.address(f"/{walk.tenant.slug}/imports/new/", kind=kind))
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="上传并检查").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}/"))


def commit(page: Page) -> None:
    page.get_by_role("button", name="确认导入").first.click()
    expect(page.locator("main")).to_contain_text("撤销")


def submit(page: Page, landing: str | re.Pattern[str]) -> None:
    """Press the form's button, and wait until the page that follows is there."""
    page.locator("main form .btn-primary").click()
    page.wait_for_url(landing)


def create_programme(walk: Walk) -> None:
    page = walk.page("CA", "programmes/")
    page.get_by_role("link", name="新建").first.click()
    for name, value in {
        "title": "2024年结对共建", "year": "2024", "doc_no": "高委组〔2024〕12号", "issuer": "中共高州市委组织部",
        "starts_on": "2024-09-03", "ends_on": "2024-12-31",
    }.items():  # fmt: skip
        page.fill(f"main [name={name}]", value)
    page.locator("main form .btn-primary").click()
    expect(page.locator("h1")).to_contain_text("2024年结对共建")


def import_roster_and_pairings(walk: Walk) -> None:
    page = walk.page("CA")
    send(page, walk, "units", ROSTER)
    commit(page)
    send(page, walk, "pairings", PAIRINGS)
    commit(page)
    statistics_are_gathered()
    page = walk.page("CA", "pairings/")
    expect(page.locator("#pairing-list")).to_contain_text("镇大岭村")
    walk.look_at("CA", PICTURES["pairings"])
    with tenant_scope(walk.tenant):
        assert Programme.objects.count() == 1
        walk.found["pairing"] = Pairing.objects.get(unit__name=UNIT, village__name=VILLAGE)


def open_the_year(walk: Walk) -> None:
    with tenant_scope(walk.tenant):
        programme = Programme.objects.get()
    page = walk.page("CA", f"rules/years/{programme.uid}/")
    page.locator("main a.btn-primary").first.click()
    page.locator("input[name=preset][value=five_ones], select[name=preset]").first.click()
    page.locator("main form .btn-primary").click()
    expect(page.locator("main")).to_contain_text("接待群众来访")
    walk.look_at("CA", PICTURES["rules"])
    with tenant_scope(walk.tenant):
        assert Obligation.objects.filter(pairing=walk.found["pairing"], rule__code="labour_day").exists()


def import_the_ledger(walk: Walk) -> None:
    page = walk.page("CA")
    send(page, walk, "activities", ACTIVITIES)
    expect(page.locator("main")).to_contain_text("将代单位填报 112 条记录，等待村里确认。")
    walk.look_at("CA", PICTURES["import"])
    commit(page)
    statistics_are_gathered()
    with tenant_scope(walk.tenant):
        assert Record.objects.filter(status=Status.SUBMITTED).count() == 112


def make_people(walk: Walk) -> None:
    """Logins for people whom the sheets brought along: each is who it is in its office."""
    pairing = walk.found["pairing"]
    with tenant_scope(walk.tenant):
        liaison = PairingPost.objects.get(pairing=pairing, kind="liaison", ends_on=None).person_id
        secretary = Post.objects.get(unit=pairing.village_id, kind="village_secretary", ends_on=None).person_id
        unit, village = Unit.objects.get(pk=pairing.unit_id), Unit.objects.get(pk=pairing.village_id)
        leader = Post.objects.get(unit=pairing.village_id, kind="leader_contact", ends_on=None).person_id
    for role, place, person in (("UL", unit, liaison), ("VS", village, secretary), ("CL", village, leader)):
        walk.members[role] = make_member(walk.tenant, role, unit=place)
        with tenant_scope(walk.tenant):
            assert Person.objects.filter(pk=person).update(account=walk.members[role])


def write_one_down(walk: Walk) -> None:
    page = walk.page("UL", "")
    page.locator("#write a.btn-primary").first.click()
    page.locator("label.tile:has(input[value=labour_day])").first.click()
    page.locator("#id_text").fill(WORDS)
    page.locator("#id_person_times").fill("26")
    page.locator("#id_text").press("Home")
    walk.look_at("UL", PICTURES["write"])
    page.locator("[data-save]").click()
    expect(page.locator("h1")).to_contain_text(WORDS)
    with tenant_scope(walk.tenant):
        record = Record.objects.get(text=WORDS)
        assert (record.status, record.occurred_on) == (Status.SUBMITTED, clock.today())
    walk.found["record"] = record


def confirm_on_a_telephone(walk: Walk) -> None:
    page = walk.page("VS", "")
    page.get_by_role("link", name="全部显示").click()
    page.wait_for_url("**/records/confirm/")
    card = page.locator(f"#card-{walk.found['record'].uid}")
    expect(card).to_contain_text(WORDS)
    card.scroll_into_view_if_needed()
    walk.look_at("VS", PICTURES["confirm"])
    card.locator("[data-confirm]").click()
    expect(card.locator("[data-undo]")).to_be_visible()
    with tenant_scope(walk.tenant):
        record = Record.objects.get(text=WORDS)
        assert record.status == Status.CONFIRMED
        month = Obligation.objects.get(pairing=walk.found["pairing"], rule__code="labour_day", starts_on="2024-12-01")
        assert month.counted >= 1


def sweep(walk: Walk) -> None:
    # Twice, as after a restart: nobody is told twice.
    for _time in range(2):
        sweeping.sweep_all(now=clock.now())
        with tenant_scope(walk.tenant):
            while deliver():
                pass
    with tenant_scope(walk.tenant):
        mine = Notice.objects.filter(person__account=walk.members["UL"], kind="overdue")
        told_of = list(mine.values_list("rule", "period"))
    assert ("livelihood_item", "2024-12") in told_of
    assert ("labour_day", "2024-12") not in told_of
    assert len(told_of) == len(set(told_of))
    page = walk.page("UL", "")
    page.get_by_text("菜单", exact=True).click()
    page.get_by_role("link", name="消息").first.click()
    page.wait_for_url("**/inbox/")
    expect(page.locator("main")).to_contain_text("民生实事：2024年12月未完成")
    expect(page.locator("main")).not_to_contain_text("集中劳动：2024年12月未完成")
    walk.look_at("UL", PICTURES["inbox"])


def prepare_the_assessment(walk: Walk) -> None:
    """The rubric of the preset, the list frozen, self-reports opened and closed again."""
    page = walk.page("CA", "assessment/rubrics/")
    submit(page, re.compile(r"/rubrics/[0-9a-f-]{36}/$"))
    page = walk.page("CA", "assessment/new/")
    page.fill("[name=year]", "2024")
    submit(page, re.compile(r"/assessment/[0-9a-f-]{36}/$"))
    cycle = page.url
    walk.found["cycle"] = cycle.removeprefix(walk.live.address(f"/{walk.tenant.slug}/"))
    page.get_by_role("link", name="查看名单并冻结").click()
    submit(page, cycle)
    page.get_by_role("link", name="开放自评").click()
    page.fill("[name=until]", "2025-01-20")
    submit(page, cycle)
    with tenant_scope(walk.tenant):
        assert Assessed.objects.filter(exempt_because="").count() == 110


def review(walk: Walk) -> None:
    page = walk.page("CA", walk.found["cycle"])
    cycle = page.url
    page.get_by_role("link", name="开始评审").click()
    submit(page, cycle)
    # What is checked on site is entered by two people, each by themselves.
    for role, name in (("CS", "陈秋云"), ("IN", "梁志平")):
        page = walk.page(role, f"{walk.found['cycle']}review/?line=A2")
        row = page.locator("main tbody tr", has_text=UNIT)
        row.locator("input[name^=value_]").fill("2")
        row.locator("input[name^=note_]").fill("核对签到与村记录：负责人到场两次")
        if role == "CS":
            row.evaluate("(e) => e.scrollIntoView({block: 'center'})")
            walk.look_at("CS", PICTURES["review"])
        page.locator(".form-actions .btn-primary").click()
        expect(page.locator("main tbody tr", has_text=UNIT)).to_contain_text(name)
    with tenant_scope(walk.tenant):
        entries = Entry.objects.filter(pairing=walk.found["pairing"], line__code="A2")
        assert [entry.value for entry in entries] == ["2", "2"]


def ask_the_sheet(walk: Walk) -> None:
    page = walk.page("CS", f"{walk.found['cycle']}pairings/{walk.found['pairing'].uid}/sheet/")
    entered = page.locator("tbody tr", has=page.locator("th", has_text="A2 "))
    # Four visits a year; four months of it were at work, which asks for no more than two.
    expect(entered.locator(".sheet-score")).to_have_text("4.00")
    expect(entered).to_contain_text("负责人到场两次")
    row = page.locator("tbody tr", has=page.locator("th", has_text="E1 "))
    # September began before the programme's first full month: three months are owed, one was met.
    expect(row.locator(".sheet-score")).to_have_text("4.00")
    row.locator(".sheet-score a").click()
    panel = page.locator("#why")
    expect(panel).to_contain_text("6 − 1 × 2 = 4.00")
    expect(panel.locator(f"a[href$='/records/{walk.found['record'].uid}/']")).to_contain_text(WORDS)
    expect(panel).to_contain_text("2024年11月")
    row.evaluate("(e) => e.scrollIntoView({block: 'center'})")
    walk.look_at("CS", PICTURES["sheet"])


def ask_the_board(walk: Walk) -> None:
    page = walk.page("CL", "")
    page.get_by_role("link", name="报表", exact=True).click()
    page.wait_for_url("**/board/")
    page.get_by_role("link", name="2024年12月").click()
    page.wait_for_url("**/board/?**period=2024-12**")
    page.wait_for_selector("[data-chart] canvas")
    done = page.locator(".board-stats .stat", has_text="已完成").locator("a[data-figure]")
    expect(done).to_have_text("1")
    walk.look_at("CL", PICTURES["board"])
    done.click()
    page.wait_for_url("**/obligations/?**")
    page.locator("main tbody tr", has_text="集中劳动").get_by_role("link", name="集中劳动").click()
    page.wait_for_url(re.compile(r"/obligations/[0-9a-f-]{36}/$"))
    counted = page.locator(".why-records", has_text=WORDS)
    expect(counted).to_be_visible()
    walk.look_at("CL", PICTURES["cell"])
    counted.get_by_role("link").first.click()
    page.wait_for_url(f"**/records/{walk.found['record'].uid}/")
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text("已确认")
    walk.look_at("CL", PICTURES["record"])


STEPS: tuple[tuple[str, str, Callable[[Walk], None]], ...] = (
    ("staff create the programme", "2024-09-05", create_programme),
    ("staff import roster and pairings", "2024-09-05", import_roster_and_pairings),
    ("staff open the year with the five ones", "2024-09-05", open_the_year),
    ("staff import the ledger", "2024-12-31", import_the_ledger),
    ("people of the sheets get logins", "2024-12-31", make_people),
    ("the liaison writes one down", "2024-12-31", write_one_down),
    ("the secretary confirms it on a telephone", "2024-12-31", confirm_on_a_telephone),
    ("the sweep runs and a reminder arrives", "2025-01-14", sweep),
    ("the assessment is prepared", "2025-01-15", prepare_the_assessment),
    ("a reviewer enters figures", "2025-01-21", review),
    ("the score sheet explains itself", "2025-01-21", ask_the_sheet),
    ("a leader reaches a record from a figure in two clicks", "2025-01-21", ask_the_board),
)


@pytest.mark.browser
def test_the_main_job_is_walked_from_an_empty_county(chrome: Browser, live: LiveServer, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    tenant = create_county(code="440981", slug="gaozhou", actor=SYSTEM, now=timezone.now())
    walk = Walk(live, chrome, tenant)
    with walk.closing():
        for role, name in (("CA", "李晓岚"), ("CS", "陈秋云"), ("IN", "梁志平")):
            walk.members[role] = make_member(tenant, role)
            with tenant_scope(tenant):
                make_person(name, account=walk.members[role])
        for title, day, step in STEPS:
            try:
                with everywhere(day):
                    step(walk)
            except BaseException as problem:
                problem.add_note(f"The tour broke off where {title}.")
                raise
    if are_asked_for():
        PAGE.write_text(told(PICTURES.values()), encoding="utf-8")


def test_the_page_of_the_tour_tells_what_the_walk_shows() -> None:
    assert PAGE.read_text(encoding="utf-8") == told(PICTURES.values()), "Run the tour with PAIRING_TOUR=1."
    for one in PICTURES.values():
        assert one.path.stat().st_size <= MOST_BYTES, one.path.name
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(one.path.name for one in PICTURES.values())
