"""The treatment of arms in free words."""

import pytest

from trialwright.registry.lines import Stretch
from trialwright.registry.treatments.arms import (
    MOST_LINE,
    ArmText,
    arm_texts_of_line_list,
    read_treatments,
)


def arm_of(*lines, title="", agents=(), label="A"):
    """Read one arm, each line at the beginning of its own line."""
    stretches = tuple(Stretch(each, number, 0, "arm") for number, each in enumerate(lines, 1))
    ((arm, spans),) = read_treatments([ArmText(label, title, "", 1, stretches)], agents)
    return arm, spans


def said(*lines, **more):
    """Give the dosing lines in words."""
    return [line.says for line in arm_of(*lines, **more)[0].dosing]


@pytest.mark.parametrize(
    ("words", "lines", "cycle_days"),
    [
        (
            "XY-101 in escalating doses, orally days 1-4, followed by docetaxel 60 mg/m2 IV on day"
            " 9, and pegfilgrastim 6mg SQ day 10. Cycle repeated every 28 days.",
            [
                "XY-101 PO on days 1-4 of every cycle",
                "docetaxel IV on day 9 of every cycle",
                "pegfilgrastim SC on day 10 of every cycle",
            ],
            28,
        ),
        (
            "Testociclib at a dose of 50 mg orally once daily, Day 1 to Day 14 followed by 7 days"
            " off treatment in a 21-day cycle",
            ["Testociclib PO once daily on days 1-14 of every cycle"],
            21,
        ),
        (
            "Testociclib will be administered orally on a 2 week on and 1 week off schedule",
            ["Testociclib PO on days 1-14 of every cycle"],
            21,
        ),
        (
            "testociclib daily for 14 days of each 21 day cycle",
            ["testociclib once daily on days 1-14 of every cycle"],
            21,
        ),
        (
            "testotaxel on days 1, 8 and 15 of a 28-day cycle",
            ["testotaxel on days 1, 8 and 15 of every cycle"],
            28,
        ),
        ("testinib D1-D14 q3w", ["testinib on days 1-14 of every cycle"], 21),
        (
            "testumab on Day 1 of each 21-day cycle",
            ["testumab on day 1 of every cycle"],
            21,
        ),
        (
            "testinib QD x 14 days, 7 days off",
            ["testinib once daily on days 1-14 of every cycle"],
            21,
        ),
        (
            "testotaxel weekly x 3, 1 week off",
            ["testotaxel on days 1, 8 and 15 of every cycle"],
            28,
        ),
        (
            "testotaxel weekly for 3 weeks followed by 1 week of rest",
            ["testotaxel on days 1, 8 and 15 of every cycle"],
            28,
        ),
        (
            "testestrant 500 mg intramuscularly on Days 1 and 15 of Cycle 1 and on Day 1 of each"
            " subsequent cycle (each cycle = 28 days)",
            [
                "testestrant IM on days 1 and 15 of cycle 1",
                "testestrant IM on day 1 of each cycle from cycle 2",
            ],
            28,
        ),
        (
            "Cycle 1: testumab 8 mg/kg on Day 1; Cycles 2 and beyond: testumab 6 mg/kg on Day 1"
            " (21-day cycles)",
            ["testumab on day 1 of cycle 1", "testumab on day 1 of each cycle from cycle 2"],
            21,
        ),
        (
            "On Day 1 of each 21-day cycle, participants received testumab 200 mg IV.",
            ["testumab IV on day 1 of every cycle"],
            21,
        ),
        (
            "testinib for the first 14 days of each 21-day cycle",
            ["testinib on days 1-14 of every cycle"],
            21,
        ),
        (
            "C1D1: testumab 4 mg/kg IV; testinib PO BID C2D1-14; 21 day cycles",
            [
                "testumab IV on day 1 of cycle 1",
                "testinib PO twice daily on days 1-14 of cycle 2",
            ],
            21,
        ),
        (
            "testotaxel on day 1 of each 21-day cycle for up to 6 cycles",
            ["testotaxel on day 1 of cycles 1-6"],
            21,
        ),
        (
            "testestrant on Cycle 1 Day 1 and 15, and Day 1 of each cycle thereafter",
            [
                "testestrant on days 1 and 15 of cycle 1",
                "testestrant on day 1 of each cycle from cycle 2",
            ],
            None,
        ),
        (
            "testinib p.o. b.i.d. (days 1 to 14), and IV testotaxel (days 1,8), every 3 weeks",
            [
                "testinib PO twice daily on days 1-14 of every cycle",
                "testotaxel IV on days 1 and 8 of every cycle",
            ],
            21,
        ),
        (
            "Placebo to match testinib on days 1-14 of each 21-day cycle",
            ["Placebo to match testinib on days 1-14 of every cycle"],
            21,
        ),
        (
            "testotaxel and testoplatin on day 1 of every 3-week cycle",
            ["testotaxel on day 1 of every cycle", "testoplatin on day 1 of every cycle"],
            21,
        ),
    ],
)
def test_a_regimen_gives_its_lines(words, lines, cycle_days):
    """Agents, routes, times a day, days and cycle length are read from free words."""
    arm, _ = arm_of(words)

    assert ([line.says for line in arm.dosing], arm.cycle_days) == (lines, cycle_days)


