"""Recorded sex."""

import pytest
from tests.eligibility.casebooks import TERMS, book, context

from trialwright.eligibility.kinds.sex import check, judge, say
from trialwright.protocol.leaf_rules import SexRule
from trialwright.terms.sources import Source
from trialwright.terms.verdicts import Evidence

FEMALE = SexRule(kind="sex", expect="female")


@pytest.mark.parametrize(
    ("sex", "expected", "missing"),
    [("female", "met", ()), ("male", "not met", ()), (None, "unknown", ("sex",))],
)
def test_recorded_sex_decides(sex, expected, missing):
    """What is not recorded as female or male is unknown."""
    finding = judge(FEMALE, book(sex=sex), context())

    assert (finding.answer, finding.missing) == (expected, missing)
    assert finding.evidence == (
        (Evidence("sex", sex, "", Source("derived", "participant record")),) if sex else ()
    )
    assert finding.because == (
        f"recorded sex {sex}, asked female" if sex else "sex: not recorded as female or male"
    )


def test_a_rule_is_said_in_words_and_has_no_fault():
    """There is nothing to mistake."""
    assert say(FEMALE, TERMS) == "recorded sex female"
    assert list(check(FEMALE, TERMS)) == []
