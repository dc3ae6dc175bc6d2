"""Treatment of every person, counted from the last dose."""

from decimal import Decimal

import pytest
from tests.warehouse.hospital import MET, NOT_MET, UNKNOWN, answers, before

from trialwright.protocol.event_rules import TreatmentRule
from trialwright.protocol.vocabulary import Medicine, Term

FAST, SLOW, DARK = 1, 2, 3
"""Concepts of medicines with a half-life of 60 hours, of 240, and of none that is known."""

MEDICINES = {
    "fast": Medicine(says="Fast", omop=(FAST,), half_life_hours=Decimal(60)),
    "slow": Medicine(says="Slow", omop=(SLOW,), half_life_hours=Decimal(240)),
    "dark": Medicine(says="Dark", omop=(DARK,)),
}
TERMS = {
    "set": Term(says="Set", kind="treatment", members=("slow", "fast", "dark")),
    "cleared": Term(says="Set", kind="treatment", members=("dark",), cleared_after_days=60),
}
ON_SKIN = [{"concept_id": 30, "vocabulary_id": "SNOMED", "concept_code": "6064005"}]


def given(person, since, until=None, medicine=FAST, row=None, **columns):
    """Give an exposure."""
    return {
        "drug_exposure_id": person * 10 if row is None else row, "person_id": person,
        "drug_concept_id": medicine, "drug_exposure_start_date": before(since),
        "drug_exposure_end_date": None if until is None else before(until), **columns,
    }  # fmt: skip


def asked(fact="set", **options):
    """Give a rule on the set."""
    return TreatmentRule(kind="treatment", fact=fact, **options)


@pytest.mark.parametrize(
    ("rule", "rows", "expected"),
    [
        (asked(when="within", days=14), [given(1, 90, 14), given(2, 90, 15)], (MET, UNKNOWN)),
        (
            asked(when="within", days=14, not_recorded="absent"),
            [given(1, 90, 15), given(2, 13)],
            (NOT_MET, MET),
        ),
        (asked(when="within", days=14), [given(1, 15), given(2, 14)], (UNKNOWN, MET)),
        (asked(when="within", days=14), [given(1, 90, -30), given(2, 90, 0)], (MET, MET)),
        (
            asked(when="within", days=7, half_lives=Decimal(5), not_recorded="absent"),
            [given(1, 90, 12), given(2, 90, 13)],  # 300 hours are 12 days and a half
            (MET, NOT_MET),
        ),
        (
            asked(when="within", days=14, half_lives=Decimal(5), not_recorded="absent"),
            [given(1, 90, 50, SLOW), given(2, 90, 51, SLOW)],
            (MET, NOT_MET),
        ),
        (
            asked(when="within", days=14, half_lives=Decimal(5), not_recorded="absent"),
            [given(1, 90, 14, DARK), given(2, 900, 800, DARK)],
            (MET, UNKNOWN),
        ),
        (
            asked("cleared", when="within", days=14, half_lives=Decimal(5), not_recorded="absent"),
            [given(1, 90, 60, DARK), given(2, 90, 61, DARK)],
            (UNKNOWN, NOT_MET),
        ),
        (asked(when="now"), [given(1, 90, 0), given(2, 90)], (MET, UNKNOWN)),
        (
            asked(when="now", not_recorded="absent"),
            [given(1, 90, 1), given(2, -1)],
            (NOT_MET, NOT_MET),
        ),
        (
            asked(when="started-within", days=28, not_recorded="absent"),
            [given(1, 28, 0), given(2, 29, 0)],
            (MET, NOT_MET),
        ),
        (
            asked(when="ever", stopped_for=("progression",), not_recorded="absent"),
            [given(1, 90, 1, stop_reason=" PD "), given(2, 90, 1, stop_reason="other")],
            (MET, NOT_MET),
        ),
        (
            asked(when="ever", stopped_for=("progression",), not_recorded="absent"),
            [given(1, 90, 1, stop_reason="new lesion seen"), given(2, 90, 1, stop_reason="AE")],
            (UNKNOWN, NOT_MET),
        ),
        (
            asked(when="ever", stopped_for=("progression",), not_recorded="absent"),
            [given(1, 90, 1, stop_reason=""), given(2, 90, 1)],
            (UNKNOWN, UNKNOWN),
        ),
        (
            asked(when="ever", not_recorded="absent"),
            [given(1, 90, route_concept_id=30), given(2, 90, route_concept_id=31)],
            (NOT_MET, MET),
        ),
    ],
)
def test_a_dose_counts_to_the_day(rule, rows, expected):
    """One case on each side of every bound of time."""
    found = answers(rule, {"drug_exposure": rows, "concept": ON_SKIN}, TERMS, MEDICINES)

    assert (found[1][0], found[2][0]) == expected


def test_the_deciding_record_is_the_first_of_the_first_medicine_of_the_set():
    """By the order of the set, then of arrival; only among records that give the answer."""
    rows = [
        given(1, 90, 1, FAST, 11), given(1, 90, 1, SLOW, 12), given(1, 90, 1, SLOW, 13),
        given(2, 900, 800, SLOW, 21), given(2, 90, 1, FAST, 22),
        given(3, 900, 800, FAST, 31), given(3, 900, 700, SLOW, 32),
    ]  # fmt: skip

    rule = asked(when="within", days=14, not_recorded="absent")
    found = answers(rule, {"drug_exposure": rows}, TERMS, MEDICINES)

    assert found == {
        1: (MET, "drug_exposure/12"),
        2: (MET, "drug_exposure/22"),
        3: (NOT_MET, "drug_exposure/32"),
    }


def test_a_procedure_is_treatment_from_its_first_to_its_last_day():
    """Without an end it ended on the day on which it began."""
    rows = {"procedure_occurrence": [
        {"procedure_occurrence_id": person, "person_id": person, "procedure_concept_id": FAST,
         "procedure_date": before(since),
         "procedure_end_date": None if until is None else before(until)}
        for person, since, until in ((1, 90, 14), (2, 15, None), (3, 14, None))
    ]}  # fmt: skip

    rule = asked(when="within", days=14, not_recorded="absent")
    found = answers(rule, rows, TERMS, MEDICINES)

    assert found == {
        1: (MET, "procedure_occurrence/1"),
        2: (NOT_MET, "procedure_occurrence/2"),
        3: (MET, "procedure_occurrence/3"),
    }
