"""Interval designs: tables and values of papers.

Where the paper was not at hand, the open text that states its numbers was read and is named.
"""

import itertools
import math
from fractions import Fraction

import pytest

from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.designs.i3_plus_3 import I3Plus3
from trialwright.escalation.designs.keyboard import Keyboard
from trialwright.escalation.designs.mtpi import Mtpi
from trialwright.escalation.designs.mtpi_2 import Mtpi2
from trialwright.escalation.designs.uploaded_table import UploadedTable
from trialwright.escalation.exact import operating_characteristics


def row(design, evaluable):
    """Give the letters of one row of the table."""
    return "".join(design.letter(evaluable, dlts) for dlts in range(evaluable + 1))


def test_the_limits_of_boin():
    """Liu and Yuan 2015, doi:10.1111/rssc.12089: .236 and .359 for a target of .30.

    As quoted, with the paper named, in the tests of an R package of BOIN with the function
    `boin_lambda`, which were read.
    """
    design = Boin(levels=2, target=0.3, max_n=30)

    assert round(design.lambda_e, 3) == 0.236
    assert round(design.lambda_d, 3) == 0.359


def test_the_table_of_boin():
    """`get.boundary` of R `BOIN` for a target of .30, ten cohorts of three.

    As printed, by cohorts, at rstudio-pubs-static.s3.amazonaws.com/1437814, which was read.
    """
    boundaries = Boin(levels=2, target=0.3, max_n=30).boundaries()[2::3]

    assert [each.evaluable for each in boundaries] == list(range(3, 31, 3))
    assert [each.escalate_at_most for each in boundaries] == [0, 1, 2, 2, 3, 4, 4, 5, 6, 7]
    assert [each.de_escalate_at_least for each in boundaries] == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert [each.close_at_least for each in boundaries] == [3, 4, 5, 7, 8, 9, 10, 11, 12, 14]


@pytest.mark.parametrize(
    ("target", "epsilon", "letters"),
    [
        (0.175, 0.125, {(3, 0): "E", (6, 0): "E", (6, 1): "S", (3, 2): "D", (3, 3): "D",
                        (6, 2): "S", (6, 3): "D", (6, 4): "D"}),
        (0.10, 0.05, {(3, 0): "E", (6, 0): "E", (6, 1): "S", (3, 2): "D", (3, 3): "D",
                      (6, 2): "D", (6, 3): "D", (6, 4): "D"}),
    ],
)  # fmt: skip
def test_the_decisions_of_mtpi(target, epsilon, letters):
    """Tables 2 and 3 of Clin Trials 2015;12(1):24-33, doi:10.1177/1740774514555585, were read.

    They set the 3+3 beside mTPI, for 3 and 6 participants, and do not tell closed levels apart.
    """
    design = Mtpi(levels=2, target=target, max_n=12, epsilon_1=epsilon, epsilon_2=epsilon)

    found = {tally: design.letter(*tally).replace("U", "D") for tally in letters}

    assert found == letters


@pytest.mark.parametrize("design", [Mtpi2, Keyboard])
@pytest.mark.parametrize(
    ("evaluable", "letters"),
    [(3, "ESDU"), (6, "EESDUUU"), (9, "EEESDUUUUU"), (10, "EEESDDUUUUU")],
)
def test_the_decisions_of_mtpi_2(design, evaluable, letters):
    """Guo et al. 2017, doi:10.1016/j.cct.2017.04.006, figure 3: target .30, both epsilons .05.

    As transcribed in the tests of the R package `escalation` (`mtpi2_selector matches published
    example`), which were read. Keyboard with the same margins decides alike.
    """
    assert row(design(levels=2, target=0.3, max_n=12), evaluable) == letters


KEYBOARD = {
    0.2: (
        "0 0 0 0 0 0 0 1 1 1 1 1 1 1 2 2 2 2 2 2 2 3 3 3 3 3 3 3 4 4",
        "1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4 5 5 5 5 6 6 6 6 7 7 7 7 8 8",
        "1 2 2 3 3 3 4 4 4 5 5 5 5 6 6 6 7 7 7 7 8 8 8 8 9 9 9 9 10 10",
    ),
    0.25: (
        "0 0 0 0 0 1 1 1 1 1 2 2 2 2 2 3 3 3 3 3 4 4 4 4 4 5 5 5 5 5",
        "1 1 1 2 2 2 3 3 3 3 4 4 4 5 5 5 6 6 6 6 7 7 7 8 8 8 9 9 9 9",
        "- 2 3 3 3 4 4 4 5 5 6 6 6 7 7 7 8 8 8 9 9 9 10 10 10 11 11 11 12 12",
    ),
    0.3: (
        "0 0 0 0 1 1 1 1 2 2 2 2 3 3 3 3 4 4 4 4 5 5 5 5 6 6 6 6 7 7",
        "1 1 2 2 2 3 3 3 4 4 4 5 5 5 6 6 6 7 7 7 8 8 9 9 9 10 10 10 11 11",
        "- 2 3 3 4 4 5 5 5 6 6 7 7 8 8 8 9 9 9 10 10 11 11 11 12 12 12 13 13 14",
    ),
}
"""For 1 to 30 participants: escalate at most, de-escalate at least, close at least; - is never."""


