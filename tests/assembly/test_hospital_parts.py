"""A hospital judged by several processes comes to what one comes to, or to a refusal."""

import os
from datetime import date

import pyarrow.parquet as pq
import pytest
from tests.parity.people import AS_OF, write

from trialwright.assembly import hospital_parts
from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.hospital_parts import EVIDENCE, VERDICTS, Job, judge_parts
from trialwright.assembly.protocols import shipped
from trialwright.terms.errors import Refusal

PEOPLE = 60
ASKED = ("I01", "I10", "E04")


@pytest.fixture(scope="module")
def order(tmp_path_factory):
    """Give an order of a small population."""
    path = tmp_path_factory.mktemp("hospital") / "people.duckdb"
    write(path, PEOPLE)
    return Order(f"duckdb://{path}", ("A", "C"), AS_OF, date(2026, 3, 9))


@pytest.fixture(scope="module")
def study():
    """Give a protocol of a few criteria."""
    whole = shipped("nct03959891").study
    asked = tuple(each for each in whole.criteria if each.id in ASKED)
    return whole.model_copy(update={"criteria": asked})


def judged(job, processes):
    """Give what a hospital comes to, and the steps told."""
    steps = []
    tallies = judge_parts(job, lambda *told: steps.append(told), processes)
    job.folder.joinpath(VERDICTS).stat()
    rows = {each.name: pq.read_table(each).to_pylist() for each in job.folder.iterdir()}
    return [(each.feasibility(), each.near) for each in tallies], rows, steps


def test_two_processes_come_to_what_one_comes_to(order, study, tmp_path):
    """Counts, lists, verdicts and evidence, of six parts, four of them small, and of one."""
    for name in ("one", "two"):
        (tmp_path / name).mkdir()

    counts, rows, _ = judged(Job(order, study, folder=tmp_path / "one"), 1)
    shared, by_two, steps = judged(Job(order, study, folder=tmp_path / "two", size=20), 2)

    def ordered(found):
        return sorted(found, key=lambda each: (each["criterion"], each["person_id"]))

    assert shared == counts
    assert counts[0][0].people == PEOPLE
    assert by_two[VERDICTS] == rows[VERDICTS]
    assert ordered(by_two[EVIDENCE]) == ordered(rows[EVIDENCE])
    assert len(rows[EVIDENCE]) == PEOPLE * len(ASKED)
    assert set(by_two) == {VERDICTS, EVIDENCE}
    assert steps[-1][1] == 6 * hospital_parts.STEPS


def test_counts_alone_write_nothing(order, study):
    """No folder is needed for them."""
    [first, _] = judge_parts(Job(order, study), processes=1)

    assert first.feasibility().people == PEOPLE


def ended(known, parts, number):
    """End this process as a want of memory would."""
    os._exit(9)


def test_a_process_that_is_ended_is_told(order, study, monkeypatch):
    """With what to do, instead of a traceback."""
    monkeypatch.setattr(hospital_parts, "_help", ended)

    with pytest.raises(Refusal, match="one of them was ended from outside"):
        judge_parts(Job(order, study, size=20), processes=2)


def wrong(known, parts, number):
    """Fail as a population would that is taken away."""
    known.job.study.required_arm("nobody")


def test_a_refusal_of_a_process_is_that_of_all(order, study, monkeypatch):
    """It comes through as it was raised."""
    monkeypatch.setattr(hospital_parts, "_help", wrong)

    with pytest.raises(Refusal, match="nobody"):
        judge_parts(Job(order, study, size=20), processes=2)


def test_parts_are_taken_once_each_until_the_end():
    """Whoever asks gets the next one; after the end nobody gets any."""
    turns = hospital_parts._Turns()
    one, other = turns.of(4), turns.of(4)

    taken = [next(one), next(other), next(one)]
    turns.end()

    assert taken == [0, 1, 2]
    assert list(one) == list(other) == []


def test_processes_that_start_at_once_come_to_the_same(order, study, monkeypatch):
    """A large file has helpers before it is opened, and as many as are asked for afterwards."""
    started = []
    at_once = hospital_parts._at_once
    monkeypatch.setattr(
        hospital_parts, "_at_once", lambda *told: started.append(at_once(*told)) or started[-1]
    )
    monkeypatch.setattr(hospital_parts, "OF_A_PART", 2**20)
    shared = judge_parts(Job(order, study, size=20), processes=3)
    whole = judge_parts(Job(order, study), processes=1)

    assert started[0] in (1, 2)
    assert [each.feasibility() for each in shared] == [each.feasibility() for each in whole]


def test_helpers_of_a_large_file_with_few_people_have_nothing_to_do(order, study, monkeypatch):
    """One part is judged by who asks; the process that was started ends."""
    monkeypatch.setattr(hospital_parts, "OF_A_PART", 2**10)

    [first, _] = judge_parts(Job(order, study), processes=2)

    assert first.feasibility().people == PEOPLE


def test_a_small_file_has_no_helpers_at_once(order, tmp_path):
    """They would import longer than they help."""
    asked = hospital_parts._at_once
    large = tmp_path / "large.duckdb"
    with large.open("wb") as stream:
        stream.truncate(3 * hospital_parts.OF_A_PART)

    assert asked(order.population, 4) == 0
    assert asked(f"duckdb://{large}", 3) == 2
    assert asked(f"duckdb://{large}", 9) == 3
    assert asked(f"duckdb://{tmp_path / 'none.duckdb'}", 4) == 0
    assert hospital_parts._processes("postgresql://somewhere/hospital", 4) == 1
    assert hospital_parts._processes(order.population, 1) == 1
