"""A record as USDM v4 JSON: valid, whole, and read back equal."""

import gc
import gzip
import importlib
import json
import re
import warnings
from collections import Counter
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from pkgutil import iter_modules

import jsonschema
import pytest
import usdm4
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.registry.generated_records import RECORDS
from tests.sizes import sized
from usdm4 import api
from usdm4.api.wrapper import Wrapper

from trialwright.protocol.reading import read_study
from trialwright.protocol.strict_yaml import gather_yaml
from trialwright.registry import usdm_terms
from trialwright.registry.page import read_page
from trialwright.registry.protocol_draft import draft_yaml
from trialwright.registry.reading import read_record
from trialwright.registry.record import (
    Record,
    RecordIdentifiers,
    record_of,
    record_of_plain,
)
from trialwright.registry.shapes.usdm import read_usdm
from trialwright.registry.writing.usdm import write_usdm
from trialwright.terms.errors import Refusal

PACKAGE = Path(usdm4.__file__).parent
SHIPPED = Path(__file__).parents[2] / "src/trialwright/shelf/protocols/nct03959891.yaml"


@pytest.fixture(scope="module")
def shipped() -> Record:
    """Give the record of the shipped protocol."""
    return record_of(read_study(SHIPPED.read_text(encoding="utf-8")).study)


@pytest.fixture(scope="module")
def invented(study) -> Record:
    """Give the record of the invented trial."""
    return record_of(study)


@pytest.fixture(scope="module")
def example(invented) -> str:
    """Give the invented trial as a file."""
    return write_usdm(invented)


@cache
def schema():
    """Give the official API schema of USDM 4.0, as usdm4 carries it."""
    path = PACKAGE / "rules/library/schema/usdm_v4-0-0.json"
    components = json.loads(path.read_text(encoding="utf-8"))["components"]
    wanted = {"$ref": "#/components/schemas/Wrapper-Input", "components": components}
    return jsonschema.Draft202012Validator(wanted)


def parts_of(value):
    """Give every object of a file."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from parts_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from parts_of(each)


@cache
def attributes():
    """Give the attributes of each class that the official schema and usdm4 both know."""
    schemas = schema().schema["components"]["schemas"]
    modules = [
        importlib.import_module(f"usdm4.api.{each.name}") for each in iter_modules(api.__path__)
    ]
    models = {name: each for module in modules for name, each in vars(module).items()}
    return {
        name: set(schemas[f"{name}-Input"]["properties"]) & set(models[name].model_fields)
        for name in (each.removesuffix("-Input") for each in schemas if each.endswith("-Input"))
        if name in models
    }


@contextmanager
def careless():
    """Let usdm4 leave files open."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def faults_of(text):
    """Say what is wrong with a file: schema, usdm4, attributes, ids, names, references."""
    written = json.loads(text)
    faults = [each.message for each in schema().iter_errors(written)]
    Wrapper.model_validate(written)
    parts = list(parts_of(written["study"]))
    known = attributes()
    for each in parts:
        unknown = set(each) - known[each["instanceType"]]
        faults.extend(f"{each['instanceType']}.{name}" for name in unknown)
    ids = Counter(each["id"] for each in parts)
    faults.extend(f"{name} twice" for name, count in ids.items() if count > 1)
    for each in parts:
        for name, value in each.items():
            called = [one["name"] for one in list_of_parts(value) if "name" in one]
            faults.extend(f"{name} {one} twice" for one in called if called.count(one) > 1)
            if re.fullmatch(r"\w+Ids?", name):
                wanted = value if isinstance(value, list) else [value]
                faults.extend(f"{name} {one}" for one in wanted if one not in ids)
    return faults


