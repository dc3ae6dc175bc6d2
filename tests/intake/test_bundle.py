"""Every entry of a bundle has one fate, and nothing of the person leaks."""

import copy
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sizes import sized

from trialwright.casebook.facts import Observation
from trialwright.intake import settling
from trialwright.intake.bundle import read_bundle
from trialwright.intake.outcome import Intake
from trialwright.protocol.reading import read_study
from trialwright.terms.answers import IN_QUESTION
from trialwright.terms.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent.parent
SHELF = ROOT / "src" / "trialwright" / "shelf"
HB = {"value": 11.8, "code": "g/dL"}
NAME, NUMBER, BORN = "Zyxwvut Qrstuvw", "MRN-31415926", "1961-09-23"


def balanced(found: Intake) -> bool:
    """Say whether the fates of the entries add up, each entry once."""
    return found.entries == found.used + found.questioned + sum(found.ignored.values())


@pytest.fixture(scope="session")
def vocabulary():
    """Give the protocol that ships, for its terms and medicines."""
    text = (SHELF / "protocols" / "nct03959891.yaml").read_text(encoding="utf-8")
    return read_study(text).study


# --- fates ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ({"resourceType": "FamilyMemberHistory"}, "FamilyMemberHistory: family history"),
        (
            {
                "resourceType": "MedicationStatement",
                "status": "not-taken",
                "medicationCodeableConcept": {"text": "Letrozole"},
            },
            "MedicationStatement: not-taken",
        ),
        (
            {
                "resourceType": "MedicationStatement",
                "status": "active",
                "medicationCodeableConcept": {"text": NAME},
            },
            "MedicationStatement: not in the vocabulary",
        ),
        ({"resourceType": "List", "status": "current"}, "List: no term is read from it"),
        ({"resourceType": NAME}, "another kind: no term is read from it"),
        (None, "entry without a resource"),
    ],
)
def test_what_is_left_aside_is_counted_by_kind_and_reason(read, patient, resource, kind):
    """Nothing is dropped in silence; a kind that FHIR does not know is not shown."""
    found = read(patient, resource)

    assert found.ignored == {kind: 1}
    assert balanced(found)


@pytest.mark.parametrize(
    "resource", [7, "text", [], {}, {"resourceType": 7}, {"resourceType": "Bundle", "entry": []}]
)
def test_what_is_no_resource_is_a_question(read, patient, resource):
    """A bundle inside the bundle is not searched."""
    found = read(patient, resource)

    assert found.questioned == 1
    assert balanced(found)


def test_a_result_inside_another_resource_is_a_question(read, patient, observed):
    """It is not searched, and not dropped in silence; a contained organization does no harm."""
    report = {"resourceType": "DiagnosticReport", "contained": [{"resourceType": "Organization"}]}
    condition = {"resourceType": "Condition"}
    hiding = {"resourceType": "DiagnosticReport", "contained": [condition, observed("718-7")]}
    found = read(patient, report, hiding)

    assert [each.fault.where for each in found.questions] == ["entry[2].resource.contained"]
    assert found.ignored == {"DiagnosticReport: no term is read from it": 1}


@pytest.mark.parametrize("entry", [7, None, "text", [{}]])
def test_an_entry_of_another_type_does_not_stop_the_rest(read, patient, observed, entry):
    """The fault is told, the rest is read."""
    result = observed("718-7", valueQuantity=HB)
    found = read(entry=[entry, {"resource": patient}, {"resource": result}])

    assert found.read["hemoglobin"] == 1
    assert balanced(found)


def test_a_panel_with_one_readable_part_gives_fact_and_question(read, patient, observed):
    """The entry is in question; what could be read of it is kept."""
    parts = [
        {"code": observed("8480-6")["code"], "valueQuantity": {"value": value, "code": "mm[Hg]"}}
        for value in (128, 1280)
    ]
    found = read(patient, observed("85354-9", component=parts))

    assert [str(each.value) for each in found.casebook.observations] == ["128 mm[Hg]", IN_QUESTION]
    assert (found.used, found.questioned) == (1, 1)


def test_the_same_resource_twice_is_one_fact(read, patient, observed):
    """Three ECGs are three; one ECG exported twice is one."""
    result = observed("76634-5", valueQuantity={"value": 421, "code": "ms"})
    found = read(patient, result, copy.deepcopy(result))

    assert found.read["qtcf"] == 1
    assert found.ignored == {"Observation: repeated": 1}


