"""Who counts in dose decisions."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialwright.safety.dlt import DltVerdict
from trialwright.safety.evaluability import Evaluability, evaluability
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.verdicts import Answer

OPENED, LAST, OVER = date(2026, 2, 16), date(2026, 3, 15), date(2026, 3, 16)
PLANNED = [OPENED + timedelta(days=day) for day in range(28)]


def judged(answer, *, is_late=False):
    """Make a verdict on some event."""
    return DltVerdict(answer, f"event: {answer}", "rule", "", is_late, ())


@pytest.mark.parametrize(
    ("taken", "state"), [(28, "evaluable"), (21, "evaluable"), (20, "not evaluable")]
)
def test_three_quarters_of_the_doses_are_enough(window, doses, taken, state):
    """21 of 28 doses are exactly 75 %; 20 are not, and the participant is replaced."""
    recorded = [
        *doses(range(1, taken + 1)),
        *doses(range(taken + 1, 29), status="held"),
    ]

    found = evaluability(window, PLANNED, recorded, [], OVER)

    assert (found.state, found.taken, found.planned) == (state, taken, 28)


@given(planned=st.integers(1, 28), taken=st.integers(1, 28), percent=st.integers(0, 1000))
def test_shares_are_compared_exactly(window, doses, planned, taken, percent):
    """The share is taken over planned as whole numbers, never as a rounded fraction."""
    least = Decimal(percent) / 10
    asked = window.model_copy(update={"least_dose_percent": least})
    taken = min(taken, planned)
    recorded = [
        *doses(range(1, taken + 1)),
        *doses(range(taken + 1, planned + 1), status="held"),
    ]

    found = evaluability(asked, PLANNED[:planned], recorded, [], OVER)

    is_enough = 1000 * taken >= percent * planned
    assert found.state == ("evaluable" if is_enough else "not evaluable")


def test_an_evaluable_participant_is_told_with_numbers(window, doses):
    """The reason names the window, the doses taken, reduced and planned, and the share."""
    recorded = [
        *doses(range(1, 23)),
        *doses([23, 24], status="reduced"),
        *doses(range(25, 29), status="held"),
    ]

    found = evaluability(window, PLANNED, recorded, [judged(Answer.NOT_MET)], OVER)

    assert found == Evaluability(
        state="evaluable",
        because=(
            "the DLT window ran from 2026-02-16 to 2026-03-15, without a DLT; "
            "24 of 28 planned doses of ipatasertib taken (2 reduced), "
            "at least 75 % are asked for"
        ),
        label="",
        taken=24,
        planned=28,
    )


def test_a_participant_with_too_few_doses_is_to_be_replaced(window, doses):
    """The reason says that the participant is replaced."""
    recorded = [*doses([1]), *doses(range(2, 29), status="held")]

    found = evaluability(window, PLANNED, recorded, [], OVER)

    assert found.because == (
        "the DLT window ran from 2026-02-16 to 2026-03-15, without a DLT; "
        "1 of 28 planned doses of ipatasertib taken, at least 75 % are asked for: to be replaced"
    )


@pytest.mark.parametrize(
    ("taken", "held", "state"),
    [(20, 7, "unknown"), (21, 6, "evaluable"), (20, 8, "not evaluable"), (14, 0, "unknown"),
     (13, 8, "not evaluable")],
)  # fmt: skip
def test_an_unrecorded_dose_is_neither_taken_nor_missed(window, doses, taken, held, state):
    """Doses of which nothing is recorded decide nothing; the others may."""
    recorded = [
        *doses(range(1, taken + 1)),
        *doses(range(taken + 1, taken + held + 1), status="held"),
    ]

    found = evaluability(window, PLANNED, recorded, [], OVER)

    assert found.state == state
    assert (", 1 not recorded, " in found.because) == ((taken, held) == (20, 7))


@pytest.mark.parametrize("as_of", [OPENED, date(2026, 3, 1), LAST])
def test_while_the_window_runs_nobody_counts(window, doses, as_of):
    """Through the last day of the window a participant without a DLT is pending."""
    found = evaluability(window, PLANNED, doses(range(1, 29)), [], as_of)

    assert found.state == "pending"
    assert found.because.startswith("the DLT window runs from 2026-02-16 to 2026-03-15; as of ")
    assert found.taken == (as_of - OPENED).days + 1


@pytest.mark.parametrize("as_of", [OPENED, OVER])
def test_a_dlt_counts_at_once(window, doses, as_of):
    """A DLT counts while the window runs, and whatever was taken."""
    verdicts = [judged(Answer.UNKNOWN), judged(Answer.MET)]

    found = evaluability(window, PLANNED, doses([1]), verdicts, as_of)

    assert (found.state, found.because) == ("dlt", "event: met")


def test_an_undecided_event_keeps_the_window_pending(window, doses):
    """While the window runs, an undecided event is told beside it."""
    found = evaluability(window, PLANNED, doses([1]), [judged(Answer.UNKNOWN)], OPENED)

    assert found.state == "pending"
    assert found.because.endswith("as of 2026-02-16 days left: 27; event: unknown")


@pytest.mark.parametrize("taken", [28, 1])
def test_an_undecided_event_leaves_the_answer_open(window, doses, taken):
    """After the window an undecided event leaves open whether the participant had a DLT."""
    recorded = [*doses(range(1, taken + 1)), *doses(range(taken + 1, 29), status="held")]

    found = evaluability(window, PLANNED, recorded, [judged(Answer.UNKNOWN)], OVER)

    assert (found.state, found.because) == ("unknown", "event: unknown")


def test_a_late_event_does_not_count_against_the_window(window, doses):
    """A late event is no DLT of the window: the participant is evaluable without one."""
    verdicts = [judged(Answer.NOT_MET, is_late=True)]

    found = evaluability(window, PLANNED, doses(range(1, 29)), verdicts, OVER)

    assert found.state == "evaluable"


@pytest.mark.parametrize(
    ("left_on", "as_of", "state"),
    [
        (date(2026, 3, 1), date(2026, 3, 1), "not evaluable"),
        (date(2026, 3, 1), OVER, "not evaluable"),
        (date(2026, 3, 1), date(2026, 2, 28), "pending"),
        (date(2026, 3, 14), OVER, "not evaluable"),
        (LAST, OVER, "evaluable"),
        (LAST, LAST, "pending"),
    ],
)
def test_who_leaves_the_window_is_not_evaluable(window, doses, left_on, as_of, state):
    """The window must be observed to its last day, however many doses were taken."""
    found = evaluability(window, PLANNED, doses(range(1, 29)), [], as_of, left_on=left_on)

    assert found.state == state


def test_who_leaves_is_told_with_the_days(window, doses):
    """The reason names the end of observation and the last day of the window."""
    left_on = date(2026, 3, 1)

    found = evaluability(window, PLANNED, doses([1]), [], OVER, left_on=left_on)

    assert found.because == (
        "observation ended on 2026-03-01, before the last day of the window, 2026-03-15"
    )


def test_who_leaves_with_an_undecided_event_is_unknown(window, doses):
    """Whether the participant had a DLT must be decided before anybody is replaced."""
    found = evaluability(
        window, PLANNED, doses([1]), [judged(Answer.UNKNOWN)], OVER, left_on=date(2026, 3, 1)
    )

    assert found.state == "unknown"


@pytest.mark.parametrize(
    ("left_on", "state", "because"),
    [
        (None, "pending", "no ipatasertib taken as of 2026-03-16: the DLT window is not open"),
        (
            date(2026, 3, 17),
            "pending",
            "no ipatasertib taken as of 2026-03-16: the DLT window is not open",
        ),
        (
            date(2026, 3, 16),
            "not evaluable",
            "observation ended on 2026-03-16, before any ipatasertib",
        ),
    ],
)
def test_before_the_first_dose_a_participant_is_pending(window, doses, left_on, state, because):
    """Without a dose the window is not open; who leaves then is replaced."""
    recorded = [*doses([1], status="held"), *doses([1], agent="fulvestrant")]

    found = evaluability(window, PLANNED, recorded, [], OVER, left_on=left_on)

    assert found == Evaluability(state, because, "", 0, 0)


def test_a_dlt_without_a_window_is_not_hidden(window):
    """A verdict of DLT stands, even when the doses were not recorded yet."""
    found = evaluability(window, PLANNED, [], [judged(Answer.MET)], OVER)

    assert found == Evaluability("dlt", "event: met", "", 0, 0)


def test_doses_outside_the_window_do_not_count(window, doses):
    """Planned and taken doses before or after the window are left out."""
    planned = [OPENED - timedelta(days=1), *PLANNED, OVER]
    recorded = [*doses(range(1, 21)), *doses(range(21, 29), status="held"), *doses(range(29, 40))]

    found = evaluability(window, planned, recorded, [], date(2026, 5, 1))

    assert (found.state, found.taken, found.planned) == ("not evaluable", 20, 28)


def test_a_day_counts_once(window, doses):
    """Two records of one day are one dosing day, and other agents do not count."""
    recorded = [
        *doses(range(1, 21)),
        *doses(range(1, 21)),
        *doses(range(21, 29), status="held"),
        *doses(range(1, 29), agent="fulvestrant"),
    ]

    found = evaluability(window, PLANNED + PLANNED, recorded, [], OVER)

    assert (found.state, found.taken, found.planned) == ("not evaluable", 20, 28)


def test_a_window_without_planned_doses_is_refused(window, doses):
    """A share of no doses is no share."""
    with pytest.raises(Refusal) as refused:
        evaluability(window, [OVER], doses([1]), [], OVER)

    assert refused.value.faults == (
        Fault(
            "planned_on",
            "no dose of ipatasertib planned from 2026-02-16 to 2026-03-15",
            "the planned days of ipatasertib, counted from the first dose of the anchor agent",
            "Hand in the dosing calendar of the participant",
        ),
    )


def test_an_illustrative_window_is_labelled(window, doses):
    """The label of the window stands with the answer, whatever it is."""
    shown = window.model_copy(update={"origin": "not_in_registry"})

    labels = {
        evaluability(shown, PLANNED, recorded, [], OVER).label for recorded in ([], doses([1]))
    }

    assert labels == {"illustrative, not from the registry"}


@pytest.mark.parametrize(
    ("other", "held", "state"),
    [(16, 5, "evaluable"), (15, 6, "not evaluable"), (15, 0, "unknown")],
)
def test_a_share_asked_of_another_agent_counts_as_well(window, doses, other, held, state):
    """Palbociclib on days 8-28: 16 of 21 are 76 %, 15 are 71 %."""
    asked = window.model_copy(update={"least_percent_of": {"palbociclib": Decimal(75)}})
    recorded = [
        *doses(range(1, 29)),
        *doses(range(8, 8 + other), agent="palbociclib"),
        *doses(range(8 + other, 8 + other + held), agent="palbociclib", status="held"),
    ]

    found = evaluability(asked, PLANNED, recorded, [], OVER, others={"palbociclib": PLANNED[7:]})

    assert found.state == state
    assert f"{other} of 21 planned doses of palbociclib" in found.because


def test_the_shares_of_all_agents_are_told(window, doses):
    """The anchor agent first."""
    asked = window.model_copy(update={"least_percent_of": {"palbociclib": Decimal(50)}})
    recorded = [*doses(range(1, 29)), *doses(range(8, 29), agent="palbociclib")]

    found = evaluability(asked, PLANNED, recorded, [], OVER, others={"palbociclib": PLANNED[7:]})

    assert found.because.endswith(
        ", without a DLT; 28 of 28 planned doses of ipatasertib taken, at least 75 % are asked "
        "for; 21 of 21 planned doses of palbociclib taken, at least 50 % are asked for"
    )


def test_a_share_of_another_agent_without_its_plan_is_refused(window, doses):
    """Its planned days are needed."""
    asked = window.model_copy(update={"least_percent_of": {"palbociclib": Decimal(75)}})

    with pytest.raises(Refusal):
        evaluability(asked, PLANNED, doses(range(1, 29)), [], OVER)
