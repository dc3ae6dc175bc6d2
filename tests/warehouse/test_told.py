"""Counts and words of a hospital, against what a plain loop finds."""

from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from trialwright.assembly.protocols import shipped
from trialwright.terms.answers import IN_QUESTION
from trialwright.warehouse.arrays import Column
from trialwright.warehouse.columns import Shape
from trialwright.warehouse.numbering import numbering_of
from trialwright.warehouse.records import AGED, FEMALE, OBSERVED, TREATED, aged
from trialwright.warehouse.rollup import Tally, of_arm
from trialwright.warehouse.words import names_of, number_text, values_text

PEOPLE = 500


@pytest.fixture(scope="module")
def study():
    """Give the first protocol."""
    return shipped("nct03959891").study


def test_counts_are_those_of_a_loop(study):
    """Two batches: every number as counted one person at a time."""
    drawn = np.random.default_rng(3)
    matrix = SimpleNamespace(
        decidable=tuple(each.id for each in study.criteria[:12]),
        criteria=tuple(each.id for each in study.criteria),
    )
    asked = of_arm(matrix, study, "A")
    assert len(asked) > 5
    weights = [0.04, 0.08, 0.88]  # few not met, so that there are candidates
    answers = {each: drawn.choice(3, PEOPLE, p=weights).astype(np.int8) for each in asked}
    rows = pa.RecordBatch.from_pydict(
        {"person_id": np.arange(PEOPLE)} | {f"{each}_record": answers[each] for each in asked}
    )
    tally = Tally(matrix, study, "A")

    tally.add(rows.slice(0, 123))
    tally.add(rows.slice(123))

    persons = [{each: int(answers[each][person]) for each in asked} for person in range(PEOPLE)]
    possible = [each for each in persons if 0 not in each.values()]
    found = tally.feasibility()
    assert (found.people, found.candidates) == (PEOPLE, len(possible))
    assert found.complete == sum(set(each.values()) == {2} for each in possible)
    assert dict(found.open) == {
        number: many
        for number in range(len(asked) + 1)
        if (many := sum(list(each.values()).count(1) == number for each in possible))
    }
    near = [
        (person, name)
        for person, each in enumerate(persons)
        for name in asked
        if 0 not in each.values() and list(each.values()).count(1) == 1 and each[name] == 1
    ]
    assert near
    assert tally.near == near
    assert found.undecided == ()
    for place, loss in enumerate(found.losses):
        name = asked[place]
        before = asked[: place + 1]
        assert loss.criterion == name
        assert loss.not_met == sum(each[name] == 0 for each in persons)
        alone = (each for each in persons if list(each.values()).count(0) == 1)
        assert loss.alone == sum(each[name] == 0 for each in alone)
        assert loss.unknown == sum(each[name] == 1 for each in persons)
        assert loss.left == sum(all(each[one] != 0 for one in before) for each in persons)
        assert loss.missing_alone == sum(one == name for _, one in near)


def test_tallies_of_parts_join_to_that_of_the_whole(study):
    """Whichever process counted which part: the same counts, and the same one fact away."""
    drawn = np.random.default_rng(5)
    given = [
        (f"I{number:02d}", slice(None), drawn.choice(4, 60, p=[0.04, 0.1, 0.76, 0.1]))
        for number in range(1, 12)
    ]
    whole, rows = verdicts_of(study, 60, [*given, ("I12", slice(None), 1)])
    first, others = (verdicts_of(study, 60, [])[0] for _ in range(2))

    whole.add(rows)
    first.add(rows.slice(0, 10))
    others.add(rows.slice(10, 25))
    others.add(rows.slice(35))
    first.join(others)

    assert first.feasibility() == whole.feasibility()
    assert first.near == whole.near
    assert first.near


def verdicts_of(study, people, given):
    """Give a tally of people who meet everything, but for the verdicts given of each."""
    matrix = SimpleNamespace(
        decidable=tuple(each.id for each in study.criteria[:12]),
        criteria=tuple(each.id for each in study.criteria),
    )
    asked = of_arm(matrix, study, "A")
    columns = {f"{name}_record": np.full(people, 2, dtype=np.int8) for name in asked}
    for name, person, verdict in given:
        columns[f"{name}_record"][person] = verdict
    rows = pa.RecordBatch.from_pydict({"person_id": np.arange(people)} | columns)
    return Tally(matrix, study, "A"), rows


def test_what_is_open_for_everybody_is_no_fact_that_is_away(study):
    """Nobody meets or fails I03 in either part, so that it is named, and the rest is counted."""
    everybody = [("I03", slice(None), 1)]
    others = [("I04", 7, 1), ("I10", 30, 1), ("I11", 30, 1), ("I01", 31, 0), ("I04", 31, 1)]
    tally, rows = verdicts_of(study, 40, [*everybody, *others])

    tally.add(rows.slice(0, 15))
    tally.add(rows.slice(15))

    found = tally.feasibility()
    assert found.undecided == (("I03", 40),)
    assert tally.near == [(7, "I04")]
    assert (found.candidates, found.complete) == (39, 37)
    assert found.open == ((0, 37), (1, 1), (2, 1))
    away = {each.criterion: each.missing_alone for each in found.losses if each.missing_alone}
    assert away == {"I04": 1}
    assert {type(each.missing_alone) for each in found.losses} == {int}
    assert next(each.unknown for each in found.losses if each.criterion == "I03") == 40


