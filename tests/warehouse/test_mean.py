"""The mean of the newest results of one day, of every person as of one."""

from datetime import datetime, time
from decimal import Decimal

from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, before, both, measured

from trialwright.protocol.leaf_rules import ObservationRule
from trialwright.protocol.vocabulary import Plausible, Term

MG, UMOL = 91, 92
LESS, AT_MOST, MORE, AT_LEAST = (
    {"operator_concept_id": number} for number in (4171756, 4171754, 4172704, 4171755)
)
TERMS = {
    "creatinine": Term(
        says="Creatinine", kind="observation", unit="mg/dL", substance="creatinine", omop=(1,),
        plausible=Plausible(at_least=Decimal("0.1"), at_most=Decimal(30)),
    )
}  # fmt: skip


def at(hour, days=1):
    """Give the instant of a result so many days before the day judged."""
    return {"days": days, "measurement_datetime": datetime.combine(before(days), time(hour))}


def rule(**fields):
    """Make a rule: the mean of two creatinines from 1 to below 2 mg/dL."""
    bounds = {"at_least": Decimal(1), "below": Decimal(2)}
    return ObservationRule(
        kind="observation", fact="creatinine", unit="mg/dL", pick="mean",
        **{"of": 2, **bounds, **fields},
    )  # fmt: skip


OF_TWO = {
    "within": ([(1, {}), (2, {})], MET),
    "at the bound that counts": ([(0.5, {}), (1.5, {})], MET),
    "a hair below it": ([(0.5, {}), (1.499999, {})], NOT_MET),
    "at the bound that does not": ([(1, {}), (3, {})], NOT_MET),
    "a hair below that": ([(1, {}), (2.999999, {})], MET),
    "one": ([(1, {})], UNKNOWN),
    "one that can hardly be true": ([(50, {})], UNKNOWN),
    "one of this day and one of another": ([(1, {"days": 1}), (1, {"days": 2})], UNKNOWN),
    "the last two of three by arrival": ([(9, {}), (1, {}), (1, {})], MET),
    "the last two of three by instant": ([(1, at(9)), (9, at(7)), (1, at(8))], MET),
    "an instant before none": ([(1, at(9)), (9, {}), (1, at(8))], MET),
    "an instant before none, too far": ([(9, at(9)), (1, {}), (1, at(8))], NOT_MET),
    "the last of those without an instant": ([(9, {}), (1, {}), (1, at(8))], MET),
    "the oldest cannot be true": ([(50, at(7)), (1, at(8)), (1, at(9))], MET),
    "the middle one cannot be true": ([(1, at(7)), (50, at(8)), (1, at(9))], UNKNOWN),
    "both cannot be true": ([(50, at(8)), (60, at(7))], UNKNOWN),
    "without a number": ([(None, {}), (1, {})], UNKNOWN),
    "less on one side": ([(1, LESS), (0.9, {})], NOT_MET),
    "less than a mean between": ([(1, LESS), (2, {})], UNKNOWN),
    "less twice": ([(0.9, LESS), (0.9, LESS)], NOT_MET),
    "at most on one side": ([(0.9, AT_MOST), (0.9, {})], NOT_MET),
    "less than a mean at the bound": ([(1, LESS), (1, {})], NOT_MET),
    "at most a mean at the bound": ([(1, AT_MOST), (1, {})], UNKNOWN),
    "more on one side": ([(2, MORE), (2, {})], NOT_MET),
    "at least on one side": ([(2, AT_LEAST), (2, {})], NOT_MET),
    "more than a mean between": ([(1.5, MORE), (1.5, {})], UNKNOWN),
    "less and more": ([(0.1, LESS), (0.1, MORE)], UNKNOWN),
    "less and at most": ([(0.1, LESS), (0.1, AT_MOST)], UNKNOWN),
    "a limit before those chosen": ([(9, at(7) | LESS), (1, at(8)), (1, at(9))], MET),
    "a limit that can hardly be true beside one": ([(50, LESS), (1, MORE)], UNKNOWN),
    "the 28th day before": ([(1, {"days": 28})] * 2, MET),
    "the 29th day before": ([(1, {"days": 29})] * 2, UNKNOWN),
    "the 29th day before, one": ([(1, {"days": 29})], UNKNOWN),
    "the 29th day before, none true": ([(50, {"days": 29}), (1, {"days": 29})], UNKNOWN),
    "old beside newer": ([(9, {"days": 29})] * 2 + [(1, {"days": 2})] * 2, MET),
    "of days ahead": ([(1, {"days": -1})] * 2 + [(9, {})] * 2, NOT_MET),
    "in two units": ([(1, {}), (88.42, {"unit": UMOL})], MET),
    "in the other unit, at the bound": ([(88.42, {"unit": UMOL}), (3, {})], NOT_MET),
    "in the other unit, a hair below": ([(88.41, {"unit": UMOL}), (3, {})], MET),
    "without a unit": ([(1, {}), (1, {"unit": 0})], UNKNOWN),
    "in a unit that does not convert": ([(1, {}), (1, {"unit": 93})], UNKNOWN),
}  # fmt: skip
"""Values of results with what else is recorded, as they arrive; and what their mean is."""


def screened_by(asked, cases):
    """Screen one person a case, by a hospital that agrees with the judge of one."""
    results = [
        measured(person, 1, value, more.get("unit", MG), row=100 * person + row,
                 **{name: each for name, each in more.items() if name != "unit"})
        for person, (pairs, _) in enumerate(cases.values(), start=1)
        for row, (value, more) in enumerate(pairs)
    ]  # fmt: skip
    found = both(asked, results, TERMS)
    return {name: found[person][0] for person, name in enumerate(cases, start=1)}


def test_a_mean_is_that_of_the_newest_results_of_the_newest_day():
    """By instant, then as they arrive; of limits of one side it is an interval."""
    found = screened_by(rule(within_days=28), OF_TWO)

    assert found == {name: expected for name, (_, expected) in OF_TWO.items()}


def test_a_mean_of_three_is_told_from_that_of_two():
    """Whatever the day, where the rule names none."""
    cases = {
        "two": ([(1, {})] * 2, UNKNOWN),
        "three": ([(1, {}), (1, {}), (3.9, {})], MET),
        "three, long ago": ([(1, {"days": 900})] * 3, MET),
        "three at the bound": ([(1, {}), (1, {}), (4, {})], NOT_MET),
        "four": ([(9, {}), (1, {}), (1, {}), (1, {})], MET),
    }

    found = screened_by(rule(of=3), cases)

    assert found == {name: expected for name, (_, expected) in cases.items()}