@pytest.mark.parametrize("target", KEYBOARD)
def test_the_table_of_keyboard(target):
    """Yan, Mandrekar and Yuan 2017, doi:10.1158/1078-0432.CCR-17-0220: all limits up to thirty.

    As `get.boundary.kb` of the R package `Keyboard` 0.1.3 gives them, whose description names the
    paper; printed in `tests/fixtures/keyboard-boundaries.csv` of the repository
    dx-li/mdanderson-stats, which was read. A table of the paper itself was not found.
    """
    limits = [
        [None if each == "-" else int(each) for each in row.split()] for row in KEYBOARD[target]
    ]

    found = Keyboard(levels=2, target=target, max_n=30).boundaries()

    assert [each.evaluable for each in found] == list(range(1, 31))
    assert [each.escalate_at_most for each in found] == limits[0]
    assert [each.de_escalate_at_least for each in found] == limits[1]
    assert [each.close_at_least for each in found] == limits[2]


def test_mtpi_stays_where_mtpi_2_leaves():
    """The same tests mark 3/6 as a tally at which the two diverge."""
    assert Mtpi(levels=2, target=0.3, max_n=12).letter(6, 3) == "S"
    assert Mtpi2(levels=2, target=0.3, max_n=12).letter(6, 3) == "D"


def tail_above(rate, evaluable, dlts):
    """P(DLT rate > rate) for the prior Beta(1, 1), as a sum of binomial probabilities."""
    n = evaluable + 1
    return sum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(dlts + 1))


@pytest.mark.parametrize(
    ("target", "low", "high"),
    [("1/4", "1/5", "3/10"), ("3/10", "1/4", "7/20"), ("1/5", "3/20", "1/4")],
)
def test_the_rule_of_i3_plus_3(target, low, high):
    """Liu, Wang and Ji 2020, doi:10.1080/10543406.2019.1636811: every tally of up to twelve.

    The rule, and the exclusion of a level at P > 0.95, as the authors' group states them in the
    documentation of its R package `FIND`, which was read; here in exact fractions. The paper was
    not at hand.
    """
    aim, low, high = Fraction(target), Fraction(low), Fraction(high)
    design = I3Plus3(
        levels=2,
        target=float(aim),
        max_n=12,
        epsilon_1=float(aim - low),
        epsilon_2=float(high - aim),
    )

    for evaluable in range(3, 13):
        for dlts in range(evaluable + 1):
            rate, with_one_less = Fraction(dlts, evaluable), Fraction(dlts - 1, evaluable)
            if tail_above(aim, evaluable, dlts) > Fraction(95, 100):
                expected = "U"
            elif rate < low:
                expected = "E"
            elif rate <= high or with_one_less < low:
                expected = "S"
            else:
                expected = "D"
            assert design.letter(evaluable, dlts) == expected, (evaluable, dlts)


def test_the_cumulative_cohort_design_is_a_table():
    """Ivanova, Flournoy and Chung 2007, doi:10.1016/j.jspi.2006.07.009.

    Half-width .10 around a target of .30, both ends outside, as in the function `ccd` of A. Oron,
    which names the paper and was read. Written as a table, it is that design in every state.
    """
    rows = tuple(
        (
            n,
            "".join(
                "E" if 10 * y <= 2 * n else "D" if 10 * y >= 4 * n else "S" for y in range(n + 1)
            ),
        )
        for n in range(3, 13, 3)
    )
    design = UploadedTable(levels=3, target=0.3, max_n=12, rows=rows)

    assert row(design, 3) == "ESDD"
    assert row(design, 6) == "EESDDDD"
    assert operating_characteristics(design, [0, 0, 0]).p_select == (0, 0, 1)


@pytest.mark.parametrize("stop_at", [None, 6])
def test_boin_written_as_a_table_is_boin(stop_at):
    """Its letters, uploaded, give every operating characteristic."""
    boin = Boin(levels=4, target=0.3, max_n=18, stop_at=stop_at)
    rows = tuple((n, row(boin, n)) for n in range(3, 19, 3))
    table = UploadedTable(levels=4, target=0.3, max_n=18, stop_at=stop_at, rows=rows)

    for rates in itertools.islice(itertools.combinations([0.05, 0.2, 0.3, 0.5, 0.7], 4), 4):
        found, expected = (operating_characteristics(each, rates) for each in (table, boin))
        assert found.p_select == pytest.approx(expected.p_select, abs=1e-12)
        assert found.expected_n == pytest.approx(expected.expected_n, abs=1e-12)
