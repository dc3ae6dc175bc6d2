"""What each question answers, on cases worked out by hand."""

import pytest

from trialwright.questions.asking import ask
from trialwright.questions.reading import read_json
from trialwright.terms.errors import Refusal


@pytest.mark.parametrize(
    ("arm", "agent", "days"),
    [
        ("A", "fulvestrant", ["C1D1", "C1D15", "C2D1"]),
        ("A", "ipatasertib", [f"C{cycle}D{day}" for cycle in (1, 2) for day in range(1, 29)]),
        ("B", "letrozole", [f"C{cycle}D{day}" for cycle in (1, 2) for day in range(1, 29)]),
        ("C", "fulvestrant", ["C1D1", "C1D15", "C2D1"]),
        ("C", "ipatasertib", [f"C{cycle}D{day}" for cycle in (1, 2) for day in range(1, 22)]),
        ("C", "palbociclib", [f"C{cycle}D{day}" for cycle in (1, 2) for day in range(8, 29)]),
    ],
)
def test_the_calendar_gives_the_days_of_the_page(arm, agent, days, library):
    """NCT03959891, arms A to C, two cycles of 28 days."""
    choice = {"aromatase-inhibitor-daily": "letrozole"} if arm == "B" else {}
    case = {"arm": arm, "start": "2026-03-09", "cycles": 2, "choice": choice}

    answer = ask("calendar", case, library)

    given = [
        f"C{dose['cycle']}D{dose['day']}" for dose in answer["doses"] if dose["agent"] == agent
    ]
    assert given == days


@pytest.mark.parametrize(
    ("start", "on"),
    [
        ("2024-02-09", "2024-03-08"),
        ("2023-02-09", "2023-03-09"),
        ("2026-03-01", "2026-03-29"),
        ("2026-10-24", "2026-11-21"),
    ],
)
def test_the_second_cycle_begins_28_civil_days_later(start, on, library):
    """Across a leap day, and across the changes of clocks in Europe and America."""
    answer = ask("calendar", {"arm": "A", "start": start, "cycles": 2}, library)

    begins = {(dose["agent"], dose["cycle"], dose["day"]): dose["on"] for dose in answer["doses"]}
    assert begins["ipatasertib", 2, 1] == on


def test_a_dose_without_level_has_no_amount(library):
    """The amount of the escalated agent comes with the dose level, and says that it is made up."""
    without = ask("calendar", {"arm": "A", "start": "2026-03-09"}, library)
    with_level = ask("calendar", {"arm": "A", "start": "2026-03-09", "dose_level": 3}, library)

    amounts = [
        {str(dose["amount"] and dose["amount"]["value"]) for dose in each["doses"]
         if dose["agent"] == "ipatasertib"}
        for each in (without, with_level)
    ]  # fmt: skip
    assert amounts == [{"None"}, {"400"}]
    assert all("illustrative" in dose["label"] for dose in with_level["doses"])


@pytest.mark.parametrize(
    ("criterion", "given", "answer", "verdict"),
    [
        ("I04", {"ecog": 0}, "met", "met"),
        ("I04", {"ecog": 3}, "not met", "not met"),
        ("I04", {"ecog": None}, "unknown", "unknown"),
        ("I11", {"hemoglobin": "90 g/L"}, "met", "met"),
        ("I13", {"total-bilirubin": "1.5 mg/dL"}, "not met", "not met"),
        ("E11", {"pregnancy": "present"}, "not met", "present"),
        ("E11", {"pregnancy": "absent"}, "met", "absent"),
        ("E13", {}, "not applicable", "not applicable"),
    ],
)
def test_a_criterion_is_answered_in_both_words(criterion, given, answer, verdict, library):
    """`answer` says whether it lets the participant in; an exclusion is present or absent."""
    case = {"criterion": criterion, "arm": "A", "as_of": "2026-03-05", "given": given}

    found = ask("criterion", case, library)

    assert (found["answer"], found["verdict"]) == (answer, verdict)


def test_an_unknown_answer_names_what_would_decide_it(library):
    """Unknown is never yes and never no, and says what to find out."""
    case = {"criterion": "I04", "as_of": "2026-03-05", "given": {}}

    assert ask("criterion", case, library)["missing"] == ["ecog"]


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ('{"term": "Anemia", "value": 7.9, "unit": "g/dL", "lln": 11.5}', 3),
        ('{"term": "Anemia", "value": 8.0, "unit": "g/dL", "lln": 11.5}', 2),
        ('{"term": "Anemia", "value": 79.9, "unit": "g/L", "lln": 115}', 3),
        ('{"term": "Anemia", "value": "79.9", "unit": "g/L", "lln": "115"}', 3),
    ],
)
def test_a_grade_meets_its_limits_exactly(text, grade, library):
    """CTCAE v5.0, Anemia: grade 3 under 8.0 g/dL or 80 g/L."""
    assert ask("grade", read_json(text), library)["grade"] == grade


@pytest.mark.parametrize(
    ("outcomes", "act", "level"),
    [
        ("", "stay", 1),
        ("1NNN", "escalate", 2),
        ("1NNT", "expand", 1),
        ("1NTT", "stop", None),
        ("1NNN 2NTT", "de-escalate", 1),
        ("1NNP", "wait", 1),
    ],
)
def test_the_design_is_asked_by_its_outcomes(outcomes, act, level, library):
    """3+3 with six at the MTD, on three levels."""
    case = {"design": "3+3", "variant": "six-at-mtd", "levels": 3, "outcomes": outcomes}

    answer = ask("next-dose", case, library)

    assert (answer["act"], answer["level"]) == (act, level)


