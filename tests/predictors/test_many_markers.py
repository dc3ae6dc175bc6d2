"""Many markers at once: the gate before correction, Benjamini-Hochberg, and max-T."""

import itertools
import time

import numpy as np
import pytest
from scipy.stats import fisher_exact
from tests.sizes import sized

from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.predictors.multiplicity import benjamini_hochberg, tarone
from trialwright.predictors.permutation import max_t_response, max_t_time, tally
from trialwright.predictors.scores import log_rank_scores, score_design
from trialwright.terms.errors import Refusal

MARKERS = {
    "A": "111100000000", "B": "101000000000", "C": "010011111101",
    "D": "100110100000", "E": "001000011000", "F": "111010100001",
}  # fmt: skip
ANSWERS = ("yes",) * 5 + ("no",) * 7


def _cohort(size=12, arms="A"):
    """Give participants whose arms repeat the letters."""
    numbers = tuple(f"P{place}" for place in range(size))
    return Cohort("treated", numbers, tuple(arms[place % len(arms)] for place in range(size)))


def _marker(name, carriers, **more):
    """Give a marker by ones and noughts; a point is not assayed."""
    calls = {"1": "altered", "0": "not altered", ".": "not assayed"}
    return Marker(name, "tissue DNA", tuple(map(calls.get, carriers)), **more)


FAMILY = [_marker(name, carriers) for name, carriers in MARKERS.items()]


def test_the_gate_divides_by_how_many_can_be_significant():
    """Worked by hand: at 0.05 / 2 two markers pass, so two is what is divided by."""
    gate = tarone({"rare": 0.2, "first": 0.001, "second": 0.02, "third": 0.03})

    assert gate.divisor == 2
    assert gate.testable == ("first", "second")
    assert gate.untestable == ("rare", "third")
    assert "2 of 4 markers can reach 0.05 / 2 = 0.025" in gate.because
    assert "not tested: rare (at best 0.2), third (at best 0.03)" in gate.because


@pytest.mark.parametrize(
    ("floors", "divisor", "testable"),
    [
        ({}, 1, 0),
        ({"A": 0.2}, 1, 0),
        ({"A": 0.05}, 1, 1),
        ({"A": 0.025, "B": 0.025}, 2, 2),
        ({"A": 0.026, "B": 0.026}, 2, 0),
        (dict.fromkeys("ABCDE", 0.0), 5, 5),
    ],
)
def test_the_gate_at_its_edges(floors, divisor, testable):
    """A floor equal to the bound passes; all markers that reach anything share the level."""
    gate = tarone(floors)

    assert (gate.divisor, len(gate.testable)) == (divisor, testable)


def test_the_level_of_the_gate_is_a_probability():
    """Five is meant as five percent, and refused."""
    with pytest.raises(Refusal, match="level"):
        tarone({"A": 0.1}, 5)


def test_benjamini_hochberg_is_what_r_gives():
    """p.adjust(c(0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361, 0.387), "BH"), R 4.2.2."""
    found = benjamini_hochberg([0.387, 0.005, 0.009, 0.019, 0.022, 0.051, 0.101, 0.361])

    assert found == pytest.approx(
        (0.387, 0.036, 0.036, 0.044, 0.044, 0.0816, 0.134666666667, 0.387), rel=1e-11
    )
    assert benjamini_hochberg([]) == ()


def test_max_t_over_all_arrangements_is_what_multtest_gives():
    """R 4.2.2, multtest 2.54.0: mt.maxT(X, y, test="t.equalvar", side="abs", B=0).

    Without missing calls its t rises with our statistic. Its step-down values are the running
    maxima of single steps over the markers that are left.
    """
    event = np.array([1.0] * 5 + [0.0] * 7)
    altered = np.array([[each == "1" for each in text] for text in MARKERS.values()]).T
    every = np.zeros((12, 792))
    for place, own in enumerate(itertools.combinations(range(12), 5)):
        every[list(own), place] = 1

    def over(markers):
        """Count over all arrangements."""
        own = altered[:, markers]
        return tally(score_design(np.ones_like(own), own, ["A"] * 12), event, [every])

    _, alone, largest = over(list(range(6)))
    order = [0, 1, 5, 2, 3, 4]
    steps = [over(order[done:])[2][0] / 792 for done in range(6)]

    raw = (0.010101010101, 0.151515151515, 0.222222222222, 0.222222222222, 1, 0.242424242424)
    assert alone / 792 == pytest.approx(raw, rel=1e-10)
    assert largest[0] / 792 == pytest.approx(0.0441919191919, rel=1e-10)
    assert np.maximum.accumulate(steps) == pytest.approx(
        (0.0441919191919, 0.3257575757576, 0.3939393939394, 0.5138888888889, 0.5138888888889, 1),
        rel=1e-10,
    )


def test_drawn_permutations_near_the_exact_p_values():
    """4,000 draws: within four standard errors of the shares over all 792 arrangements."""
    found = max_t_response(FAMILY, _cohort(), Responses("objective response", ANSWERS), 4000,
                           np.random.default_rng(8))  # fmt: skip

    exact = np.array([8, 120, 176, 176, 792, 192]) / 792
    error = np.sqrt(exact * (1 - exact) / 4000)
    assert (np.abs(np.array(found.p) - exact) <= 4 * error + 1 / 4001).all()
    assert found.adjusted[0] == pytest.approx(0.0441919, abs=4 * (0.0442 / 4000) ** 0.5)
    assert all(own <= whole for own, whole in zip(found.p, found.adjusted, strict=True))


