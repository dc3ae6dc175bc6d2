"""TITE-CRM: weights, posterior, and what is refused."""

import json

import numpy as np
import pytest

from trialwright.escalation.crm_model import CrmModel, skeleton_around
from trialwright.escalation.follow_up import Watched
from trialwright.escalation.tite_model import tite_estimate, weights_of
from trialwright.terms.errors import Refusal

MODEL = CrmModel(skeleton_around(0.05, 0.3, 3, 5), 0.3)


def clean(level, followed):
    """Give a participant without a DLT so far."""
    return Watched(level, had_dlt=False, followed=followed)


def toxic(level, followed):
    """Give a participant with a DLT."""
    return Watched(level, had_dlt=True, followed=followed)


def test_weights_of_the_linear_scheme_are_parts_of_the_window():
    """Whoever had a DLT counts in full, whenever it was."""
    people = [clean(1, 7), toxic(1, 7), clean(1, 28)]

    assert weights_of(people, 28) == (0.25, 1, 1)


def test_weights_of_the_adaptive_scheme_follow_the_dlts():
    """Cheung and Chappell 2000: DLTs on days 10 and 20 part the window in thirds of weight."""
    dlts = [toxic(2, 20), toxic(1, 10)]
    times = [0, 5, 10, 15, 20, 24, 28]

    found = weights_of([*dlts, *(clean(1, day) for day in times)], 28, "adaptive")

    assert found[:2] == (1, 1)
    assert found[2:] == pytest.approx([0, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1])


def test_without_a_dlt_both_schemes_are_one():
    """There is nothing to adapt to."""
    people = [clean(1, day) for day in (3, 14, 28)]

    assert weights_of(people, 28, "adaptive") == weights_of(people, 28)


def test_a_dlt_on_the_last_day_of_the_window_leaves_full_weight():
    """The last part of the window is then empty."""
    people = [toxic(1, 28), clean(1, 28)]

    assert weights_of(people, 28, "adaptive") == (1, 1)


@pytest.mark.parametrize("model", ["power", "logistic"])
def test_with_nobody_pending_it_is_the_crm(model):
    """Full follow-up gives the posterior of the counts."""
    curve = CrmModel(MODEL.skeleton, 0.3, model)
    people = [
        each(level, 28)
        for level in (1, 2, 3)
        for each in (clean, clean, toxic if level > 2 else clean)
    ]

    found = tite_estimate(curve, people, 28)

    counts = np.array([[3, 3, 3, 0, 0]]), np.array([[0, 0, 1, 0, 0]])
    expected = curve.posterior(*counts, 192)
    assert found.mean == pytest.approx(expected.mean[0], abs=1e-10)
    assert found.variance == pytest.approx(expected.variance[0], abs=1e-10)


def test_longer_follow_up_without_a_dlt_lowers_the_estimates():
    """From no follow-up, which says nothing, to the whole window."""
    rates = [tite_estimate(MODEL, [clean(2, day)] * 3, 28).rates[1] for day in (0, 7, 14, 28)]

    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(MODEL.skeleton[1], abs=1e-9)


@pytest.mark.shared
def test_estimates_are_those_of_dfcrm(shared):
    """Weights to 1e-9, estimates and DLT rates to 2e-5, every next dose."""
    parsed = json.loads((shared / "reference/escalation/dfcrm_titecrm.json").read_text())

    for case in parsed["cases"]:
        model = "power" if case["model"] == "empiric" else "logistic"
        curve = CrmModel(tuple(parsed["skeletons"][case["skeleton"]]), case["target"], model)
        rows = zip(case["level"], case["tox"], case["followup"], strict=True)
        people = [Watched(level, bool(dlt), followed) for level, dlt, followed in rows]
        found = tite_estimate(curve, people, case["obswin"], case["scheme"])
        assert found.weights == pytest.approx(case["weights"], abs=1e-9)
        assert found.mean == pytest.approx(case["estimate"], abs=2e-5)
        assert found.rates == pytest.approx(case["ptox"], abs=2e-5)
        assert found.level == case["next_dose"]


@pytest.mark.parametrize(
    ("person", "window", "scheme", "where"),
    [
        (clean(0, 3), 28, "linear", "participants.1.level"),
        (clean(1.7, 3), 28, "linear", "participants.1.level"),
        (clean(6, 3), 28, "linear", "participants.1.level"),
        (clean(1, -1), 28, "linear", "participants.1.followed"),
        (clean(1, 29), 28, "linear", "participants.1.followed"),
        (clean(1, float("nan")), 28, "linear", "participants.1.followed"),
        (clean(1, 3), 28, "quadratic", "scheme"),
    ],
)
def test_participants_that_do_not_fit_are_refused_by_place(person, window, scheme, where):
    """A level beside the ladder, follow-up below 0 or past the window, another scheme."""
    with pytest.raises(Refusal) as refusal:
        tite_estimate(MODEL, [clean(1, 3), person], window, scheme)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_a_window_that_is_none_is_refused():
    """No days, no window."""
    with pytest.raises(Refusal, match="window: 0"):
        tite_estimate(MODEL, [], 0)


def test_a_mean_that_does_not_settle_is_refused():
    """No change at all cannot be had."""
    with pytest.raises(Refusal, match="within: 3072 panels"):
        tite_estimate(MODEL, [clean(1, 3)], 28, within=-1)
