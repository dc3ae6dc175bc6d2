"""A coded result that is one of those named."""

from dataclasses import replace
from datetime import date

import pytest
from tests.eligibility.casebooks import TERMS, book, context, covers, said, seen

from trialwright.eligibility.kinds.finding import check, judge, say
from trialwright.protocol.leaf_rules import FindingRule


def rule(*among, within_days=None, **policy):
    """Make a rule: HER2 negative unless said otherwise."""
    return FindingRule(
        kind="finding", fact="her2", among=among or ("negative",), within_days=within_days, **policy
    )


def answer(asked, *facts):
    """Judge facts and give the answer."""
    return str(judge(asked, book(*facts), context()).answer)


@pytest.mark.parametrize(
    ("word", "among", "expected"),
    [
        ("(negative)", ("negative",), "met"),
        ("(positive)", ("negative",), "not met"),
        ("(0)", ("0", "1+"), "met"),
        ("(2+)", ("0", "1+"), "not met"),
        ("(2+)", ("2+", "equivocal"), "met"),
        ("(equivocal)", ("negative",), "unknown"),
        ("(equivocal)", ("positive",), "unknown"),
        ("(indeterminate)", ("negative", "equivocal"), "unknown"),
        ("(indeterminate)", ("2+", "indeterminate"), "met"),
        ("(negative)", ("2+", "indeterminate"), "not met"),
        ("(in question)", ("negative",), "unknown"),
        ("3 {score}", ("negative",), "unknown"),
    ],
)
def test_the_word_found_is_one_of_those_named_or_not(word, among, expected):
    """A test that did not decide is neither, unless the rule names it; nor is what is no word."""
    finding = judge(rule(*among), book(seen("her2", word)), context())

    assert finding.answer == expected
    assert finding.missing == (("her2",) if expected == "unknown" else ())
    assert len(finding.evidence) == 1


@pytest.mark.parametrize(("word", "told"), [("(2+)", "not 0 or 1+"), ("(0)", "0 or 1+")])
def test_the_reason_says_what_was_found(word, told):
    """Read aloud it says whether it is right."""
    finding = judge(rule("0", "1+"), book(seen("her2", word)), context())

    assert finding.because == f"HER2 {word.strip('()')} on 2026-03-02, {told}"


def test_the_reason_says_that_the_test_did_not_decide():
    """It is to be done again."""
    finding = judge(rule("positive"), book(seen("her2", "(indeterminate)")), context())

    assert finding.because == "HER2 indeterminate on 2026-03-02 decides nothing"


def test_the_newest_result_counts():
    """In whatever order results came in; one in question is not passed over."""
    old, new = seen("her2", "(positive)", "2025-01-01"), seen("her2", "(negative)")

    assert answer(rule(), new, old) == "met"
    assert answer(rule(), old, new) == "met"
    assert answer(rule(), old, new, seen("her2", "(in question)", "2026-03-03")) == "unknown"


def test_results_of_one_day_that_differ_in_their_answer_are_unknown():
    """Two words on the same side of the rule agree; the last to arrive is the evidence."""
    facts = [seen("her2", "(0)", place="1"), seen("her2", "(1+)", place="2")]

    agreeing = judge(rule("0", "1+"), book(*facts), context())
    differing = judge(rule("0"), book(*facts), context())

    assert (agreeing.answer, differing.answer) == ("met", "unknown")
    assert [fact.source.place for fact in agreeing.evidence] == ["Observation/2"]
    assert [fact.source.place for fact in differing.evidence] == ["Observation/1", "Observation/2"]


@pytest.mark.parametrize(
    ("policy", "facts", "expected"),
    [
        ({}, (), "unknown"),
        ({"not_recorded": "absent"}, (), "not met"),
        ({"not_recorded": "absent-if-complete", "look_back_days": 365}, (), "unknown"),
        (
            {"not_recorded": "absent-if-complete", "look_back_days": 365},
            (said("complete", "yes"),),
            "not met",
        ),
        (
            {"not_recorded": "absent-if-complete", "look_back_days": 365},
            (covers("2025-03-05", "2026-03-05"),),
            "not met",
        ),
        ({"not_recorded": "absent"}, (seen("her2", "(in question)"),), "unknown"),
        ({"not_recorded": "absent"}, (seen("her2", "(negative)", "2026-03-06"),), "not met"),
    ],
)
def test_silence_means_what_the_rule_says(policy, facts, expected):
    """A result in question is no silence; one from the future is."""
    assert answer(rule(**policy), *facts) == expected


@pytest.mark.parametrize(
    ("policy", "because"),
    [
        ("unknown", "HER2: not recorded by 2026-03-05"),
        ("absent", "HER2: nothing recorded, which the protocol reads as absent"),
    ],
)
def test_silence_is_told(policy, because):
    """By which day nothing was there, or how the protocol reads it."""
    assert judge(rule(not_recorded=policy), book(), context()).because == because


def test_what_could_not_be_read_is_no_silence():
    """Something is on record, and nobody knows what it says."""
    unread = replace(book(), unsettled=frozenset({"her2"}))
    finding = judge(rule(not_recorded="absent"), unread, context())

    assert (finding.answer, finding.missing) == ("unknown", ("her2",))


def test_a_result_too_old_is_unknown_whatever_silence_means():
    """Something is recorded: the policy on silence does not speak."""
    asked = rule(within_days=28, not_recorded="absent")
    finding = judge(asked, book(seen("her2", "(negative)", "2026-02-04")), context())

    assert finding.answer == "unknown"
    assert finding.because == "HER2 negative on 2026-02-04: is older than 28 days"


def test_a_windowed_result_turns_on_the_day_it_leaves_the_window():
    """A partial date leaves it piecemeal."""
    exact = judge(rule(within_days=28), book(seen("her2", "(negative)")), context())
    partial = judge(rule(within_days=40), book(seen("her2", "(negative)", "2026-02")), context())

    assert exact.turns_on == (date(2026, 3, 31),)
    assert (partial.answer, partial.turns_on) == ("met", (date(2026, 3, 14), date(2026, 4, 10)))


def test_a_rule_is_said_in_words():
    """With every answer named, and its window, if it has one."""
    assert say(rule("0", "1+", within_days=90), TERMS) == "latest HER2 0 or 1+ within 90 days"
    assert say(rule("0", "1+"), TERMS) == "latest HER2 0 or 1+"


@pytest.mark.parametrize(
    ("among", "is_fault"),
    [(("negative", "1+"), False), (("negative", "negative"), True), (("in question",), True)],
)
def test_a_list_of_answers_that_cannot_be_right_is_one_fault(among, is_fault):
    """One named twice, and one that is no answer."""
    faults = list(check(rule(*among), TERMS))

    assert len(faults) == is_fault
    assert all(found and allowed and do for found, allowed, do in faults)
