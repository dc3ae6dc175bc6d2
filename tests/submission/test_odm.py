"""The whole record as ODM-XML and as a table: nothing is lost, and other readers take it."""

import csv
import io
import json
from datetime import date
from xml.etree import ElementTree

import pytest

from trialwright.conduct.happenings import Happening, Recorded
from trialwright.submission.odm import odm
from trialwright.submission.record_rows import COLUMNS, record_rows
from trialwright.submission.record_values import groups_of

NOW = "2026-04-01T10:00:00.000Z"
PLAN = "ab" * 32
SPACES = {
    "1.3.2": "{http://www.cdisc.org/ns/odm/v1.3}",
    "2.0": "{http://www.cdisc.org/ns/odm/v2.0}",
}


def recorded(sequence, act, subject, payload, reason="", plan=PLAN):
    """Give a happening as the ledger holds it."""
    done = Happening(act, subject, date(2026, 3, sequence), payload, reason)
    return Recorded(
        sequence, f"2026-03-{sequence:02}T09:00:00.000Z", "c.meyer", "coordinator", "mgh", "page",
        plan, "trialwright 0.1.0", done,
    )  # fmt: skip


RECORDS = (
    recorded(1, "trial_opened", "NCT03959891", {"nct": "NCT03959891", "protocol_version": "1"}),
    recorded(2, "consented", "MGH-001", {}),
    recorded(
        3,
        "facts_recorded",
        "MGH-001",
        {
            "born": None,
            "sex": "female",
            "observations": [
                {"term": "ANC", "value": {"number": "1.5", "unit": "10*9/L"}, "high": None},
                {"term": "ECOG", "value": {"number": "0", "unit": "1"}, "high": "2"},
            ],
            "unsettled": ["ALT"],
        },
    ),
    recorded(
        4, "doses_recorded", "MGH-001", {"doses": [{"day": 1, "taken": True}]}, "late <entry>"
    ),
    recorded(5, "consented", "MGH-002", {}, plan="cd" * 32),
    recorded(6, "noted", "MGH-002", {"x": "a\x01b\r\n & <c> \u2028 \U0001f9ea"}, plan="cd" * 32),
)


def read(text, version):
    """Read the XML and give it with its name space."""
    return ElementTree.fromstring(  # noqa: S314 - our own
        text.encode("utf-8")
    ), SPACES[version]


def values(root, space, version):
    """Give every value by event, group, repeat key and item."""
    found = {}
    for event in root.iter(f"{space}StudyEventData"):
        for group in event.iter(f"{space}ItemGroupData"):
            for item in group.findall(f"{space}ItemData"):
                inner = item.find(f"{space}Value")
                text = (
                    item.get("Value")
                    if version == "1.3.2"
                    else (None if inner is None else inner.text or "")
                )
                is_null = item.get("IsNull") == "Yes"
                key = (event.get("StudyEventRepeatKey"), group.get("ItemGroupRepeatKey") or "",
                       item.get("ItemOID"))  # fmt: skip
                assert key not in found
                found[key] = None if is_null else text
    return found


@pytest.mark.parametrize("version", SPACES)
def test_every_value_is_there_with_its_place(version):
    """By hand: each leaf of the payloads, in the group of the list that holds it."""
    root, space = read(odm("NCT03959891", RECORDS, version, NOW), version)

    found = values(root, space, version)

    facts = "IT.facts_recorded."
    assert found["3", "", f"{facts}born"] is None
    assert found["3", "", f"{facts}sex"] == "female"
    assert found["3", "1", f"{facts}observations.value.number"] == "1.5"
    assert found["3", "1", f"{facts}observations.high"] is None
    assert found["3", "2", f"{facts}observations.value.number"] == "0"
    assert found["3", "1", f"{facts}unsettled.value"] == "ALT"
    assert found["4", "1", "IT.doses_recorded.doses.day"] == "1"
    assert found["4", "1", "IT.doses_recorded.doses.taken"] == "true"
    assert found["6", "", "IT.noted.x"].startswith("a\\u0001b\\r")
    assert "& <c> \u2028 \U0001f9ea" in found["6", "", "IT.noted.x"]


