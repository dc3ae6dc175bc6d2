"""All markers of a trial: families apart, the gate first, every correction over what it left."""

import numpy as np
import pytest

from trialwright.predictors.families import Plan, families_of_response, families_of_time
from trialwright.predictors.markers import Cohort, Marker, Responses, Times
from trialwright.terms.errors import Refusal

TISSUE = {"strong": "111111000000000000000000", "weak": "110001110000110000000000",
          "rare": "100000000000000000000000"}  # fmt: skip
PLASMA = {"strong": "111110000000000000000001"}
RESPONSES = Responses("objective response", ("yes",) * 8 + ("no",) * 16)
TIMES = Times("PFS", tuple(range(20, 260, 10)), (True,) * 20 + (False,) * 4)
COHORT = Cohort("treated", tuple(f"P{place}" for place in range(24)), ("A", "C") * 12)
PLAN = Plan(permutations=400)


def _markers():
    """Give the markers of both families."""
    return [
        Marker(name, family, tuple("altered" if each == "1" else "not altered" for each in text))
        for family, own in (("tissue DNA", TISSUE), ("cell-free DNA", PLASMA))
        for name, text in own.items()
    ]


def _told(given, plan=PLAN):
    """Test everything against the response or the time."""
    function = families_of_response if isinstance(given, Responses) else families_of_time
    return function(_markers(), COHORT, given, plan, np.random.default_rng(4))


@pytest.mark.parametrize("given", [RESPONSES, TIMES])
def test_families_are_gated_and_corrected_apart(given):
    """The rare marker is shown and not tested; two markers of tissue share the correction."""
    tissue, plasma = _told(given)

    assert (tissue.name, plasma.name) == ("tissue DNA", "cell-free DNA")
    assert tissue.gate.untestable == ("rare",)
    assert [one.association.basis.marker for one in tissue.markers] == ["strong", "weak", "rare"]
    strong, weak, rare = tissue.markers
    assert (rare.p, rare.false_discovery, rare.family_wise) == (None, None, None)
    assert "not tested: at best p = " in rare.because
    assert "not tested: rare (at best" in tissue.because
    assert strong.false_discovery == pytest.approx(min(2 * strong.p, weak.p))
    assert strong.family_wise >= strong.p if given is TIMES else strong.family_wise < 0.05
    assert plasma.markers[0].false_discovery == plasma.markers[0].p
    assert "each over 2 testable markers" in strong.because


def test_the_test_that_counts_is_the_one_of_the_plan():
    """Boschloo unless Fisher is pre-specified; a time is permuted."""
    boschloo, fisher, time = (
        _told(RESPONSES)[0], _told(RESPONSES, Plan("Fisher", permutations=10))[0], _told(TIMES)[0]
    )  # fmt: skip

    assert (boschloo.test, fisher.test, time.test) == ("Boschloo", "Fisher", "permuted log-rank")
    assert boschloo.markers[0].p == boschloo.markers[0].association.p
    assert fisher.markers[0].p == fisher.markers[0].association.fisher
    assert boschloo.markers[0].p != fisher.markers[0].p
    assert time.markers[0].p == time.max_t.p[0]


def test_the_level_of_the_plan_is_that_of_the_gate():
    """At one in a million nothing is tested: C(8, 6) / C(24, 6), C(8, 7) / C(24, 7), 8 / 24."""
    (tissue, _) = _told(RESPONSES, Plan("Fisher", level=1e-6))

    assert tissue.max_t is None
    assert all(one.p is None for one in tissue.markers)
    assert tissue.because.endswith(
        "strong (at best 0.000208), weak (at best 2.31e-05), rare (at best 0.333)."
    )


def test_a_marker_stands_once_in_its_family():
    """Two of one name could not be told apart in a table."""
    markers = [*_markers(), _markers()[0]]

    with pytest.raises(Refusal, match="strong"):
        families_of_response(markers, COHORT, RESPONSES, PLAN, np.random.default_rng(1))


def test_regressions_are_adjusted_as_the_plan_says():
    """The arm is named with both kinds of endpoint, and progress is told."""
    told = []
    plan = Plan(permutations=10, adjusted_for=("arm",))

    response = families_of_response(_markers(), COHORT, RESPONSES, plan, np.random.default_rng(1),
                                    lambda done, total: told.append((done, total)))  # fmt: skip
    time = families_of_time(_markers(), COHORT, TIMES, plan, np.random.default_rng(1))

    assert response[0].markers[0].association.firth.adjusted_for == ("arm C",)
    assert time[0].markers[0].association.firth.adjusted_for == ("arm C",)
    assert told == [(10, 10), (10, 10)]
