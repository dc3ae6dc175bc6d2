"""BF-BOIN: operating characteristics of Zhao, Yuan, Korn and Freidlin 2024.

doi:10.1158/1078-0432.CCR-23-2585. Scenario 3 of Table 4: target 0.25, five levels, ten cohorts of
three, stop at nine at a level, three participants a month, a window of one month, up to twelve at a
level; 1 DLT in 3 stays. The row of the table is taken from the vignette on backfilling of the R
package simFastBOIN 2.1.0, which prints it beside its own results; the paper itself was not opened.
"""

import numpy as np
import pytest

from trialwright.escalation.backfill import Backfill
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.simulating_backfill import Calendar, simulate_backfill

DLT_RATES = (0.04, 0.12, 0.25, 0.43, 0.63)
RESPONSE_RATES = (0.10, 0.20, 0.30, 0.45, 0.58)


class StaysAtOneOfThree(Boin):
    """BOIN of which the paper changes one decision."""

    def rule(self, evaluable, dlts):
        """Stay at 1/3, where BOIN for a target of 0.25 says D."""
        return "S" if (evaluable, dlts) == (3, 1) else super().rule(evaluable, dlts)


@pytest.mark.parametrize(
    ("response_rates", "correct", "above", "participants"),
    [
        (RESPONSE_RATES, 57.6, 9.7, (16.9, 9.8, 4.2)),
        ((0, 0, 0, 0, 0), 56.7, 12.3, (11.4, 8.0, 4.6)),
    ],
)
def test_scenario_3_of_table_4(response_rates, correct, above, participants):
    """Percentages within 1.6, as 10,000 and 10,000 trials can differ; participants within 0.2."""
    design = StaysAtOneOfThree(levels=5, target=0.25, max_n=30, stop_at=9)
    found = simulate_backfill(
        Backfill(design=design, cap=12),
        DLT_RATES,
        response_rates,
        Calendar(between_days=10, window_days=30),
        10_000,
        np.random.default_rng(20261128),
    )
    mtds, treated = found.endings.mtds, found.treated.mean(axis=0)
    assert 100 * (mtds == 3).mean() == pytest.approx(correct, abs=1.6)
    assert 100 * (mtds > 3).mean() == pytest.approx(above, abs=1.6)
    assert treated[:2].sum() == pytest.approx(participants[0], abs=0.2)
    assert treated[2] == pytest.approx(participants[1], abs=0.2)
    assert treated[3:].sum() == pytest.approx(participants[2], abs=0.2)