def list_of_parts(value):
    """Give the parts of an attribute that is a list of them."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def beside(part, name):
    """Give the text that stands beside a part as an extension of ours."""
    found = {each["url"]: each for each in part.get("extensionAttributes", [])}
    return found[f"urn:trialwright:{name}"]["valueString"]


def test_the_shipped_protocol_comes_back_equal(shipped):
    """The record of the first protocol is written and read without a change."""
    assert read_usdm(write_usdm(shipped)) == shipped


def test_the_real_page_comes_back_equal(real_page):
    """The record of a draft of the real page is written and read without a change."""
    drafted, _ = gather_yaml(draft_yaml(read_page(real_page, "page.txt")))
    record = record_of_plain(drafted.value)

    back = read_usdm(write_usdm(record))

    assert len(record.criteria) == 35
    assert back == record


def test_a_real_registry_record_comes_back_equal(shared):
    """A complete ClinicalTrials.gov record with proposed limits loses nothing."""
    packed = (shared / "registry" / "nct02513394-ctgov-v2.json.gz").read_bytes()
    draft = read_record(gzip.decompress(packed).decode(), "nct02513394.json")
    drafted, _ = gather_yaml(draft_yaml(draft))
    record = record_of_plain(drafted.value)

    text = write_usdm(record)

    assert len(record.criteria) > 10
    assert faults_of(text) == []
    assert read_usdm(text) == record


@pytest.mark.sized
@settings(max_examples=sized(800, 20), deadline=None)
@given(RECORDS)
def test_any_record_is_valid_and_comes_back_equal(record):
    """Odd, empty and repeated values lose nothing and break no rule of the model."""
    text = write_usdm(record)

    assert faults_of(text) == []
    assert read_usdm(text) == record


@pytest.mark.parametrize("of", ["shipped", "invented"])
def test_a_protocol_is_valid(of, request):
    """Schema, classes, attributes, ids and references of both protocols hold."""
    text = write_usdm(request.getfixturevalue(of))

    assert faults_of(text) == []
    assert text.endswith("}\n")
    assert text == write_usdm(read_usdm(text))


def test_the_checks_find_their_faults(invented):
    """An unknown attribute, a second id and a lost reference are each found."""
    written = json.loads(write_usdm(invented))
    version = written["study"]["versions"][0]

    version["colour"] = "red"
    version["titles"][0]["id"] = version["id"]
    version["studyDesigns"][0]["studyCells"][0]["armId"] = "nobody"

    faults = set(faults_of(json.dumps(written)))
    assert faults == {"StudyVersion.colour", f"{version['id']} twice", "armId nobody"}


def test_only_a_code_newer_than_the_checker_fails_the_conformance_rules(shipped, tmp_path):
    """Of the rules that usdm4 has built, one fails: it does not know the type of a hospital yet."""
    path = tmp_path / "study.json"
    path.write_text(write_usdm(shipped), encoding="utf-8")

    with careless():
        told = usdm4.USDM4().validate(str(path)).to_dict()

    passed = {each["rule_id"] for each in told if each["status"] == "Success"}
    failed = {(each["rule_id"], each["klass"]) for each in told if each["status"] == "Failure"}
    assert len(passed - {rule for rule, _ in failed}) >= 23
    assert failed == {("DDF00140", "Organization")}
    assert not [each for each in told if each["status"] == "Exception"]


def test_a_rule_stands_beside_its_criterion(invented, shipped):
    """The rule is JSON text in an extension of the criterion, the words are in its item."""
    version = json.loads(write_usdm(shipped))["study"]["versions"][0]
    criteria = version["studyDesigns"][0]["eligibilityCriteria"]
    words = {each["id"]: each["text"] for each in version["eligibilityCriterionItems"]}
    third = next(each for each in criteria if each["identifier"] == "I11")

    rule = json.loads(beside(third, "rule"))

    assert (rule["kind"], rule["at_least"], rule["unit"]) == ("observation", "9", "g/dL")
    assert words[third["criterionItemId"]] == "Hemoglobin at least 9 g/dL"
    assert third["category"]["code"] == "C25532"


def test_words_that_were_kept_are_written(invented):
    """A criterion read from a page is written in the page's words."""
    version = json.loads(write_usdm(invented))["study"]["versions"][0]

    words = [each["text"] for each in version["eligibilityCriterionItems"]]

    assert "Bilirubin < 3 * ULN" in words
    assert words == [each.source_text for each in invented.criteria]


