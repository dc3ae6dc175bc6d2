"""Adverse events and encounters of FHIR records through the import: acts, or nothing."""

import json
from datetime import date

import pytest
from tests.assembly.beside import told_beside

from trialwright.assembly.import_plans import Given
from trialwright.assembly.planned_imports import plan
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.conduct.acts import Consent
from trialwright.conduct.roles import Actor
from trialwright.terms.dates import PartialDate
from trialwright.terms.errors import Refusal

CONSENTED, ENTRY = date(2026, 2, 5), date(2026, 3, 30)
CHIEF = Actor("p.chief", "principal-investigator", "mgh")
CTCAE = "http://hl7.org/fhir/us/ctcae/StructureDefinition"
PATIENT = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": "1970-01-01"}


def coded(code, system="http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", **more):
    """Give a concept of one coding."""
    return {"coding": [{"system": system, "code": code, **more}]}


def extended(name, **value):
    """Give an extension of the profile for CTCAE."""
    return {"url": f"{CTCAE}/{name}", **value}


def event(**changed):
    """Give the published example of a dehydration, made our participant's; its words tell much."""
    extension = [
        extended("ctcae-grade", valueCodeableConcept=coded("3", "x")),
        extended("adverse-event-expectation", valueCodeableConcept=coded("C41333")),
        extended("adverse-event-resolved-date", valueDateTime="2026-03-02T10:00:00+01:00"),
    ]
    term = coded("10012174", "https://www.meddra.org", display="Dehydration")
    return {
        "resourceType": "AdverseEvent", "id": "e1", "actuality": "actual",
        "extension": extension, "event": {**term, "text": "Mrs Meyer was given fluid"},
        "subject": {"reference": "Patient/p1"}, "date": "2026-03-01",
        "seriousness": coded("C41335"), **changed,
    }  # fmt: skip


def encounter(**changed):
    """Give the encounter of the screening visit."""
    return {
        "resourceType": "Encounter", "id": "v1", "status": "finished", "class": {"code": "AMB"},
        "type": [coded("SCREENING", "urn:site")], "subject": {"reference": "Patient/p1"},
        "period": {"start": "2026-02-10T08:00:00+01:00", "end": "2026-02-10T23:50:00+01:00"},
        **changed,
    }  # fmt: skip


@pytest.fixture
def gateway(desk):
    """Give a trial with a participant who consented."""
    opened = desk.open()
    opened.execute(Consent("P-1", CONSENTED), CHIEF)
    return opened


@pytest.fixture
def given(tmp_path):
    """Give a writer of a bundle, or of lines."""

    def write(*resources, name="records.json"):
        if name.endswith(".ndjson"):
            text = "\n".join(map(json.dumps, resources))
        else:
            entries = [{"resource": each} for each in resources]
            text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
        (tmp_path / name).write_text(text, encoding="utf-8")
        return Given(tmp_path / name, "fhir", None, "P-1", ENTRY)

    return write


def do(gateway, asked, *, is_rehearsal=False):
    """Plan an import and do it."""
    planned = plan(gateway, asked)
    gateway.execute_whole(planned.steps, CHIEF, is_rehearsal=is_rehearsal)
    return planned


@pytest.mark.parametrize("name", ["records.json", "records.ndjson"])
def test_an_event_and_a_visit_become_entries(gateway, given, name):
    """Term by its coding, grade, days, seriousness and expectation; attribution stays open."""
    planned = do(gateway, given(PATIENT, event(), encounter(), name=name))

    here = gateway.state().participants["P-1"]
    [noted], [visit] = here.adverse_events, here.course.visits
    assert noted == AdverseEvent(
        "Dehydration", 3, PartialDate.parse("2026-03-01"), PartialDate.parse("2026-03-02"),
        is_serious=True, related_to=None, source=noted.source, is_expected=True,
    )  # fmt: skip
    assert (visit.visit.code, visit.visit.outcome, visit.visit.on) == (
        "SCREENING", "done", date(2026, 2, 10)
    )  # fmt: skip
    assert noted.source.place.startswith(planned.digest)
    assert "course: 2 resources = 2 used + 0 left aside; 1 visits, 1 adverse events" in planned.told
    assert any("attributed is not read" in each for each in planned.told)
    assert "1 resources = 1 used + 0 left aside, 0 facts" in planned.told
    assert "2 read = 2 to record + 0 that add nothing + 0 left aside" in planned.told


def test_beside_a_resource_that_cannot_be_read_the_others_are_decided(gateway, given):
    """An event without a term, a visit of two days; a visit before the consent is told as well."""
    early = {"start": "2026-02-04", "end": "2026-02-04"}
    asked = given(PATIENT, event(event={}), encounter(period={}),
                  encounter(id="v2", period=early))  # fmt: skip

    before, says, after = told_beside(gateway, asked, CHIEF)

    assert [where.rpartition(".")[2] for _, where in before] == ["event", "period"]
    assert says == "2 faults keep all out; of what could be read, 1 fault follows"
    assert after == [(0, "entry.on")]


