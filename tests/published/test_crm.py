"""CRM: examples of papers, as other open texts state them.

The papers themselves were not at hand. Each test names the text that was read instead.
"""

import numpy as np
import pytest

from trialwright.escalation.crm_model import CrmModel
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.escalation.follow_up import Watched
from trialwright.escalation.tite_model import tite_estimate

HISTORIC = [(3, 0), (4, 0), (4, 0), (4, 0), (0, 0), (0, 0), (2, 2), (0, 0), (0, 0), (0, 0)]
"""1NNN 2NNNN 3NNNN 4NNNN 7TT: participants and DLTs of a stopped trial, first ten dose levels."""

NARROW = (0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.10, 0.17, 0.30)
WIDE = (0.03, 0.06, 0.12, 0.20, 0.30, 0.40, 0.50, 0.59, 0.67, 0.74)


def historic(skeleton):
    """Make the CRM of the example, and decide after the last cohort."""
    design = Crm(
        levels=10,
        target=0.3,
        skeleton=skeleton,
        max_n=30,
        cohort_size=1,
        prior_variance=1.34**2,
        estimate="posterior-mean",
        no_skipping=False,
        coherent=False,
    )
    return design.next_dose([LevelCount(*tally) for tally in HISTORIC], 7)


def test_a_skeleton_without_steps_goes_up_after_two_of_two_dlts():
    """Neuenschwander, Branson and Gsponer 2008, doi:10.1002/sim.3230, Table 1: on to level 9.

    Data, skeleton and both levels as in the vignette `A300-NeuenschwanderBransonGsponer` of the R
    package `trialr`, which was read: level 9 with the skeleton of the trial, level 6 with one that
    has steps.
    """
    assert historic(NARROW).level == 9
    assert historic(WIDE).level == 6


def test_four_participants_halfway_through_their_window():
    """Cheung 2011, Dose Finding by the Continual Reassessment Method, page 124: level 4 of 5.

    The design is of Cheung and Chappell 2000, doi:10.1111/j.0006-341X.2000.01177.x. As in the
    vignette `A260-TITE-CRM` of the R package `trialr`, which was read: four at level 3
    without a DLT, 73, 66, 35 and 28 days of 126, posterior mean of level 4 nearest to the target.
    """
    curve = CrmModel((0.05, 0.12, 0.25, 0.40, 0.55), 0.25)
    followed = (73, 66, 35, 28)

    found = tite_estimate(
        curve, [Watched(3, had_dlt=False, followed=days) for days in followed], 126
    )

    # The example takes the posterior means of the DLT rates: here, as sums over a fine grid.
    grid = np.linspace(-10, 10, 40_001)
    rates = curve.rates(grid)
    mass = np.exp(-(grid**2) / (2 * 1.34))
    for days in followed:
        mass *= 1 - days / 126 * rates[:, 2]
    means = mass @ rates / mass.sum()
    assert np.argmin(np.abs(means - 0.25)) + 1 == 4
    assert found.mean == pytest.approx(mass @ grid / mass.sum(), abs=1e-9)
    assert found.level == 4
