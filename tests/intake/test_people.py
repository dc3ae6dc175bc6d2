"""A fact is the participant's only if its subject says so."""

import pytest

from trialwright.terms.errors import Refusal

HER = "11111111-1111-4111-8111-111111111111"
SERVER = "https://ehr.example.org/fhir"
HB = {"value": 11.8, "code": "g/dL"}


def entry(resource, full_url=""):
    """Make an entry."""
    return {"fullUrl": full_url, "resource": resource} if full_url else {"resource": resource}


@pytest.mark.parametrize(
    ("patient_url", "reference", "result_url"),
    [
        ("", f"Patient/{HER}", ""),
        ("", f"urn:uuid:{HER}", ""),
        ("", f"{SERVER}/Patient/{HER}", ""),
        (f"urn:uuid:{HER}", f"urn:uuid:{HER}", ""),
        (f"urn:uuid:{HER}", f"urn:uuid:{HER}".upper(), ""),
        (f"urn:uuid:{HER}", f"Patient/{HER}", ""),
        (
            "urn:uuid:22222222-1111-4111-8111-111111111111",
            f"Patient/{HER}",
            f"{SERVER}/Observation/1",
        ),
        (f"{SERVER}/Patient/{HER}", f"Patient/{HER}", f"{SERVER}/Observation/1"),
        (f"{SERVER}/Patient/{HER}", f"Patient/{HER}", ""),
        (f"{SERVER}/Patient/{HER}", f"{SERVER}/Patient/{HER}", ""),
        (f"{SERVER}/Patient/{HER}", f"{SERVER}/Patient/{HER}/_history/3", ""),
        (f"{SERVER}/Patient/{HER}/_history/3", f"Patient/{HER}", f"{SERVER}/Observation/1"),
    ],
)
@pytest.mark.parametrize("patient_first", [True, False])
def test_each_form_of_reference_is_resolved(
    read, patient, observed, patient_url, reference, result_url, patient_first
):
    """Relative, absolute and `urn:uuid`, wherever the patient stands in the bundle."""
    result = observed("718-7", subject={"reference": reference}, valueQuantity=HB)
    entries = [entry(patient, patient_url), entry(result, result_url)]
    found = read(entry=entries if patient_first else entries[::-1])

    assert found.read["hemoglobin"] == 1


@pytest.mark.parametrize(
    ("patient_url", "reference", "result_url"),
    [
        ("", "Patient/9", ""),
        ("", "urn:uuid:99999999-1111-4111-8111-111111111111", ""),
        ("", "#p1", ""),
        ("", "Patient?identifier=123", ""),
        ("", "", ""),
        (f"{SERVER}/Patient/{HER}", f"https://other.example.org/fhir/Patient/{HER}", ""),
        (
            f"{SERVER}/Patient/{HER}",
            f"Patient/{HER}",
            "https://other.example.org/fhir/Observation/1",
        ),
    ],
)
def test_a_subject_that_names_nobody_of_the_bundle_is_a_question(
    read, patient, observed, patient_url, reference, result_url
):
    """The same id on another server is another person."""
    result = observed("718-7", subject={"reference": reference}, valueQuantity=HB)
    found = read(entry=[entry(patient, patient_url), entry(result, result_url)])

    assert found.casebook.observations == ()
    assert found.questions[0].fault.where == "entry[1].resource.subject"
    assert found.open_terms == {"hemoglobin"}


@pytest.mark.parametrize("subject", [None, 7, {"reference": 7}, [{"reference": "Patient/1"}]])
def test_a_subject_of_another_form_is_a_question(read, patient, observed, subject):
    """No subject is nobody's."""
    found = read(patient, observed("718-7", subject=subject, valueQuantity=HB))

    assert (found.casebook.observations, found.questioned) == ((), 1)


@pytest.mark.parametrize("reference", ["Group/1", "Device/7", "https://a.org/Location/2"])
def test_what_is_about_no_patient_is_left_aside(read, patient, observed, reference):
    """The water of the dialysis unit is not hers."""
    found = read(patient, observed("718-7", subject={"reference": reference}, valueQuantity=HB))

    assert found.ignored == {"Observation: not about a patient": 1}


@pytest.mark.parametrize(
    ("hers", "linked", "is_asked"),
    [
        (f"Patient/{HER}", False, False),
        (f"{SERVER}/Patient/{HER}", False, False),
        # the other id may be hers: no resource names her by this one, or she has two
        (f"urn:uuid:{HER}", False, True),
        (f"Patient/{HER}", True, True),
    ],
)
def test_another_id_is_another_patient_where_resources_name_her_by_hers(
    read, patient, observed, hers, linked, is_asked
):
    """The other patient need not stand in the bundle."""
    her = {**patient, "link": [{"type": "seealso"}]} if linked else patient
    own = observed("718-7", subject={"reference": hers}, valueQuantity=HB)
    other = observed("751-8", id="o2", subject={"reference": "Patient/other"}, valueQuantity=HB)
    found = read(her, own, other)

    assert [fact.term for fact in found.casebook.observations] == ["hemoglobin"]
    assert found.open_terms == ({"anc"} if is_asked else set())
    left = {} if is_asked else {"Observation: another patient's": 1}
    assert found.ignored == left


