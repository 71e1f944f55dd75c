"""Scoring a year: every pairing of every county, JDGJ-100, sheets and lines written.

``score_all``: from the records alone, whose cells are judged first ÷ COPY-out of the same records.
``score_kept``: from the cells kept as the product keeps them ÷ one sequential aggregate of the year.
Both write every sheet and line: what an earlier round wrote is taken away before. ``score_again`` is the nightly computation
that finds nothing changed.
"""

from __future__ import annotations

from typing import Any

from bench.figure import Cost, Figure, by_processor, costs
from bench.filled import MODELS, ROUNDS, SIZES, TODAY, backends, copied_block, country, superuser

# So many sheets are explained line by line and compared with what was kept.
SAMPLE = 20


class _Nowhere:
    """What is written here is thrown away."""

    def write(self, data: bytes) -> int:
        return len(data)


def _prepare(tenants: list[Any]) -> None:
    """A rubric, a cycle and the frozen list in each of the counties."""
    from assessment.models import Assessed, Cycle
    from assessment.presets import make_rubric
    from assessment.queries.lists import candidates
    from pairing.models import Programme
    from tenancy import clock
    from tenancy.scope import tenant_scope

    for tenant in tenants:
        with tenant_scope(tenant), clock.at(TODAY):
            programme = Programme.objects.get(year=2025)
            cycle = Cycle.objects.create(
                tenant=tenant,
                programme=programme,
                year=2025,
                title="2025",
                starts_on=programme.starts_on,
                ends_on=programme.ends_on,
                rubric=make_rubric(),
            )
            Assessed.objects.bulk_create(
                Assessed(
                    tenant=tenant,
                    cycle=cycle,
                    pairing=one.pairing,
                    unit_id=one.pairing.unit_id,
                    village_id=one.pairing.village_id,
                    months_active=one.months,
                )
                for one in candidates(cycle)
            )


def _score(tenants: list[Any], *, judged: bool) -> int:
    """Compute and keep every sheet; ``judged``: judge the cells from the records before."""
    from activities.obligations import refresh
    from assessment.actions.scoring import compute
    from assessment.models import Cycle
    from tenancy import clock
    from tenancy.scope import tenant_scope

    n = 0
    for tenant in tenants:
        with tenant_scope(tenant), clock.at(TODAY):
            if judged:
                refresh()
            n += compute(cycle=Cycle.objects.get(year=2025)).n_scored
    return n


def _explain(tenants: list[Any]) -> None:
    """Sheets of some counties say line by line what was kept, without remainder."""
    from assessment.models import Section, Sheet, SheetLine
    from assessment.queries.sheets import explained
    from tenancy import clock
    from tenancy.scope import tenant_scope

    for tenant in tenants[:: max(1, len(tenants) // SAMPLE)][:SAMPLE]:
        with tenant_scope(tenant), clock.at(TODAY):
            sheet = Sheet.objects.select_related("cycle__rubric", "pairing").order_by("pairing_id").first()
            assert sheet is not None
            kept = (sheet.scored, sheet.base, sheet.final)
            scores = dict(SheetLine.objects.filter(sheet=sheet).values_list("line__code", "score"))
            lines = explained(sheet)
            assert {one.line.code: one.score for one in lines} == scores, "a line explains another score than the kept one"
            total = sum(one.score for one in lines if one.score is not None and one.line.group.section == Section.BASE)
            assert (total, sheet.base, sheet.final) == kept, "lines do not add up to the sheet"


def figures(scale: str) -> list[Figure]:
    """The ratios; at the small scale they are told, not judged: a hundred small counties are mostly round trips."""
    from tenancy.models import Tenant

    tenants = list(Tenant.objects.filter(pk__in=country(scale)).order_by("pk"))
    admin = superuser()
    cursor = admin.cursor()
    # Models, their copies, and the last, which is none.
    _prepare(tenants[:MODELS])
    copied_block(scale).repeat(cursor, app="assessment_")
    _prepare(tenants[-1:])
    n_sheets = len(tenants) * SIZES[scale].pairings
    cursor.execute("SET max_parallel_workers_per_gather = 0")
    # Where a round takes minutes, one must do, and the first is measured.
    rounds = min(ROUNDS[scale], 3) if scale != "nation" else 1
    if scale != "nation":
        _score(tenants, judged=True)

    def copy_out() -> None:
        cursor.copy_expert("COPY (SELECT * FROM activities_record) TO STDOUT", _Nowhere())

    def aggregate() -> None:
        cursor.execute(
            "SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_bitmapscan = off;"
            "SELECT pairing_id, type, date_trunc('month', counts_on), count(*) FROM activities_share"
            " WHERE counts_on BETWEEN '2025-01-01' AND '2025-12-31' AND status = 'confirmed' GROUP BY 1, 2, 3"
        )
        cursor.fetchall()

    def forget() -> None:
        # With whatever points to them: no county has decided anything yet.
        cursor.execute("TRUNCATE assessment_sheetline, assessment_sheet CASCADE")

    def score_all() -> None:
        assert _score(tenants, judged=True) == n_sheets

    def score_kept() -> None:
        assert _score(tenants, judged=False) == n_sheets

    pids = backends(admin)
    whole, copied = costs(score_all, copy_out, rounds=rounds, before=forget, backends=pids)
    _explain(tenants)
    cursor.execute("ANALYZE assessment_sheet, assessment_sheetline, assessment_assessed, assessment_rubricline")
    kept, summed = costs(score_kept, aggregate, rounds=rounds, before=forget, backends=pids)
    again, summed_again = costs(score_kept, aggregate, rounds=rounds, backends=pids)
    admin.close()
    is_judged = scale != "small"

    def figure(name: str, ours: Cost, other: Cost, goal: float | None) -> Figure:
        told = (
            f"{n_sheets} sheets of 20 lines in {ours.wall:.2f} s ÷ {other.wall:.3f} s, {rounds} rounds{by_processor(ours, other)}"
        )
        return Figure(name, ours.wall / other.wall, goal, told)

    return [
        figure("score_all", whole, copied, 1.2 if is_judged else None),
        figure("score_kept", kept, summed, 2.0 if is_judged else None),
        figure("score_again", again, summed_again, None),
    ]