def test_a_criterion_of_one_arm_stands_in_that_arm_s_cohort(invented):
    """What is asked for arm B alone is in its cohort, what is asked for all in the population."""
    design = json.loads(write_usdm(invented))["study"]["versions"][0]["studyDesigns"][0]
    number = {each["id"]: each["identifier"] for each in design["eligibilityCriteria"]}
    population = design["population"]

    of_all = [number[each] for each in population["criterionIds"]]
    of_arm = {
        each["name"]: [number[one] for one in each["criterionIds"]]
        for each in population["cohorts"]
    }

    assert of_all == ["I01", "I02", "I03", "E01"]
    assert of_arm == {"A": [], "B": ["E02"]}
    assert [each["populationIds"] for each in design["arms"]] == [
        [each["id"]] for each in population["cohorts"]
    ]


def test_criteria_are_linked_in_their_order(invented):
    """Each criterion names the one before it and the one after it."""
    design = json.loads(write_usdm(invented))["study"]["versions"][0]["studyDesigns"][0]
    criteria = design["eligibilityCriteria"]
    ids = [each["id"] for each in criteria]

    assert [each.get("nextId") for each in criteria] == [*ids[1:], None]
    assert [each.get("previousId") for each in criteria] == [None, *ids[:-1]]


def test_an_illustrative_endpoint_is_labelled(shipped):
    """A value that the registry does not state says so beside it."""
    design = json.loads(write_usdm(shipped))["study"]["versions"][0]["studyDesigns"][0]
    endpoints = {
        each["name"]: each for of in design["objectives"] for each in of.get("endpoints", [])
    }

    assert endpoints["dlt"]["notes"][0]["text"] == "illustrative, not from the registry"
    assert "notes" not in endpoints["orr"]


def test_each_code_is_of_its_code_list():
    """Codes of CDISC and names of countries are those of the published lists."""
    yaml = pytest.importorskip("yaml")
    text = (PACKAGE / "ct/cdisc/library_cache/library_cache_usdm.yaml").read_text(encoding="utf-8")
    lists = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    terms = {
        (term["conceptId"], term["preferredTerm"])
        for each in lists.values()
        for term in each["terms"]
    }
    missing = yaml.safe_load((PACKAGE / "ct/cdisc/missing/missing_ct.yaml").read_text())
    terms |= {(t["conceptId"], t["preferredTerm"]) for each in missing for t in each["terms"]}
    countries = json.loads((PACKAGE / "ct/iso/iso3166/iso3166.json").read_text(encoding="utf-8"))
    terms |= {(each["alpha-3"], each["name"]) for each in countries}

    written = {
        (coded.code, coded.decode)
        for each in vars(usdm_terms).values()
        for coded in (each.words.values() if isinstance(each, usdm_terms.CodeList) else [each])
        if isinstance(coded, usdm_terms.Coded)
    }

    assert len(written) > 90
    assert written - terms == set()


def coded(code, decode, system="http://www.cdisc.org"):
    """Give a code as another system writes it."""
    return {
        "id": f"code-{code}",
        "code": code,
        "codeSystem": system,
        "codeSystemVersion": "2024-09-27",
        "decode": decode,
        "instanceType": "Code",
    }


