"""BOIN for two agents: the example of the tutorial of the R package.

Yan, Zhang, Zhou, Pan, Liu and Yuan 2020, J Stat Softw 94(13), doi:10.18637/jss.v094.i13, describe
the package; the design is of Lin and Yin 2017, doi:10.1177/0962280215594494. The trial is that of
page 17 of the tutorial of BOIN 2.6, on three by four combinations, as the tests of the R package
`escalation` have it, which were read. Neither paper, nor the tutorial, was opened.
"""

import numpy as np
import pytest

from trialwright.escalation.combinations import BoinCombinations
from trialwright.escalation.decision import LevelCount


def next_of(tallies, at, rows, columns, target):
    """Give the combination that follows, and what its neighbours above weigh."""
    design = BoinCombinations(rows=rows, columns=columns, target=target, max_n=60)
    seen = [LevelCount(*tallies.get(design.combination(each), (0, 0)))
            for each in range(1, design.levels + 1)]  # fmt: skip
    return design.combination(design.next_dose(seen, design.level(*at)).level)


@pytest.mark.parametrize(
    ("tallies", "at", "following"),
    [
        # 1.1NNN: one agent is raised; of two that are equal the package draws one
        ({(1, 1): (3, 0)}, (1, 1), {(1, 2), (2, 1)}),
        # 1.1NNN 1.2NNT: back
        ({(1, 1): (3, 0), (1, 2): (3, 1)}, (1, 2), {(1, 1)}),
    ],
)
def test_the_trial_of_the_tutorial(tallies, at, following):
    """Target 0.25."""
    assert next_of(tallies, at, 3, 4, 0.25) in following


def test_one_dlt_in_six_raises_one_agent():
    """Target 0.30 on three by five, with limits of 0.18 and 0.42: 1/6 at (2, 2) escalates."""
    tallies = {(1, 1): (3, 0), (2, 1): (7, 1), (2, 2): (6, 1)}

    assert next_of(tallies, (2, 2), 3, 5, 0.3) in {(2, 3), (3, 2)}


def test_the_mtd_of_the_documented_trial():
    """What `select.mtd.comb` of R `BOIN` 2.7.2 says of the trial its package documents.

    Counts, MTD and isotonic estimates are printed under `package_documented_single_mtd` in
    `tests/fixtures/boin-combination-selection.csv` of the repository dx-li/mdanderson-stats, which
    was read.
    """
    evaluable = np.array([[3, 5, 0, 0, 7, 6, 15, 0, 0, 0, 4, 0]], np.int16)
    dlts = np.array([[0, 1, 0, 0, 1, 1, 4, 0, 0, 0, 2, 0]], np.int16)
    design = BoinCombinations(rows=3, columns=4, target=0.3, max_n=60)

    (estimates,), (mtd,) = design.estimates(evaluable, dlts), design.mtds(evaluable, dlts)

    assert design.combination(int(mtd)) == (2, 3)
    assert estimates.round(2).tolist() == [
        [0.02, 0.19, 0.27, 0.50],
        [0.15, 0.19, 0.27, 0.50],
        [0.50, 0.50, 0.50, 0.50],
    ]
