"""The frozen year: the same digest for anybody, scores computed again from the file alone, a change found out."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from assessment.actions.cycles import configure, create_cycle
from assessment.actions.facts import enter
from assessment.actions.scoring import compute, unit_results
from assessment.archive import reader
from assessment.archive.canonical import digest, written
from assessment.models import CycleState, RubricLine, Snapshot, UnitResult
from assessment.presets import make_rubric
from assessment.queries.archive import content_of
from tenancy.models import AuditEntry
from tests import factories as make
from tests import factories_judgement as judged
from tests.assessment.cycle.conftest import ACTOR, County


@pytest.fixture
def snapshot(county: County) -> Iterator[Snapshot]:
    with county.inside():
        county.bring_to(CycleState.FINAL)
        yield Snapshot.objects.get()


def test_the_digest_is_that_of_the_file_and_stands_in_the_event_log(snapshot: Snapshot) -> None:
    found, problems = reader.verify(snapshot.content.encode("utf-8"), snapshot.sha256)
    assert (found, problems) == (snapshot.sha256, [])
    assert AuditEntry.objects.get(action="snapshot_taken").details["sha256"] == snapshot.sha256


def test_any_changed_byte_is_found(snapshot: Snapshot) -> None:
    data = snapshot.content.encode("utf-8")
    for place in range(0, len(data), max(1, len(data) // 97)):
        changed = bytearray(data)
        changed[place] ^= 0x01
        _digest, problems = reader.verify(bytes(changed), snapshot.sha256)
        assert problems, place


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("sheets", 0, "final"), "100.00", "final is 100.00"),
        (("sheets", 0, "lines", 0, "score"), "12.00", "points are 12.00"),
        (("sheets", 0, "lines", 0, "figures", "plan"), 0, "points are 40.00, computed 20.00"),
        (("sheets", 0, "grade"), "poor", "grade is poor"),
        (("inputs", "entries", 0, "value"), "1", "figure value is"),
        (("results", 1, "grade_final"), "poor", "no reason is given"),
        (("results", 0, "final"), "99.99", "score is 99.99"),
        (("rubric", "top_share"), 100, "share holds it down"),
        (("rubric", "lines", 1, "max_score"), "30.00", "points are"),
        (("assessed", 0, "exempt_because"), "x", "is not assessed"),
    ],
)
def test_a_forger_who_makes_the_digest_anew_is_found_by_the_scores(
    snapshot: Snapshot, path: tuple[Any, ...], value: Any, told: str
) -> None:
    content = json.loads(snapshot.content)
    place = content
    for step in path[:-1]:
        place = place[step]
    assert place[path[-1]] != value
    place[path[-1]] = value
    text = written(content)
    _digest, problems = reader.verify(text.encode("utf-8"), digest(text))
    assert any(told in problem for problem in problems), problems


def test_later_corrections_do_not_alter_it(county: County, snapshot: Snapshot) -> None:
    pairing = county.pairings[0]
    pairing.plan_approved_on = None
    pairing.save()
    assert Snapshot.objects.get().content == snapshot.content
    assert reader.verify(Snapshot.objects.get().content.encode())[1] == []


def test_the_command_says_whether_it_holds(snapshot: Snapshot, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.json"
    path.write_text(snapshot.content, encoding="utf-8")
    call_command("verify_snapshot", str(path), sha256=snapshot.sha256)
    assert snapshot.sha256 in capsys.readouterr().out
    path.write_text(snapshot.content.replace("高州市财政局", "高州市财务局", 1), encoding="utf-8")
    with pytest.raises(CommandError, match="核验未通过"):
        call_command("verify_snapshot", str(path), sha256=snapshot.sha256)
    with pytest.raises(CommandError, match="读不到"):
        call_command("verify_snapshot", str(tmp_path / "none.json"))


def test_the_reader_runs_alone(snapshot: Snapshot, tmp_path: Path) -> None:
    (tmp_path / "check_archive.py").write_bytes(Path(reader.__file__).read_bytes())
    (tmp_path / "a.json").write_text(snapshot.content, encoding="utf-8")
    # -S -I: neither this project nor any installed package is in reach.
    run = subprocess.run(
        [sys.executable, "-I", "-S", "check_archive.py", "a.json", snapshot.sha256],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stdout.splitlines()[-1]) == (0, "OK"), run.stdout + run.stderr
    assert "django" not in Path(reader.__file__).read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"format":"pairing-assessment-archive/1"}', b"{"])
def test_what_is_no_archive_is_told_in_a_sentence(content: bytes) -> None:
    _digest, problems = reader.verify(content)
    assert problems


def _each_reading_is_held(archive: Any) -> None:
    """Something taken out of what any reading counted, or slipped in, is a difference in that line."""
    held = set()
    for line in archive["rubric"]["lines"]:
        reading = (
            line["reading"] if line["reading"] != "entry" else (line["reading_terms"].get("beside") or {}).get("reading", "")
        )
        for sheet in archive["sheets"]:
            [told] = [one for one in sheet["lines"] if one["code"] == line["code"]]
            if told["counted"] and reading not in ("", "poll", "honours"):
                held.add(reading)
                gone = told["counted"].pop()
                assert any(f", {line['code']}: " in one for one in reader.check(archive)), line["code"]
                told["counted"].append(gone)
                assert reader.check(archive) == []
                break
    assert held >= {"records", "papers", "households", "growth", "conduct"}


def test_the_reader_agrees_with_every_line_of_the_preset(county: County) -> None:
    """JDGJ-100 over pairings of different luck: every figure of the ledgers, of entries, polls, honours and warnings."""
    with county.inside():
        programme = make.make_programme(2025, title="另一方案", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
        town, rubric = make.make_town("石板镇"), make_rubric(number=2)
        pairings = []
        for number in range(1, 8):
            village = make.make_village(f"示范{number}村", town=town)
            signed = date(2025, 1, 2) if number % 3 else None
            pairing = make.make_pairing(
                make.make_unit(f"高州市第{number}局"),
                village,
                programme,
                starts_on=date(2025, number, 1),
                agreement_signed_on=signed,
            )
            pairings.append(pairing)
            judged.make_figure(village, 2024, "86000")
            judged.make_figure(village, 2025, str(86000 + 2500 * (number - 2)))
            for house in range(number):
                judged.make_household(pairing, f"{number}-{house}", unit_member="" if house % 3 == 1 else "党员甲")
            for day in range(number):
                make.make_record(
                    pairing, type="theme_party_day", status="confirmed", occurred_on=date(2025, 11, day + 1),
                    submitted_on=date(2025, 11, day + 1),
                )  # fmt: skip
        judged.make_honour(pairings[6], "甲", "city")
        judged.make_honour(pairings[6], "甲", "province")
        judged.make_honour(pairings[5], "乙", "province", withdrawn_because="误登")
        judged.make_warning(pairings[6], 2)
        judged.make_warning(pairings[6], 2, signed_on=date(2025, 6, 1))
        judged.make_warning(pairings[5], 3)
        cycle = create_cycle(
            programme=programme,
            year=2025,
            title="另一考核",
            rubric=rubric,
            starts_on=date(2025, 1, 1),
            ends_on=date(2025, 12, 31),
            actor=ACTOR,
        )
        configure(cycle=cycle, exempt={}, actor=ACTOR)
        cycle.refresh_from_db()
        lines = {line.code: line for line in RubricLine.objects.filter(rubric=rubric)}
        values = {"A2": ("3", "3.5"), "B2": ("2", "3"), "F": ("submitted",), "G1": ("92.5",)}
        for number, pairing in enumerate(pairings):
            judged.make_poll(cycle, pairing, (13 + number, 5, 1, number) if number else (3, 1, 1, 9))
            for code, given in values.items():
                for who, value in enumerate(given):
                    scorer = make.make_account()
                    judged.make_entry(cycle, pairing, lines[code], value, scorer=scorer, scorer_name=f"评审{who}")
        judged.make_veto(cycle, pairings[2])
        compute(cycle=cycle, actor=ACTOR)
        for one in unit_results(cycle):
            UnitResult.objects.create(
                tenant=county.tenant, cycle=cycle, unit_id=one.unit_id, final=one.final, grade_by_score=one.grade_by_score,
                grade_final=one.grade_final, limited_by_quota=one.limited_by_quota, is_vetoed=one.is_vetoed,
            )  # fmt: skip
        content = content_of(cycle)
        assert {line["state"] for sheet in content["sheets"] for line in sheet["lines"]} == {"scored", "n_a"}
        assert reader.check(json.loads(written(content))) == []
        _each_reading_is_held(json.loads(written(content)))


def test_an_archive_of_the_first_form_still_verifies(snapshot: Snapshot) -> None:
    """Form 1 had no records behind its figures and no corrections."""
    content = json.loads(snapshot.content)
    assert content["format"] == reader.FORMATS[1]
    del content["corrections"]
    for line in [line for sheet in content["sheets"] for line in sheet["lines"]]:
        del line["counted"], line["not_counted"]
    text = written(content)
    assert any("has no records" in one for one in reader.verify(text.encode())[1]), "form 2 must have them"
    text = written({**content, "format": reader.FORMATS[0]})
    assert reader.verify(text.encode(), digest(text)) == (digest(text), [])


def test_a_paper_that_was_not_there_does_not_carry_points(snapshot: Snapshot) -> None:
    content = json.loads(snapshot.content)
    [line] = [line for line in content["sheets"][0]["lines"] if line["code"] == "A1"]
    assert [one["type"] for one in line["counted"]] == ["agreement", "plan"]
    assert all(one["day"] and one["id"] and one["label"] for one in line["counted"])
    line["counted"].pop()
    problems = reader.verify(written(content).encode())[1]
    assert problems[0].endswith(", A1: figure plan is 1, from its records 0.")


def test_what_counted_at_publication_stands_whatever_happens_afterwards(county: County) -> None:
    with county.inside():
        county.bring_to(CycleState.PUBLICITY)
        pairing = county.pairings[0]
        pairing.plan_approved_on = None
        pairing.save()
        county.bring_to(CycleState.FINAL)
        snapshot = Snapshot.objects.get()
        assert reader.verify(snapshot.content.encode(), snapshot.sha256)[1] == []
        [sheet] = [one for one in json.loads(snapshot.content)["sheets"] if one["pairing"] == str(pairing.uid)]
        assert [one["type"] for one in sheet["lines"][0]["counted"]] == ["agreement", "plan"]
        assert sheet["final"] == "98.00"


def test_every_rule_of_the_product_is_known_to_the_reader() -> None:
    from assessment.patterns import PATTERNS

    assert set(reader.RULES) == set(PATTERNS)


@pytest.mark.parametrize("role", ["CA", "CS", "AU"])
def test_the_county_takes_it_away_and_it_is_logged(client: Client, county: County, snapshot: Snapshot, role: str) -> None:
    county.sign_in(client, role)
    assert snapshot.sha256 in client.get(county.url("archive/")).content.decode()
    response = client.get(county.url("archive/1/"))
    assert response.content == snapshot.content.encode("utf-8")
    assert digest(response.content.decode()) == snapshot.sha256
    assert AuditEntry.objects.filter(action="exported", object_kind="cycle").count() == 1
    assert client.get(county.url("archive/2/")).status_code == 404
    assert b"def verify" in client.get(f"/{county.tenant.slug}/assessment/check-program/").content


@pytest.mark.parametrize(("role", "status"), [("IN", 404), ("UL", 403), ("UG", 403), ("VS", 403), ("CL", 403), ("TO", 403)])
def test_nobody_else_does(client: Client, county: County, snapshot: Snapshot, role: str, status: int) -> None:
    county.sign_in(client, role)
    assert client.get(county.url("archive/")).status_code == status
    assert client.get(county.url("archive/1/")).status_code == status


def test_the_archive_of_another_county_is_not_there(client: Client, county: County, snapshot: Snapshot) -> None:
    other = make.make_tenant("nanhai", "440605", "南海区")
    client.force_login(make.make_member(other, "CA"))
    for path in ("archive/", "archive/1/"):
        assert client.get(county.url(path).replace("/gaozhou/", "/nanhai/")).status_code == 404


def test_an_entry_after_the_end_is_refused(county: County, snapshot: Snapshot) -> None:
    from assessment.actions.facts import FactRefused

    with pytest.raises(FactRefused):
        enter(cycle=county.cycle, pairing=county.pairings[0], line=county.line("B1"), value=1, note="x", reason="x", actor=ACTOR)