@pytest.mark.parametrize(
    "words",
    [
        "testumab once every 3 weeks in 21-day cycles",  # no days
        "testumab 200 mg on day 1 every 3 weeks",  # no cycle
        "testumab on days 1 and 15",  # no cycle
        "testinib daily starting on day 2 of each 21-day cycle",  # a beginning
        "testinib on day -7 and testumab weekly in 21-day cycles",  # before the cycles
        "testinib on days 0-5 of each 21-day cycle",  # no day 0
        "testinib on days 15-1 of each 21-day cycle",
        "testinib on days 1-21 of each 14-day cycle",  # past the end
        "testinib on days 1-5 of weeks 1 and 3 of each 28-day cycle",
        "testinib on days 1-5 of each week in 28-day cycles",
        "testinib on day 1 of every other 21-day cycle",
        "testinib on days 1-21 except day 8 of each 28-day cycle",
        "testinib on days 1-21 or days 1-14 of each 28-day cycle",
        "testinib or testumab on day 1 of each 21-day cycle",
        "either testinib on days 1-5 and testumab on day 1 of each 21-day cycle",
        "if tolerated, testinib on days 1-14 of each 21-day cycle",
        "no testinib on days 1-14 of each 21-day cycle",
        "testinib run-in on days 1-7 of a 21-day cycle",
        "testinib and testumab on days 1 and 8 of a 21-day cycle, respectively",
        "testumab 8 mg/kg on day 1 of each 21-day cycle, then 6 mg/kg weekly",
        "testumab 4 mg/kg day 1, 2 mg/kg weekly, 21-day cycles",
        "testumab weekly on day 1, 21-day cycles",
        "testinib samples on days 1 and 8 of each 21-day cycle",
        "scans of testinib on days 1 and 8 of each 21-day cycle",
        "testinib plus unknownol on days 1-5 of each 21-day cycle",
        "testinib 3 weeks on, 1 week off, days 1-14 of each 28-day cycle",
        "testinib IV 3 weeks on, 1 week off",  # daily or weekly?
        "testinib 5 days on, 2 days off",
        "testinib 14 days out of every 21 days",
        "testinib on days 1, 8 and 15 daily Monday to Friday of each 28-day cycle",
        "on day 1 of each 21-day cycle testumab 1 mg/kg IV, testinib 5 mg PO daily",
        "Day 15 on: testinib; 21-day cycles",
        "testinib on day 8 and beyond in each 21-day cycle",
        "testinib on days 2+ of each 21-day cycle",
        "testinib on day 1 of radiotherapy, 21-day cycles",
        "testinib-based treatment on days 1-5 of each 21-day cycle",
        "Then testinib on days 1-5 of each 21-day cycle",
        "testinib on days 1-5, 500 of each 21-day cycle",
        "testinib until progression on day 8 of each 21-day cycle",
        "testotaxel on day 1 of a 21-day cycle for 4 cycles followed by testumab on day 1 of a"
        " 21-day cycle for 4 cycles",
        "testinib on days 1-14 of each 21-day cycle, or testinib on days 1-21 of each 28-day cycle",
        "Schedule A: testinib on days 1-5 of each 21-day cycle; Schedule B: testinib on days 1-9",
        "one of the following: testinib on days 1-5; testumab on day 1 of each 21-day cycle",
    ],
)
def test_what_may_mean_something_else_is_kept(words):
    """No dosing line is guessed, and the words are kept."""
    arm, _ = arm_of(words)

    assert arm.dosing == ()
    assert arm.kept


