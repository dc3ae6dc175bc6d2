"""Sentences of the outline and of arms."""

import pytest

from trialwright.protocol.schedule import FollowUp
from trialwright.registry.dosing import Unclear
from trialwright.registry.lines import Stretch
from trialwright.registry.outline import (
    ArmWords,
    Design,
    read_arms,
    read_design,
    read_follow_up,
    sentences_of,
)

REPEAT = (
    "Cycles repeat every 28 days in the absence of disease progression or unacceptable toxicity."
)


def arms(**paragraphs):
    """Read arms from their paragraphs."""
    words = [
        ArmWords(label, line, sentences_of(text, line, 0))
        for line, (label, text) in enumerate(paragraphs.items(), start=1)
    ]
    return {arm.label: arm for arm, _ in read_arms(words)}


def dosing(arm):
    """Give an arm's lines in words."""
    return [line.says for line in arm.dosing]


def test_sentences_know_where_they_stand():
    """Each sentence begins at its own character."""
    text = "One e.g. this.  Two is 2.5 mg. Three"

    sentences = sentences_of(text, 3, 10)

    assert [each.words for each in sentences] == ["One e.g. this.", "Two is 2.5 mg.", "Three"]
    assert all(text[each.start - 10 :].startswith(each.words) for each in sentences)


@pytest.mark.parametrize(
    ("sentence", "design"),
    [
        ("This is a dose-escalation study of x.", Design("x")),
        ("This is a phase Ib, dose-escalation study of x-1.", Design("x-1")),
        ("Patients are assigned to 1 of 3 arms.", Design("", "assigned", 3)),
        ("Patients are randomized to one of 2 arms.", Design("", "randomized", 2)),
    ],
)
def test_the_outline_gives_the_design(sentence, design):
    """The escalated agent, and how patients come to how many arms."""
    assert read_design(Stretch(sentence, 1, 0)) == design


@pytest.mark.parametrize(
    "sentence",
    [
        "This is a dose-escalation study of x followed by a dose-expansion study.",
        "This is a dose-escalation study of x",
        "This is a study of x.",
        "Patients are assigned to 1 of 3 cohorts.",
    ],
)
def test_another_design_is_unclear(sentence):
    """What the patterns do not cover wholly is kept."""
    assert isinstance(read_design(Stretch(sentence, 1, 0)), Unclear)


def test_two_sentences_on_one_thing_must_agree():
    """A second agent, or another number of arms, is unclear; a repetition is not."""
    first = Design("x", "assigned", 3)

    assert isinstance(first.joined(Design("y")), Unclear)
    assert isinstance(first.joined(Design("", "assigned", 2)), Unclear)
    assert isinstance(first.joined(Design("", "randomized", 3)), Unclear)
    assert first.joined(Design("x")) == first
    assert Design("x").joined(Design("", "assigned", 3)) == first


@pytest.mark.parametrize(
    ("rest", "days", "months"),
    [
        ("followed up at 30 days, then every 3 months thereafter.", 30, 3),
        ("followed at 30 days and then every 6 months.", 30, 6),
        ("followed up within 28 days, then every 12 months.", 28, 12),
    ],
)
def test_follow_up_is_read(rest, days, months):
    """First visit in days, interval in months."""
    read = read_follow_up(
        Stretch(f"After completion of study treatment, patients are {rest}", 1, 0)
    )

    assert read == FollowUp(first_after_days=days, then_every_months=months)


@pytest.mark.parametrize(
    "rest",
    [
        "followed up for 5 years.",
        "followed up at 30 days, then every 3 months for up to 2 years.",
        "followed up at 0 days, then every 3 months.",
        "followed up at 401 days, then every 3 months.",
        "followed up at 30 days, then every 0 months.",
        "followed up at 30 days, then every 61 months.",
        "followed up at 30 days, then every 3 months",
    ],
)
def test_another_follow_up_is_unclear(rest):
    """A limit in years has no place in the protocol, so the sentence is kept whole."""
    sentence = f"After completion of study treatment, patients are {rest}"

    assert isinstance(read_follow_up(Stretch(sentence, 1, 0)), Unclear)


