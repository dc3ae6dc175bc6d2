"""BLRM with EWOC: what it decides and why, settled decisions, and what is refused."""

import numpy as np
import pytest

from trialwright.escalation.blrm_grid import chances
from trialwright.escalation.decision import LevelCount
from trialwright.escalation.designs.blrm import Blrm
from trialwright.escalation.exact import walk
from trialwright.terms.errors import Refusal

SETTINGS = {
    "levels": 6,
    "doses": (25.0, 50.0, 75.0, 100.0, 125.0, 150.0),
    "reference_dose": 50.0,
    "prior_mean": (-0.85, 1.0),
    "prior_sd": (1.0, 1.0),
    "prior_correlation": -0.5,
    "target_low": 0.2,
    "target_high": 0.35,
    "max_n": 36,
}
TRUTH = [0.05, 0.12, 0.30, 0.45, 0.60, 0.70]


def made(**settings):
    """Make a BLRM for six levels."""
    return Blrm(**{**SETTINGS, **settings})


def counts(*tallies):
    """Give counts; the rest of six levels is empty."""
    return [*(LevelCount(*each) for each in tallies), *[LevelCount(0, 0)] * (6 - len(tallies))]


@pytest.mark.parametrize(
    ("settings", "seen", "at", "expected"),
    [
        ({}, [(3, 0)], 1, ("stay", 1, "ewoc")),
        ({"ewoc": 0.4}, [(3, 0)], 1, ("escalate", 2, "target-probability")),
        ({"ewoc": 0.99}, [(3, 0)], 1, ("escalate", 2, "target-probability")),
        ({"ewoc": 0.8, "choose": "highest"}, [(3, 0)], 1, ("escalate", 2, "highest")),
        (
            {"ewoc": 0.9, "choose": "highest", "no_skipping": False},
            [(3, 0)],
            1,
            ("escalate", 3, "ewoc"),
        ),
        ({}, [(3, 1)], 1, ("stay", 1, "ewoc")),
        ({"ewoc": 0.23}, [(3, 1)], 1, ("stop", None, "lowest-level-closed")),
        ({}, [(3, 3)], 1, ("stop", None, "lowest-level-closed")),
        ({}, [(3, 0), (3, 2)], 2, ("de-escalate", 1, "ewoc")),
        ({"ewoc": 0.9}, [(3, 0), (3, 2)], 2, ("stay", 2, "ewoc")),
        ({"ewoc": 0.96}, [(3, 0), (3, 2)], 2, ("stay", 2, "target-probability")),
        ({"stop_at": 3}, [(3, 1)], 1, ("stop", None, "enough-at-level")),
        ({"max_n": 3}, [(3, 0)], 1, ("stop", None, "max-n")),
        ({}, [(2, 0)], 1, ("stay", 1, "incomplete-cohort")),
        ({}, [(2, 0, 1)], 1, ("wait", 1, "pending")),
        ({}, [(1, 0, 1)], 1, ("wait", 1, "pending")),
    ],
)
def test_each_situation_gives_its_level(settings, seen, at, expected):
    """Overdose control, choice, no skipping, and the ends."""
    decision = made(**settings).next_dose(counts(*seen), at)

    assert (decision.act, decision.level, decision.rule) == expected


def test_the_situations_above_follow_from_one_state_at_a_time():
    """Probabilities by the other quadrature, so that no expectation is the program's own."""
    model = made().model
    none, one = (
        model.posterior(np.array([3, 0, 0, 0, 0, 0]), np.array([dlts, 0, 0, 0, 0, 0]))
        for dlts in (0, 1)
    )
    two_of_three = model.posterior(np.array([3, 3, 0, 0, 0, 0]), np.array([0, 2, 0, 0, 0, 0]))

    over = none.intervals[:, 2]
    assert over[0] < 0.25 < over[1] < 0.4
    assert 0.8 < over[2] < 0.9 < over[3]
    assert none.intervals[1, 1] > none.intervals[[0, 2], 1].max()
    assert 0.23 < one.intervals[0, 2] < 0.25
    assert two_of_three.intervals[1, 1] > two_of_three.intervals[[0, 2], 1].max()
    assert 0.25 < two_of_three.intervals[1, 2] < 0.9 < two_of_three.intervals[2, 2] < 0.96


def test_an_escalation_ends_when_the_target_interval_is_likely_enough():
    """From `stop_from` participants at the level on, where the next cohort would go there too."""
    seen = counts((3, 0), (9, 2))
    likely = (
        made()
        .model.posterior(np.array([3, 9, 0, 0, 0, 0]), np.array([0, 2, 0, 0, 0, 0]))
        .intervals[1, 1]
    )

    below, above = np.floor(likely * 100) / 100, np.ceil(likely * 100) / 100
    assert made(ewoc=0.3).next_dose(seen, 2).level == 2
    assert made(ewoc=0.3, stop_probability=below).next_dose(seen, 2).mtd == 2
    assert made(ewoc=0.3, stop_probability=above).next_dose(seen, 2).act == "stay"
    assert made(ewoc=0.3, stop_probability=below, stop_from=10).next_dose(seen, 2).act == "stay"


