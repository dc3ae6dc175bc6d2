"""Answers along the numbers of a result are the exact ones of one participant."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

import ibis
import pytest

from trialwright.eligibility.bounding import bounds_of
from trialwright.eligibility.context import Context
from trialwright.protocol.leaf_rules import MultipleRule, ObservationRule
from trialwright.protocol.rule_parts import Bounded
from trialwright.protocol.vocabulary import Plausible, Term
from trialwright.terms.bounds import Bounds
from trialwright.terms.quantities import Quantity
from trialwright.terms.verdicts import Answer
from trialwright.warehouse.answering import Latest, aged, ladder
from trialwright.warehouse.columns import MET, NOT_MET, UNKNOWN, Bits, Leaf, Shape
from trialwright.warehouse.kinds import multiple, observation
from trialwright.warehouse.thresholds import (
    FARTHEST,
    Conversion,
    all_of_them,
    plausible_of,
    turns,
    within,
)

NUMBERS = {Answer.NOT_MET: NOT_MET, Answer.UNKNOWN: UNKNOWN, Answer.MET: MET}
RULES = [
    {"at_least": Decimal("1.5")},
    {"above": Decimal("1.5")},
    {"at_most": Decimal("1.5")},
    {"below": Decimal("1.5")},
    {"at_least": Decimal("1"), "below": Decimal("1.5")},
    {"above": Decimal("1.5"), "at_most": Decimal("3")},
    {"at_least": Decimal("1.5"), "at_most": Decimal("1.5")},
    {},
    # of which no number is
    {"at_least": Decimal("1.5"), "below": Decimal("1.5")},
    {"above": Decimal("1.5"), "at_most": Decimal("1.5")},
    {"above": Decimal("1.5"), "below": Decimal("1.5")},
    {"at_least": Decimal("3"), "at_most": Decimal("1.5")},
    {"above": Decimal("3"), "below": Decimal("1")},
]
VALUES = ["0", "0.999999", "1", "1.499999", "1.5", "1.500001", "3", "3.000001"]
COMPARATORS = ["", "<", "<=", ">", ">="]
MILLIONTHS = Conversion(Fraction(1), Fraction(0))
CONTEXT = Context("A", date(2026, 3, 2), {}, "registration", {})


def answer(steps, micro):
    """Give the answer of a whole number of millionths."""
    if micro < steps.first:
        return steps.below
    return steps.between if micro <= steps.second else steps.beyond


@pytest.mark.parametrize("comparator", COMPARATORS)
@pytest.mark.parametrize("bounds", RULES, ids=lambda each: " ".join(map(str, each)))
def test_a_number_or_interval_holds_as_for_one_participant(bounds, comparator):
    """At each bound and beside it, with each comparator, the same three answers."""
    asked = bounds_of(Bounded(**bounds)) if bounds else Bounds()
    steps = turns(asked, comparator).steps(MILLIONTHS)

    found = {value: answer(steps, int(Decimal(value) * 1_000_000)) for value in VALUES}

    expected = {value: NUMBERS[asked.hold(Fraction(value), comparator)] for value in VALUES}
    assert found == expected


HBA1C = Term(
    says="HbA1c",
    kind="observation",
    unit="%",
    substance="hba1c",
    plausible=Plausible(at_least=Decimal(2), at_most=Decimal(20)),
)


def percent(micro):
    """Give millionths of mmol/mol in percent."""
    return Quantity(Decimal(micro) / 1_000_000, "mmol/mol").exact_in("%", "hba1c")


@pytest.mark.parametrize("comparator", COMPARATORS)
def test_a_unit_with_a_zero_of_its_own_turns_where_the_exact_number_does(comparator):
    """HbA1c of 7 % lies between two millionths of a mmol/mol."""
    asked = bounds_of(Bounded(at_most=Decimal(7)))
    shape = Shape("hba1c", "mmol/mol", comparator)
    edge = floor((7 - percent(0)) / (percent(1) - percent(0))) + 1
    assert percent(edge - 1) <= 7 < percent(edge)

    steps = within(asked, "%", shape, HBA1C)

    for micro in (0, edge - 1, edge, 90_000_000):
        assert answer(steps, micro) == NUMBERS[asked.hold(percent(micro), comparator)]


@pytest.mark.parametrize(
    ("shape", "unit"),
    [
        (Shape("hba1c", word="positive"), "%"),
        (Shape("hba1c", "kg"), "%"),
        (Shape("hba1c", "kg"), "kg"),  # of which the term is not
        (Shape("hba1c", "mmol/mol"), "kg"),
    ],
)
def test_what_does_not_convert_is_no_number_of_the_term(shape, unit):
    """Neither the unit of the rule nor that of the term may be of another kind."""
    assert within(bounds_of(Bounded(at_most=Decimal(7))), unit, shape, HBA1C) is None


def test_plausible_numbers_are_those_of_the_unit_recorded():
    """By the name under which mass and amount convert; none in a unit that does not convert."""
    least, greatest = plausible_of(HBA1C, Shape("hba1c", "mmol/mol"))

    assert percent(least) >= 2 > percent(least - 1)
    assert percent(greatest) <= 20 < percent(greatest + 1)
    for shape in (Shape("hba1c", "kg"), Shape("hba1c", word="positive")):
        none, nothing = plausible_of(HBA1C, shape)
        assert none > nothing
    bare = HBA1C.model_copy(update={"plausible": None})
    assert plausible_of(bare, Shape("hba1c", "%")) == (-FARTHEST, FARTHEST)


@pytest.mark.parametrize("verdict", [NOT_MET, UNKNOWN, MET])
def test_one_answer_for_every_number(verdict):
    """Wherever it lies."""
    steps = all_of_them(verdict)

    assert {answer(steps, micro) for micro in (-FARTHEST, -1, 0, 1, FARTHEST)} == {verdict}


def test_bilirubin_at_its_limit_in_another_unit():
    """25.65 umol/L is 1.5 mg/dL exactly, and is not below it; a float quotient may be."""
    term = Term(says="Total bilirubin", kind="observation", unit="mg/dL", substance="bilirubin")
    shape = Shape("total-bilirubin", "umol/L")

    steps = within(bounds_of(Bounded(below=Decimal("1.5"))), "mg/dL", shape, term)

    assert answer(steps, 25_650_000) == NOT_MET
    assert answer(steps, 25_649_999) == MET


def test_exactly_three_times_the_limit_of_normal():
    """120.3 of 40.1 is 3 times exactly, and is not below 3 times; 3 * 40.1 as a float is more."""
    rule = MultipleRule(kind="multiple", fact="alt", times="ULN", below=Decimal(3))
    term = Term(says="ALT", kind="observation", unit="U/L")
    rows = ibis.memtable(
        {"micro": [120_300_000, 120_299_999], "high": [40_100_000] * 2, "shape": [0, 0]}
    )
    has_own, told = multiple.own_limits(rule, rows, term, [(0, Shape("alt", "U/L"))])

    found = ibis.duckdb.connect().execute(rows.select(rows.micro, has_own=has_own, told=told))

    assert found.has_own.all()
    assert dict(zip(found.micro, found.told, strict=True)) == {
        120_300_000: NOT_MET,
        120_299_999: MET,
    }
    assert 120.3 < 3 * 40.1  # what a naive comparison would answer


def latest(bit, **bounds):
    """Make a rule on the latest hemoglobin."""
    rule = ObservationRule(
        kind="observation", fact="hemoglobin", unit="g/dL", pick="latest", **bounds
    )
    return Latest(Leaf(f"l{bit}", rule, CONTEXT), "hemoglobin", Bits(0, bit), observation, None)


HEMOGLOBIN = Term(
    says="Hemoglobin",
    kind="observation",
    unit="g/dL",
    plausible=Plausible(at_least=Decimal(3), at_most=Decimal(25)),
)


@pytest.fixture
def study_context(monkeypatch):
    """Let rules find the term."""
    monkeypatch.setattr(
        "tests.warehouse.test_thresholds.CONTEXT",
        Context("A", date(2026, 3, 2), {}, "registration", {"hemoglobin": HEMOGLOBIN}),
    )


@pytest.mark.parametrize(
    ("value", "first", "second"),
    [
        ("2.999999", UNKNOWN, UNKNOWN),
        ("3", NOT_MET, MET),
        ("8.999999", NOT_MET, MET),
        ("9", MET, MET),
        ("9.5", MET, MET),
        ("10", MET, NOT_MET),
        ("25", MET, NOT_MET),
        ("25.000001", UNKNOWN, UNKNOWN),
    ],
)
def test_one_word_holds_the_answers_of_several_rules(value, first, second, study_context):
    """At each bound, and out of what can be true, each rule's own answer."""
    rules = [latest(0, at_least=Decimal(9)), latest(2, below=Decimal(10))]

    found = ladder(Shape("hemoglobin", "g/dL"), HEMOGLOBIN, rules)

    rung = sum(int(Decimal(value) * 1_000_000) >= edge for edge in found.edges)
    word = found.rungs[rung]
    assert (word & 3, word >> 2 & 3) == (first + 1, second + 1)
    assert found.unread == (UNKNOWN + 1) | (UNKNOWN + 1) << 2


def test_rungs_that_say_the_same_are_one(study_context):
    """A rule that every number meets has no edges but those of what can be true."""
    found = ladder(Shape("hemoglobin", "g/dL"), HEMOGLOBIN, [latest(0, at_least=Decimal(1))])

    assert len(found.edges) == 2
    assert found.least == 3_000_000
    assert found.greatest == 25_000_000


def test_old_results_are_unknown_to_the_rules_with_a_window():
    """Rules with one first day share it; a rule without any is not there."""
    first, second, third = (latest(bit, at_least=Decimal(9)) for bit in (0, 2, 4))
    day = date(2026, 2, 2)
    dated = [Latest(each.leaf, each.fact, each.bits, each.kind, day) for each in (first, third)]

    assert aged([dated[0], second, dated[1]]) == {day: 0b100010}
