"""One plain ``make_x()`` per model of supervision, assessment and reports; beside ``tests.factories``."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tenancy.scope import current_tenant

# The product's own templates of papers.
PAPERS = Path(__file__).resolve().parent.parent / "reports" / "papers" / "templates"

_numbers = itertools.count(1)


def make_figure(unit: Any, year: int = 2024, value: str = "86000", **fields: Any) -> Any:
    from units.models import Figure

    values = {"metric": "collective_income", **fields}
    return Figure.objects.create(tenant=current_tenant(), unit=unit, year=year, value=Decimal(value), **values)


def make_household(pairing: Any, house_no: str = "", **fields: Any) -> Any:
    """A household on a pairing's list, covered from the day it was listed; ``unit_member=""`` leaves it without."""
    from pairing.models import HouseholdContact

    day = pairing.active_from or pairing.starts_on
    values = {"unit_member": "党员甲", "village_member": "党员乙", "listed_on": day, **fields}
    if values["unit_member"] and values["village_member"]:
        values.setdefault("covered_from", values["listed_on"])
    return HouseholdContact.objects.create(
        tenant=current_tenant(), pairing=pairing, house_no=house_no or f"{next(_numbers)}号", **values
    )


def make_warning(pairing: Any, level: int = 2, **fields: Any) -> Any:
    """A signed warning; ``signed_on=None`` leaves it proposed."""
    from supervision.models import Warning

    values = {"reason": "连续两月未完成集中劳动", "proposed_on": date(2025, 3, 1), "signed_on": date(2025, 3, 2), **fields}
    if values["signed_on"]:
        values.setdefault("signed_name", "科长甲")
    return Warning.objects.create(tenant=current_tenant(), pairing=pairing, level=level, **values)


def make_finding(pairing: Any, **fields: Any) -> Any:
    from supervision.models import Finding

    values = {
        "number": f"督〔2025〕{next(_numbers)}号",
        "source": "inspection",
        "content": "台账与实际不符",
        "issued_on": date(2025, 5, 6),
        "due_on": date(2025, 6, 6),
        **fields,
    }
    return Finding.objects.create(tenant=current_tenant(), pairing=pairing, **values)


def make_rubric(code: str = "JDGJ-100", **fields: Any) -> Any:
    """A rubric without lines but with the four bands."""
    from assessment.models import Rubric, RubricBand

    rubric = Rubric.objects.create(tenant=current_tenant(), code=code, title=fields.pop("title", "年度考核评分细则"), **fields)
    for grade, word, lower in (
        ("good", "好", "90"),
        ("fairly_good", "较好", "80"),
        ("average", "一般", "60"),
        ("poor", "较差", None),
    ):
        RubricBand.objects.create(
            tenant=current_tenant(), rubric=rubric, grade=grade, word=word, from_score=lower and Decimal(lower)
        )
    return rubric


def make_group(rubric: Any, code: str = "A", name: str = "组织共建", **fields: Any) -> Any:
    from assessment.models import RubricGroup

    return RubricGroup.objects.create(tenant=current_tenant(), rubric=rubric, code=code, name=name, **fields)


def make_line(group: Any, code: str = "A1", max_score: str = "4", **fields: Any) -> Any:
    from assessment.models import RubricLine

    values = {"name": "指标", "source": "reviewer", "reading": "entry", "pattern": "points", **fields}
    return RubricLine.objects.create(
        tenant=current_tenant(), rubric=group.rubric, group=group, code=code, max_score=Decimal(max_score), **values
    )


def make_cycle(programme: Any, rubric: Any, year: int = 2025, **fields: Any) -> Any:
    from assessment.models import Cycle

    values = {
        "title": f"{year}年度考核",
        "starts_on": date(year, 1, 1),
        "ends_on": date(year, 12, 31),
        "state": "configured",
        **fields,
    }
    return Cycle.objects.create(tenant=current_tenant(), programme=programme, rubric=rubric, year=year, **values)


def make_assessed(cycle: Any, pairing: Any, **fields: Any) -> Any:
    from assessment.models import Assessed

    values = {"months_active": 12, **fields}
    return Assessed.objects.create(
        tenant=current_tenant(), cycle=cycle, pairing=pairing, unit=pairing.unit, village=pairing.village, **values
    )


def make_self_report(cycle: Any, pairing: Any, **fields: Any) -> Any:
    from assessment.models import SelfReport

    return SelfReport.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, **{"text": "全年完成情况", **fields})


def make_dispute(cycle: Any, pairing: Any, line: Any, **fields: Any) -> Any:
    from assessment.models import Dispute

    values = {"text": "少计一次", "author_name": "联络员甲", "raised_on": date(2026, 1, 6), **fields}
    return Dispute.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, line=line, **values)


def make_result(cycle: Any, unit: Any, final: str = "85.05", **fields: Any) -> Any:
    from assessment.models import UnitResult

    values = {"grade_by_score": "fairly_good", "grade_final": "fairly_good", **fields}
    return UnitResult.objects.create(tenant=current_tenant(), cycle=cycle, unit=unit, final=Decimal(final), **values)


