"""Design-time checks: each seeded error gives exactly one fault, at its place."""

from decimal import Decimal

import pytest

from trialwright.protocol.arms import CycleRange, DayRange, Dose
from trialwright.protocol.schedule import Window
from trialwright.terms.errors import Fault
from trialwright.visits.checks import check


@pytest.fixture
def with_line(arms, study):
    """Give the faults of a study in which a line of an arm is changed."""

    def faults(arm, place, **fields):
        """Change one line of one arm and check the study."""
        lines = list(arms[arm].dosing)
        lines[place] = lines[place].model_copy(update=fields)
        changed = arms[arm].model_copy(update={"dosing": tuple(lines)})
        return check(study(changed={arm: changed}))

    return faults


@pytest.fixture
def with_more(arms, study):
    """Give the faults of a study in which an arm has a further line."""

    def faults(arm, extra):
        """Add one line to one arm and check the study."""
        changed = arms[arm].model_copy(update={"dosing": (*arms[arm].dosing, extra)})
        return check(study(changed={arm: changed}))

    return faults


def test_the_three_arms_have_no_fault(study, assessment):
    """The arms of NCT03959891 can be followed."""
    listed = [
        assessment("counts", days=(1, 8, 15, 22), window=(2, 2)),
        assessment("scans", every_weeks=8, window=(7, 7)),
    ]

    assert check(study(assessments=listed)) == ()


def test_dosing_past_the_end_of_the_cycle(with_line):
    """Day 29 of 28 is found on the span that names it."""
    spans = (DayRange(first=1, last=2), DayRange(first=8, last=29))

    faults = with_line("C", 3, days=spans)

    assert faults == (
        Fault(
            "arms.2.dosing.3.days.1.last",
            "day 29 is past the end of the cycle",
            "1 to 28",
            "Correct the days or cycle_days",
        ),
    )


def test_cycles_that_end_before_they_begin(with_line):
    """A line for cycles 3 to 2 is never given."""
    faults = with_line("A", 1, cycles=CycleRange(first=3, last=2))

    assert faults == (
        Fault(
            "arms.0.dosing.1.cycles.last",
            "cycle 2, before the first, 3",
            "3 or later, or none for as long as treatment lasts",
            "Correct the cycles",
        ),
    )


@pytest.mark.parametrize("last", [3, None])
def test_cycles_in_order_are_no_fault(with_line, last):
    """One cycle, and all that follow, are in order."""
    assert with_line("A", 1, cycles=CycleRange(first=3, last=last)) == ()


def test_an_arm_without_agents(arms, study):
    """An arm that gives nothing is found, and nothing else is said of it."""
    faults = check(study(changed={"B": arms["B"].model_copy(update={"dosing": ()})}))

    assert faults == (
        Fault("arms.1.dosing", "an arm without agents", "one line or more", "Add a line"),
    )


def test_a_choice_offered_twice(arms, with_line):
    """An agent stands once among the choices of a line."""
    choices = arms["B"].dosing[1].choices

    faults = with_line("B", 1, choices=(*choices, choices[1]))

    assert faults == (
        Fault(
            "arms.1.dosing.1.choices.3.agent",
            "anastrozole is offered a second time",
            "each agent once",
            "Remove one of the two choices",
        ),
    )


def test_an_agent_given_twice_on_one_day(with_line):
    """Two lines of one agent that share a day of a cycle are found on the second."""
    faults = with_line("A", 1, cycles=CycleRange())

    assert faults == (
        Fault(
            "arms.0.dosing.1.choices.0.agent",
            "fulvestrant is also given by line 0 (fulvestrant-cycle-1) on the same day",
            "one line for each agent and day",
            "Separate the days or the cycles, or remove one of the lines",
        ),
    )


@pytest.mark.parametrize(
    ("days", "first", "last", "count"),
    [
        ((21, 22), 1, None, 1),
        ((22, 28), 1, None, 0),
        ((1, 1), 5, 9, 1),
    ],
)
def test_lines_coincide_only_on_a_shared_day(with_more, line, days, first, last, count):
    """Lines that share no day of the cycle do not give an agent twice."""
    more = line("more", "words", {"ipatasertib": None}, [days], CycleRange(first=first, last=last))

    assert len(with_more("C", more)) == count


@pytest.mark.parametrize(
    ("earlier", "later", "count"),
    [((1, 2), (2, 3), 1), ((1, 2), (3, 4), 0), ((3, 4), (1, 2), 0), ((2, 3), (1, None), 1)],
)
def test_lines_coincide_only_in_a_shared_cycle(arms, study, line, earlier, later, count):
    """Lines that share no cycle do not give an agent twice, in whichever order they stand."""
    lines = [
        line(name, "words", {"fulvestrant": "500"}, [(1, 1)], CycleRange(first=first, last=last))
        for name, (first, last) in (("earlier", earlier), ("later", later))
    ]
    changed = arms["A"].model_copy(update={"dosing": (*lines, arms["A"].dosing[2])})

    assert len(check(study(changed={"A": changed}))) == count


