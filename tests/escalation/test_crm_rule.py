"""The CRM for many states at once, held to the meeting that decides for one; gaps and limits."""

import numpy as np
import pytest

from trialwright.escalation import crm_rule
from trialwright.escalation.crm_model import PANELS
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.crm import Crm
from trialwright.terms.errors import Refusal

SKELETON = (0.1, 0.2, 0.3, 0.45)


def made(**settings):
    """Make a CRM for four levels and thirty participants."""
    return Crm(**{"levels": 4, "target": 0.3, "skeleton": SKELETON, "max_n": 30, **settings})


def rows(*states):
    """Give states as arrays: treated and DLTs by level, level of the last cohort, the cohort."""
    treated, dlts, at, last = zip(*states, strict=True)
    counts = (np.array(each, dtype=np.int16) for each in (treated, dlts))
    return (*counts, np.array(at), np.array(last))


STATES = [
    ((3, 0, 0, 0), (0, 0, 0, 0), 1, (3, 0)),  # the model may name a level two above
    ((3, 3, 0, 0), (0, 1, 0, 0), 2, (3, 1)),
    ((3, 3, 3, 0), (0, 0, 1, 0), 3, (3, 1)),
    ((3, 3, 3, 0), (0, 0, 2, 0), 3, (3, 2)),
    ((3, 6, 0, 0), (0, 2, 0, 0), 2, (3, 0)),
    ((6, 6, 6, 0), (0, 0, 2, 0), 3, (3, 2)),
    ((6, 6, 6, 0), (0, 0, 2, 0), 3, (3, 0)),
    ((3, 3, 3, 3), (0, 0, 0, 1), 4, (3, 1)),
    ((3, 3, 3, 3), (0, 0, 0, 3), 4, (3, 3)),  # downward levels may be skipped
    ((3, 0, 0, 0), (3, 0, 0, 0), 1, (3, 3)),
    ((6, 0, 0, 0), (5, 0, 0, 0), 1, (3, 2)),
]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"no_skipping": False},
        {"coherent": False},
        {"no_skipping": False, "coherent": False},
        {"safety_stop": 0.9},
        {"stop_at": 6},
        {"max_n": 14},
        {"estimate": "posterior-mean", "safety_stop": 0.85},
        {"model": "logistic", "prior_variance": 0.5},
    ],
)
def test_many_states_move_as_the_meeting_decides_for_each(settings):
    """The exact characteristics rest on one, the dose meeting on the other."""
    design = made(**settings)
    states = [each for each in STATES if sum(each[0]) <= design.max_n]

    levels, sizes = design.moves(*rows(*states))

    decided = [
        design.next_dose(
            [LevelCount(*each) for each in zip(treated, dlts, strict=True)], at, LevelCount(*last)
        )
        for treated, dlts, at, last in states
    ]
    assert levels.tolist() == [each.level or 0 for each in decided]
    assert sizes.tolist() == [each.cohort_size for each in decided]


def test_a_cohort_at_the_target_itself_does_not_raise_the_level():
    """One DLT of ten is a rate of .1: "at or above the target" [Cheung 2005]."""
    ladder = {"target": 0.1, "skeleton": (0.02, 0.1, 0.2, 0.3)}
    settings = {**ladder, "cohort_size": 10, "max_n": 60}
    state = ((30, 0, 0, 0), (1, 0, 0, 0), 1, (10, 1))
    seen = [LevelCount(30, 1), *[LevelCount(0, 0)] * 3]

    held, free = made(**settings), made(**settings, coherent=False)

    assert free.moves(*rows(state))[0].tolist() == [2]
    assert held.moves(*rows(state))[0].tolist() == [1]
    assert free.next_dose(seen, 1, LevelCount(10, 1)).level == 2
    assert held.next_dose(seen, 1, LevelCount(10, 1)).rule == "coherent"


def test_the_safety_stop_is_for_probabilities_above_its_limit():
    """Just below the limit it goes on; just above, it stops and has no MTD."""
    states = rows(((3, 0, 0, 0), (2, 0, 0, 0), 1, (3, 2)))
    probability = float(made().recommended(*states[:2]).too_toxic[0])

    goes_on, stops = (made(safety_stop=probability + step) for step in (1e-9, -1e-9))

    assert (goes_on.moves(*states)[0].tolist(), stops.moves(*states)[0].tolist()) == ([1], [0])
    assert (goes_on.mtds(*states[:2]).tolist(), stops.mtds(*states[:2]).tolist()) == ([1], [0])


@pytest.mark.parametrize("safety_stop", [None, 0.5])
def test_the_gap_is_the_distance_to_another_decision(safety_stop):
    """How much nearer the best level is than the second; how far the stop is."""
    treated, dlts, _, _ = rows(*STATES)

    found = made(safety_stop=safety_stop).recommended(treated, dlts)

    for rates, toxic, gap in zip(found.rates, found.too_toxic, found.gap, strict=True):
        best, second, *_ = sorted(abs(rate - 0.3) for rate in rates.tolist())
        limits = [second - best, *([abs(toxic - 0.5)] if safety_stop else [])]
        assert gap == pytest.approx(min(limits), abs=1e-12)


