"""A question that a person answers and answers for."""

from datetime import date

import pytest
from tests.eligibility.casebooks import DAY, TERMS, book, context, said

from trialwright.eligibility.kinds.attested import check, judge, say
from trialwright.protocol.leaf_rules import AttestedRule


def rule(expect="yes", question="candidate", by="investigator"):
    """Make a rule."""
    return AttestedRule(kind="attested", question=question, expect=expect, by=by)


def answer(asked, *facts, **circumstances):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context(**circumstances)).answer)


@pytest.mark.parametrize(
    ("expect", "given", "expected"),
    [
        ("yes", "yes", "met"),
        ("yes", "no", "not met"),
        ("no", "no", "met"),
        ("no", "yes", "not met"),
    ],
)
def test_the_answer_of_the_role_asked_decides(expect, given, expected):
    """What is expected is met by it and not met by the other."""
    assert answer(rule(expect), said("candidate", given)) == expected


def test_a_question_that_nobody_answered_is_unknown():
    """The question and the role are named."""
    finding = judge(rule(), book(said("approval", "yes")), context())

    assert finding.answer == "unknown"
    assert finding.because == (
        "Is the participant a good candidate? Not yet answered by the investigator."
    )
    assert finding.missing == ("candidate",)


def test_an_answer_in_another_role_decides_nothing():
    """The investigator does not approve for the principal investigator."""
    asked = rule(question="approval", by="principal-investigator")
    finding = judge(asked, book(said("approval", "yes")), context())

    assert finding.answer == "unknown"
    assert "Answered by the investigator, asked of the principal investigator." in finding.because
    assert finding.missing == ("approval",)
    assert [str(fact) for fact in finding.evidence] == [
        "approval yes (investigator) on 2026-03-04 [person investigator]"
    ]


@pytest.mark.parametrize("order", [1, -1])
def test_an_answer_in_another_role_takes_nothing_away(order):
    """Nor does a later one."""
    own = said("candidate", "yes", on="2026-03-03")
    other = said("candidate", "no", "principal-investigator", on="2026-03-04")

    assert answer(rule(), *[own, other][::order]) == "met"


@pytest.mark.parametrize("order", [1, -1])
def test_the_last_answer_counts(order):
    """In whatever order the answers came in."""
    facts = [said("candidate", "yes", on="2026-03-01"), said("candidate", "no", on="2026-03-03")]

    assert answer(rule(), *facts[::order]) == "not met"


def test_an_answer_corrected_on_the_same_day_is_the_corrected_one():
    """Of two answers of a day the one that came in last."""
    assert answer(rule(), said("candidate", "no"), said("candidate", "yes")) == "met"


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2026-03-05", "met"), ("2026-03-06", "unknown"), ("2026-03", "unknown"), ("2026-02", "met")],
)
def test_an_answer_from_the_future_never_counts(on, expected):
    """Nor one that may be."""
    finding = judge(rule(), book(said("candidate", "yes", on=on)), context())

    assert finding.answer == expected
    assert finding.missing == (("candidate",) if expected == "unknown" else ())


def test_an_answer_that_may_be_from_the_future_is_told():
    """With its date and the day judged, and the answer as evidence."""
    finding = judge(rule(), book(said("candidate", "yes", on="2026-03")), context())

    assert finding.because == (
        "Is the participant a good candidate? Answered 2026-03, maybe after 2026-03-05."
    )
    assert len(finding.evidence) == 1


def test_roles_are_told_in_words():
    """Whoever was asked, and whoever answered."""
    asked = rule(question="approval", by="principal-investigator")
    open_one = judge(asked, book(), context())
    answered = judge(rule(), book(said("candidate", "yes", "principal-investigator")), context())

    assert open_one.because.endswith(" Not yet answered by the principal investigator.")
    assert answered.because.endswith(
        " Answered by the principal investigator, asked of the investigator."
    )
    given = judge(asked, book(said("approval", "no", "principal-investigator")), context())
    assert given.because.endswith(" No, principal investigator, 2026-03-04.")


def test_an_answer_about_the_anchor_may_be_given_after_it():
    """What happened up to consent is answered on a later day."""
    circumstances = {"anchor": "consent", "consent": date(2026, 2, 1)}

    assert answer(rule(), said("candidate", "yes"), as_of=DAY, **circumstances) == "met"


def test_the_reason_names_role_and_day_and_not_the_words():
    """Why the person answered so is kept out of the finding."""
    finding = judge(rule(), book(said("candidate", "yes")), context())

    assert finding.because == (
        "Is the participant a good candidate? Yes, investigator, 2026-03-04."
    )
    assert str(finding.evidence[0]) == (
        "candidate yes (investigator) on 2026-03-04 [person investigator]"
    )


def test_a_rule_is_said_in_words():
    """With question, role and the answer expected."""
    assert say(rule(question="approval", by="principal-investigator"), TERMS) == (
        "the principal investigator answers yes to: Does the principal investigator approve?"
    )


def test_a_question_that_is_none_is_a_fault():
    """A person is asked with a question mark."""
    worded = {**TERMS, "candidate": TERMS["candidate"].model_copy(update={"says": "A candidate"})}

    assert list(check(rule(), TERMS)) == []
    assert [found for found, _, _ in check(rule(), worded)] == [
        "candidate is asked of a person and is no question"
    ]