@pytest.mark.parametrize(
    ("last", "act", "rule"), [(1, "stay", "coherent"), (0, "escalate", "nearest-to-target")]
)
def test_a_design_written_out_is_asked_with_its_last_cohort(last, act, rule, library):
    """A CRM does not go up right after a cohort with too many DLTs."""
    case = {
        "escalation": {"name": "CRM", "target": "0.3", "max_n": 24, "skeleton": ["0.1", "0.3"]},
        "levels": 2,
        "seen": [{"evaluable": 6, "dlts": 1}, {"evaluable": 0, "dlts": 0}],
        "at": 1,
        "last": {"evaluable": 3, "dlts": last},
    }

    answer = ask("next-dose", case, library)

    assert (answer["act"], answer["rule"]) == (act, rule)
    assert answer["design"] == "CRM power 0.3"


def test_the_outcomes_tell_the_last_cohort(library):
    """The last group of the line is the last cohort."""
    written = {"name": "CRM", "target": "0.3", "max_n": 24, "skeleton": ["0.1", "0.3"]}
    case = {"escalation": written, "levels": 2}

    first = ask("next-dose", {**case, "outcomes": "1NNT 1NNN"}, library)
    second = ask("next-dose", {**case, "outcomes": "1NNN 1NNT"}, library)

    assert (first["act"], second["act"]) == ("escalate", "stay")


def test_a_percentage_for_a_target_is_refused_with_its_path(library):
    """The field and what was perhaps meant."""
    case = {"escalation": {"name": "BOIN", "target": 25, "max_n": 24}, "levels": 3, "outcomes": ""}

    with pytest.raises(Refusal, match=r"escalation.*target.*0\.25"):
        ask("next-dose", case, library)


def test_counts_and_outcomes_ask_the_same(library):
    """Two ways to write one history give one answer."""
    named = {"design": "3+3", "variant": "six-at-mtd", "levels": 2}
    counts = [{"evaluable": 3, "dlts": 0}, {"evaluable": 3, "dlts": 1}]

    by_counts = ask("next-dose", {**named, "seen": counts, "at": 2}, library)
    by_outcomes = ask("next-dose", {**named, "outcomes": "1NNN 2NNT"}, library)

    assert by_counts == by_outcomes


PEOPLE = [
    {"participant": "P1", "cohort": 1, "level": 1, "standing": "evaluable", "has_dlt": False},
    {"participant": "P2", "cohort": 1, "level": 1, "standing": "evaluable", "has_dlt": False},
    {"participant": "P3", "cohort": 1, "level": 1, "standing": "pending", "followed": 20},
]


@pytest.mark.parametrize(
    ("written", "act"),
    [
        ({"name": "TITE-BOIN", "pending": "imputation", "window_days": 28}, "escalate"),
        ({"name": "TITE-CRM", "skeleton": ["0.1", "0.3"], "window_days": 28}, "escalate"),
        ({"name": "BOIN"}, "wait"),
    ],
)
def test_participants_are_taken_one_by_one_with_their_follow_up(written, act, library):
    """Two without a DLT, and one with 20 of 28 days: some designs go on, others wait."""
    case = {"escalation": {"target": "0.3", "max_n": 24, **written}, "levels": 2}

    answer = ask("next-dose", {**case, "participants": PEOPLE, "window_days": 28}, library)

    assert answer["act"] == act


def test_nothing_said_about_a_dlt_is_not_no(library):
    """Whoever is evaluable had one or had none; all who lack it are named."""
    silent = [{**each, "has_dlt": None} for each in PEOPLE]
    case = {"escalation": {"name": "BOIN", "target": "0.3", "max_n": 24}, "levels": 2}

    with pytest.raises(Refusal) as refused:
        ask("next-dose", {**case, "participants": silent, "window_days": 28}, library)

    assert [each.where for each in refused.value.faults] == [
        "participants.0.has_dlt",
        "participants.1.has_dlt",
    ]
    assert "P1" in str(refused.value)


def test_follow_up_past_the_window_is_refused_with_participant_and_field(library):
    """Also by the window of an arm of a protocol."""
    people = [{**PEOPLE[2], "followed": 29}]
    case = {"protocol": "nct03959891", "arm": "A", "participants": people}

    with pytest.raises(Refusal, match="P3, followed: 29 days"):
        ask("next-dose", case, library)


def test_data_are_given_in_one_form(library):
    """Participants and the line of letters are two."""
    case = {"design": "3+3", "variant": "six-at-mtd", "levels": 2, "outcomes": ""}

    with pytest.raises(Refusal, match="or `participants`"):
        ask("next-dose", {**case, "participants": PEOPLE}, library)


def test_the_design_of_a_protocol_says_that_it_is_illustrative(library):
    """The registry page names no design, so the answer carries the label."""
    case = {"protocol": "nct03959891", "arm": "A", "outcomes": "1NNN"}

    assert "illustrative" in ask("next-dose", case, library)["label"]


def test_responses_come_by_day_whatever_the_order_of_the_visits(library):
    """The list has one entry a visit, oldest first."""
    visits = [{"day": 113, "target": {"T1": 42}}, {"day": 57, "target": {"T1": 90}}]
    case = {"baseline": {"target": [{"id": "T1", "mm": 60}]}, "visits": visits}

    answer = ask("timepoint-response", case, library)

    assert [visit["day"] for visit in answer["visits"]] == [57, 113]
    assert answer["overall"] == ["PD", "PR"]
