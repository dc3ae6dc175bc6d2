"""Restricted means against areas worked by hand and R's numbers."""

import json
import math

import pytest

from trialwright.endpoints.conventions import Conventions
from trialwright.endpoints.kaplan_meier import kaplan_meier
from trialwright.endpoints.restricted_mean import restricted_mean
from trialwright.terms.errors import Refusal


def curve(times, events, convention="R"):
    """Give a curve."""
    return kaplan_meier(times, events, Conventions(convention))


def test_the_mean_is_the_area_below_the_curve():
    """Events at 2 and 4, a censoring at 3: S is 1, 2/3, then 0 from 4 on.

    Up to 3: 2 + 2/3. To come after day 2: 2/3; Greenwood's term there is 1/(3 x 2).
    """
    found = restricted_mean(curve([2, 3, 4], [True, False, True]), 3)

    assert found.mean == pytest.approx(2 + 2 / 3)
    assert found.std_error == pytest.approx(math.sqrt((2 / 3) ** 2 / 6))
    assert found.because.startswith("Mean up to 3: 2.66667, SE 0.272166 (convention R")


def test_past_the_last_day_r_carries_the_curve_on_and_sas_gives_no_answer():
    """The last of two is censored at 6: S stays at 1/2."""
    times, events = [2, 6], [True, False]

    assert restricted_mean(curve(times, events), 10).mean == pytest.approx(2 + 8 / 2)
    assert restricted_mean(curve(times, events, "SAS"), 10).mean is None
    assert restricted_mean(curve(times, events, "SAS"), 6).mean == pytest.approx(4)
    assert restricted_mean(curve([2, 6], [True, True], "SAS"), 10).mean == pytest.approx(4)


def test_before_the_first_day_everybody_is_without_the_event():
    """The mean is the horizon, and certain."""
    found = restricted_mean(curve([5, 9], [True, True]), 4)

    assert (found.mean, found.std_error) == (4, 0)


def test_nobody_has_no_mean():
    """Not estimable is an answer."""
    found = restricted_mean(curve([], []), 4)

    assert (found.mean, found.std_error) == (None, None)
    assert "not estimable" in found.because


@pytest.mark.parametrize("horizon", [0, -1, float("nan")])
def test_a_horizon_that_is_none_is_refused(horizon):
    """It must lie after the start."""
    with pytest.raises(Refusal, match="above 0"):
        restricted_mean(curve([1], [True]), horizon)


def test_r_says_the_same(shared):
    """Areas and standard errors of the hand cases, each up to R's own horizon."""
    file = shared / "reference" / "endpoints" / "km_hand.json"
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    count = 0
    for case in cases.values():
        said, given = case["groups"].get("All", {}).get("rmean"), case["input"]
        if said is None:
            continue
        found = restricted_mean(
            curve(given["time"], [each == 1 for each in given["status"]]), said["tau"]
        )
        count += 1
        assert found.mean == pytest.approx(said["rmst"], rel=1e-6)
        assert found.std_error == pytest.approx(said["se"], rel=1e-6, abs=1e-12)

    assert count >= 3
