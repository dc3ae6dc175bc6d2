"""Values at and around the limit of each criterion are really there, and so are the traps."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from trialwright.virtual.assays import ASSAYS

SCREENING = date(2026, 3, 2)


def reported(patients):
    """Give every (LOINC code, unit, value) among the results, with its number."""
    return Counter(
        (result.code.code, result.unit, result.value)
        for patient in patients
        for result in patient.results
        if result.value is not None
    )


@pytest.mark.parametrize(
    ("code", "unit", "values"),
    [
        ("751-8", "10*3/uL", "0.999 1 1.001"),
        ("751-8", "/uL", "999 1000 1001"),
        ("26499-4", "10*9/L", "0.999 1 1.001"),
        ("718-7", "g/dL", "8.9 9 9.1"),
        ("718-7", "g/L", "89 90 91"),
        ("59260-0", "mmol/L", "5.58 5.59"),
        ("777-3", "10*3/uL", "99 100"),
        ("1975-2", "mg/dL", "1.49 1.5"),
        ("14631-6", "umol/L", "25.64 25.65"),
        ("1558-6", "mg/dL", "139 140"),
        ("14771-0", "mmol/L", "7.77 7.78"),
        ("4548-4", "%", "6.9 7"),
        ("59261-8", "mmol/mol", "52 53"),
        ("2823-3", "mmol/L", "2.9 3"),
        ("19123-9", "mg/dL", "0.89 0.9"),
        ("8480-6", "mm[Hg]", "160 161 90 89"),
        ("8867-4", "/min", "49 50"),
        ("10230-1", "%", "49 50"),
        ("85329-1", "%", "0 0.9 1"),
        ("89247-1", "{score}", "0 2 3"),
        ("33728-7", "mm", "9 10 19 20"),
    ],
)
def test_both_sides_of_each_limit_are_reported(patients, code: str, unit: str, values: str):
    """In each unit in which the laboratory reports."""
    found = reported(patients)

    missing = [value for value in values.split() if not found[code, unit, Decimal(value)]]

    assert missing == []


@pytest.mark.parametrize("times", [3, 5])
def test_enzymes_lie_at_their_multiple_of_normal(patients, times: int):
    """Exactly the multiple of the range of that result, one unit less and one more."""
    differences = {
        result.value - times * result.high
        for patient in patients
        for result in patient.results
        if result.code.code in ("1920-8", "1742-6") and result.value and result.high
    }

    assert {Decimal(-1), Decimal(0), Decimal(1)} <= differences


def test_the_age_limit_is_reached_on_the_day_and_a_day_later(patients):
    """Some turn 61 on the screening day, some a day before or after."""
    births = {patient.born for patient in patients}

    assert {"1965-03-01", "1965-03-02", "1965-03-03"} <= births


@pytest.mark.parametrize("days", [13, 14, 15])
def test_last_doses_lie_about_two_weeks_before(patients, days: int):
    """Of cancer therapy, of CYP3A inhibitors, and of radiotherapy."""
    ended = {
        record.code.name if hasattr(record, "code") else record.medicine.name
        for patient in patients
        for record in (*patient.exposures, *patient.deeds)
        if record.until == SCREENING - timedelta(days)
    }

    assert ended & {"fulvestrant", "letrozole", "palbociclib"}
    assert ended & {"ketoconazole", "clarithromycin", "voriconazole"}
    assert "Radiation oncology AND/OR radiotherapy (procedure)" in ended


def test_the_mean_of_three_tracings_is_470_and_just_over(patients):
    """Three QTcF of one day; some days have two."""
    sums, sizes = Counter(), Counter()
    for patient in patients:
        days: dict[date, list[Decimal]] = {}
        for result in patient.results:
            if result.code.code == "76634-5":
                days.setdefault(result.on, []).append(result.value)
        sums.update(sum(values) for values in days.values() if len(values) == 3)
        sizes.update(len(values) for values in days.values())

    assert all(sums[total] for total in (1409, 1410, 1411))
    assert set(sizes) == {2, 3}


def test_an_assay_without_limits_is_not_in_the_list():
    """Each form that a laboratory reports has its values at the limit."""
    bare = [assay.fact for assay in ASSAYS for form in assay.forms if not form.edges]

    assert bare == []


def test_missing_values_comparators_and_units_are_there(patients):
    """No value, `<0.3`, no unit, a unit nobody can read, a unit that cannot be true."""
    results = [result for patient in patients for result in patient.results]
    hemoglobin = {each.unit for each in results if each.code.code == "718-7"}
    bilirubin = {(each.comparator, each.value) for each in results if each.code.code == "1975-2"}

    assert {"g/dL", "g/L", "mg/dL", ""} <= hemoglobin
    assert ("<", Decimal("0.3")) in bilirubin
    assert {each.comparator for each in results} == {"", "<", "<=", ">=", ">"}
    assert any(each.value is None and each.answer is None for each in results)
    assert any(each.spelling == "furlong" for each in results)
    assert any(each.high is None for each in results if each.code.code == "1920-8")


def test_some_results_contradict_each_other_or_stand_twice(patients):
    """Two hemoglobins of one day that differ, and two that are the same."""
    days: dict[tuple[int, date], list[Decimal]] = {}
    for patient in patients:
        for result in patient.results:
            if result.code.code == "718-7" and result.value is not None:
                days.setdefault((patient.person_id, result.on), []).append(result.value)
    several = [values for values in days.values() if len(values) > 1]

    assert any(len(set(values)) > 1 for values in several)
    assert any(len(set(values)) == 1 for values in several)


def test_some_records_are_of_the_future(patients):
    """Results, conditions and last doses after the screening day."""
    assert any(result.on > SCREENING for each in patients for result in each.results)
    assert any(illness.since > SCREENING for each in patients for illness in each.diagnoses)
    assert any(
        given.until and given.until > SCREENING for each in patients for given in each.exposures
    )


def test_medicines_are_topical_open_and_stopped_for_every_reason(patients):
    """With ketoconazole on the skin and by mouth."""
    given = [each for patient in patients for each in patient.exposures]
    routes = {each.route.name for each in given if each.medicine.name == "ketoconazole"}

    assert routes == {"Oral route", "Topical route"}
    assert any(each.until is None for each in given if each.medicine.name == "fulvestrant")
    assert {each.stop for each in given} == {"", "progression", "toxicity", "completed", "refused"}
    assert {each.intent for each in given} == {"", "metastatic", "adjuvant"}
    assert any(each.medicine.code == "GDC-0068" for each in given)


def test_supplies_follow_each_other(patients):
    """Three of 30 days, of one medicine; the last begins 12 to 15 days before screening."""
    lasts = set()
    for patient in patients:
        taken = [each for each in patient.exposures if each.medicine.name == "metformin"]
        begun = {(each.since - SCREENING).days for each in taken}
        for each in taken:
            since = (each.since - SCREENING).days
            if each.until == each.since + timedelta(29) and each.until > SCREENING:
                lasts.add(since)
                assert {since - 30, since - 60} <= begun

    assert lasts == {-12, -13, -14, -15}
