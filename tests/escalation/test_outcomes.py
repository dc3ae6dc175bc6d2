"""A whole escalation in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.escalation.decision import LevelCount
from trialwright.escalation.outcomes import Cohort, Outcomes, read_outcomes
from trialwright.terms.errors import Fault, Refusal

COHORTS = st.lists(
    st.builds(Cohort, st.integers(1, 12), st.text("NTPE", min_size=1, max_size=6)), max_size=8
)


@pytest.mark.parametrize(
    ("text", "seen", "last_level"),
    [
        ("", [(0, 0, 0), (0, 0, 0)], None),
        ("1NNN 2NTT", [(3, 0, 0), (3, 2, 0)], 2),
        ("1NNT 1NNN", [(6, 1, 0), (0, 0, 0)], 1),
        ("1NNN 2TT 1NNP", [(5, 0, 1), (2, 2, 0)], 1),
        ("1NEN 2P", [(2, 0, 0), (0, 0, 1)], 2),
        ("  1NNN\n\t2E ", [(3, 0, 0), (0, 0, 0)], 2),
        ("2NPT", [(0, 0, 0), (2, 1, 1)], 2),
    ],
)
def test_a_line_gives_the_counts_of_each_level(text, seen, last_level):
    """N and T are evaluable, P is pending, E is counted nowhere."""
    outcomes = read_outcomes(text, levels=2)

    assert outcomes.seen == tuple(LevelCount(*counts) for counts in seen)
    assert outcomes.last_level == last_level


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "1NNN 2NXT",
            "position 8: 'X'. Allowed: N (no DLT through the window), T (a DLT), "
            "P (pending in the DLT window), E (not evaluable, replaced). "
            "Write one of the letters.",
        ),
        ("1nnn", "position 2: 'n'."),
        ("NNN", "position 1: a cohort without dose level. Allowed: 1-3. Begin with the dose level"),
        ("1NNN 0NNN", "position 6: dose level 0. Allowed: 1-3."),
        ("1NNN 02NNN", "position 6: dose level 02. Allowed: 1-3."),
        ("1NNN 4NNN", "position 6: dose level 4. Allowed: 1-3."),
        ("1NNN 99999N", "position 6: dose level 99999. Allowed: 1-3."),
        ("1NNN " + "9" * 5000 + "N", "position 6: dose level 9999999…. Allowed: 1-3."),
        ("1NNN 23", "position 6: dose level 23. Allowed: 1-3."),
        (
            "1NNN 2",
            "position 7: dose level 2 without participants. Allowed: N, T, P or E. "
            "Give one letter for each participant.",
        ),
        ("1NNN " + "9" * 9, "position 6: dose level 9999999…. Allowed: 1-3."),
        ("1NN²", "position 4: '²'."),
        ("-1NNN", "position 1: a cohort without dose level."),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_position(text, says):
    """The position is counted from 1 over the whole line."""
    with pytest.raises(Refusal) as refusal:
        read_outcomes(text, levels=3)

    assert str(refusal.value).startswith(says)


def test_all_faults_of_a_line_are_named_at_once():
    """Every position is told, not the first alone."""
    with pytest.raises(Refusal) as refusal:
        read_outcomes("1NXN 7NNY 2", levels=3)

    assert [fault.where for fault in refusal.value.faults] == [
        "position 3",
        "position 6",
        "position 9",
        "position 12",
    ]


@pytest.mark.parametrize("levels", [0, -1, True, 2.0])
def test_a_ladder_has_dose_levels(levels):
    """A line cannot be read for a ladder without levels."""
    with pytest.raises(Refusal) as refusal:
        read_outcomes("1NNN", levels=levels)

    assert refusal.value.faults == (
        Fault("levels", str(levels), "a whole number from 1", "Count the dose levels"),
    )


def test_a_level_of_many_digits_is_told_short():
    """Both what is wrong with it, eight characters of it each time."""
    with pytest.raises(Refusal) as refusal:
        read_outcomes("123456789", levels=3)

    assert [fault.found for fault in refusal.value.faults] == [
        "dose level 1234567…",
        "dose level 1234567… without participants",
    ]


def test_a_ladder_may_have_thousands_of_levels():
    """Four digits are read, five are not."""
    assert read_outcomes("1000NNN", levels=20_000).last_level == 1000
    with pytest.raises(Refusal, match="dose level 10000"):
        read_outcomes("10000NNN", levels=20_000)


@given(cohorts=COHORTS)
def test_what_is_written_is_read_back(cohorts):
    """The notation loses nothing, cohort borders included."""
    outcomes = Outcomes(12, tuple(cohorts))

    assert read_outcomes(str(outcomes), 12) == outcomes


@given(cohorts=COHORTS, seed=st.randoms(use_true_random=False))
def test_the_order_of_participants_changes_no_count(cohorts, seed):
    """Whoever of a cohort had the DLT, the counts are the same."""
    shuffled = tuple(
        Cohort(cohort.level, "".join(seed.sample(cohort.letters, len(cohort.letters))))
        for cohort in cohorts
    )

    assert Outcomes(12, shuffled).seen == Outcomes(12, tuple(cohorts)).seen


@given(text=st.text("0123NTPEX ²\t", max_size=30))
def test_any_text_is_read_or_refused(text):
    """What is read is what was written; all else is refused at a position of the line."""
    try:
        heard = str(read_outcomes(text, levels=3))
    except Refusal as refusal:
        heard = {fault.where.partition(" ")[0] for fault in refusal.faults}

    assert heard in (" ".join(text.split()), {"position"})
