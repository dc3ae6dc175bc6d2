"""Conditions are present since, until or not known; what is not confirmed is asked."""

from datetime import date

import pytest

BREAST, BRAIN, OVARIES = "254837009", "94225005", "76876009"
HER = "11111111-1111-4111-8111-111111111111"


def status(code):
    """Make a status of FHIR."""
    return {"coding": [{"system": "http://terminology.hl7.org", "code": code}]}


def test_a_condition_is_present_since_its_onset(read, patient, diagnosed):
    """Onset and day of recording stay apart, each as precise as written."""
    found = read(patient, diagnosed(BREAST, onsetDateTime="2018-05", recordedDate="2018-06-01"))
    [fact] = found.casebook.conditions

    assert (fact.term, fact.is_present, fact.until) == ("breast-cancer", True, None)
    assert (str(fact.since), str(fact.recorded)) == ("2018-05", "2018-06-01")
    assert str(fact.source) == "fhir Condition/c1"


@pytest.mark.parametrize(
    ("code", "is_read"),
    [
        ("C50", True),
        ("C50.911", True),
        ("C50911", True),
        ("C79.31", False),
        ("C5", False),
        ("Z80.3", False),
    ],
)
def test_codes_below_a_code_count_in_icd(read, patient, diagnosed, code, is_read):
    """C50.911 is breast cancer; a family history of it (Z80.3) is not."""
    coding = {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]}
    found = read(patient, diagnosed(BREAST, code=coding))

    assert ("breast-cancer" in found.read) is is_read


@pytest.mark.parametrize("verified", ["refuted", "entered-in-error"])
def test_what_was_refuted_is_left_aside(read, patient, diagnosed, verified):
    """It never counts as present, and is not recorded as absent either."""
    found = read(patient, diagnosed(BRAIN, verificationStatus=status(verified)))

    assert found.casebook.conditions == ()
    assert found.ignored == {f"Condition: {verified}": 1}


@pytest.mark.parametrize("verified", ["unconfirmed", "provisional", "differential"])
def test_what_is_not_confirmed_is_a_suspicion_and_a_question(read, patient, diagnosed, verified):
    """It is neither yes nor no, and the casebook shows it: silence it is no longer."""
    found = read(patient, diagnosed(BRAIN, verificationStatus=status(verified)))
    [fact] = found.casebook.conditions

    assert (fact.term, fact.is_confirmed) == ("cns-metastasis", False)
    assert [each.fault.found for each in found.questions] == [verified]
    assert found.casebook.unsettled == frozenset()


def test_a_verification_that_fhir_does_not_know_is_a_question(read, patient, diagnosed):
    """Nothing is read of it, and its term stays open; the word itself is not shown."""
    found = read(patient, diagnosed(BRAIN, verificationStatus=status("perhaps")))

    assert found.casebook.conditions == ()
    assert found.casebook.unsettled == found.open_terms == {"cns-metastasis"}
    assert "perhaps" not in str(found.questions)


@pytest.mark.parametrize("verified", [None, status("confirmed")])
@pytest.mark.parametrize("course", [None, "active", "recurrence", "relapse"])
def test_what_goes_on_has_no_end(read, patient, diagnosed, verified, course):
    """An unstated status of a recorded condition counts as confirmed and going on."""
    clinical = status(course) if course else None
    found = read(patient, diagnosed(BRAIN, verificationStatus=verified, clinicalStatus=clinical))

    assert [fact.until for fact in found.casebook.conditions] == [None]


@pytest.mark.parametrize("course", [None, "inactive", "remission", "resolved"])
@pytest.mark.parametrize(
    "ended", [{"abatementDateTime": "2025-01-07"}, {"abatementPeriod": {"end": "2025-01-07"}}]
)
def test_what_ended_has_its_day_of_end(read, patient, diagnosed, course, ended):
    """Date and period of abatement are read."""
    clinical = status(course) if course else None
    found = read(patient, diagnosed(BRAIN, clinicalStatus=clinical, **ended))

    assert [str(fact.until) for fact in found.casebook.conditions] == ["2025-01-07"]
    assert found.questions == ()


@pytest.mark.parametrize("more", [{}, {"abatementString": "last winter"}])
def test_an_end_without_a_day_lies_between_onset_and_last_change(read, patient, diagnosed, more):
    """What is resolved on record had ended when the record was last changed."""
    changed = {"meta": {"lastUpdated": "2026-03-01T08:00:00Z"}}
    [fact] = read(
        patient, diagnosed(BRAIN, clinicalStatus=status("resolved"), **changed, **more)
    ).casebook.conditions

    assert str(fact.until) == "2024-01-29/2026-03-01"


def test_an_end_of_which_nothing_is_known_stays_open(read, patient, diagnosed):
    """Then no day decides whether it is over."""
    [fact] = read(patient, diagnosed(BRAIN, clinicalStatus=status("resolved"))).casebook.conditions

    assert fact.until is not None
    assert (fact.until.earliest, fact.until.latest) == (date(2024, 1, 29), date.max)


@pytest.mark.parametrize(
    "elements",
    [
        {"clinicalStatus": status("active"), "abatementDateTime": "2025-01-07"},
        {"clinicalStatus": status("resolved"), "abatementDateTime": "2020-01-07"},
        {"clinicalStatus": status("asleep")},
        {"clinicalStatus": {"text": "Resolved"}},
        {"clinicalStatus": {"coding": [{"code": "active"}, {"code": "resolved"}]}},
    ],
)
def test_a_course_that_contradicts_itself_is_a_question(read, patient, diagnosed, elements):
    """The condition stays on record, with an end that decides nothing."""
    found = read(patient, diagnosed(BRAIN, **elements))
    [fact] = found.casebook.conditions

    assert (fact.until.earliest, fact.until.latest) == (date(2024, 1, 29), date.max)
    assert found.questions[0].term == "cns-metastasis"


