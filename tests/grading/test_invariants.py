"""What holds for every value: order, units, and what stays unknown."""

from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from trialwright.grading.laboratory import grade
from trialwright.terms.quantities import Quantity

COUNTS = (
    "Neutrophil count decreased",
    "Platelet count decreased",
    "White blood cell decreased",
    "Lymphocyte count decreased",
    "Lymphocyte count increased",
    "CD4 lymphocytes decreased",
    "Leukocytosis",
)
MULTIPLES = (
    "Alanine aminotransferase increased",
    "Alkaline phosphatase increased",
    "Blood bilirubin increased",
    "Blood lactate dehydrogenase increased",
    "CPK increased",
    "GGT increased",
    "Activated partial thromboplastin time prolonged",
    "Lipase increased",
)
NORMAL = Decimal(10)
HIGHEST = 400

values = st.decimals(min_value=0, max_value=HIGHEST, places=2)
places = st.integers(min_value=0, max_value=99)
symptoms = st.booleans()


class Held:
    """Hold the criteria without printing all of them in a failing example."""

    def __init__(self, rules):
        self.rules = rules


@pytest.fixture(scope="module")
def held(rules):
    """Give the shipped criteria in a short wrapping."""
    return Held(rules)


def pick(held, place):
    """Give one of the version 5.0 terms that a value alone can grade."""
    rules = [
        rule for rule in held.rules.criteria if rule.version == "5.0" and not rule.by_management
    ]
    return rules[place % len(rules)]


def unit_of(rule):
    """Give the first unit that a criterion prints, or one in which it is measured."""
    for limb in rule.limbs:
        for limit in limb.limits.values():
            if limit.amounts:
                return limit.amounts[0].unit
    return "U/L"


def graded(held, rule, number, *, comparator="", **context):
    """Grade a number of any term, within reference limits 8 and 10, baseline 9."""
    facts = {
        "symptomatic": False,
        "physiologic_consequences": False,
        "on_anticoagulation": False,
        **context,
    }
    return grade(
        held.rules,
        rule.term,
        Quantity(number, unit_of(rule), comparator),
        test="CA corrected" if "corrected" in rule.requires else "",
        lln=Decimal(8),
        uln=NORMAL,
        baseline=Decimal(9),
        context=facts,
    )


@settings(max_examples=400)
@given(place=places, number=values, other=values, is_symptomatic=symptoms)
def test_a_worse_value_never_has_a_lower_grade(held, place, number, other, is_symptomatic):
    """Grades rise to the side of the term."""
    rule = pick(held, place)
    low, high = sorted((number, other))
    mild, severe = (low, high) if rule.side == "high" else (high, low)

    grades = [
        graded(held, rule, value, symptomatic=is_symptomatic).grade for value in (mild, severe)
    ]

    assert grades[0] <= grades[1], rule.term


@pytest.mark.parametrize("term", COUNTS)
@given(count=st.integers(min_value=0, max_value=200_000))
def test_a_count_has_one_grade_in_every_unit(held, term, count):
    """Per cubic millimeter, per microliter and in 10*9/L are one count."""
    thousands = Decimal(count) / 1000
    written = [
        (Decimal(count), Decimal(4500), "/mm3"),
        (Decimal(count), Decimal(4500), "cells/uL"),
        (thousands, Decimal("4.5"), "10^9/L"),
        (thousands, Decimal("4.5"), "10*3/uL"),
    ]

    grades = {
        grade(held.rules, term, Quantity(value, unit), lln=low).grade
        for value, low, unit in written
    }

    assert len(grades) == 1


@pytest.mark.parametrize("term", ["Anemia", "Hypoalbuminemia", "Hemoglobin increased"])
@given(number=st.decimals(min_value=0, max_value=25, places=1))
def test_a_mass_concentration_has_one_grade_in_every_unit(held, term, number):
    """Grams per deciliter and per liter are one concentration."""
    limits = {"lln": Decimal("11.5"), "uln": Decimal("15.5")}
    tenfold = {name: limit * 10 for name, limit in limits.items()}

    grades = {
        grade(held.rules, term, Quantity(number, "g/dL"), **limits).grade,
        grade(held.rules, term, Quantity(number * 10, "g/L"), **tenfold).grade,
    }

    assert len(grades) == 1


@pytest.mark.parametrize("term", MULTIPLES)
@given(number=values, is_symptomatic=symptoms)
def test_a_multiple_of_an_unknown_limit_is_never_a_grade(held, term, number, is_symptomatic):
    """Without ULN no multiple of it is known."""
    context = {"symptomatic": is_symptomatic}

    found = grade(held.rules, term, Quantity(number, "U/L"), context=context)

    assert (found.grade, found.lab_only_grade) == (None, None)
    assert "uln" in found.missing


@settings(max_examples=400)
@given(place=places, number=values, sign=st.sampled_from(["<", "<=", ">", ">="]), step=values)
def test_a_graded_limit_holds_for_every_number_it_may_mean(held, place, number, sign, step):
    """When `<0.3` has a grade, so has each smaller value, and it is the same one."""
    meant = number - step if "<" in sign else number + step
    assume(meant >= 0 and (meant != number or "=" in sign))
    rule = pick(held, place)
    limit = graded(held, rule, number, comparator=sign)

    exact = graded(held, rule, meant)

    assert exact.grade in limit.possible, rule.term


@settings(max_examples=400)
@given(place=places, number=values, sign=st.sampled_from(["<", "<=", ">", ">="]))
def test_an_undecided_limit_means_numbers_of_more_than_one_grade(held, place, number, sign):
    """A comparator is refused a grade only where two numbers it may mean differ."""
    assume(number or sign != "<")
    rule = pick(held, place)
    limit = graded(held, rule, number, comparator=sign)

    assert (limit.grade is None) is (len(limit.possible) > 1), rule.term


@settings(max_examples=400)
@given(
    place=places,
    number=values,
    fact=st.sampled_from(["symptomatic", "physiologic_consequences", "on_anticoagulation"]),
)
def test_an_open_grade_names_every_grade_it_may_become(held, place, number, fact):
    """Recording the missing fact leads to one of the possible grades, and to each of them."""
    rule = pick(held, place)
    silent = graded(held, rule, number, **{fact: None})

    told = {graded(held, rule, number, **{fact: answer}).grade for answer in (True, False)}

    assert silent.grade is not None or (told, silent.missing) == (set(silent.possible), (fact,))
    assert silent.grade is None or silent.grade in told


@given(number=values)
def test_every_finding_carries_its_reason(held, number):
    """No answer without a sentence that names the term, the version and the value."""
    for rule in held.rules.criteria:
        found = grade(
            held.rules,
            rule.term,
            Quantity(number, unit_of(rule)),
            version=rule.version,
            uln=NORMAL,
        )

        assert found.because.startswith(f"{rule.term} (CTCAE {rule.version}): ")
        assert (found.grade is None) is ("cannot be graded" in found.because)
        assert found.grade is None or found.possible == (found.grade,)
