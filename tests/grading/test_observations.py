"""Observations of the casebook, graded by their own laboratory's limits."""

from decimal import Decimal

import pytest

from trialwright.casebook.facts import Observation
from trialwright.grading.laboratory import grade_observation
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.quantities import Quantity
from trialwright.terms.sources import Source

ALT = "Alanine aminotransferase increased"


def seen(amount, on="2026-03-14", low=None, high=None, term="alt"):
    """Make an observation."""
    limits = [None if limit is None else Decimal(limit) for limit in (low, high)]
    value = Quantity.read(amount) if amount[0] in "0123456789<>" else amount
    return Observation(term, value, PartialDate.parse(on), Source("example", "row 1"), *limits)


def test_an_observation_is_graded_by_its_own_limits(rules):
    """The reference limits stand with the observation."""
    found = grade_observation(rules, ALT, seen("121 U/L", high="40"))

    assert found.grade == 2


@pytest.mark.parametrize(("high", "expected"), [("50", 0), ("60", 2)])
def test_the_baseline_is_judged_by_the_limits_of_its_own_laboratory(rules, high, expected):
    """55 U/L is abnormal where ULN was 50 and normal where it was 60."""
    baseline = seen("55 U/L", on="2026-02-01", high=high)
    later = seen("82 U/L", high="20")

    found = grade_observation(rules, ALT, later, baseline=baseline)

    assert found.grade == expected, found.because


def test_a_baseline_without_limits_is_judged_by_those_of_the_value(rules):
    """55 U/L is abnormal by the ULN of 40 that stands with the later value."""
    baseline = seen("55 U/L", on="2026-02-01")

    found = grade_observation(rules, ALT, seen("82 U/L", high="40"), baseline=baseline)

    assert found.grade == 0


def test_a_baseline_in_another_unit_is_converted_exactly(rules):
    """1.0 mg/dL is 88.42 umol/L, so 132.64 umol/L is above 1.5 x baseline."""
    term = "Creatinine increased"
    baseline = seen("1.0 mg/dL", on="2026-02-01", high="1.2", term="creatinine")
    at_limit = seen("132.63 umol/L", high="110", term="creatinine")
    above = seen("132.64 umol/L", high="110", term="creatinine")

    grades = [
        grade_observation(rules, term, later, baseline=baseline).grade
        for later in (at_limit, above)
    ]

    assert grades == [1, 2]


def test_the_baseline_itself_is_graded_against_the_reference_limit(rules):
    """The same observation as value and baseline is the baseline record."""
    baseline = seen("90 U/L", high="40")

    found = grade_observation(rules, ALT, baseline, baseline=baseline)

    assert found.grade == 1
    assert "baseline record" in found.because


@pytest.mark.parametrize(
    ("amount", "expected"), [("<5 U/L", 2), (">1000 U/L", None), ("<50 U/L", 2), (">10 U/L", 2)]
)
def test_a_baseline_reported_as_a_limit_says_only_whether_it_was_abnormal(rules, amount, expected):
    """`<5` is a normal baseline; the multiples of `>1000` are unknown."""
    baseline = seen(amount, on="2026-02-01", high="40")

    found = grade_observation(rules, ALT, seen("121 U/L", high="40"), baseline=baseline)

    assert found.grade == expected, found.because


def test_a_low_baseline_is_judged_by_the_lower_limit(rules):
    """Fibrinogen 1.5 g/L under an LLN of 2.0 was abnormal: the decrease counts."""
    baseline = seen("1.5 g/L", on="2026-02-01", low="2.0", term="fibrinogen")
    later = seen("1.1 g/L", low="2.0", term="fibrinogen")

    found = grade_observation(rules, "Fibrinogen decreased", later, baseline=baseline)

    assert found.grade == 2
    assert "25 - <50% decrease" in found.because


@pytest.mark.parametrize("place", ["value", "baseline"])
def test_an_observation_in_words_is_refused(rules, place):
    """`positive` is no amount."""
    words, number = seen("positive"), seen("90 U/L", high="40")
    value, baseline = (words, number) if place == "value" else (number, words)

    with pytest.raises(Refusal) as refused:
        grade_observation(rules, ALT, value, baseline=baseline)

    (fault,) = refused.value.faults
    assert (fault.where, fault.found, fault.allowed, fault.do) == (
        place, "alt is recorded in words", "an amount with a unit", "Correct it")  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (">40 U/L", None),
        (">=40 U/L", 2),
        (">=40.1 U/L", None),
        ("<40 U/L", 2),
        ("<=40 U/L", 2),
    ],
)
def test_a_high_baseline_reported_as_a_limit_is_abnormal_only_beyond_the_limit(
    rules, amount, expected
):
    """A baseline of exactly the ULN is normal, so `>=40` may be: the multiples of ULN count."""
    baseline = seen(amount, on="2026-02-01", high="40")

    found = grade_observation(rules, ALT, seen("121 U/L", high="40"), baseline=baseline)

    assert found.grade == expected, found.because


@pytest.mark.parametrize(
    ("amount", "expected", "missing"),
    [
        ("<1.5 g/L", None, ("baseline",)),
        ("<2.0 g/L", None, ("baseline",)),
        ("<=1.9 g/L", None, ("baseline",)),
        ("<=2.0 g/L", 2, ("baseline",)),
        ("<2.1 g/L", 2, ("baseline",)),
        (">2.0 g/L", 2, ("baseline",)),
        (">=2.0 g/L", 2, ("baseline",)),
        (">1.9 g/L", 2, ("baseline",)),
    ],
)
def test_a_low_baseline_reported_as_a_limit_is_abnormal_only_beyond_the_limit(
    rules, amount, expected, missing
):
    """`<1.5` under an LLN of 2.0 was abnormal: the decrease from it decides, and is not known."""
    baseline = seen(amount, on="2026-02-01", low="2.0", term="fibrinogen")
    later = seen("1.1 g/L", low="2.0", term="fibrinogen")

    found = grade_observation(rules, "Fibrinogen decreased", later, baseline=baseline)

    assert (found.grade, found.missing) == (expected, missing), found.because
