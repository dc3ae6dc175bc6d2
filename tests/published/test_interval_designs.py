"""Interval designs: tables, statements and formulas from the literature.

Formulas, statements and rounded values were written from knowledge of the papers named, without the
papers at hand: each is still to be checked against its page or table.
"""

import itertools

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


@pytest.mark.parametrize(
    ("target", "escalate", "de_escalate"),
    [
        (0.15, 0.118, 0.179),
        (0.20, 0.157, 0.238),
        (0.25, 0.197, 0.298),
        (0.30, 0.236, 0.359),
        (0.35, 0.276, 0.419),
        (0.40, 0.316, 0.480),
    ],
)
def test_the_limits_of_boin(target, escalate, de_escalate):
    """Table 1 of Yuan, Hess, Hilsenbeck and Gilbert 2016, doi:10.1158/1078-0432.CCR-16-0592.

    One unit of the third decimal is allowed, since it is not known here how the table rounds.
    """
    design = Boin(levels=2, target=target, max_n=30)

    assert design.lambda_e == pytest.approx(escalate, abs=0.001)
    assert design.lambda_d == pytest.approx(de_escalate, abs=0.001)


def test_three_of_three_close_a_level_in_boin():
    """Liu and Yuan 2015, doi:10.1111/rssc.12089: P(p > .30) = 1 - .3^4 = .9919 after 3/3."""
    design = Boin(levels=2, target=0.3, max_n=30)

    assert row(design, 3) == "ESDU"
    assert row(design, 2) == "EDD"


@pytest.mark.parametrize(("evaluable", "letters"), [(3, "ESDU"), (6, "EESSUUU")])
def test_the_decisions_of_mtpi(evaluable, letters):
    """Ji and Wang 2013, doi:10.1200/JCO.2012.45.7903: target .30, both epsilons .05.

    Among them the decision that mTPI-2 was made to change: 3/6 stays.
    """
    assert row(Mtpi(levels=2, target=0.3, max_n=12), evaluable) == letters


def test_mtpi_2_leaves_a_level_where_mtpi_stays():
    """Guo et al. 2017, doi:10.1016/j.cct.2017.04.006: 3/6 at a target of .30."""
    settings = {"levels": 2, "target": 0.3, "max_n": 12}

    assert Mtpi(**settings).letter(6, 3) == "S"
    assert Mtpi2(**settings).letter(6, 3) == "D"


@pytest.mark.parametrize("target", [0.2, 0.25, 0.3, 0.35])
def test_keyboard_and_mtpi_2_are_one_rule(target):
    """Zhou, Murray, Pan and Yuan 2018, doi:10.1002/sim.7674: they take the same decisions."""
    settings = {"levels": 2, "target": target, "max_n": 36}

    assert Keyboard(**settings).boundaries() == Mtpi2(**settings).boundaries()


@pytest.mark.parametrize(
    ("evaluable", "dlts", "letter"),
    [
        (3, 0, "E"),  # 0 below the interval .25-.35
        (3, 1, "S"),  # 1/3 in it
        (2, 1, "S"),  # 1/2 above it, 0/2 below
        (6, 3, "D"),  # 3/6 above it, 2/6 in it
        (3, 3, "D"),  # 3/3 above it, 2/3 above it
    ],
)
def test_the_lines_of_i3_plus_3(evaluable, dlts, letter):
    """Algorithm of Liu, Wang and Ji 2020, doi:10.1080/10543406.2019.1636811."""
    design = I3Plus3(levels=2, target=0.3, max_n=12, eliminate=None)

    assert design.letter(evaluable, dlts) == letter


def test_the_cumulative_cohort_design_is_a_table():
    """Ivanova, Flournoy and Chung 2007, doi:10.1016/j.jspi.2006.07.009.

    For a target of .30 the authors take .10: escalate up to an observed rate of .20, de-escalate
    from .40 on. Written as a table, it does so in every state.
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
