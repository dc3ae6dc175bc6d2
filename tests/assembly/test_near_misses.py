"""People who are one fact away: what each lacks, by her own rows."""

from dataclasses import replace

import pytest
from tests.parity.people import AS_OF, write

from trialwright.assembly import near_misses
from trialwright.assembly.hospital_orders import Order
from trialwright.assembly.hospital_parts import Job, judge_parts
from trialwright.assembly.near_misses import missing_of, with_missing
from trialwright.assembly.protocols import shipped
from trialwright.assembly.warehouses import opened
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.meanings import read_meanings
from trialwright.warehouse.rollup import Feasibility

PEOPLE = 2000


@pytest.fixture(scope="module")
def study():
    """Give the first protocol."""
    return shipped("nct03959891").study


@pytest.fixture(scope="module")
def order(tmp_path_factory):
    """Give an order of a generated population."""
    path = tmp_path_factory.mktemp("near") / "people.duckdb"
    write(path, PEOPLE)
    return Order(f"duckdb://{path}", ("A", "C"), AS_OF, AS_OF)


@pytest.fixture(scope="module")
def near(order, study):
    """Give who is open of at most two criteria, each with each of these."""
    found = []
    job = Job(order, study)

    def look(population, meanings, tallies):
        for tally in tallies:
            for people, is_open in tally._open_ones():
                some = is_open.sum(axis=1) <= 2
                for person, row in zip(people[some], is_open[some], strict=True):
                    found.extend(
                        (int(person), name)
                        for name, each in zip(tally._counting, row, strict=True) if each
                    )  # fmt: skip

    judge_parts(job, processes=1, look=look)
    return sorted(set(found))


@pytest.fixture(scope="module")
def missing(order, study, near):
    """Give what they lack."""
    with opened(order.population) as population:
        meanings = read_meanings(population.tables, study)
        return missing_of(population.tables, near, study, meanings, order)


def test_each_person_lacks_what_would_decide_her_criterion(near, missing):
    """Judge and warehouse agree on everybody, of most criteria."""
    assert sorted(missing) == near
    assert len({name for _, name in near}) > 12
    assert {each.answer for each in missing.values()} == {Answer.UNKNOWN}
    assert all(each.lacks and each.because for each in missing.values())


def test_rows_that_name_other_facts_take_nothing_away(order, study, near, missing, monkeypatch):
    """What each lacks is the same with every row of hers."""
    left = []

    def everything(asked, study, meanings):
        is_read = near_misses_needed(asked, study, meanings)
        left.append(is_read)

    near_misses_needed = near_misses._needed
    monkeypatch.setattr(near_misses, "_needed", everything)
    with opened(order.population) as population:
        meanings = read_meanings(population.tables, study)
        whole = missing_of(population.tables, near, study, meanings, order)

    assert left
    assert whole == missing


def test_a_row_that_names_nothing_bears_on_every_criterion(order, study):
    """It may be any medicine, condition or result."""
    with opened(order.population) as population:
        meanings = read_meanings(population.tables, study)

    assert 0 in meanings.doubts
    for each in study.criteria:
        if each.rule is not None:
            assert near_misses._needed({1: (each.id,)}, study, meanings)(1, 0, 0), each.id


def test_what_is_missing_is_counted_for_an_arm(near, missing):
    """Each fact with the people who lack it; nobody differs."""
    told = with_missing(Feasibility("A", 9, 9, 0, (), (), ()), near, missing)

    lacks = [missing[each].lacks for each in near]
    assert {"chemotherapy", "body-weight", "qtcf"} < {each.name for each in told.missing}
    assert sum(each.people for each in told.missing) == sum(map(len, lacks))
    assert all(sum(number for _, number in each.why) == each.people for each in told.missing)
    assert told.several == sum(len(each) > 1 for each in lacks)
    assert told.differing == ()


def test_who_differs_is_told(near, missing):
    """A verdict that is another one, and a person who is gone."""
    first, second, *_ = near
    changed = {first: replace(missing[first], answer=Answer.MET, lacks=())}

    told = with_missing(Feasibility("A", 9, 9, 0, (), (), ()), [first, second], changed)

    assert told.missing == ()
    one, other = told.differing
    assert one.startswith(
        f"person {first[0]}, {first[1]}: unknown by the screening of everybody, met when judged"
    )
    assert other == f"person {second[0]}: no row of table person when read again"