@pytest.mark.parametrize(
    "change", [{"valueQuantity": {"value": 9.1, "code": "g/dL"}}, {"status": "entered-in-error"}]
)
def test_two_versions_that_differ_are_both_in_question(read, patient, observed, change):
    """Which of them holds is not guessed, in whatever order they stand."""
    result = observed("718-7", valueQuantity=HB)
    for pair in ((result, result | change), (result | change, result)):
        found = read(patient, *pair)
        values = {fact.value for fact in found.casebook.observations}

        assert values == {IN_QUESTION}
        assert found.questioned == 2


def test_a_name_that_stands_twice_puts_its_resource_in_question(terms, patient, observed):
    """The value that a reader would have taken is left out; the rest is read."""
    result = json.dumps(observed("718-7", valueQuantity=HB))
    twice = result.replace('"value": 11.8', '"value": 5, "value": 11.8')
    text = f'{{"resourceType": "Bundle", "entry": [{{"resource": {json.dumps(patient)}}}, '
    text += f'{{"resource": {twice}}}]}}'
    found = read_bundle(io.BytesIO(text.encode()), terms, "P-001")

    assert [fact.value for fact in found.casebook.observations] == [IN_QUESTION]
    assert found.questions[0].fault.where == "entry[1].resource.valueQuantity.value"


def test_a_name_that_stands_twice_in_the_patient_unsettles_birth_and_sex(terms, patient):
    """Neither of two birth dates is taken."""
    twice = json.dumps(patient)[:-1] + ', "birthDate": "1941-01-01"}'
    text = f'{{"resourceType": "Bundle", "entry": [{{"resource": {twice}}}]}}'
    found = read_bundle(io.BytesIO(text.encode()), terms, "P-001")

    assert (found.casebook.born, found.casebook.sex) == (None, None)
    assert found.questioned == 1


def test_one_page_of_a_search_is_a_question(read, patient):
    """What stands on the next page is not known to be absent."""
    link = [{"relation": "self", "url": "u"}, {"relation": "next", "url": "u"}]
    found = read(patient, link=link)

    assert [(each.fault.where, each.entry) for each in found.questions] == [("link", None)]
    assert balanced(found)


def test_a_flood_of_questions_is_refused(read, patient, observed, monkeypatch):
    """Nobody settles ten thousand questions: the export is at fault."""
    monkeypatch.setattr(settling, "MOST_QUESTIONS", 2)
    strange = [observed("718-7", id=f"o{n}", valueString="x") for n in range(3)]

    with pytest.raises(Refusal):
        read(patient, *strange)


def test_a_resource_without_a_usable_id_is_named_by_its_place(read, patient, observed):
    """An id that is no id of FHIR may be a name."""
    found = read(patient, observed("718-7", id=NAME, valueQuantity=HB))

    assert str(found.casebook.observations[0].source) == "fhir entry[1]"


# --- records of elsewhere --------------------------------------------------------------

SYNTHEA = [f"synthea-0{n}.json.gz" for n in range(1, 8)]
MCODE = ["mcode-trial-matching-patient.json", "mcode-missing-birthdate-invalid-ecog.json"]
VIGNETTES = ["V001", "V002", "V008", "V017", "V035", "V047", "V105", "V118"]


def read_shared(shared, vocabulary, name):
    """Read a bundle of the data folder."""
    if name.startswith("V"):
        path = shared / "reference" / "eligibility" / "vignettes" / f"{name}.json"
    else:
        path = shared / "data" / "patients" / name
    with gzip.open(path) if name.endswith(".gz") else path.open("rb") as stream:
        return read_bundle(stream, vocabulary.terms, "P-001", medicines=vocabulary.medicines)


@pytest.mark.shared
@pytest.mark.parametrize("name", SYNTHEA + MCODE + VIGNETTES)
def test_bundles_of_elsewhere_are_read_and_balance(shared, vocabulary, name):
    """No traceback, and every entry has one fate."""
    found = read_shared(shared, vocabulary, name)

    assert balanced(found)
    assert found.casebook.sex == "female"
    assert found.casebook.participant == "P-001"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "died", "has_cancer"),
    [
        (name, {0: "2018-01-29", 1: "2020-06-28"}.get(n), n in range(1, 6))
        for n, name in enumerate(SYNTHEA)
    ],
)
def test_death_and_cancer_of_the_synthetic_women(shared, vocabulary, name, died, has_cancer):
    """01 and 02 are deceased; 02 to 06 have breast cancer."""
    found = read_shared(shared, vocabulary, name)

    assert (str(found.casebook.died) if found.casebook.died else None) == died
    assert ("breast-cancer" in found.read) is has_cancer
    asked = {each.term for each in found.questions}
    # a newborn; a ratio; a combination; M1 and stage IV of no cancer named
    assert asked <= {"body-weight", "her2-ish", "trastuzumab", "metastasis"}
    assert ("metastasis" in asked) is (name == SYNTHEA[1])


