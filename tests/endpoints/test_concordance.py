"""Agreement of two readers: published values of kappa, its error written out, and the sentence."""

import numpy as np
import pytest
from scipy.stats import norm

from trialwright.casebook.tumours import Response
from trialwright.endpoints.concordance import concordance, kappa_of
from trialwright.endpoints.proportions import clopper_pearson

CR, PR, SD, PD = Response.CR, Response.PR, Response.SD, Response.PD

COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
"""Cohen 1960, Table 1: 200 patients by two judges, kappa .492."""

FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
"""Fleiss, Statistical Methods for Rates and Proportions, Table 18.1: kappa .68 with error .087."""


def _by_slopes(table, level):
    """Work out kappa and its limits from the slope of kappa in each cell (delta method)."""
    shares = np.array(table, float) / np.sum(table)

    def kappa(cells):
        rows, columns = cells.sum(1), cells.sum(0)
        total = cells.sum()
        by_chance = rows @ columns / total**2
        return (np.trace(cells) / total - by_chance) / (1 - by_chance)

    step, slopes = 1e-6, np.zeros_like(shares)
    for place in np.ndindex(shares.shape):
        moved = np.zeros_like(shares)
        moved[place] = step
        slopes[place] = (kappa(shares + moved) - kappa(shares - moved)) / (2 * step)
    variance = (shares * slopes**2).sum() - (shares * slopes).sum() ** 2
    half = norm.ppf((1 + level) / 2) * np.sqrt(variance / np.sum(table))
    return kappa(shares), kappa(shares) - half, kappa(shares) + half


@pytest.mark.parametrize(("table", "kappa"), [(COHEN, 0.492), (FLEISS, 0.676)])
def test_kappa_is_the_published_one(table, kappa):
    """To the digits that the authors print."""
    assert kappa_of(table, 0.95)[0] == pytest.approx(kappa, abs=5e-4)


def test_the_error_of_kappa_is_the_published_one():
    """Fleiss prints .087 for his table, cut at three digits."""
    kappa, _, upper = kappa_of(FLEISS, 0.95)

    assert int(1000 * (upper - kappa) / norm.ppf(0.975)) == 87


@pytest.mark.parametrize("table", [COHEN, FLEISS, [[20, 5], [10, 15]], [[4, 1], [2, 3]]])
@pytest.mark.parametrize("level", [0.8, 0.95])
def test_limits_follow_from_the_slopes_of_kappa(table, level):
    """The large-sample error is that of the delta method, at every level."""
    assert kappa_of(table, level) == pytest.approx(_by_slopes(table, level), rel=1e-5)


@pytest.mark.parametrize(
    ("table", "answer"),
    [
        ([], (None, None, None)),
        ([[0, 0], [0, 0]], (None, None, None)),
        ([[7]], (None, None, None)),
        ([[3, 0], [0, 0]], (None, None, None)),
        ([[3, 0], [0, 2]], (1, 1, 1)),
        ([[0, 3], [3, 0]], (-1, -1, -1)),
    ],
)
def test_kappa_at_its_ends(table, answer):
    """None of nobody or of one answer alone; 1 and -1 are certain in the large-sample sense."""
    assert kappa_of(table, 0.95) == answer


def test_limits_stay_between_minus_one_and_one():
    """Small samples would go beyond."""
    assert kappa_of([[9, 1], [0, 2]], 0.99)[2] == 1
    assert kappa_of([[0, 2], [2, 1]], 0.99)[1] == -1


def test_agreement_is_told_with_both_limits():
    """Three of four agree: 75 %, 19.4 % to 99.4 % by Clopper and Pearson; kappa 0.6."""
    found = concordance([(SD, PR), (PR, PR), (PD, PD), (SD, SD)], 0.9)
    lower, upper = clopper_pearson(3, 4, 0.9)

    assert found.table == {(PR, PR): 1, (SD, SD): 1, (PD, PD): 1, (SD, PR): 1}
    assert list(found.table) == sorted(found.table)
    assert (found.agreeing, found.of, found.estimate) == (3, 4, 0.75)
    assert (found.lower, found.upper, found.conf_level) == (lower, upper, 0.9)
    wanted = kappa_of([[1, 0, 0], [1, 1, 0], [0, 0, 1]], 0.9)
    assert (found.kappa, found.kappa_lower, found.kappa_upper) == pytest.approx(wanted)
    assert found.kappa == pytest.approx((3 / 4 - 5 / 16) / (1 - 5 / 16))
    assert found.because == (
        f"Best overall response: the readers agree on 3/4 = 75.0 % ({100 * lower:.1f} % to "
        f"{100 * upper:.1f} %); kappa {wanted[0]:.3f} ({wanted[1]:.3f} to {wanted[2]:.3f}); 90 % "
        "limits, of the share Clopper-Pearson, of kappa by its large-sample error."
    )


def test_one_answer_alone_has_a_share_and_no_kappa():
    """All of two by both readers SD, at 95 % unless another level is asked for."""
    found = concordance([(SD, SD), (SD, SD)])

    assert (found.estimate, found.kappa, found.kappa_lower, found.kappa_upper) == (
        1, None, None, None)  # fmt: skip
    assert found.because == (
        "Best overall response: the readers agree on 2/2 = 100.0 % (15.8 % to 100.0 %); kappa not "
        "estimable; 95 % limits, of the share Clopper-Pearson, of kappa by its large-sample error."
    )


def test_nobody_read_by_both_is_said():
    """No share and no limits."""
    found = concordance([], 0.9)

    assert (found.table, found.agreeing, found.of) == ({}, 0, 0)
    assert (found.estimate, found.lower, found.upper) == (None, None, None)
    assert (found.kappa, found.kappa_lower, found.kappa_upper) == (None, None, None)
    assert (found.conf_level, found.because) == (0.9, "Nobody was finished by both readers.")