def test_a_choice_that_is_also_given_on_the_same_day(with_more, line):
    """An agent of a choice that another line gives on a day of its own is given twice."""
    weekly = line("letrozole-later", "words", {"letrozole": "2.5"}, [(28, 28)], CycleRange(first=2))

    faults = with_more("B", weekly)

    assert [fault.where for fault in faults] == ["arms.1.dosing.2.choices.0.agent"]
    assert faults[0].found.startswith("letrozole is also given by line 1 (aromatase-inhibitor)")


def test_an_ambiguous_choice_on_other_days(arms, study, line):
    """The choice is ambiguous even when the two lines share no day."""
    chosen = arms["B"].dosing[1].model_copy(update={"days": (DayRange(first=1, last=14),)})
    fixed = line("second-half", "words", {"zinc": "1", "anastrozole": "1"}, [(15, 28)])
    changed = arms["B"].model_copy(update={"dosing": (arms["B"].dosing[0], chosen, fixed)})

    faults = check(study(changed={"B": changed}))

    assert faults == (
        Fault(
            "arms.1.dosing.2.choices.1.agent",
            "anastrozole stands here and on line 1 (aromatase-inhibitor), and one is a choice",
            "an agent that is chosen on one line only, or lines that offer the same agents",
            "Offer the same agents on both lines, or remove the agent from one",
        ),
    )


def test_the_same_choice_on_other_days_is_no_fault(arms, study):
    """Two lines may offer the same agents at different times."""
    chosen = arms["B"].dosing[1]
    halves = [
        chosen.model_copy(update={"id": name, "days": (DayRange(first=first, last=last),)})
        for name, first, last in (("first-half", 1, 14), ("second-half", 15, 28))
    ]
    changed = arms["B"].model_copy(update={"dosing": (arms["B"].dosing[0], *halves)})

    assert check(study(changed={"B": changed})) == ()


@pytest.mark.parametrize(
    ("arm", "anchor", "found", "allowed"),
    [
        ("A", "palbociclib", "is never given", "fulvestrant, ipatasertib"),
        ("B", "exemestane", "is one of several choices", "ipatasertib"),
    ],
)
def test_a_window_that_may_never_open(arms, study, arm, anchor, found, allowed):
    """A DLT window opens on an agent that every participant of the arm takes."""
    window = arms[arm].dlt_window.model_copy(update={"anchor_agent": anchor})
    changed = arms[arm].model_copy(update={"dlt_window": window})

    faults = check(study(changed={arm: changed}))

    assert faults == (
        Fault(
            f"arms.{'AB'.index(arm)}.dlt_window.anchor_agent",
            f"{anchor} {found} in arm {arm}, so the window may never open",
            allowed,
            "Anchor the window on an agent that every participant of the arm takes",
        ),
    )


def test_a_window_without_any_certain_agent(arms, study, line):
    """Where each line is a choice, the fault says what is wanted instead of naming agents."""
    choice = line("choice", "words", {"ipatasertib": None, "letrozole": "2.5"}, [(1, 28)])
    changed = arms["B"].model_copy(update={"dosing": (choice,)})

    faults = check(study(changed={"B": changed}))

    assert [(fault.where, fault.allowed) for fault in faults] == [
        ("arms.1.dlt_window.anchor_agent", "an agent that every participant of the arm takes")
    ]


def test_an_anchor_with_one_certain_line_is_no_fault(arms, study, line):
    """One line that gives the anchor to everybody opens the window."""
    always = line("day-1", "words", {"letrozole": "2.5"}, [(1, 1)], CycleRange(first=1, last=1))
    chosen = line("other-days", "words", {"letrozole": "2.5"}, [(2, 28)])
    window = arms["B"].dlt_window.model_copy(update={"anchor_agent": "letrozole"})
    dosing = (arms["B"].dosing[0], always, chosen)
    changed = arms["B"].model_copy(update={"dosing": dosing, "dlt_window": window})

    assert check(study(changed={"B": changed})) == ()


@pytest.mark.parametrize(
    ("agent", "found"),
    [("palbociclib", "is never given"), ("fulvestrant", "is given at fixed doses only")],
)
def test_a_ladder_without_its_agent(arms, study, agent, found):
    """A ladder moves an agent of the arm whose dose is left to it; one fault says so."""
    ladder = arms["A"].ladder.model_copy(update={"agent": agent})
    changed = arms["A"].model_copy(update={"ladder": ladder})

    faults = check(study(changed={"A": changed}))

    assert faults == (
        Fault(
            "arms.0.ladder.agent",
            f"{agent} {found} in arm A",
            "an agent of the arm whose dose is left to the ladder",
            "Name the escalated agent, or leave its dose out of the dosing line",
        ),
    )