@pytest.mark.parametrize(
    ("performed", "since"),
    [
        ({"performedDateTime": "2010-04"}, "2010-04"),
        ({"performedPeriod": {"start": "2010-04-01", "end": "2010-04-02"}}, "2010-04-02"),
        ({"performedPeriod": {"start": "2010-04-01"}}, "2010-04-01"),
        ({"performedString": "years ago"}, "None"),
        ({}, "None"),
    ],
)
def test_a_completed_procedure_is_a_condition_since_then(
    read, patient, diagnosed, performed, since
):
    """Ovaries once removed are absent from that day on, also when nobody dated it."""
    done = diagnosed(
        OVARIES, resourceType="Procedure", status="completed", onsetDateTime=None, **performed
    )
    [fact] = read(patient, done).casebook.conditions

    assert (fact.term, fact.is_present, str(fact.since)) == ("oophorectomy", True, since)


@pytest.mark.parametrize("done", ["not-done", "preparation", "entered-in-error"])
def test_another_procedure_is_left_aside(read, patient, diagnosed, done):
    """A procedure planned or not done changed nothing."""
    found = read(patient, diagnosed(OVARIES, resourceType="Procedure", status=done))

    assert found.casebook.conditions == ()
    assert found.ignored == {f"Procedure: {done}": 1}


@pytest.mark.parametrize("done", [None, "finished", "unknown", "in-progress", "on-hold", "stopped"])
def test_a_procedure_of_unknown_status_is_a_question(read, patient, diagnosed, done):
    """Whether it was done is not guessed."""
    found = read(patient, diagnosed(OVARIES, resourceType="Procedure", status=done))

    assert (found.casebook.conditions, found.questioned) == ((), 1)
    assert found.open_terms == {"oophorectomy"}


@pytest.mark.parametrize(
    "elements",
    [
        {"verificationStatus": {"text": "Refuted"}},
        {"verificationStatus": {"coding": [{"code": "confirmed"}, {"code": "refuted"}]}},
        {"verificationStatus": "confirmed"},
        {"onsetDateTime": "29/01/2024"},
        {"recordedDate": 2024},
    ],
)
def test_a_part_that_cannot_be_read_leaves_the_term_open(read, patient, diagnosed, elements):
    """Words beside codes decide nothing, neither way."""
    found = read(patient, diagnosed(BRAIN, **elements))

    assert found.casebook.conditions == ()
    assert (found.questioned, found.open_terms) == (1, {"cns-metastasis"})


LONG_QT = {"code": {"coding": [{"system": "http://snomed.info/sct", "code": "9651007"}]}}
BRAIN_TOO = {"code": {"coding": [{"system": "http://snomed.info/sct", "code": BRAIN}]}}


def of_a_relative(*conditions, whose=HER, **elements):
    """Make a FamilyMemberHistory."""
    return {
        "resourceType": "FamilyMemberHistory",
        "id": "f1",
        "status": "completed",
        "patient": {"reference": f"Patient/{whose}"},
        "date": "2026-02-01",
        "condition": list(conditions),
    } | elements


def test_a_condition_of_a_relative_counts_where_the_protocol_asks_for_it(read, patient):
    """And its other conditions are not hers."""
    found = read(patient, of_a_relative(BRAIN_TOO, LONG_QT))
    [fact] = found.casebook.conditions

    assert (fact.term, fact.since, str(fact.recorded)) == ("family-long-qt", None, "2026-02-01")
    assert str(fact.source) == "fhir FamilyMemberHistory/f1"


@pytest.mark.parametrize(
    ("history", "reason"),
    [
        (of_a_relative(BRAIN_TOO), "family history"),
        (of_a_relative(LONG_QT, status="entered-in-error"), "entered-in-error"),
        (of_a_relative(LONG_QT, whose="other"), "another patient's"),
    ],
)
def test_a_family_history_is_left_aside(read, patient, diagnosed, history, reason):
    """Of what nobody asks, in error, and of another patient's family."""
    found = read(patient, diagnosed(BREAST), history)

    assert [fact.term for fact in found.casebook.conditions] == ["breast-cancer"]
    assert found.ignored == {f"FamilyMemberHistory: {reason}": 1}


def test_a_condition_of_hers_under_a_code_of_relatives_is_no_family_history(
    read, patient, diagnosed
):
    """Her own long QT syndrome is another term's."""
    assert read(patient, diagnosed("9651007")).casebook.conditions == ()


def test_a_family_history_with_a_day_that_is_none_is_a_question(read, patient):
    """It is left out, and its term stays open."""
    found = read(patient, of_a_relative(LONG_QT, date="last week"))

    assert (found.casebook.conditions, found.open_terms) == ((), {"family-long-qt"})


@pytest.mark.parametrize(
    ("code", "sites", "expected"),
    [
        ("128462008", ["12738006"], ["metastasis", "cns-metastasis"]),
        ("128462008", ["10200004", "12738006"], ["metastasis", "cns-metastasis"]),
        ("128462008", ["10200004"], ["metastasis"]),
        ("128462008", [], ["metastasis"]),
        # the site of what is no metastasis makes none
        (BREAST, ["12738006"], ["breast-cancer"]),
    ],
)
def test_a_metastasis_is_of_its_body_site(read, patient, diagnosed, code, sites, expected):
    """Where its own code names no site."""
    given = [{"coding": [{"system": "http://snomed.info/sct", "code": site}]} for site in sites]
    found = read(patient, diagnosed(code, bodySite=given))

    assert [fact.term for fact in found.casebook.conditions] == expected
