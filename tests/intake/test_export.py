"""A bulk export of many patients gives the casebook of one, and counts what belongs to others."""

import io
import json
import tracemalloc
from collections import Counter

import pytest
from tests.intake.conftest import HER

from trialwright.intake.export import Part, read_export
from trialwright.intake.ndjson import read_ndjson
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.errors import Fault, Refusal

HB = {"value": 11.8, "code": "g/dL"}
OTHER = {"subject": {"reference": "Patient/2"}}
CANARY = "Zyxwvut"


def part(name, *resources):
    """Make a file of an export: resources, or lines as they stand."""
    lines = [each if isinstance(each, bytes) else json.dumps(each).encode() for each in resources]
    return Part(name, lambda: io.BytesIO(b"\n".join(lines)))


@pytest.fixture
def read(terms, medicines):
    """Give a reader of an export."""

    def run(*parts, patient=HER, doubt=None):
        return read_export(parts, terms, "P-001", patient, medicines, doubt)

    return run


@pytest.fixture
def told(read):
    """Give the words in which an export is refused."""

    def run(*parts, patient=HER):
        with pytest.raises(Refusal) as caught:
            read(*parts, patient=patient)
        return str(caught.value).split("\n")

    return run


@pytest.fixture
def hers(patient, observed, taken, diagnosed):
    """Give what is on record of the participant, by kind."""
    return {
        "Patient": [patient],
        "Observation": [observed("718-7", valueQuantity=HB), observed("751-8", id="o2")],
        "MedicationStatement": [taken("letrozole", effectiveDateTime="2026-01-05")],
        "Condition": [diagnosed("94225005"), diagnosed("1")],
        "Encounter": [{"resourceType": "Encounter", "subject": {"reference": f"Patient/{HER}"}}],
    }


@pytest.fixture
def others(observed, taken, diagnosed):
    """Give what is on record of another patient, by kind."""
    return {
        "Patient": [{"resourceType": "Patient", "id": "2"}, {"resourceType": "Patient"}],
        "Observation": [observed("718-7", valueQuantity={"value": CANARY}, **OTHER)],
        "MedicationStatement": [taken("metformin", **OTHER)],
        "Condition": [diagnosed("94225005", **OTHER), diagnosed("1", id=None, **OTHER)],
        "Encounter": [{"resourceType": "Encounter", **OTHER}],
        "AllergyIntolerance": [
            {"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/2"}}
        ],
    }


def files(*records):
    """Put records of several patients into a file a kind."""
    kinds = dict.fromkeys(kind for each in records for kind in each)
    return [
        part(f"{kind}.ndjson", *(one for each in records for one in each.get(kind, ())))
        for kind in kinds
    ]


@pytest.mark.parametrize(
    "wanted", [HER, f"Patient/{HER}", HER.upper(), f" https://x/Patient/{HER}"]
)
def test_an_export_and_her_lines_alone_say_the_same(read, hers, others, terms, medicines, wanted):
    """Whatever stands around them, and however she is named."""
    alone = io.BytesIO(
        b"\n".join(json.dumps(each).encode() for kind in hers.values() for each in kind)
    )
    expected = read_ndjson(alone, terms, "P-001", medicines=medicines)

    found = read(*files(others, hers, others), patient=wanted)

    assert found.casebook == expected.casebook
    assert (found.used, found.read, found.questions) == (
        expected.used, expected.read, expected.questions,
    )  # fmt: skip
    assert Counter(found.ignored) == Counter(expected.ignored) + Counter(
        {f"{kind}: another patient's": 2 * len(each) for kind, each in others.items()}
    )


def test_every_line_has_one_fate(read, hers, others):
    """Used, in question, left aside, or another patient's."""
    found = read(*files(hers, others))

    assert found.entries == 7 + 8
    assert found.entries == found.used + found.questioned + sum(found.ignored.values())


def test_a_question_names_file_and_line(read, patient, observed):
    """Two of one line in two files are two, also where no id tells them apart."""
    strange = observed("718-7", id=None, valueString=CANARY)
    found = read(
        part("Observation.0.ndjson", strange), part("Observation.1.ndjson", strange, patient)
    )

    assert [str(each).split(":")[:2] for each in found.questions] == [
        ["Observation.0.ndjson", " line[1].valueString"],
        ["Observation.1.ndjson", " line[1].valueString"],
    ]
    assert [str(each.source) for each in found.casebook.observations] == [
        "fhir Observation.0.ndjson line[1]",
        "fhir Observation.1.ndjson line[1]",
    ]
    assert {each.value for each in found.casebook.observations} == {IN_QUESTION}
    assert found.questioned == 2


