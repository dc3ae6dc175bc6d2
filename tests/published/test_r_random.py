"""Numbers of R for settings that its manuals do not show, drawn at random.

Worked out with R 4.2.2 by the rules of `select.mtd` and `get.boundary` (BOIN 2.7.1), `getprior` and
`titecrm` (dfcrm), and, for the two-parameter model, by summing prior times likelihood over 1,401
intercepts and 1,201 log slopes. Some of several thousand that were compared; see decision 0069.
"""

import numpy as np
import pytest

from trialwright.escalation.blrm_model import BlrmModel
from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.boin import Boin
from trialwright.escalation.follow_up import Watched
from trialwright.escalation.tite_model import tite_estimate

SAFE = {"extra_safe": True}
BOTH = {"extra_safe": True, "bound_mtd": True}


@pytest.mark.parametrize(
    ("target", "evaluable", "dlts", "options", "mtd"),
    [
        (0.551, (1, 0, 2, 9, 3, 9, 0, 2), (0, 0, 2, 4, 2, 1, 0, 1),
         {**SAFE, "offset": 0.362, "eliminate": 0.722}, 3),
        (0.124, (2, 15, 12, 2, 9, 0), (2, 8, 12, 2, 7, 0),
         {"bound_mtd": True, "eliminate": 0.986, "p_tox": 0.2002}, None),
        (0.1, (30, 3, 6, 15, 1, 2, 4, 3), (0, 0, 2, 1, 1, 0, 1, 1),
         {**BOTH, "eliminate": 0.884}, 2),
        (0.556, (3, 6, 3, 15, 12), (2, 2, 1, 1, 2), {**BOTH, "eliminate": 0.878}, 5),
        (0.1, (4, 30, 3, 2, 3, 9, 0), (0, 15, 2, 1, 1, 1, 0),
         {**BOTH, "offset": 0.254, "eliminate": 0.724}, None),
        (0.481, (2, 1, 9, 2, 0, 4, 30), (0, 1, 6, 0, 0, 2, 22),
         {**SAFE, "eliminate": 0.948, "p_tox": 0.6666}, 6),
        (0.25, (2, 2, 2, 0, 6, 6, 6), (2, 1, 2, 0, 5, 6, 3), {**BOTH, "p_tox": 0.282}, None),
    ],
)  # fmt: skip
def test_the_mtd_of_select_mtd(target, evaluable, dlts, options, mtd):
    """Levels that were skipped, rates that fall, and every option of the selection."""
    design = Boin(levels=len(dlts), target=target, max_n=sum(evaluable), **options)
    seen = [LevelCount(*tally) for tally in zip(evaluable, dlts, strict=True)]

    assert design.estimate_mtd(seen).level == mtd


def test_the_boundaries_of_get_boundary():
    """Rates far from the target on one side, and levels closed at 0.798."""
    design = Boin(levels=2, target=0.146, max_n=18, p_saf=0.0821, p_tox=0.854, eliminate=0.798)

    rows = design.boundaries()[2::3]

    assert [each.escalate_at_most for each in rows] == [0, 0, 1, 1, 1, 2]
    assert [each.de_escalate_at_least for each in rows] == [1, 2, 2, 3, 3, 4]
    assert [each.close_at_least for each in rows] == [1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize(
    ("halfwidth", "target", "model", "second"),
    [
        (0.0366, 0.1, "power", 0.1897954120958),
        (0.0271, 0.5, "logistic", 0.552168836248613),
        (0.0579, 0.3, "logistic", 0.418216860870781),
    ],
)
def test_the_shortest_skeletons_of_getprior(halfwidth, target, model, second):
    """Two levels, the lower of them the prior MTD."""
    assert skeleton_around(halfwidth, target, 1, 2, model) == pytest.approx((target, second), 1e-12)


def test_the_adaptive_weights_of_titecrm():
    """A DLT on the first day, and one in the window of another participant."""
    skeleton = (0.000295367820099092, 0.00266614275264307, 0.0153995828197126, 0.0605957796843328,
                0.167338276656223, 0.333333333333333, 0.509472751152336)  # fmt: skip
    people = zip((3, 5, 6, 6, 7, 7), (0, 0, 1, 0, 1, 1), (42, 8, 10, 36, 1, 40), strict=True)

    found = tite_estimate(
        CrmModel(skeleton, 0.3), [Watched(at, bool(y), f) for at, y, f in people], 42, "adaptive"
    )

    weights = (1, 0.444444444444444, 1, 0.716666666666667, 1, 1)
    assert found.weights == pytest.approx(weights, 1e-12)
    assert found.mean == pytest.approx(-0.753272587, abs=1e-8)
    assert found.level == 4


@pytest.mark.parametrize(
    ("evaluable", "dlts", "rates"),
    [
        ((4, 1, 0, 0, 1, 0), (0, 0, 0, 0, 1, 0),
         (0.03674, 0.23442, 0.67908, 0.82504, 0.88495, 0.91575)),
        ((1, 3, 1, 1, 0, 0), (0, 0, 0, 0, 0, 0),
         (0.07003, 0.1776, 0.32764, 0.46184, 0.55753, 0.62459)),
    ],
)  # fmt: skip
def test_mean_rates_of_the_two_parameter_model(evaluable, dlts, rates):
    """Doses 25 to 150, reference 50, intercept and log slope normal with covariance -0.5."""
    doses = (25, 50, 75, 100, 125, 150)
    model = BlrmModel(doses, 50, (-0.85, 1), ((1, -0.5), (-0.5, 1)), (0.2, 0.35))

    found = model.posterior(*(np.array(each, np.int16) for each in (evaluable, dlts)))

    assert found.mean.tolist() == pytest.approx(rates, abs=1e-5)