def test_an_arm_is_read_sentence_by_sentence():
    """Agents, cycle length and what ends treatment."""
    arm = arms(
        A=f"Patients receive x PO QD on days 1-28. Patients also receive y IM on day 1. {REPEAT}"
    )["A"]

    assert arm.cycle_days == 28
    assert arm.until == ("disease progression", "unacceptable toxicity")
    assert (arm.says, arm.kept, arm.most_cycles) == ("x and y", (), None)


@pytest.mark.parametrize(
    ("sentence", "days", "most"),
    [
        ("Treatment repeats every 3 weeks in the absence of disease progression.", 21, None),
        ("Courses repeat every 21 days for up to 6 courses in the absence of disease progression.",
         21, 6),
    ],
)  # fmt: skip
def test_cycles_repeat_in_days_or_weeks(sentence, days, most):
    """Weeks are whole weeks of days; a limit of cycles is kept."""
    arm = arms(A=f"Patients receive x PO on day 1. {sentence}")["A"]

    assert (arm.cycle_days, arm.most_cycles, arm.until) == (days, most, ("disease progression",))


def test_a_limit_of_cycles_ends_open_lines():
    """With up to 6 cycles, `subsequent cycles` are cycles 2 to 6."""
    text = (
        "Patients receive x PO on day 1 of cycle 1 and on day 2 of subsequent cycles. Cycles repeat"
        " every 21 days for up to 6 cycles in the absence of disease progression."
    )

    assert dosing(arms(A=text)["A"]) == ["x PO on day 1 of cycle 1", "x PO on day 2 of cycles 2-6"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Cycles repeat every 28 days.",
        "Cycles repeat every 28 days in the absence of anything.",
        "Cycles repeat every 0 days in the absence of disease progression.",
        "Cycles repeat every 99 weeks in the absence of disease progression.",
        "Cycles repeat every 28 days for up to 0 cycles in the absence of disease progression.",
    ],
)
def test_other_cycles_are_kept(sentence):
    """The sentence is kept, and the length stays open."""
    arm = arms(A=f"Patients receive x PO on day 1. {sentence}")["A"]

    assert arm.cycle_days is None
    assert [kept.words for kept in arm.kept] == [sentence]


def test_two_lengths_in_one_arm_leave_the_second_unclear():
    """An arm has one length of cycle."""
    other = REPEAT.replace("28", "21")
    arm = arms(A=f"Patients receive x PO on day 1. {REPEAT} {other}")["A"]

    assert [kept.words for kept in arm.kept] == [other]


def test_a_day_past_the_end_of_the_cycle_leaves_the_sentence_unclear():
    """Day 29 of a 28-day cycle is a contradiction; day 28 is not."""
    late = arms(A=f"Patients receive x PO on days 1-29. {REPEAT}")["A"]
    last = arms(A=f"Patients receive x PO on days 1-28. {REPEAT}")["A"]

    assert late.dosing == ()
    assert "day 29 is past the end of the 28-day cycle" in late.kept[0].because
    assert last.kept == ()


def test_an_arm_may_refer_to_a_later_one():
    """The order of arms does not matter."""
    read = arms(A="Patients receive x IM as in arm B.", B="Patients receive x IM on day 1.")

    assert dosing(read["A"]) == dosing(read["B"])


@pytest.mark.parametrize(
    "other",
    [
        "Patients receive x IM on day 1. Then they wait.",
        "Patients receive x IM as in arm A.",
        "Patients receive y IM on day 1.",
    ],
)
def test_an_arm_that_is_not_wholly_understood_gives_nothing_to_another(other):
    """What the other arm leaves open may change its days."""
    read = arms(A="Patients receive x IM as in arm B.", B=other)

    assert read["A"].dosing == ()
    assert "as in arm B" in read["A"].kept[0].because


def test_a_kept_sentence_does_not_take_the_others_with_it():
    """Each sentence stands for itself."""
    arm = arms(A=f"Patients receive x PO on day 1. Patients rest. {REPEAT}")["A"]

    assert dosing(arm) == ["x PO on day 1 of every cycle"]
    assert [kept.words for kept in arm.kept] == ["Patients rest."]
