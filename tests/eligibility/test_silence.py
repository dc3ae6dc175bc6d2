"""What it means that nothing is recorded, by the policy of each rule."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.eligibility.casebooks import DAY, book, context, covers, said

from trialwright.eligibility.silence import completeness, silent
from trialwright.protocol.event_rules import ConditionRule

COMPLETE = {"not_recorded": "absent-if-complete", "look_back_days": 30}


def after(days):
    """Give the day so many days after the day judged."""
    return DAY + timedelta(days=days)


def rule(**fields):
    """Make a rule on pregnancy."""
    return ConditionRule(kind="condition", fact="pregnancy", expect="present", **fields)


def found(asked, *facts, unsettled=(), **circumstances):
    """Judge silence about pregnancy."""
    record = replace(book(*facts), unsettled=frozenset(unsettled))
    return silent(asked, "Pregnancy", ("pregnancy", "gravida"), record, context(**circumstances))


@pytest.mark.parametrize(
    ("policy", "expected", "because"),
    [
        ({}, "unknown", "Pregnancy: nothing recorded"),
        (
            {"not_recorded": "absent"},
            "not met",
            "Pregnancy: nothing recorded, which the protocol reads as absent",
        ),
        (
            COMPLETE,
            "unknown",
            "Pregnancy: nothing recorded, and the record is not known to be complete",
        ),
    ],
)
def test_the_policy_of_the_rule_decides(policy, expected, because):
    """Unknown unless the protocol says otherwise; the reason says how silence was read."""
    finding = found(rule(**policy))

    assert (finding.answer, finding.because) == (expected, because)
    assert finding.missing == (("pregnancy",) if expected == "unknown" else ())


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2026-02-03", "2026-03-05", "not met"),
        ("2026-02-04", "2026-03-05", "unknown"),
        ("2026-02-03", "2026-03-04", "unknown"),
        ("2026-02", "2026-03-05", "unknown"),
        ("2026-01", "2026-04", "not met"),
        ("2026-01", "2026-03", "unknown"),
        (None, "2026-03-05", "not met"),
    ],
)
def test_a_span_must_hold_the_whole_look_back(since, until, expected):
    """From 30 days before the anchor up to the day judged; the span is the evidence."""
    finding = found(rule(**COMPLETE), covers(since, until))

    assert finding.answer == expected
    assert len(finding.evidence) == (1 if expected == "not met" else 0)


def test_two_spans_with_a_gap_are_no_complete_record():
    """Each is asked alone."""
    spans = covers("2026-01-01", "2026-02-20"), covers("2026-02-22", "2026-03-05")

    assert found(rule(**COMPLETE), *spans).answer == "unknown"


def test_a_span_up_to_the_day_judged_holds_while_the_anchor_lies_ahead():
    """The look-back counts from the anchor."""
    ahead = {"anchor": "first_dose", "first_dose": date(2026, 3, 10)}

    assert found(rule(**COMPLETE), covers("2026-02-08", "2026-03-05"), **ahead).answer == "not met"
    assert found(rule(**COMPLETE), covers("2026-02-09", "2026-03-05"), **ahead).answer == "unknown"


@pytest.mark.parametrize(
    ("given", "on", "expected"),
    [
        ("yes", "2026-03-05", "not met"),
        ("no", "2026-03-05", "unknown"),
        ("yes", "2026-03", "unknown"),
        ("yes", "2026-03-06", "unknown"),
    ],
)
def test_a_person_may_say_that_the_record_is_complete(given, on, expected):
    """By an answer that is certainly given by the day judged."""
    finding = found(rule(**COMPLETE), said("complete", given, on=on))

    assert finding.answer == expected
    assert [each.what for each in finding.evidence] == (
        ["complete"] if expected == "not met" else []
    )


def test_a_person_who_says_no_outweighs_a_span():
    """The newest answer counts."""
    span = covers("2020-01-01", "2026-03-05")
    yes, no = said("complete", "yes", on="2026-03-01"), said("complete", "no", on="2026-03-02")

    assert found(rule(**COMPLETE), span, no).answer == "unknown"
    assert found(rule(**COMPLETE), no, yes).answer == "unknown"


@pytest.mark.parametrize("name", ["pregnancy", "gravida"])
@pytest.mark.parametrize("policy", [{"not_recorded": "absent"}, COMPLETE, {}])
def test_what_was_left_unread_is_no_silence(name, policy):
    """Whatever the policy, and however complete the record."""
    finding = found(rule(**policy), said("complete", "yes"), unsettled=(name,))

    assert (finding.answer, finding.missing) == ("unknown", ("pregnancy",))
    assert f"could not be read ({name})" in finding.because


def test_of_many_left_unread_the_first_are_named():
    """A medicine that nobody names opens all of a set."""
    names = tuple(f"m{n}" for n in range(8))
    made = silent(rule(), "Set", names, replace(book(), unsettled=frozenset(names)), context())

    assert made.because == (
        "Set: something on record could not be read (m0, m1, m2, m3, m4 and 3 more)"
    )


def test_everything_left_unread_is_named():
    """In the order of the alphabet, so that the reason is the same every time."""
    finding = found(rule(), unsettled=("pregnancy", "gravida", "hiv"))

    assert finding.because == (
        "Pregnancy: something on record could not be read (gravida, pregnancy)"
    )


def test_a_span_without_a_beginning_holds_from_birth():
    """As told in the evidence."""
    finding = found(rule(**COMPLETE), covers(None, "2026-03-05"))

    assert [each.value for each in finding.evidence] == ["birth to 2026-03-05"]


def test_without_a_question_nobody_is_asked():
    """Only a span can say it."""
    nobody = replace(context(), completeness="")
    span = covers("2020-01-01", "2026-03-05")

    assert completeness(30, book(said("complete", "yes")), nobody) is None
    assert str(completeness(30, book(span), nobody)) == (
        f"record complete 2020-01-01 to 2026-03-05 on {DAY} [omop observation_period/1]"
    )


@pytest.mark.parametrize(
    ("since", "until", "first_dose", "turns"),
    [
        (-10, 0, 4, [20]),
        (-10, 0, None, [20]),
        (-10, 3, 4, [20]),
        (-10, -1, 4, []),
        (-29, 0, 0, [1]),
        (-29, 0, 1, []),
    ],
)
def test_it_turns_when_a_record_that_goes_on_covers_the_look_back(since, until, first_dose, turns):
    """Thirty days after its first day; one that ended before the day judged never does."""
    span = covers(after(since).isoformat(), after(until).isoformat())
    dose = None if first_dose is None else after(first_dose)
    finding = found(rule(**COMPLETE), span, anchor="first_dose", first_dose=dose)

    assert finding.turns_on == tuple(after(days) for days in turns)


def test_a_record_that_a_person_calls_incomplete_has_turned_before():
    """It covers the look-back today, and is not asked."""
    span = covers(after(-30).isoformat(), DAY.isoformat())
    finding = found(rule(**COMPLETE), span, said("complete", "no"))

    assert (finding.answer, finding.turns_on) == ("unknown", ())