def test_broken_lines_of_several_files_are_told_at_once(told, patient):
    """By file and line, and nothing of them is shown."""
    broken = b'{"resourceType": "Zyxwvut"'
    words = told(
        part("Patient.ndjson", patient),
        part("Condition.ndjson", b"{}", broken),
        part("Observation.ndjson", broken),
    )

    assert len(words) == 2
    assert words[0].startswith("Condition.ndjson: line[2]: no valid JSON")
    assert words[1].startswith("Observation.ndjson: line[1]: no valid JSON")
    assert CANARY not in "".join(words)


def test_an_empty_file_is_none(read, hers):
    """As an export writes it for a kind of which there is nothing."""
    found = read(*files(hers), part("Procedure.ndjson"))

    assert found.entries == 7


def test_somebody_who_is_not_there_is_refused_without_her_number(told, others):
    """The number given may be a record number."""
    (words,) = told(*files(others), patient=CANARY)

    assert words.startswith("patient: no Patient of that id in this export")
    assert CANARY not in words


@pytest.mark.parametrize("is_first", [True, False])
def test_a_medicine_is_found_by_its_reference_in_another_file(read, hers, taken, is_first):
    """Before or behind; Medications to which she does not refer are not kept."""
    refers = {
        "medicationCodeableConcept": None,
        "medicationReference": {"reference": "Medication/x"},
    }
    described = [
        {"resourceType": "Medication", "id": id_, "code": {"text": text}}
        for id_, text in (("x", "metformin"), ("y", "ketoconazole"))
    ]
    medications = part("Medication.ndjson", *described)
    statements = part("MedicationStatement.1.ndjson", taken("", id="m9", **refers))
    pair = (medications, statements) if is_first else (statements, medications)

    found = read(*files(hers), *pair)

    assert [each.medicine for each in found.casebook.treatments] == ["letrozole", "metformin"]
    assert found.ignored["Medication: no term is read from it"] == 2
    assert found.entries == found.used + found.questioned + sum(found.ignored.values())


def test_what_focuses_on_another_is_not_hers(read, patient, observed):
    """Though the other one stands nowhere among what is kept."""
    about = observed("718-7", valueQuantity=HB, focus=[{"reference": "Patient/2"}])
    found = read(part("Observation.ndjson", about, patient))

    assert found.casebook.observations == ()
    assert found.ignored == {"Observation: another patient's": 1}


def test_a_subject_that_names_nobody_is_a_question(read, patient, observed):
    """It may be hers."""
    nobody = observed("718-7", subject=None, valueQuantity=HB)
    found = read(part("Observation.ndjson", nobody, patient))

    assert found.questioned == 1
    assert found.casebook.unsettled == {"hemoglobin"}


def test_a_name_that_stands_twice_in_a_record_of_another_changes_nothing(read, patient, observed):
    """It is another's in both places, or settled as a question."""
    twice = json.dumps(observed("718-7", valueQuantity=HB, **OTHER))[:-1] + ', "status": "final"}'
    found = read(part("Observation.ndjson", twice.encode(), patient))

    assert found.casebook.observations == ()
    assert found.ignored == {"Observation: another patient's": 1}


def test_what_is_doubtful_about_the_export_leaves_nothing_known_to_be_absent(read, hers, terms):
    """A file that is not read may hold anything."""
    doubt = Fault("", "is not read", "lines", "Unpack it", "more.zip")
    found = read(*files(hers), doubt=doubt)

    assert found.casebook.unsettled >= set(terms)
    assert str(found.questions[0]).startswith("more.zip: is not read")


def test_memory_does_not_grow_with_the_others(read, patient, observed):
    """Ten times as many of them need no more."""

    def peak(number):
        def lines():
            yield json.dumps(patient).encode()
            for place in range(number):
                whose = {"subject": {"reference": f"Patient/{place}"}}
                yield json.dumps(
                    observed("718-7", id=f"o{place}", valueQuantity=HB, **whose)
                ).encode()

        text = b"\n".join(lines())
        tracemalloc.start()
        found = read(Part("Observation.ndjson", lambda: io.BytesIO(text)))
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most - len(text), found.entries

    few, many = peak(300), peak(3000)

    assert many[1] == 3001
    assert many[0] < few[0] + 200_000