def foreign():
    """Give a study as another system may write it, without a word of ours."""
    criteria = [
        {
            "id": f"criterion-{place}",
            "name": f"CRITERION {place}",
            "category": coded(*category),
            "identifier": f"0{place}",
            "criterionItemId": f"item-{place}",
            "instanceType": "EligibilityCriterion",
        }
        for place, category in enumerate(
            [("C25532", "Inclusion Criteria"), ("C25370", "Exclusion Criteria")], start=1
        )
    ]
    population = {"includesHealthySubjects": False, "plannedSex": [coded("C16576", "Female")]}
    cohort = {
        **population,
        "id": "cohort-1",
        "name": "COHORT 1",
        "criterionIds": ["criterion-2"],
        "instanceType": "StudyCohort",
    }
    arm = {
        "id": "arm-1",
        "name": "B",
        "type": coded("C174266", "Investigational Arm"),
        "dataOriginDescription": "",
        "dataOriginType": coded("C188866", "Data Generated Within Study"),
        "populationIds": ["cohort-1"],
        "instanceType": "StudyArm",
    }
    design = {
        "id": "design-1",
        "name": "DESIGN",
        "rationale": "",
        "model": coded("C82639", "Parallel Study"),
        "arms": [arm],
        "studyCells": [],
        "epochs": [],
        "population": {
            **population,
            "id": "population-1",
            "name": "POPULATION",
            "criterionIds": ["criterion-1"],
            "cohorts": [cohort],
            "instanceType": "StudyDesignPopulation",
        },
        "eligibilityCriteria": criteria,
        "instanceType": "InterventionalStudyDesign",
    }
    items = [
        {
            "id": f"item-{place}",
            "name": f"ITEM {place}",
            "text": f"Invented criterion {place}",
            "instanceType": "EligibilityCriterionItem",
        }
        for place in (1, 2)
    ]
    organisations = [
        {
            "id": f"organisation-{place}",
            "name": name,
            "type": coded(*kind),
            "identifierScheme": "",
            "identifier": "",
            "instanceType": "Organization",
        }
        for place, (name, kind) in enumerate(
            [
                ("Invented Center", ("C70793", "Clinical Study Sponsor")),
                ("ClinicalTrials.gov", ("C93453", "Study Registry")),
                ("Another Registry", ("C93453", "Study Registry")),
            ]
        )
    ]
    version = {
        "id": "version-1",
        "versionIdentifier": "2",
        "rationale": "",
        "studyIdentifiers": [
            {
                "id": f"number-{place}",
                "text": text,
                "scopeId": f"organisation-{place}",
                "instanceType": "StudyIdentifier",
            }
            for place, text in enumerate(["99-001", "NCT99999999", "AR-7"])
        ],
        "studyDesigns": [design],
        "titles": [
            {
                "id": "title-1",
                "text": "An invented trial",
                "type": coded("C207616", "Official Study Title"),
                "instanceType": "StudyTitle",
            }
        ],
        "eligibilityCriterionItems": items,
        "organizations": organisations,
        "instanceType": "StudyVersion",
    }
    study = {"id": None, "name": "STUDY", "versions": [version], "instanceType": "Study"}
    return {"study": study, "usdmVersion": "4.0.0"}


def test_a_file_of_another_system_is_read_as_far_as_it_says():
    """Numbers by their organisation, arms by their cohorts, criteria by their category."""
    written = foreign()
    Wrapper.model_validate(written)

    record = read_usdm(json.dumps(written))

    assert record.identifiers == RecordIdentifiers(nct="NCT99999999", local="99-001")
    assert [(each.id, each.domain) for each in record.publication.other_numbers] == [
        ("AR-7", "Another Registry")
    ]
    assert (record.title, record.publication.official_title) == ("", "An invented trial")
    assert record.lead_organisation == "Invented Center"
    assert [(each.id, each.says, each.arms) for each in record.criteria] == [
        ("01", "Invented criterion 1", ()),
        ("E01", "Invented criterion 2", ("B",)),
    ]
    assert (record.publication.sex, record.publication.intervention_model) == ("female", "PARALLEL")
    assert (record.phase, record.status, record.follow_up) == ("", "", None)


