"""Lines of therapy of every person: an interval, where an episode tells no setting."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, answers, before

from trialwright.protocol.event_rules import LinesRule
from trialwright.protocol.vocabulary import Medicine, Term
from trialwright.terms.omop import (
    CONDITION_FIELD,
    DRUG_FIELD,
    EPISODE_FIELD,
    METASTATIC_DISEASE,
    PRELIMINARY,
)

MEDICINES = {
    "one": Medicine(says="One", omop=(1,)),
    "two": Medicine(says="Two", omop=(2,)),
    "three": Medicine(says="Three", omop=(3,)),
}
TERMS = {
    "chemo": Term(says="Chemotherapy", kind="treatment", members=("two", "one")),
    "endocrine": Term(says="Endocrine therapy", kind="treatment", members=("three",)),
    "relapse": Term(says="Relapse", kind="condition", omop=(7,)),
}
ON_SKIN = [{"concept_id": 30, "vocabulary_id": "SNOMED", "concept_code": "6064005"}]


def given(row, person, since, until=None, medicine=1, **columns):
    """Give an exposure."""
    return {
        "drug_exposure_id": row, "person_id": person, "drug_concept_id": medicine,
        "drug_exposure_start_date": before(since),
        "drug_exposure_end_date": None if until is None else before(until), **columns,
    }  # fmt: skip


def asked(**options):
    """Give a rule on lines."""
    return LinesRule(kind="lines", fact="chemo", **options)


def test_starts_at_most_28_days_apart_are_one_line():
    """From one to the next, whatever the medicine; a start 29 days later opens another line."""
    rows = [
        given(11, 1, 100), given(12, 1, 72, medicine=2), given(13, 1, 44),
        given(21, 2, 100), given(22, 2, 71, medicine=2),
        given(31, 3, 72, medicine=2), given(32, 3, 100),
        given(41, 4, 90), given(42, 4, 90, medicine=2),
        given(51, 5, 90, medicine=3),
    ]  # fmt: skip

    found = answers(asked(at_most=1), {"drug_exposure": rows}, TERMS, MEDICINES)

    assert found == {
        1: (MET, "drug_exposure/11"),
        2: (UNKNOWN, "drug_exposure/21"),
        3: (MET, "drug_exposure/32"),
        4: (MET, "drug_exposure/42"),  # of one day, by the order of the set
        5: (UNKNOWN, None),
    }


@pytest.mark.parametrize(
    ("options", "columns", "expected"),
    [
        ({"stopped_for": ("progression",)}, {"stop_reason": "toxicity"}, MET),
        ({"stopped_for": ("progression",)}, {"stop_reason": "pd"}, UNKNOWN),
        ({"stopped_for": ("progression",)}, {}, UNKNOWN),
        ({"least_days": 21}, {"drug_exposure_end_date": before(80)}, UNKNOWN),
        ({"least_days": 22}, {"drug_exposure_end_date": before(80)}, MET),
        ({"least_days": 101}, {}, UNKNOWN),
        ({"least_days": 102}, {}, MET),
        ({"least_days": 102}, {"drug_exposure_end_date": before(-50)}, MET),
    ],
)
def test_a_line_counts_only_if_a_treatment_of_it_may(options, columns, expected):
    """It began 100 days ago: its length holds its first and its last day; no line is allowed."""
    row = {**given(1, 1, 100), **columns}

    found = answers(asked(at_most=0, **options), {"drug_exposure": [row]}, TERMS, MEDICINES)

    assert found == {1: (expected, "drug_exposure/1")}


@pytest.mark.parametrize("lines", [1, 2])
def test_too_few_lines_on_record_decide_nothing(lines):
    """No table says that it holds every line; the one here does not count."""
    row = {**given(1, 1, 100), "stop_reason": "toxicity"}
    rule = asked(at_least=lines, stopped_for=("progression",))

    assert answers(rule, {"drug_exposure": [row]}, TERMS, MEDICINES) == {
        1: (UNKNOWN, "drug_exposure/1")
    }


def test_what_is_applied_locally_is_no_treatment_of_a_line():
    """A cream alone leaves nothing recorded."""
    rows = [given(1, 1, 100, route_concept_id=30), given(2, 2, 100, route_concept_id=30),
            given(3, 2, 50)]  # fmt: skip

    found = answers(asked(at_most=1), {"drug_exposure": rows, "concept": ON_SKIN}, TERMS, MEDICINES)

    assert found == {1: (UNKNOWN, None), 2: (MET, "drug_exposure/3")}


def test_a_relapse_soon_after_the_last_dose_may_count_as_a_line():
    """Thirty days after it may, 31 do not; nor before the first dose, nor a suspicion."""
    given_three = [
        row
        for person in range(1, 6)
        for row in (given(person, person, 100), given(person + 50, person, 400, 200, 3))
    ]
    began = {1: 170, 2: 169, 3: 401, 4: 170, 5: 170}
    relapses = [
        {"condition_occurrence_id": person, "person_id": person, "condition_concept_id": 7,
         "condition_start_date": before(days),
         "condition_status_concept_id": PRELIMINARY if person == 4 else None}
        for person, days in began.items()
    ]  # fmt: skip
    given_three[-1]["route_concept_id"] = 30
    rule = asked(at_most=1, relapse="relapse", relapse_after="endocrine", relapse_days=30)
    rows = {"drug_exposure": given_three, "condition_occurrence": relapses, "concept": ON_SKIN}

    found = answers(rule, rows, TERMS, MEDICINES)

    assert {person: answer for person, (answer, _) in found.items()} == {
        1: UNKNOWN, 2: MET, 3: MET, 4: MET, 5: MET,
    }  # fmt: skip


PALLIATIVE, ADJUVANT, NEOADJUVANT, CURATIVE = 41, 42, 43, 44
SETTINGS = [
    {"concept_id": number, "vocabulary_id": "SNOMED", "concept_code": code}
    for number, code in (
        (PALLIATIVE, "363676003"), (ADJUVANT, "373846009"), (NEOADJUVANT, "373847000"),
        (CURATIVE, "373808002"),
    )
]  # fmt: skip
PROGRESSED = {"stop_reason": "progression"}


def told(*exposures, settings=(), parent=None, field=DRUG_FIELD, modifies=EPISODE_FIELD):
    """Give an episode that holds exposures, and what tells its setting."""
    first, person = exposures[0]["drug_exposure_id"], exposures[0]["person_id"]
    episode = {"episode_id": 500 + first, "person_id": person, "episode_concept_id": 32531,
               "episode_parent_id": parent}  # fmt: skip
    return {
        "drug_exposure": list(exposures),
        "episode": [episode],
        "episode_event": [
            {"episode_id": 500 + first, "event_id": each["drug_exposure_id"],
             "episode_event_field_concept_id": field}
            for each in exposures
        ],
        "measurement": [
            {"measurement_id": 10 * first + place, "person_id": person,
             "measurement_concept_id": each, "measurement_date": before(1),
             "measurement_event_id": 500 + first, "meas_event_field_concept_id": modifies}
            for place, each in enumerate(settings)
        ],
    }  # fmt: skip


def hospital_of(*parts, **more):
    """Put parts together."""
    rows = {"concept": SETTINGS}
    for part in (*parts, more):
        for name, each in part.items():
            rows[name] = [*rows.get(name, ()), *each]
    return rows


def disease(number, person, concept=METASTATIC_DISEASE):
    """Give the episode of a disease."""
    return {"episode": [{"episode_id": number, "person_id": person, "episode_concept_id": concept}]}


def verdicts(rule, rows):
    """Give the verdicts alone."""
    found = answers(rule, rows, TERMS, MEDICINES)
    return {person: verdict for person, (verdict, _) in found.items()}


def test_an_episode_tells_the_setting_of_its_exposures():
    """By a measurement that modifies it, or as a part of the disease that has spread."""
    rows = hospital_of(
        told(given(1, 1, 100, 50, **PROGRESSED), settings=[PALLIATIVE]),
        told(given(2, 2, 100, 50, **PROGRESSED), parent=900),
        disease(900, 2),
        told(given(3, 3, 100, 50, **PROGRESSED), settings=[ADJUVANT]),
        told(given(4, 4, 100, 50, **PROGRESSED), settings=[CURATIVE]),
        told(given(5, 5, 100, 50, **PROGRESSED)),
        told(given(6, 6, 100, 50, **PROGRESSED), settings=[PALLIATIVE, ADJUVANT]),
        told(given(7, 7, 100, 50, **PROGRESSED), settings=[PALLIATIVE], parent=901),
        disease(901, 7),
        told(given(8, 8, 100, 50, **PROGRESSED), settings=[ADJUVANT], parent=902),
        disease(902, 8),
        told(given(9, 9, 100, 50, **PROGRESSED), parent=903),
        disease(903, 9, concept=32528),
        told(given(10, 10, 100, 50, **PROGRESSED), settings=[PALLIATIVE], field=CONDITION_FIELD),
        told(given(11, 11, 100, 50, **PROGRESSED), settings=[PALLIATIVE], modifies=CONDITION_FIELD),
    )

    at_least = verdicts(asked(at_least=1, stopped_for=("progression",)), rows)
    none = verdicts(asked(at_most=0, stopped_for=("progression",)), rows)

    sure, other = {1, 2, 7}, {3}
    assert at_least == {person: MET if person in sure else UNKNOWN for person in range(1, 12)}
    assert none == {
        person: NOT_MET if person in sure else MET if person in other else UNKNOWN
        for person in range(1, 12)
    }


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"stop_reason": "PD"}, NOT_MET),
        ({"stop_reason": "toxicity"}, MET),
        ({}, UNKNOWN),
    ],
)
def test_a_line_of_the_setting_counts_by_its_end(columns, expected):
    """Stopped for progression it does, for something else it does not, else nobody knows."""
    rows = hospital_of(told(given(1, 1, 100, 50, **columns), settings=[PALLIATIVE]))

    assert verdicts(asked(at_most=0, stopped_for=("progression",)), rows) == {1: expected}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(100, 80, 1)], NOT_MET),  # 21 days, first and last included
        ([(100, 81, 1)], MET),
        ([(100, None, 1)], UNKNOWN),  # the first dose may have been the last
        ([(100, 95, 1), (82, 80, 1)], NOT_MET),  # one course of one medicine
        ([(100, 95, 1), (82, 80, 2)], UNKNOWN),  # two medicines that together are long enough
        ([(100, 99, 1), (60, 59, 1)], MET),  # two lines, each too short
    ],
)
def test_a_line_counts_that_surely_lasted(spans, expected):
    """At least 21 days in one medicine's course."""
    exposures = [
        given(number, 1, since, until, medicine)
        for number, (since, until, medicine) in enumerate(spans, 1)
    ]
    rows = hospital_of(*(told(each, settings=[PALLIATIVE]) for each in exposures))

    assert verdicts(asked(at_most=0, least_days=21), rows) == {1: expected}