@pytest.mark.shared
def test_the_bundle_with_faults_gives_questions(shared, vocabulary):
    """A missing birth date, and an ECOG of somebody who is not in the bundle."""
    found = read_shared(shared, vocabulary, MCODE[1])

    assert found.casebook.born is None
    assert {(each.term, each.fault.found) for each in found.questions} == {
        ("", "missing"),
        ("ecog", "no patient of this bundle"),
    }


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "term", "value"),
    [
        ("V001", "ecog", "1 {score}"),
        ("V002", "hemoglobin", "12.4 g/dL"),
        ("V008", "er-percent", "0 %"),
        ("V008", "pr-percent", "1 %"),
        ("V035", "ecog", "0 {score}"),
        ("V047", "total-bilirubin", "<0.3 mg/dL"),
        ("V105", "systolic-pressure", "161 mm[Hg]"),
        ("V118", "hba1c", "6.7 %"),
    ],
)
def test_the_facts_of_the_vignettes(shared, vocabulary, name, term, value):
    """Each trap of a vignette arrives in the casebook as it was laid."""
    found = read_shared(shared, vocabulary, name)

    assert [str(o.value) for o in found.casebook.observations if o.term == term] == [value]
    assert found.questions == ()


@pytest.mark.shared
def test_both_packagings_of_one_record_say_the_same(shared, vocabulary):
    """A collection with relative references and a transaction with `urn:uuid` ones."""
    said = [
        {(o.term, str(o.value), str(o.on), o.low, o.high) for o in each.casebook.observations}
        for each in (read_shared(shared, vocabulary, name) for name in ("V001", "V002"))
    ]

    assert said[0] == said[1]


# --- the example ------------------------------------------------------------------------


def example() -> dict[str, Any]:
    """Give the example bundle."""
    path = SHELF / "patients" / "example-participant.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_example_is_read_without_a_question(vocabulary):
    """Its traps are seen: refuted, entered in error, older, other unit, not fasting."""
    found = read_bundle(
        io.BytesIO(json.dumps(example()).encode()),
        vocabulary.terms,
        "P-001",
        medicines=vocabulary.medicines,
    )

    assert (found.entries, found.used, found.questions) == (39, 31, ())
    assert found.read["qtcf"] == 3
    assert found.read["ecog"] == 2
    assert found.read["hemoglobin"] == found.read["fasting-glucose"] == 1
    assert found.ignored["Observation: entered-in-error"] == 1
    assert found.ignored["Condition: refuted"] == 1
    assert found.ignored["FamilyMemberHistory: family history"] == 1
    assert [str(o.value) for o in found.casebook.observations if o.term == "anc"] == ["2.4 10*3/uL"]


# --- mutations ----------------------------------------------------------------------------

ODD_VALUES = st.sampled_from(
    [
        None, True, 0, -1, 1e308, 10**30, "", NAME, NUMBER, BORN, "2026-02-30", "entered-in-error",
        "mg/dL", "K/uL", "{Zyxwvut Qrstuvw}", "<", [], {}, [[]], [None], [{}],
        {"coding": [{"system": "http://loinc.org", "code": "718-7"}]},
        {"reference": "Patient/x"}, "Observation", "Patient",
    ]
)  # fmt: skip


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the places of a JSON value."""
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [here, *(place for key, inner in inside for place in places(inner, (*here, key)))]


def mutate(bundle: dict[str, Any], place: tuple[Any, ...], change: str, odd: Any) -> None:
    """Change a JSON value in place: replace, remove or repeat what stands somewhere."""
    holder: Any = bundle
    for key in place[:-1]:
        holder = holder[key]
    if change == "replace":
        holder[place[-1]] = copy.deepcopy(odd)
    elif change == "remove":
        del holder[place[-1]]
    elif isinstance(holder, list):
        holder.append(copy.deepcopy(holder[place[-1]]))


def small() -> dict[str, Any]:
    """Give the example with the person's name and number, and with fewer entries."""
    bundle = example()
    bundle["entry"] = bundle["entry"][::3]
    person = bundle["entry"][0]["resource"]
    person |= {"birthDate": BORN, "name": [{"text": NAME}], "identifier": [{"value": NUMBER}]}
    return bundle