def test_her_id_on_another_server_is_a_question(read, patient, observed):
    """A server gives its own ids: whose that one is, nobody knows."""
    own = observed("718-7", valueQuantity=HB)
    elsewhere = f"https://other.example.org/fhir/Patient/{HER}"
    other = observed("718-7", id="o2", subject={"reference": elsewhere}, valueQuantity=HB)
    found = read(entry=[entry(patient, f"{SERVER}/Patient/{HER}"), entry(own), entry(other)])

    assert found.questioned == 1
    assert found.open_terms == {"hemoglobin"}


def test_another_patient_of_the_bundle_is_left_aside(read, patient, observed):
    """With two patients one is named; the other's facts and questions are left aside."""
    other = {"resourceType": "Patient", "id": "2", "birthDate": "not a date"}
    hers = observed("718-7", valueQuantity=HB)
    his = observed("718-7", id="o2", subject={"reference": "Patient/2"}, valueQuantity={"value": 1})
    found = read(patient, other, hers, his, patient=f"Patient/{HER}")

    assert [str(fact.source) for fact in found.casebook.observations] == ["fhir Observation/o1"]
    assert found.ignored == {"Observation: another patient's": 1, "Patient: another patient's": 1}
    assert found.questions == ()


@pytest.mark.parametrize("wanted", ["", "Patient/3", "3", "urn:uuid:x"])
def test_several_patients_need_a_name(read, patient, wanted):
    """Nobody is chosen by chance, and the refusal lists no id."""
    with pytest.raises(Refusal) as caught:
        read(patient, {"resourceType": "Patient", "id": "2"}, patient=wanted)

    assert "Name the one meant" in str(caught.value)
    assert HER not in str(caught.value)


@pytest.mark.parametrize("wanted", [HER, f"Patient/{HER}", f"urn:uuid:{HER}"])
def test_a_patient_is_named_by_id_reference_or_address(read, patient, wanted):
    """Each of the usual names will do."""
    found = read(patient, {"resourceType": "Patient", "id": "2"}, patient=wanted)

    assert str(found.casebook.born) == "1961-09-23"


def test_a_bundle_without_a_patient_is_refused(read, observed):
    """Without the patient it is not known whose facts these are."""
    with pytest.raises(Refusal) as caught:
        read(observed("718-7", valueQuantity=HB))

    assert "no Patient" in str(caught.value)


def test_a_patient_who_stands_twice_is_a_question(read, patient):
    """The first is kept; which of two birth dates holds is asked."""
    found = read(patient, patient | {"birthDate": "1960-01-01"})

    assert str(found.casebook.born) == "1961-09-23"
    assert "stands twice" in str(found.questions[0])


@pytest.mark.parametrize(
    ("elements", "born", "died", "sex", "places"),
    [
        ({}, "1961-09-23", "None", "female", []),
        ({"birthDate": "1961"}, "1961", "None", "female", []),
        ({"birthDate": None}, "None", "None", "female", ["birthDate"]),
        ({"birthDate": "23/09/1961"}, "None", "None", "female", ["birthDate"]),
        ({"gender": "male"}, "1961-09-23", "None", "male", []),
        ({"gender": "unknown"}, "1961-09-23", "None", "None", []),
        ({"gender": "F"}, "1961-09-23", "None", "None", ["gender"]),
        ({"deceasedBoolean": False}, "1961-09-23", "None", "female", []),
        (
            {"deceasedDateTime": "2020-06-28T11:00:00+00:00"},
            "1961-09-23",
            "2020-06-28",
            "female",
            [],
        ),
        ({"deceasedBoolean": True}, "1961-09-23", "1961-09-23/..", "female", ["deceasedBoolean"]),
        ({"deceasedBoolean": "yes"}, "1961-09-23", "None", "female", ["deceasedBoolean"]),
        ({"deceasedDateTime": "1950"}, "1961-09-23", "None", "female", ["deceasedDateTime"]),
        ({"active": False}, "1961-09-23", "None", "female", ["active"]),
        (
            {"active": False, "deceasedDateTime": "2020-06-28"},
            "1961-09-23",
            "2020-06-28",
            "female",
            [],
        ),
    ],
)
def test_the_patient_resource_is_read(read, patient, elements, born, died, sex, places):
    """Birth, death and sex as recorded; what is missing or wrong is asked."""
    found = read(patient | elements)
    casebook = found.casebook

    assert (str(casebook.born), str(casebook.died), str(casebook.sex)) == (born, died, sex)
    assert [each.fault.where for each in found.questions] == [
        f"entry[0].resource.{p}" for p in places
    ]


def test_a_result_that_focuses_on_somebody_else_is_left_aside(read, patient, observed):
    """Of her unborn child or her brother, though recorded with her; of her tumor, it is hers."""
    urns = [f"urn:uuid:0000000{n}-1111-4111-8111-111111111111" for n in range(3)]
    brother = entry({"resourceType": "RelatedPerson", "id": "b"}, urns[0])
    tumor = entry({"resourceType": "BodyStructure", "id": "t"}, urns[1])
    results = [
        entry(observed("718-7", id=f"o{n}", focus=[{"reference": focus}], valueQuantity=HB))
        for n, focus in enumerate((urns[0], urns[1], "RelatedPerson/b", "Condition/c", "#x"))
    ]
    found = read(entry=[entry(patient), brother, tumor, *results])

    assert found.read["hemoglobin"] == 3
    assert found.ignored["Observation: not about a patient"] == 2