def test_lines_between_those_that_count_and_those_that_may():
    """Two surely count and a third may: at most two is open, at most one is not met."""
    rows = hospital_of(
        told(given(1, 1, 400, 350), settings=[PALLIATIVE]),
        told(given(2, 1, 300, 250), settings=[PALLIATIVE]),
        told(given(3, 1, 200, 150)),
    )

    found = {bound: verdicts(asked(at_most=bound), rows)[1] for bound in (1, 2, 3)}
    least = {bound: verdicts(asked(at_least=bound), rows)[1] for bound in (2, 3, 4)}

    assert found == {1: NOT_MET, 2: UNKNOWN, 3: MET}
    assert least == {2: MET, 3: UNKNOWN, 4: UNKNOWN}


@pytest.mark.parametrize(
    ("setting", "until", "expected"),
    [
        (ADJUVANT, 200, MET),
        (NEOADJUVANT, 200, MET),
        (ADJUVANT, 201, UNKNOWN),  # 31 days before the relapse
        (PALLIATIVE, 200, UNKNOWN),
        (None, 200, UNKNOWN),
        (ADJUVANT, None, UNKNOWN),  # nobody knows when it ended
    ],
)
def test_a_relapse_soon_after_adjuvant_treatment_counts(setting, until, expected):
    """Within 30 days of its last dose, where the episode says that it was adjuvant."""
    relapse = {"condition_occurrence_id": 1, "person_id": 1, "condition_concept_id": 7,
               "condition_start_date": before(170)}  # fmt: skip
    rows = hospital_of(
        told(given(1, 1, 400, until, 3), settings=[setting] if setting else []),
        told(given(2, 1, 100, 50), settings=[ADJUVANT]),
        condition_occurrence=[relapse],
    )
    rule = asked(at_least=1, relapse="relapse", relapse_after="endocrine", relapse_days=30)

    assert verdicts(rule, rows) == {1: expected}


