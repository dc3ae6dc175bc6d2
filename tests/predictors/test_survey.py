"""Markers against endpoints: gate, correction and reasons, on tables small enough to count."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import boschloo_exact

from trialwright.biomarkers.marker_table import Cell, CellState, MarkerColumn, MarkerTable
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.survey import Plan, Question, survey
from trialwright.reports.biomarker_tables import shrunk_table
from trialwright.terms.errors import Refusal

NUMBERS = tuple(f"P-{place:02d}" for place in range(1, 21))
COHORT = Cohort("response-evaluable", NUMBERS, ("A",) * 20)
# 5 altered, all of whom responded; 15 not altered, of whom 3 responded.
RESPONDED = Responses("objective response", ("yes",) * 8 + ("no",) * 12)
CARRIED = Marker("pik3ca", "tissue DNA", ("altered",) * 5 + ("not altered",) * 15, "pre-specified")
RARE = Marker("akt1", "tissue DNA", ("altered",) + ("not altered",) * 19, "pre-specified")
PLAN = Plan(permutations=200)


def asked(*markers, outcome=RESPONDED, seed=1, progress=None):
    """Give the families of a question."""
    generator = np.random.default_rng(seed)
    return survey([Question(COHORT, outcome, markers)], PLAN, generator, progress)


def test_a_marker_that_cannot_reach_significance_is_neither_tested_nor_corrected_for():
    """One carrier of 20 reaches p = 0.4 at best; with one test left nothing is adjusted.

    Eight responded, the carrier among them at best. SciPy holds the sizes of the columns fixed:
    here those of the marker groups, 5/5 and 3/15.
    """
    (family,) = asked(CARRIED, RARE)

    found, rare = family.tests
    assert family.gate.untestable == ("akt1",)
    assert (rare.p, rare.discovery, rare.family_wise) == (None, None, None)
    assert found.p == pytest.approx(boschloo_exact([[5, 3], [0, 12]]).pvalue)
    assert found.discovery == found.p


def test_exploratory_markers_do_not_change_what_was_named_beforehand():
    """They are corrected by themselves."""
    others = [
        Marker(f"gene-{place}", "tissue DNA", RARE.calls[:1] * 4 + ("not altered",) * 16)
        for place in range(4)
    ]

    (alone,) = asked(CARRIED)
    named, explored = asked(*others, CARRIED)[::-1]

    assert named.tests[0].discovery == alone.tests[0].discovery
    assert explored.label == "exploratory, hypothesis-generating"
    assert len(explored.tests) == 4


def test_an_answer_that_is_not_yet_known_is_left_out_with_its_reason():
    """Neither yes nor no."""
    open_yet = Responses("clinical benefit", ("not yet", *RESPONDED.answers[1:]))

    (family,) = asked(CARRIED, outcome=open_yet)

    basis = family.tests[0].association.basis
    assert (basis.altered_events, basis.altered) == (4, 4)
    assert basis.excluded == {"P-01": "clinical benefit not yet"}


def test_the_p_value_of_a_time_is_that_of_the_permutations():
    """All five carriers progress before anybody else: no arrangement lies further than that."""
    times = Times("progression-free survival", tuple(range(1, 21)), (True,) * 20)

    (family,) = asked(CARRIED, outcome=times)

    (test,) = family.tests
    assert test.p == dict(zip(family.max_t.markers, family.max_t.p, strict=True))["pik3ca"]
    assert 1 / 201 <= test.p < 0.02
    assert "permuted within arms" in family.method
    assert "regressions not adjusted" in family.method


def test_equal_seeds_give_equal_answers_and_progress_ends_at_the_end():
    """Told of every family, also of one in which nothing is permuted."""
    told = []
    first = asked(CARRIED, progress=lambda done, of: told.append((done, of)))
    stain = Marker("pten", "IHC", RARE.calls, "pre-specified")
    both = []
    asked(stain, CARRIED, progress=lambda done, of: both.append((done, of)))

    assert first == asked(CARRIED)
    assert told[-1] == (200, 200)
    assert both[-1] == (400, 400)


def column(name, *, named=True):
    """Give a marker of a table."""
    return MarkerColumn(name, name, "tissue DNA", named, "rule")


def test_every_state_but_two_leaves_a_participant_out_by_its_own_name():
    """An undetermined cell is not told as one that was not assayed."""
    states = tuple(CellState)
    numbers = NUMBERS[: len(states)]
    table = MarkerTable(
        numbers, (column("esr1"),), tuple((Cell(state, "why"),) for state in states)
    )

    (marker,) = markers_of(table, numbers)

    assert marker.calls == tuple(str(state) for state in states)
    assert marker.label == "pre-specified"


def test_a_participant_without_a_row_is_refused():
    """A denominator loses nobody in silence."""
    table = MarkerTable(("P-01",), (column("esr1"),), ((Cell(CellState.ALTERED, "why"),),))

    with pytest.raises(Refusal, match="P-02, without a row"):
        markers_of(table, ("P-01", "P-02"))


TISSUE = {"strong": "111111000000000000000000", "weak": "110001110000110000000000",
          "rare": "100000000000000000000000"}  # fmt: skip
PLASMA = {"strong": "111110000000000000000001"}
TREATED = Cohort("treated", tuple(f"P{place}" for place in range(24)), ("A", "C") * 12)
EIGHT = Responses("objective response", ("yes",) * 8 + ("no",) * 16)
TIMES = Times("PFS", tuple(range(20, 260, 10)), (True,) * 20 + (False,) * 4)
"""24 participants, two arms; 0 and 1 tell who carries a marker."""


def carriers():
    """Give the markers of both families."""
    return tuple(
        Marker(name, family, tuple("altered" if each == "1" else "not altered" for each in text))
        for family, own in (("tissue DNA", TISSUE), ("cell-free DNA", PLASMA))
        for name, text in own.items()
    )


def in_two_arms(outcome, plan):
    """Set everything against a response or a time."""
    question = Question(TREATED, outcome, carriers())
    return survey([question], plan, np.random.default_rng(4))


@pytest.mark.parametrize("outcome", [EIGHT, TIMES])
def test_families_are_gated_and_corrected_apart(outcome):
    """The rare marker is shown and not tested; two markers of tissue share the correction."""
    tissue, plasma = in_two_arms(outcome, Plan(permutations=400))

    assert (tissue.family, plasma.family) == ("tissue DNA", "cell-free DNA")
    assert tissue.gate.untestable == ("rare",)
    assert [one.marker for one in tissue.tests] == ["strong", "weak", "rare"]
    strong, weak, _ = tissue.tests
    assert strong.discovery == pytest.approx(min(2 * strong.p, weak.p))
    assert strong.family_wise >= strong.p if outcome is TIMES else strong.family_wise < 0.05
    assert plasma.tests[0].discovery == plasma.tests[0].p


def test_the_test_that_counts_is_the_one_of_the_plan():
    """Boschloo unless Fisher is pre-specified; a time is permuted."""
    boschloo = in_two_arms(EIGHT, Plan(permutations=10))[0]
    fisher = in_two_arms(EIGHT, Plan(test="Fisher", permutations=10))[0]

    assert boschloo.method.startswith("Boschloo's exact test")
    assert fisher.method.startswith("Fisher's exact test")
    assert fisher.tests[0].p == fisher.tests[0].association.fisher
    assert boschloo.tests[0].p != fisher.tests[0].p


def test_the_level_of_the_plan_is_that_of_the_gate():
    """At one in a million nothing is tested: C(8, 6) / C(24, 6), C(8, 7) / C(24, 7), 8 / 24."""
    tissue = in_two_arms(EIGHT, Plan(test="Fisher", level=1e-6))[0]

    assert tissue.max_t is None
    assert all(one.p is None for one in tissue.tests)
    floors = [28 / 134_596, 8 / 346_104, 8 / 24]
    assert [one.floor for one in tissue.tests] == pytest.approx(floors)
    assert tissue.method.endswith("nothing was permuted.")


def test_a_marker_stands_once_in_its_family():
    """Two of one name could not be told apart in a table."""
    with pytest.raises(Refusal, match=r"pik3ca \(tissue DNA\)"):
        asked(CARRIED, CARRIED)


@pytest.mark.parametrize("outcome", [EIGHT, TIMES])
def test_regressions_are_adjusted_as_the_plan_says(outcome):
    """The arm is named with both kinds of endpoint."""
    tissue = in_two_arms(outcome, Plan(("arm",), permutations=10))[0]

    assert tissue.tests[0].association.firth.adjusted_for == ("arm C",)
    assert "regressions adjusted for arm" in tissue.method


def test_a_marker_named_beforehand_is_shrunk_and_no_other():
    """All five carriers responded, so no estimate is finite; the prior keeps the ratio so."""
    explored = replace(CARRIED, name="gene", label="exploratory, hypothesis-generating")
    absent = replace(CARRIED, name="pten", calls=("not altered",) * 20)

    named, other = asked(CARRIED, absent, explored)

    found = named.tests[0].shrunk
    assert 1 < found.lower < found.ratio < found.upper < float("inf")
    assert found.measure == "odds ratio"
    assert found.prior.source in found.because
    assert named.tests[1].shrunk is None
    assert other.tests[0].shrunk is None


def test_a_marker_of_treatment_is_followed_from_its_landmark_and_meets_no_response():
    """By day 5 five had the event: they are counted out by name. It is corrected by itself."""
    late = replace(CARRIED, name="clearance", family="cfDNA", landmark_day=5,
                   calls=("altered", "not altered") * 10)  # fmt: skip
    first = replace(late, name="baseline", landmark_day=None)
    times = Times("progression-free survival", tuple(range(1, 21)), (True,) * 20)

    by_day_one, by_landmark = asked(first, late, outcome=times)

    assert (by_day_one.family, by_landmark.family) == ("cfDNA", "cfDNA, landmark day 5")
    basis = by_landmark.tests[0].association.basis
    assert (basis.participants, set(basis.excluded)) == (15, set(NUMBERS[:5]))
    assert "time from the landmark, day 5" in by_landmark.method
    assert [one.family for one in asked(first, late)] == ["cfDNA"]
    assert [one.marker for family in asked(first, late) for one in family.tests] == ["baseline"]


def test_a_shrunk_ratio_stands_with_its_prior():
    """A row for the marker and endpoint; what it rests on stands in the frame."""
    times = Times("overall survival", tuple(range(1, 21)), (True,) * 20)

    found = list(shrunk_table(asked(CARRIED, outcome=times)))

    assert {each.row for each in found} == {"pik3ca / overall survival"}
    shown = {each.group: each.shown for each in found}
    assert shown["measure"] == "hazard ratio"
    assert shown["normal prior"] == "mean 0, SD 0.693 of the logarithm"
    assert float(shown["posterior median with limits"].split()[0]) > 1
    assert float(shown["probability below 1"]) < 0.05


def test_nobody_with_a_known_marker_gives_no_estimate_and_no_test():
    """Of a family that was never assayed."""
    unseen = Marker("pten", "IHC", ("not assayed",) * 20, "pre-specified")
    times = Times("overall survival", tuple(range(1, 21)), (True,) * 20)

    for outcome in (RESPONDED, times):
        (family,) = asked(unseen, outcome=outcome)
        (test,) = family.tests
        assert (test.p, test.adjusted) == (None, None)
        assert test.association.basis.participants == 0