def test_words_about_a_participant_are_nowhere(gateway, given):
    """The words of an event are not its term, and are in no record and no line."""
    planned = do(gateway, given(PATIENT, event()))

    entries = [str(each) for each in gateway.store.records(gateway.trial)]
    assert "Meyer" not in "".join((*planned.told, *entries))


def test_a_rehearsal_records_nothing(gateway, given):
    """A person looks first, and confirms then."""
    before = gateway.state().sequence

    do(gateway, given(PATIENT, event(), encounter()), is_rehearsal=True)

    assert gateway.state().sequence == before


def test_what_stands_on_record_is_not_recorded_again(gateway, given):
    """A file saved anew records what is new in it alone."""
    do(gateway, given(PATIENT, event(), encounter()))

    again = given(PATIENT, event(), encounter(), event(id="e2", date="2026-03-05", extension=[]))
    planned = do(gateway, again)

    assert len(planned.duplicates) == 2
    assert "3 read = 1 to record + 2 that add nothing + 0 left aside" in planned.told
    assert "adverse events without a grade: 1" in planned.told
    assert [each.grade for each in gateway.state().participants["P-1"].adverse_events] == [3, None]


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        (event(actuality="potential"), "AdverseEvent: potential: it did not happen"),
        (event(extension=[extended("ctcae-grade", valueCodeableConcept=coded("0"))]),
         "AdverseEvent: grade 0: it was looked for and not found"),
        (event(subject={"reference": "Group/g"}), "AdverseEvent: not about a patient"),
        (event(subject={}), "AdverseEvent: about no patient of this file"),
        (encounter(status="cancelled"), "Encounter: its status is cancelled, and not finished"),
        (encounter(status="Mrs Meyer"), "Encounter: its status is not known, and not finished"),
        (encounter(type=[{"text": "emergency"}]), "Encounter: it names no visit of the protocol"),
    ],
)  # fmt: skip
def test_what_does_not_count_is_left_aside_by_name(gateway, given, resource, why):
    """And counted: one resource, one fate."""
    planned = plan(gateway, given(PATIENT, resource))

    assert planned.steps == ()
    assert f"left aside: 1 x {why}" in planned.told
    assert sum("left aside: 1 x" in each for each in planned.told) == 1


@pytest.mark.parametrize(
    ("resource", "where", "found"),
    [
        (event(event={"text": "Mrs Meyer fell"}), "event", "no term"),
        (event(event=coded("1", "urn:site", display="Mrs Meyer")), "event", "no term"),
        (event(date="03/01/2026"), "date", "is no date"),
        (event(date="2026-03-09"), "resource", "before the start"),
        (event(extension=[extended("ctcae-grade", valueCodeableConcept=coded("7"))]),
         "extension", "another grade"),
        (event(extension=[extended("ctcae-grade", valueCodeableConcept=coded(each))
                          for each in "23"]), "extension", "several"),
        (event(modifierExtension=[{"url": "urn:x"}]), "modifierExtension", "changes what"),
        (encounter(period={"start": "2026-02"}), "period", "no whole day"),
        (encounter(period={}), "period", "no whole day"),
        (encounter(period={"start": "2026-02-10", "end": "2026-02-12"}), "period", "several days"),
        (encounter(type=[coded("C1D1"), coded("C1D8")]), "type", "C1D1, C1D8"),
    ],
)  # fmt: skip
def test_what_a_person_must_settle_keeps_all_out(gateway, given, resource, where, found):
    """With its place, and no word of a participant; the sound event beside it is not recorded."""
    before, sound = gateway.state().sequence, event(id="e9", date="2026-02-20")

    with pytest.raises(Refusal) as refused:
        do(gateway, given(PATIENT, sound, resource))

    [fault] = refused.value.faults
    assert fault.where.endswith(where)
    assert found in fault.found
    assert fault.file == "records.json"
    assert "Meyer" not in str(refused.value)
    assert gateway.state().sequence == before


def test_one_that_stands_twice_is_one(gateway, given):
    """And one that differs is nobody's to choose."""
    twice = plan(gateway, given(PATIENT, event(), event()))
    assert len(twice.steps) == 1
    assert "left aside: 1 x AdverseEvent: repeated" in twice.told

    with pytest.raises(Refusal, match="stands twice, and differs"):
        plan(gateway, given(PATIENT, event(), event(date="2026-03-02")))


def test_a_visit_that_the_gateway_refuses_keeps_the_event_out(gateway, given):
    """All of it, or nothing: a visit before consent."""
    early = encounter(period={"start": "2026-01-10", "end": "2026-01-10"})
    before = gateway.state().sequence

    with pytest.raises(Refusal):
        do(gateway, given(PATIENT, event(), early))

    assert gateway.state().sequence == before
