"""Lays a year of facts down as rows, in a county with JDGJ-100."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from activities.models import Obligation
from assessment.models import Cycle
from assessment.presets import make_rubric
from lib.periods import period_named
from pairing.models import HouseholdContact
from tenancy.scope import current_tenant
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.slow_scores import Year

RULES = {
    "benefit_project": "quarter",
    "labour_day": "month",
    "livelihood_item": "month",
    "courtyard": "month",
    "reception": "week",
    "leader_reception": "month",
}
_CODES = {
    "month": [f"2025-{month:02d}" for month in range(1, 13)],
    "quarter": [f"2025-Q{quarter}" for quarter in range(1, 5)],
    "week": [f"2025-W{week:02d}" for week in range(1, 53)],
}


class County:
    """A programme year with the rules of the five ones, the preset's rubric, and a cycle of 2025."""

    def __init__(self, rubric: Any = None) -> None:
        self.programme = make.make_programme(2025, starts_on=date(2024, 9, 3), ends_on=date(2025, 12, 31))
        self.rules = {code: make.make_rule(self.programme, code, code, period_kind=kind) for code, kind in RULES.items()}
        self.rubric = rubric or make_rubric()
        self.cycle: Cycle = judged.make_cycle(self.programme, self.rubric, state="review")
        self.lines = {line.code: line for line in self.rubric.lines.all()}
        self.town = make.make_town()
        self.n = 0

    def pairing(self, unit: Any = None, *, months: int = 12, **fields: Any) -> Any:
        self.n += 1
        found = make.make_pairing(
            unit or make.make_unit(f"第{self.n}局"),
            make.make_village(f"第{self.n}村", town=self.town),
            self.programme,
            **fields,
        )
        judged.make_assessed(self.cycle, found, months_active=months)
        return found

    def cells(self, pairing: Any, code: str, states: tuple[str, ...]) -> None:
        """Cells of a rule in these states, one for each period of the year; nothing is judged."""
        rule = self.rules[code]
        terms = rule.terms.get()
        rows = []
        for name, state in zip(_CODES[RULES[code]], states, strict=True):
            span = period_named(name)
            rows.append(
                Obligation(
                    tenant=current_tenant(), programme=self.programme, rule=rule, terms=terms, pairing=pairing,
                    period_kind=span.kind, starts_on=span.starts_on, ends_on=span.ends_on,
                    grace_until=span.ends_on + timedelta(days=10), is_due=state != "not_due", required=1, state=state,
                    waived_because="waiver:台风" if state == "waived" else "",
                )
            )  # fmt: skip
        Obligation.objects.bulk_create(rows)

    def record(self, pairing: Any, kind: str, day: date, **fields: Any) -> Any:
        values = {"status": "confirmed", "occurred_on": day, "submitted_on": day, **fields}
        return make.make_record(pairing, type=kind, **values)

    def lay(self, year: Year, unit: Any = None) -> Any:
        """A pairing with this year behind it."""
        pairing = self.pairing(
            unit,
            months=year.months,
            agreement_signed_on=date(2025, 1, 10) if year.agreement else None,
            plan_approved_on=date(2025, 12, 31) if year.plan else date(2026, 1, 1),
        )
        for code, states in (
            ("benefit_project", year.quarters), ("labour_day", year.labour), ("livelihood_item", year.items),
            ("courtyard", year.courtyards), ("reception", year.weeks), ("leader_reception", year.led),
        ):  # fmt: skip
            self.cells(pairing, code, states)
        self._records(pairing, year)
        self._facts(pairing, year)
        return pairing

    def _records(self, pairing: Any, year: Year) -> None:
        for kind, n in (("theme_party_day", year.theme_days), ("sales_support", year.sales), ("training", year.classes)):
            for number in range(n):
                self.record(pairing, kind, date(2025, 3, 1) + timedelta(days=number))
            # Neither of these counts: not confirmed, and of another year.
            self.record(pairing, kind, date(2025, 5, 1), status="submitted")
            self.record(pairing, kind, date(2024, 12, 31))
        for quarter, is_late in year.reports:
            span = period_named(f"2025-Q{quarter}")
            self.record(
                pairing, "joint_report", span.starts_on, submitted_on=span.ends_on + timedelta(days=16 if is_late else 15)
            )
        for number in range(year.untrue):
            self.record(pairing, "labour_day", date(2025, 4, 1) + timedelta(days=number), status="voided", found_untrue=True)
        self.record(pairing, "labour_day", date(2025, 4, 30), status="voided")

    def _facts(self, pairing: Any, year: Year) -> None:
        cycle, lines = self.cycle, self.lines
        HouseholdContact.objects.bulk_create(
            HouseholdContact(
                tenant=current_tenant(), pairing=pairing, house_no=f"{number}号", listed_on=date(2025, 2, 1),
                unit_member="党员甲" if number < year.covered else "", village_member="党员乙",
                covered_from=date(2025, 3, 1) if number < year.covered else None,
            )
            for number in range(year.listed)
        )  # fmt: skip
        judged.make_household(pairing, "旧户", listed_on=date(2025, 2, 1), delisted_on=date(2025, 12, 31))
        for year_of, value in zip((2024, 2025), year.income, strict=True):
            if value is not None:
                judged.make_figure(pairing.village, year_of, value)
        for number, visits in enumerate(year.visits):
            is_last = number == len(year.visits) - 1
            judged.make_entry(
                cycle, pairing, lines["A2"], str(visits), scorer=make.make_account(), is_settling=year.is_settled and is_last
            )
        for code, entered in (("B2", year.unaware), ("F", year.brand), ("G1", year.mark)):
            if entered is not None:
                judged.make_entry(cycle, pairing, lines[code], str(entered))
        if year.poll is not None:
            judged.make_poll(cycle, pairing, year.poll)
        for matter, level in dict.fromkeys(year.honours):
            judged.make_honour(pairing, matter, level)
        judged.make_honour(pairing, "撤回的", "province", withdrawn_because="误报")
        for _number in range(year.overdue):
            judged.make_finding(pairing)
        judged.make_finding(pairing, state="closed", closed_on=date(2025, 6, 6))
        for colour, n in ((2, year.yellow), (3, year.red)):
            for _number in range(n):
                judged.make_warning(pairing, colour)
        judged.make_warning(pairing, 3, withdrawn_on=date(2025, 4, 1), withdrawn_because="查无此事")
        judged.make_warning(pairing, 3, proposed_on=date(2025, 4, 1), signed_on=None)
        if year.is_vetoed:
            judged.make_veto(cycle, pairing)
