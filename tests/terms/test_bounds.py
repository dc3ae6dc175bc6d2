"""Bounds: strict and non-strict, met only when every number it may be lies inside."""

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from trialwright.terms.bounds import Bounds
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.verdicts import Answer

F = Fraction
MET, NOT, UNK = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN
NUMBERS = st.integers(-4, 4).map(F)
SIDES = st.none() | NUMBERS
COMPARATORS = st.sampled_from(["", "<", "<=", ">=", ">"])
STEP = F(1, 3)


@st.composite
def bounds(draw):
    """Draw an interval with at most one bound on a side, empty ones too."""
    low, high = (
        draw(st.sampled_from(["at_least", "above"])),
        draw(st.sampled_from(["at_most", "below"])),
    )
    return Bounds(**{low: draw(SIDES), high: draw(SIDES)})


def _readings(number, comparator):
    """Sample the numbers that a reading may be: the limit, close to it, far away."""
    steps = [STEP * step for step in range(1, 40)]
    below, above = [number - step for step in steps], [number + step for step in steps]
    return {
        "": [number],
        "<": below,
        "<=": [number, *below],
        ">=": [number, *above],
        ">": above,
    }[comparator]


def _lies_inside(number, limits):
    """Say by definition whether a number lies inside."""
    return (
        (limits.at_least is None or limits.at_least <= number)
        and (limits.above is None or limits.above < number)
        and (limits.at_most is None or number <= limits.at_most)
        and (limits.below is None or number < limits.below)
    )


@pytest.mark.parametrize(
    ("side", "under", "at", "over"),
    [
        ("at_least", NOT, MET, MET),
        ("above", NOT, NOT, MET),
        ("at_most", MET, MET, NOT),
        ("below", MET, NOT, NOT),
    ],
)
def test_exact_number_at_every_side(side, under, at, over):
    """Strict limits exclude the limit itself, non-strict ones include it."""
    limits = Bounds(**{side: F(3, 2)})

    assert limits.hold(F(3, 2) - F(1, 10**12)) is under
    assert limits.hold(F(3, 2)) is at
    assert limits.hold(F(3, 2) + F(1, 10**12)) is over


@pytest.mark.parametrize(
    ("side", "comparator", "under", "at", "over"),
    [
        ("at_least", "<", NOT, NOT, UNK),
        ("at_least", "<=", NOT, UNK, UNK),
        ("at_least", ">=", UNK, MET, MET),
        ("at_least", ">", UNK, MET, MET),
        ("above", "<", NOT, NOT, UNK),
        ("above", "<=", NOT, NOT, UNK),
        ("above", ">=", UNK, UNK, MET),
        ("above", ">", UNK, MET, MET),
        ("at_most", "<", MET, MET, UNK),
        ("at_most", "<=", MET, MET, UNK),
        ("at_most", ">=", UNK, UNK, NOT),
        ("at_most", ">", UNK, NOT, NOT),
        ("below", "<", MET, MET, UNK),
        ("below", "<=", MET, UNK, UNK),
        ("below", ">=", UNK, NOT, NOT),
        ("below", ">", UNK, NOT, NOT),
    ],
)
def test_reading_with_comparator_at_every_side(side, comparator, under, at, over):
    """A reading `<0.3` is an interval: met or not met only when all of it is."""
    limits = Bounds(**{side: F(0)})

    assert limits.hold(F(-1), comparator) is under
    assert limits.hold(F(0), comparator) is at
    assert limits.hold(F(1), comparator) is over


@given(bounds(), NUMBERS, COMPARATORS)
@example(Bounds(at_least=F(0), at_most=F(0)), F(0), "<=")
@example(Bounds(above=F(0), at_most=F(0)), F(3), "<")
@example(Bounds(at_least=F(1), below=F(1)), F(-3), ">")
def test_met_means_every_number_and_not_met_means_none(limits, number, comparator):
    """Met: all numbers the reading may be lie inside. Not met: none does. Else unknown."""
    inside = {_lies_inside(sample, limits) for sample in _readings(number, comparator)}

    expected = {frozenset([True]): MET, frozenset([False]): NOT}.get(frozenset(inside), UNK)

    assert limits.hold(number, comparator) is expected


@pytest.mark.parametrize("comparator", ["", "<", "<=", ">=", ">"])
def test_no_bounds_hold_everything(comparator):
    """An open interval holds every number there is."""
    assert Bounds().hold(F(-7), comparator) is MET


@pytest.mark.parametrize("limits", [Bounds(at_least=F(0)), Bounds(at_most=F(0))])
def test_zero_is_a_limit(limits):
    """A bound of zero is a bound, not a missing one."""
    assert limits.hold(F(0)) is MET
    assert Answer.NOT_MET in {limits.hold(F(1)), limits.hold(F(-1))}


@pytest.mark.parametrize("comparator", ["~", "=", "≥", "< ", "=>", "ad", "None"])
def test_unknown_comparator_is_never_read_as_exact(comparator):
    """A comparator that nobody knows would turn an interval into a number."""
    with pytest.raises(ValueError, match=r"is no comparator$") as raised:
        Bounds(at_least=F(1)).hold(F(2), comparator)

    assert str(raised.value) == f"{comparator!r} is no comparator"


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ({"at_least": F(0), "above": F(0)}, "both at_least and above"),
        ({"at_most": F(1), "below": F(0)}, "both at_most and below"),
    ],
)
def test_two_bounds_on_one_side_are_refused(sides, said):
    """`at least 1` and `above 5` together are a slip of whoever wrote the rule."""
    with pytest.raises(Refusal) as refused:
        Bounds(**sides)

    assert refused.value.faults == (
        Fault("bounds", said, "one bound on a side", "Keep one of them"),
    )