def test_each_fault_is_told_with_its_place(invented):
    """Several faults of one file are refused at once, each with the path of the value."""
    written = json.loads(write_usdm(invented))
    version = written["study"]["versions"][0]
    design = version["studyDesigns"][0]
    written["usdmVersion"] = "3.0.0"
    version["titles"][0]["text"] = 7
    design["eligibilityCriteria"][0]["criterionItemId"] = "nowhere"
    design["population"]["criterionIds"] = "all"
    rule = design["eligibilityCriteria"][1]["extensionAttributes"][0]
    rule["valueString"] = '{"kind": "guess"}'

    with pytest.raises(Refusal) as refused:
        read_usdm(json.dumps(written), "study.json")

    places = {each.where for each in refused.value.faults}
    first = "study.versions.0."
    assert places == {
        "usdmVersion",
        f"{first}titles.0.text",
        f"{first}studyDesigns.0.eligibilityCriteria.0.criterionItemId",
        f"{first}studyDesigns.0.population.criterionIds",
        f"{first}studyDesigns.0.eligibilityCriteria.1.extensionAttributes.0.valueString",
    }
    assert all(each.file == "study.json" for each in refused.value.faults)


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("EligibilityCriterionItem", "text"),
        ("EligibilityCriterion", "criterionItemId"),
        ("EligibilityCriterion", "category"),
        ("StudyArm", "name"),
        ("Objective", "level"),
        ("Organization", "name"),
        ("StudyTitle", "text"),
    ],
)
def test_a_part_without_what_usdm_asks_for_is_refused(example, part, name):
    """A criterion without its words, or an arm without its name, is no criterion and no arm."""
    written = json.loads(example)
    first = next(each for each in parts_of(written) if each.get("instanceType") == part)
    del first[name]

    with pytest.raises(Refusal) as refused:
        read_usdm(json.dumps(written))

    assert [each for each in refused.value.faults if each.where.endswith(f".{name}")]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"study": 1}', '{"study": {}, "usdmVersion": "4.0.0"}', "{}"]
)
def test_what_is_no_study_is_refused(text):
    """Text that is no USDM study gives a sentence."""
    with pytest.raises(Refusal):
        read_usdm(text)


OTHER_VALUES = st.sampled_from(
    [None, True, 0, -1, 1.5, 10**30, "", "x", [], [1], {}, {"id": 1}, "StudyArm_1", "{", "[[[["]
)


@st.composite
def mutated(draw, text):
    """Give a file with one to three values changed, taken away or repeated."""
    written = json.loads(text)
    for _ in range(draw(st.integers(1, 3))):
        parts = [each for each in parts_of(written) if each]
        part = draw(st.sampled_from(parts))
        name = draw(st.sampled_from(sorted(part)))
        match draw(st.sampled_from(["change", "drop", "repeat"])):
            case "drop":
                del part[name]
            case "repeat" if isinstance(part[name], list):
                part[name] = [*part[name], *part[name]]
            case _:
                part[name] = draw(OTHER_VALUES)
    return json.dumps(written)


def answered(text):
    """Give the record of a text, or its refusal."""
    try:
        return read_usdm(text)
    except Refusal as refused:
        return refused


@pytest.mark.sized
@settings(max_examples=sized(2000, 50), deadline=None)
@given(st.data())
def test_a_mutated_file_is_read_or_refused_with_places(example, data):
    """Whatever a file holds, the answer is a record or sentences with places."""
    text = data.draw(mutated(example))

    answer = answered(text)

    assert isinstance(answer, Record) or all(each.where for each in answer.faults)


@pytest.mark.sized
@settings(max_examples=sized(2000, 50), deadline=None)
@given(st.data())
def test_broken_text_is_refused(example, data):
    """A file cut or with other signs in it gives a sentence, never a traceback."""
    at = data.draw(st.integers(0, len(example) - 1))
    other = data.draw(st.text(max_size=3) | st.just("\\ud800") | st.just("[" * 300))
    text = example[:at] + other + data.draw(st.sampled_from([example[at:], example[at + 1 :], ""]))

    answer = answered(text)

    assert isinstance(answer, Record) or all(each.where for each in answer.faults)