@pytest.mark.parametrize("version", SPACES)
def test_every_entry_has_its_audit_record(version):
    """Who, where, when, why, and the place in the ledger."""
    root, space = read(odm("NCT03959891", RECORDS, version, NOW), version)

    audits = {
        audit.find(f"{space}SourceID").text: audit for audit in root.iter(f"{space}AuditRecord")
    }

    assert set(audits) == {f"happening {number}" for number in range(1, 7)}
    late = audits["happening 4"]
    assert late.find(f"{space}UserRef").get("UserOID") == "c.meyer"
    assert late.find(f"{space}LocationRef").get("LocationOID") == "mgh"
    assert late.find(f"{space}DateTimeStamp").text == "2026-03-04T09:00:00.000Z"
    assert late.find(f"{space}ReasonForChange").text == "late <entry>"
    assert audits["happening 2"].find(f"{space}ReasonForChange") is None


@pytest.mark.parametrize("version", SPACES)
def test_every_reference_has_its_definition(version):
    """Events, groups and items that data name are defined, each once and in the metadata."""
    root, space = read(odm("NCT03959891", RECORDS, version, NOW), version)
    study = root.find(f"{space}Study")

    for plan in study.findall(f"{space}MetaDataVersion"):
        defined = [each.get("OID") for each in plan]
        assert len(defined) == len(set(defined))
    names = {each.get("OID") for each in study.iter()} - {None}
    named = {
        value
        for part in root
        if part.tag.removeprefix(space) in ("ClinicalData", "ReferenceData", "AdminData")
        for each in part.iter()
        for name, value in each.attrib.items()
        if name in ("StudyEventOID", "FormOID", "ItemGroupOID", "ItemOID", "MetaDataVersionOID")
    }
    assert named <= names
    kinds = {each.get("OID"): each.get("DataType") for each in study.iter(f"{space}ItemDef")}
    assert kinds["IT.doses_recorded.doses.day"] == "integer"
    assert kinds["IT.doses_recorded.doses.taken"] == "boolean"
    assert kinds["IT.facts_recorded.observations.high"] == "text"


@pytest.mark.parametrize("version", SPACES)
def test_people_and_the_trial_are_told_apart(version):
    """What concerns no participant is reference data; each version of the protocol is its own."""
    root, space = read(odm("NCT03959891", RECORDS, version, NOW), version)

    clinical = root.findall(f"{space}ClinicalData")
    people = [
        [who.get("SubjectKey") for who in part.iter(f"{space}SubjectData")] for part in clinical
    ]
    assert people == [["MGH-001"], ["MGH-002"]]
    assert [part.get("MetaDataVersionOID") for part in clinical] == [PLAN, "cd" * 32]
    (reference,) = root.findall(f"{space}ReferenceData")
    assert [each.get("ItemGroupOID") for each in reference] == ["IG.trial_opened"]


def test_a_library_of_the_standard_reads_it():
    """odmlib, which checks every attribute against its model of ODM 1.3.2."""
    loading = pytest.importorskip("odmlib.odm_loader", reason="odmlib is not installed")
    loaders = pytest.importorskip("odmlib.loader")
    oids = pytest.importorskip("odmlib.oid_generator")
    loader = loaders.ODMLoader(loading.XMLODMLoader(model_package="odm_1_3_2"))
    of_one_plan = [each for each in RECORDS if each.protocol == PLAN]
    loader.load_odm_string(odm("NCT03959891", of_one_plan, "1.3.2", NOW))

    root = loader.root()

    assert root.FileType == "Transactional"
    (clinical,) = root.ClinicalData
    assert [len(person.StudyEventData) for person in clinical.SubjectData] == [3]
    event = clinical.SubjectData[0].StudyEventData[0]
    assert event.AuditRecord.UserRef.UserOID == "c.meyer"
    checker = oids.create_oid_checker("odm_1_3_2")
    assert root.verify_oids(checker)
    assert checker.check_oid_refs()


def test_an_empty_record_is_a_file_without_data():
    """Nothing was recorded yet."""
    root, space = read(odm("NCT03959891", (), "2.0", NOW), "2.0")

    assert [each.tag for each in root] == [f"{space}Study", f"{space}AdminData"]


def test_the_table_has_every_value():
    """The payloads can be put together again from the rows."""
    rows = list(csv.DictReader(io.StringIO(record_rows(RECORDS), newline="")))

    assert tuple(rows[0]) == COLUMNS
    for record in RECORDS:
        own = [row for row in rows if row["sequence"] == str(record.sequence)]
        expected = [
            (group.path, group.repeat, item, value)
            for group in groups_of(record.happening.payload)
            for item, value in group.items
        ]
        given = [
            (row["group"], row["repeat"], row["item"], json.loads(row["value"]))
            for row in own
            if row["item"]
        ]
        assert given == expected
        assert {json.loads(row["reason"]) for row in own} == {record.happening.reason}
        assert not any(row["value"].startswith(tuple("=+@\t")) for row in own)
