"""The two-parameter logistic model: an example of its paper, as another open text states it."""

import numpy as np

from trialwright.escalation.blrm_model import BlrmModel

DOSES = (1, 2.5, 5, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 250)


def test_the_level_of_two_dlts_is_still_the_nearest_to_the_target():
    """Neuenschwander, Branson and Gsponer 2008, doi:10.1002/sim.3230, figure 1: 25 mg, level 7.

    Data, reference dose and prior as in the vignette `A300-NeuenschwanderBransonGsponer` of the R
    package `trialr`, which was read: 1NNN 2NNNN 3NNNN 4NNNN 7TT, intercept and logarithm of the
    slope independent with means 2.15 and 0.52, standard deviations 0.84 and 0.8, target 0.30. Its
    author says that the level can be verified in the paper.
    """
    model = BlrmModel(
        tuple(map(float, DOSES)), 250.0, (2.15, 0.52), ((0.84**2, 0.0), (0.0, 0.8**2))
    )
    evaluable, dlts = np.zeros(15, np.int16), np.zeros(15, np.int16)
    evaluable[[0, 1, 2, 3, 6]], dlts[6] = (3, 4, 4, 4, 2), 2

    found = model.posterior(evaluable, dlts)

    assert np.argmin(np.abs(found.mean - 0.30)) + 1 == 7