def test_a_hospital_without_episodes_leaves_lines_open():
    """The tables of the model may be missing altogether."""
    rows = {"drug_exposure": [given(1, 1, 100, 50, **PROGRESSED)]}

    assert verdicts(asked(at_least=1), rows) == {1: UNKNOWN}


def test_between_bounds_that_no_number_meets():
    """Two that may count are none of 1.5; one may become more, and so may what is unread."""
    rows = [
        given(11, 1, 100), given(12, 1, 50),
        given(21, 2, 100),
        given(31, 3, 100), given(32, 3, 50), given(33, 3, 10) | {"drug_exposure_start_date": None},
    ]  # fmt: skip
    rule = asked(at_least=Decimal("1.5"), at_most=Decimal("1.5"), intents=("metastatic",))

    found = answers(rule, {"drug_exposure": rows}, TERMS, MEDICINES)

    assert found == {
        1: (NOT_MET, "drug_exposure/11"),
        2: (UNKNOWN, "drug_exposure/21"),
        3: (UNKNOWN, "drug_exposure/31"),
    }


@pytest.mark.parametrize(
    ("bounds", "expected"), [({"at_least": 2}, MET), ({"at_most": 2}, NOT_MET)]
)
def test_lines_are_counted_however_many(bounds, expected):
    """Single doses a month apart for five years: more than enough is enough."""
    exposures = [given(each, 1, 30 * each, 30 * each - 1) for each in range(1, 62)]
    rows = hospital_of(*(told(each, settings=[PALLIATIVE]) for each in exposures))

    assert verdicts(asked(**bounds), rows) == {1: expected}