@pytest.mark.parametrize(
    ("words", "route", "often", "dose"),
    [
        ("testinib 125 mg by mouth once a day on days 1-5", "PO", 1, "125 mg"),
        ("testinib 1,000 mg/m2 p.o. b.i.d. on days 1-5", "PO", 2, "1,000 mg/m2"),
        ("testinib every 8 hours on days 1-5", "", 3, ""),
        ("testumab AUC 6 as an infusion on day 1", "", None, "AUC 6"),
        ("testumab 2–4 mg/kg intravenously on day 1", "IV", None, "2-4 mg/kg"),
        ("testumab 1.5 mg/m^2 subcutaneously on day 1", "SC", None, "1.5 mg/m^2"),
        ("testumab i.m. on day 1", "IM", None, ""),
    ],
)
def test_route_times_and_dose_are_those_written(words, route, often, dose):
    """A route that is not written is empty, and an infusion alone is none."""
    arm, _ = arm_of(f"{words} of each 21-day cycle")

    (line,) = arm.dosing
    assert (line.route, line.times_a_day, line.dose) == (route, often, dose)


def test_only_the_part_that_is_understood_is_understood():
    """An agent without days is kept beside one with days, and both are named."""
    arm, spans = arm_of("testociclib 5 mg on days 1-21 of each 28-day cycle plus letrozole daily")

    assert arm.agents == ("testociclib", "letrozole")
    assert [(span.kind, span.became) for span in spans] == [
        ("treatment", "arms.A.dosing"),
        ("arm sentence", "kept"),
    ]
    assert [kept.words for kept in arm.kept] == ["plus letrozole daily"]
    assert "no days of a cycle are stated" in arm.kept[0].because


def test_a_sentence_of_cancer_gov_is_read_as_there():
    """Strict sentences keep their reading, `as in arm A` too, and free ones join them."""
    first = Stretch("Patients receive shotumab IM on day 1. 28-day cycles.", 1, 0)
    second = Stretch("Patients receive shotumab IM as in arm A.", 2, 0)

    (one, _), (two, _) = read_treatments(
        [ArmText("A", "", "", 1, (first,)), ArmText("B", "", "", 2, (second,))]
    )

    assert [line.says for line in one.dosing] == ["shotumab IM on day 1 of every cycle"]
    assert one.cycle_days == 28
    assert (two.dosing[0].as_in, two.kept) == ("A", ())


def test_two_cycle_lengths_are_left_to_people():
    """Which of two lengths holds is not chosen, and the reason names both."""
    arm, _ = arm_of("testinib on days 1-5 of each 21-day cycle", "testumab in 28-day cycles")

    assert (arm.cycle_days, arm.dosing) == (None, ())
    assert "cycles of 21 and 28 days" in arm.kept[0].because


@pytest.mark.parametrize(
    "words",
    [
        "testinib for 5 days each cycle",
        "testinib 14 days per cycle",
        "biopsies repeated every 6 weeks, cycle after cycle",
        "a 7-day course of testinib",
        "response every 2 cycles (8 weeks)",
        "testinib 5 days out of every 7 days",
        "testinib on days 1-5 followed by 2 days off",
        "testinib every 21 days",
        "toxicity in the first 21 days (cycle 1)",
        "if tolerated, testinib in 21-day cycles",
        "Cycle 1 (28 days): testinib",
        "testinib in cycles of 14 days on and 7 days off",
        "maintenance in 42-day cycles",
    ],
)
def test_no_cycle_length_is_taken_from_other_words(words):
    """Intervals, durations and a cycle of its own state no length that holds for every cycle."""
    assert arm_of(words)[0].cycle_days is None


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("1 cycle = 28 days", 28),
        ("(each cycle is 3 weeks)", 21),
        ("every 28 days (1 cycle)", 28),
        ("Treatment will be repeated every 2 weeks", 14),
        ("4-week (28 day) cycles", 28),
        ("28 days constitute one cycle", 28),
        ("Course length 42 days", 42),
        ("cycle duration: twenty-one days", 21),
        ("three-week treatment cycles", 21),
    ],
)
def test_a_cycle_length_is_read_where_it_is_stated(words, days):
    """Its length in days or weeks, in digits or words."""
    assert arm_of(words)[0].cycle_days == days