def test_a_ladder_whose_agent_has_fixed_doses_on_some_lines_is_no_fault(arms, study, line):
    """A lead-in at a fixed dose may precede the escalated doses."""
    lead_in = line("lead-in", "words", {"ipatasertib": "100"}, [(1, 7)])
    escalated = line("escalated", "words", {"ipatasertib": None}, [(8, 28)])
    changed = arms["A"].model_copy(update={"dosing": (lead_in, escalated)})

    assert check(study(changed={"A": changed})) == ()


def test_an_agent_without_a_dose(arms, with_line):
    """Only the escalated agent may leave its dose open."""
    choices = list(arms["B"].dosing[1].choices)
    choices[2] = choices[2].model_copy(update={"dose": None})

    faults = with_line("B", 1, choices=tuple(choices))

    assert faults == (
        Fault(
            "arms.1.dosing.1.choices.2.dose",
            "exemestane has no dose, and the ladder is for ipatasertib",
            "a dose",
            "State the dose",
        ),
    )


def test_an_assessment_past_the_end_of_the_cycle(study, assessment):
    """Day 29 of 28 is found among the days of its assessment, and its window is not judged."""
    listed = [
        assessment("glucose", days=(1,)),
        assessment("counts", days=(1, 28, 29), window=(0, 0)),
    ]

    assert check(study(assessments=listed)) == (
        Fault(
            "assessments.1.days.2",
            "day 29 is past the end of the cycle",
            "1 to 28",
            "Correct the days or cycle_days",
        ),
    )


def test_assessment_cycles_that_end_before_they_begin(study, assessment):
    """An assessment of cycles 2 to 1 is never due."""
    never = assessment("counts", days=(1,), cycles=CycleRange(first=2, last=1))

    assert check(study(assessments=[never])) == (
        Fault(
            "assessments.0.cycles.last",
            "cycle 1, before the first, 2",
            "2 or later, or none for as long as treatment lasts",
            "Correct the cycles",
        ),
    )


@pytest.mark.parametrize(
    ("timing", "window", "gap"),
    [
        ({"days": (1, 8)}, (3, 4), 7),
        ({"days": (15, 1, 8)}, (0, 7), 7),
        ({"days": (1, 1), "cycles": CycleRange(first=1, last=1)}, (0, 0), 0),
        ({"days": (1,)}, (14, 14), 28),
        ({"days": (1, 27)}, (1, 1), 2),
        ({"days": (1, 15, 28)}, (0, 1), 1),
        ({"every_weeks": 1}, (3, 4), 7),
        ({"every_weeks": 8}, (28, 28), 56),
    ],
)
def test_windows_of_one_assessment_that_overlap(study, assessment, timing, window, gap):
    """A day may lie in one window of an assessment only, over the end of the cycle too."""
    reach = sum(window)
    near = assessment("counts", window=window, **timing)

    assert check(study(assessments=[near])) == (
        Fault(
            "assessments.0.window",
            f"counts is due {gap} days apart and its windows reach over {reach} days",
            f"before_days and after_days that together stay below {gap}",
            "Narrow the window, or space the days",
        ),
    )


@pytest.mark.parametrize(
    ("timing", "window"),
    [
        ({"days": (1, 8)}, (3, 3)),
        ({"days": (1,)}, (13, 14)),
        ({"days": (1,), "cycles": CycleRange(first=1, last=1)}, (100, 100)),
        ({"days": (1, 27), "cycles": CycleRange(first=1, last=1)}, (1, 1)),
        ({"days": (1, 27), "cycles": CycleRange(first=1, last=2)}, (0, 1)),
        ({"every_weeks": 1}, (3, 3)),
        ({"every_weeks": 8}, (27, 28)),
    ],
)
def test_windows_that_touch_no_common_day_are_no_fault(study, assessment, timing, window):
    """Windows may end and begin on neighbouring days."""
    assert check(study(assessments=[assessment("counts", window=window, **timing)])) == ()


def test_every_fault_of_a_study_is_found_at_once(arms, study, assessment, line):
    """Faults are gathered over arms and assessments, in the order of the file."""
    late = arms["A"].dosing[2].model_copy(update={"days": (DayRange(first=1, last=30),)})
    changed = arms["A"].model_copy(update={"dosing": (*arms["A"].dosing[:2], late)})
    bare = line("bare", "words", {"zinc": None}, [(1, 1)])
    other = arms["C"].model_copy(update={"dosing": (*arms["C"].dosing, bare)})
    wide = assessment("scans", every_weeks=1)
    wide = wide.model_copy(update={"window": Window(before_days=5, after_days=5)})

    faults = check(study(changed={"A": changed, "C": other}, assessments=[wide]))

    assert [fault.where for fault in faults] == [
        "arms.0.dosing.2.days.0.last",
        "arms.2.dosing.4.choices.0.dose",
        "assessments.0.window",
    ]


def test_a_dose_of_the_ladder_agent_is_not_asked_for(arms, with_line):
    """Stating a dose for a line is never a fault by itself."""
    choices = arms["A"].dosing[0].choices
    stated = choices[0].model_copy(update={"dose": Dose(amount=Decimal(250))})

    assert with_line("A", 0, choices=(stated,)) == ()