def test_the_reason_holds_the_probabilities_and_the_limit():
    """The sentence of the dose meeting."""
    decision = made(ewoc=0.4).next_dose(counts((3, 0)), 1)

    assert decision.because.startswith("0/3 DLT at dose level 1, P(DLT rate > 0.35) by level 0.02")
    assert "open up to 0.4, dose level 2 is the open one with the greatest P(target), 0.3" in (
        decision.because
    )
    assert decision.because.endswith(
        "escalate, next cohort of 3 at dose level 2 "
        "(BLRM 0.2-0.35 EWOC 0.4, rule target-probability)"
    )


def test_the_mtd_was_tried_unless_all_levels_may_be_it():
    """Six without a DLT at the lowest level open the second."""
    seen = counts((6, 0))

    assert made(max_n=6, ewoc=0.4).select_mtd(seen).level == 1
    assert made(max_n=6, ewoc=0.4, mtd_tried=False).select_mtd(seen).level == 2
    assert made(max_n=6).select_mtd(counts((6, 4))).level is None


def test_an_independent_prototype_reached_the_same_states():
    """1,103 states, 430 endings, level 2 selected with probability .73737: strict EWOC .25."""
    walked = walk(made())

    found = walked.under(TRUTH)

    assert (walked.states, found.terminal_states) == (1103, 430)
    assert found.p_select[1] == pytest.approx(0.73737, abs=5e-6)


def test_no_decision_changes_on_a_finer_grid():
    """A wide prior, and a limit that many states lie near to."""
    design = made(
        prior_mean=(-1.1, 0.0),
        prior_sd=(2.0, 1.0),
        prior_correlation=0.0,
        reference_dose=100.0,
        ewoc=0.35,
        max_n=15,
    )
    reached = [state for state in walk(design).reached if any(c.evaluable for c in state.seen)]
    evaluable, dlts = (
        np.array([[getattr(count, name) for count in state.seen] for state in reached], np.int16)
        for name in ("evaluable", "dlts")
    )
    at = np.array([state.at for state in reached])
    candidates = design.candidates(at)

    coarse, fine = (
        design.weighed(evaluable, dlts, candidates),
        chances(design.model, evaluable, dlts, 3),
    )

    may = candidates & (fine.over <= 0.35)
    level = np.where(may.any(axis=1), np.argmax(np.where(may, fine.target, -1), axis=1) + 1, 0)
    assert (coarse.level == level).all()
    assert np.abs(coarse.found.over - fine.over).max() < 1e-4
    assert (coarse.gap > 0).all()
    assert len(reached) > 200


@pytest.mark.parametrize(
    ("settings", "where"),
    [
        ({"doses": (25.0, 50.0)}, "doses"),
        ({"doses": (25.0, 50.0, 75.0, 75.0, 125.0, 150.0)}, "doses.3"),
        ({"reference_dose": 0.0}, "reference_dose"),
        ({"prior_sd": (1.0, 0.0)}, "prior_sd"),
        ({"prior_mean": (1.0,)}, "prior_mean"),
        ({"prior_correlation": 1.0}, "prior_correlation"),
        ({"target_low": 20}, "target_low"),
        ({"target_low": 0.4}, "target_high"),
        ({"ewoc": 25}, "ewoc"),
        ({"choose": "lowest"}, "choose"),
        ({"stop_probability": 1.2}, "stop_probability"),
        ({"stop_from": 0}, "stop_from"),
        ({"max_n": 0}, "max_n"),
        ({"starting_level": 7}, "starting_level"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(settings, where):
    """Each at its place."""
    with pytest.raises(Refusal) as refusal:
        made(**settings)

    assert [fault.where for fault in refusal.value.faults] == [where]


@pytest.mark.parametrize(
    ("seen", "at", "where"),
    [([(3, 0)], 0, "at"), ([(3, 0)], 1.5, "at"), ([(37, 0)], 1, "seen")],
)
def test_questions_that_do_not_fit_are_refused(seen, at, where):
    """A level beside the ladder, too many participants."""
    with pytest.raises(Refusal) as refusal:
        made().next_dose(counts(*seen), at)

    assert [fault.where for fault in refusal.value.faults] == [where]


def test_an_mtd_before_the_end_is_refused():
    """Nor while somebody is pending."""
    for seen in (counts((3, 0)), counts((35, 0, 1))):
        with pytest.raises(Refusal, match="the escalation has not stopped"):
            made().select_mtd(seen)


def test_a_prior_that_cannot_be_integrated_is_refused():
    """Rather than decided by a quadrature that has not converged."""
    with pytest.raises(Refusal, match="a posterior that quadrature does not settle"):
        made(prior_sd=(1.0, 1.0)).weighed(
            *(np.array([[1, 0, 0, 0, 0, 0]], np.int16) for _ in range(2)),
            np.ones((1, 6), bool),
            within=-1.0,
        )


def test_a_closed_level_may_open_again():
    """What is not open after three without a DLT is open after six."""
    levels = [made().next_dose(counts((number, 0)), 1).level for number in (3, 6)]

    assert levels == [1, 2]