def test_a_ladder_of_one_level_has_no_other_decision_than_its_stop():
    """Its gap has no end, or is that of the stop."""
    treated, dlts = np.array([[3]], dtype=np.int16), np.array([[1]], dtype=np.int16)
    one = {"levels": 1, "skeleton": (0.3,), "max_n": 6}

    free = made(**one).recommended(treated, dlts)
    stops = made(**one, safety_stop=0.5).recommended(treated, dlts)

    assert free.gap.tolist() == [np.inf]
    assert stops.gap.tolist() == [abs(stops.too_toxic[0] - 0.5)]


def test_estimates_that_are_shown_take_as_many_panels_as_they_need():
    """Decisions need fewer than four digits do; more panels change what is shown by less."""
    treated, dlts = np.array([[3, 30, 0, 0]] * 2), np.array([[0, 9, 0, 0], [0, 15, 0, 0]])
    design = made(max_n=60, prior_variance=20.0)

    decided, shown = (design.recommended(treated, dlts, within) for within in (np.inf, 1e-13))

    assert decided.level.tolist() == shown.level.tolist()
    assert decided.panels >= 2 * PANELS
    assert decided.panels < shown.panels
    again = design.recommended(treated[::-1], dlts[::-1], 1e-13)
    assert np.abs(again.rates[::-1] - shown.rates).max() <= 1e-13


@pytest.mark.parametrize(("most", "is_enough"), [(2 * PANELS, True), (2 * PANELS - 1, False)])
def test_a_posterior_that_no_quadrature_settles_is_refused(monkeypatch, most, is_enough):
    """With the finest that was tried; no decision is made on it."""
    monkeypatch.setattr(crm_rule, "MOST_PANELS", most)
    treated, dlts = np.array([[3, 0, 0, 0]]), np.array([[0, 0, 0, 0]])
    design = made()

    if is_enough:
        assert design.recommended(treated, dlts).panels == 2 * PANELS
        return
    with pytest.raises(Refusal) as refusal:
        design.recommended(treated, dlts)
    assert str(refusal.value) == (
        "CRM power 0.3: a posterior that quadrature does not settle. Allowed: convergence with "
        f"{most} panels. Take a wider prior, or fewer participants."
    )


def test_one_participant_makes_a_level_tried():
    """The MTD may be a level with one participant."""
    treated = np.array([[3, 1, 0, 0]], dtype=np.int16)
    dlts = np.zeros_like(treated)

    assert made().mtds(treated, dlts).tolist() == [2]
    assert made(mtd_tried=False).mtds(treated, dlts)[0] > 2


def test_mtds_with_and_without_a_stop_stand_beside_each_other():
    """A level, or 0 where the lowest is too toxic."""
    treated = np.array([[3, 3, 0, 0], [3, 0, 0, 0]], dtype=np.int16)
    dlts = np.array([[0, 0, 0, 0], [3, 0, 0, 0]], dtype=np.int16)

    assert made(safety_stop=0.9).mtds(treated, dlts).tolist() == [2, 0]


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"stop_at": 0}, ["stop_at"]),
        ({"model": "logistic", "intercept": 0.5, "skeleton": (0.3, 0.4, 0.5, 0.7)}, ["intercept"]),
        ({"model": "logistic", "intercept": 0.0, "target": 0.5}, ["intercept"]),
        ({"model": "logistic", "skeleton": (0.0, 0.2, 0.3, 0.45)}, ["skeleton.0"]),
        ({"model": "logistic", "skeleton": (0.1, 0.2, 0.3, 1.0)}, ["skeleton.3"]),
        ({"model": "logistic", "skeleton": (0.1, 0.2, 0.3, 1.5)}, ["skeleton.3"]),
        ({"prior_variance": 0}, ["prior_variance"]),
        ({"target": 1.0, "model": "logistic", "skeleton": (0.0,), "levels": 1},
         ["skeleton.0", "target"]),
    ],
)  # fmt: skip
def test_settings_that_are_none_are_refused(settings, where):
    """Each by name, never by an error of arithmetic."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert sorted(fault.where for fault in refusal.value.faults) == where


@pytest.mark.parametrize(
    "settings",
    [
        {"model": "logistic", "intercept": 0.9, "skeleton": (0.3, 0.4, 0.5, 0.7)},  # logit .847
        {"prior_variance": 0.2},
    ],
)
def test_settings_at_their_limits_are_taken(settings):
    """An intercept just above the logit of the highest guess; a narrow prior."""
    assert made(**settings).max_n == 30
