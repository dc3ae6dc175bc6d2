"""OMOP rows to a casebook: values, units, days, fates; nothing guessed and nothing lost."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from tests.intake import omop_site as site

from trialwright.assembly.protocols import shipped
from trialwright.casebook.facts import Condition
from trialwright.casebook.treatments import Coverage, Treatment
from trialwright.intake.omop import read_person, read_persons
from trialwright.protocol.omop_codes import meanings
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal
from trialwright.terms.omop import CONDITION_FIELD, FEMALE, GREATEST, PRELIMINARY, number
from trialwright.terms.sources import Source

PERSON = {"person_id": 7, "gender_concept_id": FEMALE, "year_of_birth": 1961}


@pytest.fixture(scope="module")
def study(terms, medicines):
    """Give a study with the small vocabulary of these tests."""
    named = shipped("nct03959891").study
    return named.model_copy(update={"terms": terms, "medicines": medicines})


@pytest.fixture(scope="module")
def site_meanings(study):
    """Give what the concepts of the invented site stand for."""
    return meanings(study, site.CONCEPTS, site.DESCENDANTS)


@pytest.fixture(scope="module")
def intake(study, site_meanings):
    """Give a reader of the rows of one person; the row of `person` is added."""

    def run(**tables):
        return read_person({"person": [PERSON], **tables}, study, site_meanings, "P-7")

    return run


def measured(**columns):
    """Give a measurement: hemoglobin 11.8 g/dL, with columns to replace."""
    return {
        "measurement_id": 123,
        "person_id": 7,
        "measurement_concept_id": site.HEMOGLOBIN,
        "measurement_date": site.DAY,
        "value_as_number": 11.8,
        "unit_concept_id": site.GRAM_PER_DL,
    } | columns


def answered(concept, answer, **columns):
    """Give a measurement with a coded answer."""
    coded = {"value_as_number": None, "unit_concept_id": None, "value_as_concept_id": answer}
    return measured(measurement_concept_id=concept, **coded) | columns


def given(**columns):
    """Give an exposure to letrozole."""
    return {
        "drug_exposure_id": 9,
        "drug_concept_id": site.LETROZOLE,
        "drug_exposure_start_date": site.DAY,
    } | columns


def diagnosed(**columns):
    """Give a diagnosis of metastases in the brain."""
    return {
        "condition_occurrence_id": 5,
        "condition_concept_id": site.CNS_METASTASIS,
        "condition_start_date": site.DAY,
    } | columns


@pytest.fixture
def value(intake):
    """Give the value of the one result of a measurement."""

    def read(row):
        (fact,) = intake(measurement=[row]).casebook.observations
        return str(fact.value)

    return read


def test_a_measurement_becomes_a_result(intake):
    """With unit, range, day, time and the row it stands in."""
    at = datetime(2026, 3, 2, 8, 30)  # noqa: DTZ001
    row = measured(range_low=12, range_high=16.0, measurement_datetime=at)
    (fact,) = intake(measurement=[row]).casebook.observations

    assert str(fact.evidence) == "hemoglobin 11.8 g/dL on 2026-03-02 [omop measurement/123]"
    assert (fact.low, fact.high) == (Decimal(12), Decimal(16))
    assert fact.at == "2026-03-02T08:30:00"


@pytest.mark.parametrize(
    ("operator", "said"),
    [
        (None, "11.8 g/dL"),
        (0, "11.8 g/dL"),
        (4172703, "11.8 g/dL"),
        (4171756, "<11.8 g/dL"),
        (4171754, "<=11.8 g/dL"),
        (4171755, ">=11.8 g/dL"),
        (4172704, ">11.8 g/dL"),
        (12345, IN_QUESTION),
    ],
)
def test_the_operator_is_kept(value, operator, said):
    """One that nobody knows puts the number in question."""
    assert value(measured(operator_concept_id=operator)) == said


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "11.8 g/dL"),
        ({"unit_concept_id": 0, "unit_source_value": "g/L"}, "11.8 g/L"),
        ({"unit_concept_id": None, "unit_source_value": "gm/dL"}, "11.8 g/dL"),
        ({"unit_source_value": "mg/dL"}, "11.8 g/dL"),
        ({"unit_concept_id": None}, IN_QUESTION),
        ({"unit_concept_id": 8999, "unit_source_value": None}, IN_QUESTION),
        ({"unit_concept_id": 0, "unit_source_value": "per bottle"}, IN_QUESTION),
    ],
)
def test_the_unit_is_read_by_its_concept_then_by_its_words(value, columns, said):
    """A number without a unit is in question, never taken in the unit of the protocol."""
    assert value(measured(**columns)) == said


def test_a_score_needs_no_unit(value):
    """And 0 is a score, not nothing."""
    row = measured(measurement_concept_id=site.ECOG, value_as_number=0, unit_concept_id=None)

    assert value(row) == "0 {score}"


@pytest.mark.parametrize("score", range(6))
@pytest.mark.parametrize("table", ["measurement", "observation"])
def test_an_answer_code_of_ecog_is_its_score(intake, table, score):
    """In either table; 0 is the best of them, not nothing."""
    row = {
        f"{table}_id": 3,
        f"{table}_concept_id": site.ECOG,
        f"{table}_date": site.DAY,
        "value_as_concept_id": site.ECOG_ANSWERS[score],
    }
    (fact,) = intake(**{table: [row]}).casebook.observations

    assert str(fact.value) == f"{score} {{score}}"


@pytest.mark.parametrize(
    ("concept", "answer", "said"),
    [
        (site.ECOG, site.POSITIVE, "positive"),
        (site.ECOG, 777, IN_QUESTION),
        (site.HEMOGLOBIN, site.ECOG_ANSWERS[1], IN_QUESTION),
        (site.HIV_TEST, site.ECOG_ANSWERS[1], IN_QUESTION),
    ],
)
def test_a_score_is_read_of_terms_that_are_scores_alone(value, concept, answer, said):
    """No hemoglobin and no test is an ECOG of 1; another word beside an ECOG is no score."""
    assert value(answered(concept, answer)) == said


def test_a_number_goes_before_an_answer_code(value):
    """As it does beside every other coded answer."""
    row = answered(site.ECOG, site.ECOG_ANSWERS[3], value_as_number=1)

    assert value(row) == "1 {score}"


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (0.1 + 0.2, "0.3"),
        (1.0000004, "1"),
        (1.0000006, "1.000001"),
        (100, "100"),
        (-0.0, "0"),
        (1e-7, "0"),
        (120.0, "120"),
        (GREATEST - 1, "8999999999999"),
        (Decimal("1.5000000"), "1.5"),
    ],
)
def test_numbers_are_the_decimals_that_were_meant(value, stored, said):
    """To the nearest millionth, as a database works it out too."""
    assert value(measured(value_as_number=stored)) == f"{said} g/dL"


@pytest.mark.parametrize("stored", [float("nan"), float("inf"), -float("inf"), GREATEST, 1e300])
def test_what_is_no_number_is_in_question(value, stored):
    """It hides no older result, and breaks nothing."""
    assert value(measured(value_as_number=stored)) == IN_QUESTION
    with pytest.raises(Refusal):
        number(stored)


def test_a_range_that_is_no_number_is_no_range(intake):
    """The result stands without it."""
    row = measured(range_low=float("nan"), range_high=1e300)
    (fact,) = intake(measurement=[row]).casebook.observations

    assert (fact.low, fact.high, str(fact.value)) == (None, None, "11.8 g/dL")


@pytest.mark.parametrize(
    ("answer", "written", "said"),
    [
        (site.NEGATIVE, None, "negative"),
        (site.NEGATIVE, "1+", "1+"),
        (site.NEGATIVE, "0", "0"),
        (site.EQUIVOCAL, "IHC 2+", "2+"),
        (site.POSITIVE, "3+", "3+"),
        (site.POSITIVE, "0", IN_QUESTION),
        (site.NEGATIVE, "3+", IN_QUESTION),
        (None, "2+", "2+"),
    ],
)
def test_a_score_of_her2_agrees_with_its_answer(value, answer, written, said):
    """Where the two disagree, a person must settle it."""
    assert value(answered(site.HER2_IHC, answer, value_source_value=written)) == said


@pytest.mark.parametrize(
    ("concept", "code", "said"),
    [
        (site.STABLE, "359746009", "stable"),
        (site.UNDETERMINED, "709137006", "indeterminate"),
        (site.NOT_DETECTED, "260415000", "negative"),
        (777, "42", IN_QUESTION),
    ],
)
def test_a_disease_status_is_read_as_it_is_in_fhir(
    value, read, patient, observed, concept, code, said
):
    """That nobody could tell is an answer; a code that nobody knows is for a person to read."""
    coded = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    [fact] = read(patient, observed("97509-4", valueCodeableConcept=coded)).casebook.observations

    assert (value(answered(site.STATUS, concept)), str(fact.value)) == (said, said)


def test_a_test_without_a_score_takes_none(value):
    """A text beside the answer of another test is not read."""
    assert value(answered(site.HIV_TEST, site.NEGATIVE, value_source_value="3+")) == "negative"


@pytest.mark.parametrize("concept", [site.HIV_TEST, site.HER2_IHC, site.HEMOGLOBIN])
@pytest.mark.parametrize("answer", [None, 0])
@pytest.mark.parametrize("written", [None, "", "  "])
def test_a_row_that_says_nothing_is_no_result(intake, concept, answer, written):
    """It gives no fact, so that an older result stays the newest, and is counted."""
    row = answered(concept, answer, value_source_value=written, value_as_string=written)
    found = intake(measurement=[row])

    assert found.casebook.observations == ()
    assert dict(found.ignored) == {"measurement: no value": 1}


@pytest.mark.parametrize(
    ("concept", "columns"),
    [
        (site.HIV_TEST, {"value_as_concept_id": 777}),
        (site.HIV_TEST, {"value_as_concept_id": 0, "value_source_value": "see comment"}),
        (site.HIV_TEST, {"value_as_string": "see comment"}),
        (site.HIV_TEST, {"value_as_number": 0}),
        (site.HIV_TEST, {"value_as_number": 2, "value_as_concept_id": 777}),
        (site.HER2_IHC, {"value_as_concept_id": 777}),
        (site.HER2_IHC, {"value_source_value": "see comment"}),
        (site.HEMOGLOBIN, {"value_as_concept_id": 777}),
        (site.HEMOGLOBIN, {"value_source_value": "clotted"}),
    ],
)
def test_what_is_no_known_answer_is_in_question(intake, concept, columns):
    """On its day, so that no older result takes its place; a number alone is no finding."""
    older = answered(site.HIV_TEST, site.NEGATIVE, measurement_date=date(2026, 1, 5))
    row = answered(concept, None, measurement_id=124) | columns
    found = intake(measurement=[older, row])

    newest = found.casebook.observations[-1]
    assert (newest.value, str(newest.on)) == (IN_QUESTION, "2026-03-02")
    assert (found.used, found.questioned, dict(found.ignored)) == (1, 1, {})


def test_a_known_answer_stands_whatever_else_the_row_says(value):
    """Its number, such as that of a signal, and its text are not read."""
    row = answered(
        site.HIV_TEST, site.NEGATIVE, value_as_number=0.4, value_source_value="see below"
    )

    assert value(row) == "negative"


def test_the_text_of_a_number_is_not_asked(value):
    """It repeats the number."""
    assert value(measured(value_source_value="11.8 g/dL")) == "11.8 g/dL"


def test_an_observation_row_is_read_alike(intake):
    """As the table `observation` holds it."""
    row = {
        "observation_id": 3,
        "observation_concept_id": site.HIV_TEST,
        "observation_date": site.DAY,
        "value_as_string": "not known",
    }
    found = intake(observation=[row, row | {"observation_id": 4, "value_as_string": None}])

    assert [each.value for each in found.casebook.observations] == [IN_QUESTION]
    assert dict(found.ignored) == {"observation: no value": 1}


def test_a_result_speaks_of_the_condition_it_names(intake):
    """An event of another table is none."""
    about = {"measurement_event_id": 5, "meas_event_field_concept_id": CONDITION_FIELD}
    other = {"measurement_event_id": 5, "meas_event_field_concept_id": 1147330}
    rows = [measured(**about), measured(measurement_id=124, **other)]
    found = intake(measurement=rows).casebook.observations

    assert [fact.about for fact in found] == [("condition_occurrence/5",), ()]


def test_a_row_is_found_by_its_source_concept_too(intake):
    """Once, even when both concepts stand for the same term."""
    by_source = diagnosed(condition_concept_id=0, condition_source_concept_id=site.C50_911)
    by_both = diagnosed(
        condition_occurrence_id=6,
        condition_concept_id=site.BREAST_CANCER,
        condition_source_concept_id=site.C50,
    )
    found = intake(condition_occurrence=[by_source, by_both]).casebook.conditions

    assert [(fact.term, fact.source.place) for fact in found] == [
        ("breast-cancer", "condition_occurrence/5"),
        ("breast-cancer", "condition_occurrence/6"),
    ]


@pytest.mark.parametrize(
    ("table", "row", "source", "until", "is_confirmed"),
    [
        ("condition_occurrence", diagnosed(), "condition_occurrence/5", None, True),
        (
            "condition_occurrence",
            diagnosed(condition_end_date=date(2026, 3, 9)),
            "condition_occurrence/5",
            "2026-03-09",
            True,
        ),
        (
            "condition_occurrence",
            diagnosed(condition_status_concept_id=PRELIMINARY),
            "condition_occurrence/5",
            None,
            False,
        ),
        (
            "procedure_occurrence",
            {
                "procedure_occurrence_id": 4,
                "procedure_concept_id": site.CNS_METASTASIS,
                "procedure_date": site.DAY,
                "procedure_end_date": date(2026, 3, 9),
            },
            "procedure_occurrence/4",
            None,
            True,
        ),
        (
            "observation",
            {
                "observation_id": 3,
                "observation_concept_id": site.CNS_METASTASIS,
                "observation_date": site.DAY,
            },
            "observation/3",
            None,
            True,
        ),
    ],
)
def test_a_condition_comes_from_three_tables(intake, table, row, source, until, is_confirmed):
    """Present since the day of the row; only a diagnosis ends, or is preliminary."""
    expected = Condition(
        "cns-metastasis",
        is_present=True,
        since=PartialDate.of(site.DAY),
        until=PartialDate.parse(until) if until else None,
        source=Source("omop", source),
        is_confirmed=is_confirmed,
    )

    assert intake(**{table: [row]}).casebook.conditions == (expected,)


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({}, {"until": None, "is_ongoing": None}),
        (
            {"drug_exposure_end_date": date(2026, 3, 9)},
            {"until": PartialDate.parse("2026-03-09"), "is_ongoing": False},
        ),
        ({"stop_reason": " Disease Progression "}, {"stopped_for": "progression"}),
        ({"stop_reason": "AE"}, {"stopped_for": "toxicity"}),
        ({"stop_reason": "completed"}, {"stopped_for": "completed"}),
        ({"stop_reason": "refused"}, {"stopped_for": "refused"}),
        ({"stop_reason": "moved away"}, {"stopped_for": None}),
        ({"stop_reason": "Other"}, {"stopped_for": "other"}),
        ({"stop_reason": ""}, {"stopped_for": None}),
        ({"route_concept_id": site.TOPICAL}, {"is_local": True}),
        ({"route_concept_id": site.BY_MOUTH}, {"is_local": False}),
        ({"drug_concept_id": site.LETROZOLE_TABLET}, {"medicine": "letrozole"}),
        (
            {"drug_concept_id": 0, "drug_source_concept_id": site.METFORMIN},
            {"medicine": "metformin"},
        ),
    ],
)
def test_an_exposure_becomes_a_treatment(intake, columns, fields):
    """Why it was given is not in the tables."""
    (fact,) = intake(drug_exposure=[given(**columns)]).casebook.treatments

    assert fact.intent is None
    assert {name: getattr(fact, name) for name in fields} == fields


@pytest.mark.parametrize("end", [None, date(2026, 3, 9)])
def test_radiotherapy_is_a_procedure_that_treats(intake, end):
    """On its day alone, unless it has an end."""
    row = {
        "procedure_occurrence_id": 4,
        "procedure_concept_id": site.RADIOTHERAPY,
        "procedure_date": site.DAY,
        "procedure_end_date": end,
    }
    since, until = PartialDate.of(site.DAY), PartialDate.of(end or site.DAY)
    source = Source("omop", "procedure_occurrence/4")
    expected = Treatment("radiotherapy", since, until, is_ongoing=False, source=source)

    assert intake(procedure_occurrence=[row]).casebook.treatments == (expected,)


@pytest.mark.parametrize(
    ("born", "sex", "expected"),
    [
        ({}, FEMALE, ("1961", "female")),
        ({"month_of_birth": 9}, 8507, ("1961-09", "male")),
        ({"month_of_birth": 9, "day_of_birth": 3}, 0, ("1961-09-03", None)),
        ({"day_of_birth": 3}, 8521, ("1961", None)),
        ({"year_of_birth": None}, None, ("None", None)),
    ],
)
def test_birth_and_sex_are_known_as_far_as_recorded(intake, born, sex, expected):
    """A day without its month says nothing."""
    person = PERSON | born | {"gender_concept_id": sex}
    casebook = intake(person=[person]).casebook

    assert (str(casebook.born), casebook.sex) == expected
    assert casebook.person == Source("omop", "person/7")


def test_periods_of_observation_are_coverage(intake):
    """In the order of their ids."""
    row = {
        "observation_period_id": 4,
        "observation_period_start_date": date(2020, 1, 1),
        "observation_period_end_date": site.DAY,
    }
    later = row | {"observation_period_id": 5}
    found = intake(observation_period=[later, row]).casebook.coverage

    assert found[0] == Coverage(
        PartialDate.parse("2020-01-01"),
        PartialDate.of(site.DAY),
        Source("omop", "observation_period/4"),
    )
    assert found[1].source.place == "observation_period/5"


def test_facts_come_in_the_order_of_tables_and_ids(intake):
    """However the rows arrive."""
    seen = {
        "observation_id": 1,
        "observation_concept_id": site.HEMOGLOBIN,
        "observation_date": site.DAY,
        "value_as_number": 9,
        "unit_source_value": "g/dL",
    }
    rows = [measured(measurement_id=125), measured(measurement_id=2), measured(measurement_id=30)]
    found = intake(observation=[seen], measurement=rows).casebook.observations

    assert [fact.source.place for fact in found] == [
        "measurement/2",
        "measurement/30",
        "measurement/125",
        "observation/1",
    ]


def test_every_row_has_one_fate(intake):
    """Used, in question, or left aside for a named reason."""
    found = intake(
        measurement=[
            measured(),
            measured(measurement_id=1, unit_concept_id=None),
            measured(measurement_id=2, measurement_concept_id=1),
            answered(site.HIV_TEST, None, measurement_id=3),
            measured(measurement_id=4, measurement_concept_id=site.CNS_METASTASIS),
            measured(measurement_id=5, measurement_date=None),
        ],
        condition_occurrence=[diagnosed(), diagnosed(condition_concept_id=site.HEMOGLOBIN)],
        drug_exposure=[given(drug_exposure_start_date=None), given(drug_concept_id=1)],
    )

    assert (found.rows, found.used, found.questioned) == (10, 3, 3)
    assert dict(found.ignored) == {
        "measurement: not in the vocabulary": 1,
        "measurement: no value": 1,
        "condition_occurrence: not in the vocabulary": 1,
        "drug_exposure: not in the vocabulary": 1,
    }
    assert found.rows == found.used + found.questioned + sum(found.ignored.values())


def test_a_row_without_its_day_leaves_its_term_unsettled(intake):
    """So that silence about it is no absence."""
    found = intake(
        condition_occurrence=[diagnosed(condition_start_date=None)],
        drug_exposure=[given(drug_exposure_start_date=None)],
    ).casebook

    assert (found.conditions, found.treatments) == ((), ())
    assert found.unsettled == {"cns-metastasis", "letrozole"}


@pytest.mark.parametrize("persons", [[], [PERSON, PERSON]])
def test_rows_are_of_one_person(intake, persons):
    """Nobody, and the same person twice, are refused."""
    with pytest.raises(Refusal, match=f"person: {len(persons)} rows"):
        intake(person=persons)


def test_many_persons_are_read_one_after_another(study, site_meanings):
    """Each under the number of its row."""
    rows = [{"person": [PERSON | {"person_id": each}]} for each in (3, 8)]
    found = [*read_persons(rows, study, site_meanings)]

    assert [(person_id, book.participant) for person_id, book in found] == [(3, "3"), (8, "8")]
