"""Proportions with exact limits: R's numbers, and what is not estimable."""

import json

import pytest

from trialwright.endpoints.proportions import Attained, clopper_pearson, proportion
from trialwright.terms.errors import Refusal


def test_limits_are_those_of_r(shared):
    """Every case of R's binom.test, with nobody and everybody among them."""
    path = shared / "reference" / "endpoints" / "clopper_pearson.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["cases"]
    found = [clopper_pearson(case["x"], case["n"], case["conf_level"]) for case in cases]

    assert len(cases) >= 44
    assert found == [
        tuple(pytest.approx(case[end], rel=1e-9, abs=1e-12) for end in ("lower", "upper"))
        for case in cases
    ]


def test_a_proportion_says_its_counts_and_keeps_every_reason():
    """One of three: 33.3 %, exact limits 0.8 % to 90.6 %; one may still attain it."""
    answers = {
        "001": Attained("yes", "PR"),
        "002": Attained("not yet", "SD"),
        "003": Attained("no", "PD"),
    }

    found = proportion("objective response rate", "response-evaluable", answers, 0.95)

    assert (found.having, found.participants, found.open, found.estimate) == (1, 3, 1, 1 / 3)
    assert found.because == (
        "objective response rate: 1 of 3 in the analysis set response-evaluable, 33.3 % "
        "(95 % Clopper-Pearson 0.8 % to 90.6 %); 1 can still attain it."
    )
    assert found.answers == answers


def test_nobody_is_no_proportion():
    """An empty set is not estimable, never 0 %."""
    found = proportion("objective response rate", "response-evaluable", {}, 0.95)

    assert (found.estimate, found.lower, found.upper) == (None, None, None)
    assert "not estimable" in found.because


@pytest.mark.parametrize(
    ("having", "people", "level"), [(0, 0, 0.9), (2, 1, 0.9), (-1, 1, 0.9), (0, 1, 0), (0, 1, 1)]
)
def test_counts_that_cannot_be_are_refused(having, people, level):
    """Nobody, more than there are, and levels that are no probability."""
    with pytest.raises(Refusal):
        clopper_pearson(having, people, level)