def test_a_first_cycle_of_its_own_length_leaves_the_length_open():
    """The days stay, the length does not, and the kept words say why."""
    arm, _ = arm_of("testinib on days 1-5 of each 21-day cycle", "The first cycle lasted 30 days.")

    assert arm.cycle_days is None
    assert len(arm.dosing) == 1
    assert "cycles of 21 and 30 days" in arm.kept[-1].because


def test_two_sets_of_days_of_one_agent_are_left_to_people():
    """Neither of two statements that differ is chosen."""
    arm, _ = arm_of(
        "testinib on days 1-5 of each 21-day cycle",
        "TESTINIB: given on days 1-7. testumab on day 1",
    )

    assert [line.agent for line in arm.dosing] == ["testumab"]
    assert "different days" in arm.kept[0].because


def test_the_same_days_said_twice_are_one_line():
    """Brand and generic name are one agent, and doses that differ are both told."""
    arm, _ = arm_of(
        "Capecitabine (Xeloda) 800 mg/m2 BID on days 1-14 of each 21-day cycle",
        "Xeloda 1000 mg/m2 by mouth on days 1-14",
    )

    (line,) = arm.dosing
    assert line.says == "Capecitabine PO twice daily on days 1-14 of every cycle"
    assert line.dose == "800 mg/m2; 1000 mg/m2"
    assert arm.agents == ("Capecitabine",)


def test_an_assumed_first_day_is_told():
    """`for 14 days of each cycle` does not say which 14."""
    arm, _ = arm_of("testinib twice daily for 14 days of each 21-day cycle")

    assert arm.dosing[0].assumptions == (
        "The first of these days is not written: read as day 1 of the cycle.",
    )


def test_cycles_their_number_and_end_are_read_without_an_agent():
    """A sentence on cycles alone gives length, number and what ends them."""
    arm, spans = arm_of(
        "Treatment cycles are 21 days in length, for up to 6 cycles.",
        "Treated until disease progression or unacceptable toxicity.",
    )

    assert (arm.cycle_days, arm.most_cycles) == (21, 6)
    assert arm.until == ("disease progression", "unacceptable toxicity")
    assert [span.became for span in spans] == ["arms.A.cycle_days", "arms.A.until"]


def test_a_title_is_read_and_never_kept():
    """A title may state days; what it states besides became the title."""
    title = "testinib on days 1-5 of each 21-day cycle and testumab"
    arm, spans = arm_of(title, "Given as such.", title=title)

    assert [line.says for line in arm.dosing] == ["testinib on days 1-5 of every cycle"]
    assert [span.became for span in spans] == ["arms.A.dosing", "arms.A.title", "kept"]
    assert arm.source_text == "Given as such."


def test_listed_interventions_are_agents():
    """A name that only the record knows is an agent when the record lists it."""
    words = "zorbulex on days 1-5 of each 21-day cycle"

    assert said(words) == []
    assert said(words, agents=["Drug: Zorbulex (ZXR)"]) == ["zorbulex on days 1-5 of every cycle"]
    assert said("ZXR on days 1-5 of each 21-day cycle", agents=["Zorbulex (ZXR)"])
    assert said("survey on days 1-5 of each 21-day cycle", agents=["Survey study"]) == []


def test_a_line_is_about_the_agent_it_begins_with():
    """`Docetaxel: ...` goes on over sentences that name no agent."""
    assert said("Docetaxel: an infusion. Given IV on day 1 of each 21-day cycle.") == [
        "Docetaxel IV on day 1 of every cycle"
    ]
    assert said("An infusion of docetaxel. Given IV on day 1 of each 21-day cycle.") == []


def test_a_line_list_is_cut_at_its_headings():
    """The first line with words below a heading is the title."""
    arms = arm_texts_of_line_list(
        ["before", "INTERVENTION 1: ", "  First arm", " testinib", "", "INTERVENTION 2:", "Second"],
        "Intervention",
    )

    assert [(arm.label, arm.title, arm.line) for arm in arms] == [
        ("1", "First arm", 2),
        ("2", "Second", 6),
    ]
    assert arms[0].lines == (
        Stretch("First arm", 3, 2, "Intervention"),
        Stretch("testinib", 4, 1, "Intervention"),
    )


def test_a_line_too_long_is_kept():
    """A line past the limit is kept whole, with the reason."""
    arm, spans = arm_of("testinib on day 1 of each cycle " + "x" * MOST_LINE)

    assert len(spans) == 1
    assert f"longer than {MOST_LINE}" in arm.kept[0].because