def test_one_marker_in_one_arm_is_fishers_test_with_equal_margins():
    """With half of all altered the two tails mirror, and both tests count the same tables."""
    carriers = _marker("G", "110111010000")
    answers = tuple("yes" if each == "1" else "no" for each in "110110010100")

    found = max_t_response([carriers], _cohort(), Responses("objective response", answers), 20_000,
                           np.random.default_rng(3))  # fmt: skip

    exact = fisher_exact([[5, 1], [1, 5]]).pvalue
    assert found.p[0] == pytest.approx(exact, abs=4 * (exact / 20_000) ** 0.5)
    assert found.adjusted == found.p


def test_outcomes_never_leave_their_arm():
    """The marker says what the arm says: no arrangement within arms moves it, so p is 1."""
    cohort = _cohort(12, "AB")
    marker = _marker("G", "10" * 6)
    answers = Responses("objective response", ("yes", "no") * 6)

    within = max_t_response([marker], cohort, answers, 200, np.random.default_rng(1))
    across = max_t_response([marker], _cohort(), answers, 200, np.random.default_rng(1))

    assert within.p == (1.0,)
    assert within.strata == ("A", "B")
    assert across.p[0] < 0.05


def test_the_log_rank_statistic_is_standardised_observed_less_expected():
    """Its sign is the hazard's, and its scores are those of the arms."""
    days = (10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120)
    had = (True,) * 12
    cohort = _cohort(12, "AB")

    found = max_t_time(FAMILY, cohort, Times("PFS", days, had), 100, np.random.default_rng(1))

    altered = np.array([[each == "1" for each in text] for text in MARKERS.values()]).T
    scores = log_rank_scores(np.array(days, float), np.array(had), cohort.arms)
    z = score_design(np.ones_like(altered), altered, cohort.arms).statistics(scores[:, None])
    assert found.statistics == pytest.approx(z[:, 0])
    assert found.statistics[0] > 2
    assert "within 2 arms (A, B) of 12 participants with 12 events" in found.because


def test_only_those_whose_outcome_is_known_are_permuted():
    """Not evaluable, never followed, and lost by the landmark: none of them is in."""
    answers = Responses("objective response", ("not evaluable", *ANSWERS[1:]))
    times = Times("PFS", (None, 5, 30, 31, *range(40, 120, 10)), (True,) * 12)
    later = [_marker("A", MARKERS["A"], landmark_day=30)]

    response = max_t_response(FAMILY, _cohort(), answers, 10, np.random.default_rng(1))
    early = max_t_time(FAMILY, _cohort(), times, 10, np.random.default_rng(1))
    late = max_t_time(later, _cohort(), times, 10, np.random.default_rng(1))

    assert (response.participants, response.events) == (11, 4)
    assert (early.participants, late.participants) == (11, 9)


def test_progress_is_told_and_the_generator_decides():
    """Blocks of a hundred; the same generator gives the same answer."""
    told = []
    answers = Responses("objective response", ANSWERS)

    first = max_t_response(FAMILY, _cohort(), answers, 250, np.random.default_rng(5),
                           lambda done, total: told.append((done, total)))  # fmt: skip
    again = max_t_response(FAMILY, _cohort(), answers, 250, np.random.default_rng(5))
    other = max_t_response(FAMILY, _cohort(), answers, 250, np.random.default_rng(6))

    assert told == [(100, 250), (200, 250), (250, 250)]
    assert first == again
    assert first.p != other.p
    assert first.adjusted[0] >= 1 / 251


@pytest.mark.parametrize(
    ("markers", "permutations"),
    [([], 10), (FAMILY, 0), ([_marker("short", "10")], 10)],
)
def test_nothing_to_permute_is_refused(markers, permutations):
    """No marker, no permutation, or a marker of other participants."""
    with pytest.raises(Refusal):
        max_t_response(markers, _cohort(), Responses("ORR", ANSWERS), permutations,
                       np.random.default_rng(1))  # fmt: skip


def test_markers_of_two_landmarks_are_two_families():
    """They do not count the same participants."""
    markers = [FAMILY[0], _marker("B", MARKERS["B"], landmark_day=30)]

    with pytest.raises(Refusal, match="one landmark"):
        max_t_time(markers, _cohort(), Times("PFS", (40,) * 12, (True,) * 12), 10,
                   np.random.default_rng(1))  # fmt: skip


@pytest.mark.sized
def test_two_thousand_by_five_hundred_is_soon_permuted(tell):
    """2,000 participants, 500 markers, 1,000 permutations in four arms: 5 s and 60 s at most."""
    genes = sized(500, 50)
    generator = np.random.default_rng(2026)
    cohort = _cohort(2000, "ABCD")
    calls = np.array(["altered", "not altered", "not assayed"])
    shares = generator.uniform(0.005, 0.3, genes)
    markers = [
        Marker(f"gene {place}", "tissue DNA",
               tuple(generator.choice(calls, 2000, p=[share, 0.95 - share, 0.05]).tolist()))
        for place, share in enumerate(shares)
    ]  # fmt: skip
    answers = Responses("objective response", ("yes", "no", "no", "no", "no") * 400)
    days = tuple(int(each) for each in generator.integers(1, 900, 2000))
    times = Times("PFS", days, tuple((generator.random(2000) < 0.7).tolist()))

    start = time.process_time()
    max_t_response(markers, cohort, answers, 1000, generator)
    middle = time.process_time()
    max_t_time(markers, cohort, times, 1000, generator)
    end = time.process_time()

    tell(
        "max-T", response_seconds=round(middle - start, 2), log_rank_seconds=round(end - middle, 2)
    )
    assert middle - start <= 5
    assert end - middle <= 60