def leaks(*said: object) -> list[str]:
    """List what of the person stands in words that people and logs see."""
    words = " ".join(repr(each) for each in said)
    return [secret for secret in (*NAME.split(), NUMBER, BORN) if secret in words]


def told(text: bytes, vocabulary) -> tuple[list[object], Intake | None]:
    """Read a bundle; give what people and logs see of it, and the result unless it is refused."""
    try:
        intake = read_bundle(
            io.BytesIO(text), vocabulary.terms, "P-001", medicines=vocabulary.medicines
        )
    except Refusal as refused:
        return [str(refused), refused.faults], None
    facts = [(each.term, each.value, each.source) for each in intake.casebook.observations]
    return [intake.questions, dict(intake.ignored), dict(intake.read), facts], intake


@pytest.mark.sized
@settings(max_examples=sized(4000, 80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_mutated_bundle_is_read_or_refused_and_leaks_nothing(vocabulary, data):
    """No change of the JSON gives another exception, an entry without a fate, or a leak."""
    bundle = small()
    for _ in range(data.draw(st.integers(1, 4))):
        found = [place for place in places(bundle) if place and place[-1] != "id"]
        if not found:
            break
        place = data.draw(st.sampled_from(found))
        change = data.draw(st.sampled_from(["replace", "replace", "remove", "repeat"]))
        mutate(bundle, place, change, data.draw(ODD_VALUES))
    said, intake = told(json.dumps(bundle).encode(), vocabulary)

    assert leaks(*said) == []
    assert intake is None or balanced(intake)


@pytest.mark.sized
@settings(max_examples=sized(2000, 40), deadline=None)
@given(cut=st.integers(0, 30_000), put=st.binary(max_size=8))
def test_a_damaged_text_is_read_or_refused(vocabulary, cut, put):
    """Bytes replaced anywhere give a refusal at worst, and no leak."""
    text = json.dumps(small()).encode()
    damaged = text[: cut % len(text)] + put + text[cut % len(text) + len(put) :]
    said, intake = told(damaged, vocabulary)

    assert leaks(*said) == []
    assert intake is None or balanced(intake)


def test_the_casebook_is_kept_under_the_study_number(vocabulary):
    """Name and record number are read by nobody; the birth date stands where age is judged."""
    found = read_bundle(
        io.BytesIO(json.dumps(small()).encode()),
        vocabulary.terms,
        "P-001",
        medicines=vocabulary.medicines,
    )

    assert leaks(found.casebook.observations, found.casebook.conditions) == []
    assert leaks(found) == [BORN]


def test_facts_stand_in_the_order_of_the_bundle(read, patient, observed):
    """The later of two results of one day came in later."""
    results = [
        observed("718-7", id=f"o{n}", valueQuantity={"value": n + 10, "code": "g/dL"})
        for n in range(3)
    ]
    found = read(*results, patient)

    assert [str(o.value) for o in found.casebook.observations if isinstance(o, Observation)] == [
        "10 g/dL",
        "11 g/dL",
        "12 g/dL",
    ]


# --- size ---------------------------------------------------------------------------------

MEASURED = """
import resource, sys
from pathlib import Path
from trialwright.intake.bundle import read_bundle
from trialwright.protocol.reading import read_study

terms = read_study(Path(sys.argv[1]).read_text(encoding="utf-8")).study.terms
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open(sys.argv[2], "rb") as stream:
    found = read_bundle(stream, terms, "P-001")
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(found.entries, found.read["hemoglobin"], after - before)
"""


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KB on Linux alone")
def test_a_large_bundle_needs_little_memory(tmp_path, patient, observed):
    """60 MB of records are read in less than 40 MB more than the program itself has."""
    filler = "," + json.dumps({"resource": observed("9279-1", valueQuantity=HB)})
    path = tmp_path / "large.json"
    with path.open("w", encoding="utf-8") as bundle:
        bundle.write(f'{{"resourceType": "Bundle", "entry": [{{"resource": {json.dumps(patient)}}}')
        for place in range(200):
            known = observed("718-7", id=f"o{place}", valueQuantity=HB)
            bundle.write("," + json.dumps({"resource": known}) + filler * 999)
        bundle.write("]}")
    protocol = SHELF / "protocols" / "nct03959891.yaml"
    told = subprocess.run(
        [sys.executable, "-c", MEASURED, protocol, path], capture_output=True, text=True, check=True
    )
    entries, read, grown_kb = (int(word) for word in told.stdout.split())

    assert path.stat().st_size > 60_000_000
    assert (entries, read) == (200_001, 200)
    assert grown_kb < 40_000
