"""An approval that the protocol leaves to a role: met by that role alone, and no waiver."""

import pytest
from tests.eligibility.casebooks import TERMS, book, context, said

from trialwright.eligibility.kinds.approval import check, judge, say
from trialwright.eligibility.trees import judge as judge_tree
from trialwright.protocol.criteria import AllRule
from trialwright.protocol.leaf_rules import ApprovalRule, SexRule

RULE = ApprovalRule(kind="approval", question="approval")
PI = "principal-investigator"


def answer(*facts):
    """Judge answers."""
    return str(judge(RULE, book(*facts), context()).answer)


@pytest.mark.parametrize(
    ("given", "role", "on", "expected"),
    [
        ("yes", PI, "2026-03-05", "met"),
        ("no", PI, "2026-03-05", "not met"),
        ("yes", "investigator", "2026-03-05", "unknown"),
        ("no", "investigator", "2026-03-05", "unknown"),
        ("yes", PI, "2026-03-06", "unknown"),
        ("yes", PI, "2026-03", "unknown"),
    ],
)
def test_only_the_role_named_approves_and_by_the_day_judged(given, role, on, expected):
    """An answer of another role, or of tomorrow, approves nothing."""
    assert answer(said("approval", given, role, on)) == expected


def test_the_last_answer_of_the_role_counts():
    """An approval can be taken back."""
    given = said("approval", "yes", PI, "2026-03-01")
    taken_back = said("approval", "no", PI, "2026-03-03")

    assert answer(taken_back, given) == "not met"
    assert answer(given, said("approval", "no", "investigator", "2026-03-04")) == "met"


def test_an_open_approval_names_who_has_to_give_it():
    """Nobody has answered yet."""
    finding = judge(RULE, book(), context())

    assert (finding.answer, finding.missing) == ("unknown", ("approval",))
    assert finding.because.endswith(" Not yet approved by the principal investigator.")


def test_an_approval_is_no_waiver():
    """What the record fails stays failed."""
    both = AllRule(kind="all", of=(RULE, SexRule(kind="sex", expect="female")))
    record = book(said("approval", "yes", PI), sex="male")

    assert judge_tree(both, record, context()).answer == "not met"


def test_a_rule_is_said_in_words_and_asks_a_question():
    """With a question mark."""
    worded = {**TERMS, "approval": TERMS["approval"].model_copy(update={"says": "Approved"})}

    assert say(RULE, TERMS) == (
        "the principal investigator approves: Does the principal investigator approve?"
    )
    assert list(check(RULE, TERMS)) == []
    assert len(list(check(RULE, worded))) == 1