def make_correction(cycle: Any, **fields: Any) -> Any:
    from assessment.models import Correction
    from tenancy import clock

    values = {"is_taken_back": True, "reason": "申诉成立", "author_name": "科长甲", "at": clock.now(), **fields}
    return Correction.objects.create(tenant=current_tenant(), cycle=cycle, **values)


def make_snapshot(cycle: Any, **fields: Any) -> Any:
    from assessment.models import Snapshot
    from tenancy import clock

    values = {"content": "{}", "sha256": "0" * 64, "author_name": "科长甲", "at": clock.now(), **fields}
    return Snapshot.objects.create(tenant=current_tenant(), cycle=cycle, **values)


def make_entry(cycle: Any, pairing: Any, line: Any, value: str = "3", **fields: Any) -> Any:
    from assessment.models import Entry

    values = {"scorer_name": "评审甲", "entered_on": date(2026, 1, 8), "note": "现场核对", **fields}
    return Entry.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, line=line, value=value, **values)


def make_poll(cycle: Any, pairing: Any, counts: tuple[int, int, int, int] = (13, 5, 1, 1), **fields: Any) -> Any:
    from assessment.models import Poll

    names = ("satisfied", "fairly", "dissatisfied", "unknown")
    values = {"held_on": date(2026, 1, 8), **dict(zip(names, counts, strict=True)), **fields}
    return Poll.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, **values)


def make_honour(pairing: Any, matter: str = "共建经验", level: str = "city", **fields: Any) -> Any:
    from assessment.models import Honour

    values = {"promoted_on": date(2025, 9, 1), **fields}
    return Honour.objects.create(tenant=current_tenant(), pairing=pairing, matter=matter, level=level, **values)


def make_veto(cycle: Any, pairing: Any, **fields: Any) -> Any:
    from assessment.models import Veto

    values = {
        "kind": "fabrication",
        "fact": "虚构活动记录",
        "decided_by": "督导组",
        "doc_no": "督〔2025〕9号",
        "decided_on": date(2025, 12, 1),
        **fields,
    }
    return Veto.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, **values)


def make_sheet(cycle: Any, pairing: Any, final: str = "85.05", **fields: Any) -> Any:
    """A sheet without lines, as if computed."""
    from assessment.models import Sheet
    from tenancy import clock

    values = {
        "scored": Decimal(final),
        "marks": Decimal(100),
        "base": Decimal(final),
        "bonus": Decimal(0),
        "deduction": Decimal(0),
        "grade": "fairly_good",
        "computed_at": clock.now(),
        **fields,
    }
    return Sheet.objects.create(
        tenant=current_tenant(), cycle=cycle, pairing=pairing, unit=pairing.unit, final=Decimal(final), **values
    )


def make_sheet_line(sheet: Any, line: Any, score: str | None = "3.00", **fields: Any) -> Any:
    from assessment.models import SheetLine

    values = {"state": "scored" if score is not None else "n_a", "max_score": line.max_score, **fields}
    return SheetLine.objects.create(
        tenant=current_tenant(), sheet=sheet, line=line, score=None if score is None else Decimal(score), **values
    )


def make_sheet_change(cycle: Any, pairing: Any, **fields: Any) -> Any:
    from assessment.models import SheetChange
    from tenancy import clock

    values = {
        "final_before": Decimal("85.05"),
        "final_after": Decimal("84.05"),
        "grade_before": "fairly_good",
        "grade_after": "fairly_good",
        "reason": "作废一条记录",
        "author_name": "科长甲",
        "at": clock.now(),
        **fields,
    }
    return SheetChange.objects.create(tenant=current_tenant(), cycle=cycle, pairing=pairing, **values)


def make_paper_template(kind: str = "month", **fields: Any) -> Any:
    """A county's own template; its file is the product's, which can be filled."""
    from reports.models import PaperTemplate
    from tenancy import clock

    values = {
        "file_name": "月报模板.docx",
        "content": (PAPERS / f"{kind}.docx").read_bytes(),
        "sha256": "0" * 64,
        "author_name": "科员甲",
        "at": clock.now(),
        **fields,
    }
    return PaperTemplate.objects.create(tenant=current_tenant(), kind=kind, **values)


def make_joint_report(pairing: Any, quarter: date = date(2025, 1, 1), **fields: Any) -> Any:
    from reports.models import JointReport

    return JointReport.objects.create(
        tenant=current_tenant(), pairing=pairing, quarter=quarter, **{"text": "本季度开展共建活动。", **fields}
    )


def make_published_sum(rule_code: str = "labour_day", **fields: Any) -> Any:
    from reports.models import PublishedSum
    from tenancy import clock

    values = {
        "programme_year": 2025,
        "rule_name": "集中劳动",
        "period_kind": "month",
        "starts_on": date(2025, 3, 1),
        "n_due": 108,
        "n_met": 100,
        "n_waiting": 3,
        "n_missed": 5,
        "n_pairings": 108,
        "published_at": clock.now(),
        **fields,
    }
    return PublishedSum.objects.create(tenant=current_tenant(), rule_code=rule_code, **values)
