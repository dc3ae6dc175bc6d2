"""3+3: formulas from the literature.

Storer BE. Design and analysis of phase I clinical trials. Biometrics 1989;45(3):925-937.
doi:10.2307/2531693 (the rule and its binomial probabilities).

Lin Y, Shih WJ. Statistical properties of the traditional algorithm-based designs for phase I
cancer clinical trials. Biostatistics 2001;2(2):203-215. doi:10.1093/biostatistics/2.2.203 (exact
formulas for MTD, participants and DLTs, without de-escalation: products over the levels).
"""

import math

import pytest

from trialwright.escalation.catalogue import CATALOGUE
from trialwright.escalation.designs.three_plus_three import ThreePlusThree
from trialwright.escalation.exact import operating_characteristics

RATES = [0.05, 0.12, 0.25, 0.4, 0.55]


def escalation_probability(rate):
    """0/3, or 1/3 and then 0/3: Storer's rule as a binomial probability."""
    return (1 - rate) ** 3 + 3 * rate * (1 - rate) ** 2 * (1 - rate) ** 3


@pytest.mark.parametrize(
    ("rate", "rounded"),
    [(0.1, 0.91), (0.2, 0.71), (0.3, 0.49), (0.4, 0.31), (0.5, 0.17), (0.6, 0.08)],
)
@pytest.mark.parametrize("variant", CATALOGUE["3+3"].variants)
def test_the_probability_of_escalating_past_a_level(variant, rate, rounded):
    """The rule escalates past a level with rate p with the probability of the formula."""
    second_level_closes_at_once = 1
    found = operating_characteristics(
        ThreePlusThree(2, variant), [rate, second_level_closes_at_once]
    )

    escalated = found.expected_n[1] / 3

    assert escalated == pytest.approx(escalation_probability(rate), abs=1e-12)
    assert round(escalated, 2) == rounded


def test_the_mtd_without_de_escalation_is_a_product_of_escalations():
    """Level i is the MTD when i levels escalate and the next does not."""
    passed = [escalation_probability(rate) for rate in RATES]

    found = operating_characteristics(ThreePlusThree(5, "no-de-escalation"), RATES)

    assert found.p_no_mtd == pytest.approx(1 - passed[0], abs=1e-12)
    for level in range(1, 6):
        stops_above = 1 - passed[level] if level < 5 else 1
        expected = math.prod(passed[:level]) * stops_above
        assert found.p_select[level - 1] == pytest.approx(expected, abs=1e-12)


def test_participants_and_dlts_without_de_escalation():
    """A level reached has three participants, and three more after exactly one DLT."""
    found = operating_characteristics(ThreePlusThree(5, "no-de-escalation"), RATES)

    reached = 1.0
    for level, rate in enumerate(RATES):
        participants = reached * (3 + 3 * 3 * rate * (1 - rate) ** 2)
        assert found.expected_n[level] == pytest.approx(participants, abs=1e-12)
        assert found.expected_dlt[level] == pytest.approx(participants * rate, abs=1e-12)
        reached *= escalation_probability(rate)