@pytest.mark.parametrize("arm", ["A", "B", "C"])
def test_what_people_alone_decide_is_named_beside(study, arm):
    """Criteria of the arm with a rule of which no record decides anything."""
    decidable = {each.id for each in study.criteria if each.kind == "rule"} - {"I04", "E01"}
    matrix = SimpleNamespace(
        decidable=tuple(decidable), criteria=tuple(each.id for each in study.criteria)
    )

    found = Tally(matrix, study, arm).feasibility()

    concerned = [each for each in study.criteria if each.rule and arm in (each.arms or (arm,))]
    assert [each.criterion for each in found.losses] == [
        each.id for each in concerned if each.id in decidable
    ]
    assert found.by_people == tuple(each.id for each in concerned if each.id not in decidable)
    assert {"I04", "E01"} <= set(found.by_people)


@pytest.mark.parametrize("verdict", [0, 2])
def test_one_answer_of_a_later_part_makes_a_criterion_decidable(study, verdict):
    """Then it is a fact that is away for all others, those of earlier parts too."""
    tally, rows = verdicts_of(study, 40, [("I03", slice(None), 1), ("I03", 39, verdict)])

    tally.add(rows.slice(0, 15))
    tally.add(rows.slice(15))

    assert tally.feasibility().undecided == ()
    assert tally.near == [(person, "I03") for person in range(39)]


def test_whom_a_criterion_does_not_concern_does_not_decide_it(study):
    """It is open of the others, and their number is told."""
    given = [("I03", slice(None), 1), ("I03", slice(0, 10), 3)]
    tally, rows = verdicts_of(study, 40, given)

    tally.add(rows)

    assert tally.undecided == (("I03", 30),)
    assert tally.feasibility().complete == 40


def test_those_of_whom_nothing_is_open_are_listed(study):
    """Apart from those one fact away, and without those who are kept out."""
    given = [("I11", slice(0, 4), 1), ("I12", slice(4, 7), 0), ("I03", slice(None), 1)]
    tally, rows = verdicts_of(study, 30, given)

    tally.add(rows)

    people = rows["person_id"].to_pylist()
    assert tally.complete == people[7:]
    assert [person for person, _ in tally.near] == people[:4]
    assert tally.feasibility().complete == len(tally.complete)


def test_of_a_few_people_nothing_is_said_of_their_hospital(study):
    """Nineteen may all lack a fact by chance; twenty are enough."""
    few, rows = verdicts_of(study, 19, [("I03", slice(None), 1)])
    enough, more_rows = verdicts_of(study, 20, [("I03", slice(None), 1)])

    few.add(rows)
    enough.add(more_rows)

    assert (few.undecided, len(few.near)) == ((), 19)
    assert (enough.undecided, enough.near) == ((("I03", 20),), [])


def test_a_protocol_that_no_record_decides_leaves_everybody(study):
    """No criterion is asked, so that nobody is away from any."""
    matrix = SimpleNamespace(decidable=(), criteria=())
    tally = Tally(matrix, study, "A")

    tally.add(pa.RecordBatch.from_pydict({"person_id": np.arange(30)}))

    found = tally.feasibility()
    assert (found.candidates, found.complete, found.open) == (30, 30, ((0, 30),))
    assert (found.losses, tally.near) == ((), [])


def test_numbers_are_said_without_trailing_zeros():
    """Millionths of both signs, with and without decimals."""
    micro = np.array([9_500_000, 0, -300_000, 12_000_000, 1, -2_000_001, 10**18])

    assert number_text(micro).to_pylist() == [
        "9.5", "0", "-0.3", "12", "0.000001", "-2.000001", "1000000000000",
    ]  # fmt: skip


def test_values_are_said_by_their_shapes():
    """One of each kind, and a number that is in question since it is none."""
    shapes = (Shape("a", "mg/dL", "<"), Shape("b", word="positive"), Shape("c", "%"))
    said = [
        (0, 300_000, None, None, "<0.3 mg/dL"),
        (1, None, None, None, "positive"),
        (2, None, None, None, IN_QUESTION),
        (TREATED, None, 0, 31, "since 1970-01-01, last dose 1970-02-01"),
        (TREATED, None, 0, None, "since 1970-01-01, end not recorded"),
        (OBSERVED, None, 0, 364, "1970-01-01 to 1970-12-31"),
        (FEMALE, None, None, None, "female"),
        (AGED, aged(54, 54), None, None, "54 a"),
        (AGED, aged(54, 55), None, None, "54 or 55 a"),
        (None, None, None, None, None),
    ]
    columns = [
        Column(
            np.array([each[place] or 0 for each in said]),
            np.array([each[place] is not None for each in said]),
        )
        for place in range(4)
    ]
    shape, micro, since, until = columns

    assert values_text(shape, micro, since, until, shapes).to_pylist() == [each[4] for each in said]


@pytest.mark.parametrize("greatest", [10**6, 2**50])
def test_records_are_named_by_table_and_id(greatest):
    """Ids that fit beside a day in one number, and larger ones."""
    numbering = numbering_of(greatest)
    rows = np.array([numbering.first("measurement") + greatest, numbering.first("person") + 7])

    assert names_of(rows, numbering).to_pylist() == [f"measurement/{greatest}", "person/7"]
