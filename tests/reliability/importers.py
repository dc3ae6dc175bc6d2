"""Every reader of files that people bring, each with small sound files to begin from."""

import io
import json
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import openpyxl
from tests.assembly.conftest import CHIEF, DAY, Desk
from tests.assembly.test_biomarker_imports import CALLS, MATERIALS, RUNS, STAINS
from tests.assembly.test_central_imports import BASELINE, ENTRY, HEAD, WEEK_8
from tests.assembly.test_central_imports import MAPPING as CENTRAL
from tests.assembly.test_clinical_bundles import encounter, event
from tests.conduct.central_story import FIRST, reviewed
from tests.intake.test_biomarker_records import percent, report, specimen, variant
from tests.ledger.conftest import Bench
from tests.registry.conftest import INVENTED
from tests.registry.invented_records import CTGOV, LINES, MATCHED, STUDY, bundle, text_of
from tests.reliability.acknowledging import batch
from tests.reliability.sequencing_readers import (
    EVERY_FILE,
    MAF,
    OF_VCF,
    VCF,
    runs_beside,
    study_in,
)

from trialwright.assembly import ledger_care, ledgers, shelf
from trialwright.assembly.designs import design_of, scenarios_in
from trialwright.assembly.dose_data import data_of
from trialwright.assembly.files import read_text
from trialwright.assembly.gateway import Gateway
from trialwright.assembly.laboratory_in import read_laboratory
from trialwright.assembly.library import library
from trialwright.assembly.named_trials import open_trial
from trialwright.assembly.planned_imports import Given, plan
from trialwright.assembly.proposed_mappings import propose_file
from trialwright.assembly.protocols import load, shipped
from trialwright.assembly.records_in import read_named
from trialwright.assembly.registry_records import read_draft
from trialwright.assembly.tables_in import read_table_file
from trialwright.conduct.acts import Consent
from trialwright.intake.table_mapping import read_mapping
from trialwright.ledger.sqlite import SqliteLedger
from trialwright.questions.asking import ask_stream

PROTOCOL = "nct03959891"
MAPPING = """\
participant: Subject
born: Born
long:
  term: Test
  value: Result
  unit: Unit
  low: Low
  high: High
  day: Collected
  names:
    HGB: {term: hemoglobin}
    CREA: {term: creatinine}
"""
TABLE = (
    "Subject,Born,Test,Result,Unit,Low,High,Collected\n"
    "P-1,1970-01-31,HGB,11.8,g/dL,12,16,2026-03-02\n"
    'P-1,1970-01-31,CREA,<0.9,mg/dL,,1.1,"2026-03-02"\n'
    "P-2,1964-02-29,HGB,,g/dL,12,16,2026-03\n"
)
RANGES = "term,low,high,unit,group\nhemoglobin,12,16,g/dL,\ncreatinine,,1.1,mg/dL,\n"
DESIGN = """\
levels: 5
window_days: 28
escalation:
  name: BOIN
  target: 0.3
  max_n: 24
  stop_at: 9
scenarios:
  - {name: flat, rates: [0.1, 0.1, 0.1, 0.1, 0.1]}
"""
PEOPLE = (
    "participant,cohort,level,standing,has_dlt,dlt_day,followed\n"
    "01-001,1,1,complete,no,,28\n01-002,1,1,complete,yes,14,28\n01-003,1,1,pending,no,,12\n"
)
SCENARIOS = "scenario,1,2,3,4,5\nflat,0.1,0.1,0.1,0.1,0.1\nsteep,0.05,0.15,0.3,0.5,0.7\n"
VISITS = """\
kind: visits
participant: Subject
columns: {code: Visit, day: Date, outcome: Status}
dates: DD/MM/YYYY
words: {outcome: {"Y": done, "N": missed}}
"""
VISIT_ROWS = "Subject,Visit,Date,Status\nP-1,SCREENING,06/02/2026,Y\nP-2,SCREENING,12/02/2026,Y\n"
CENTRAL_ROWS = "\n".join((HEAD, *BASELINE, *WEEK_8)) + "\n"
EVENTS = """\
kind: adverse-events
participant: Subject
columns: {term: Event, grade: Grade, started: From, ended: To, is_serious: SAE}
words: {is_serious: {"Y": "yes", "N": "no"}}
"""
EVENT_ROWS = (
    "Subject,Event,Grade,From,To,SAE\n"
    "P-1,Fatigue,2,2026-02-10,2026-02-14,N\nP-2,Nausea,1,2026-02-20,,N\n"
)
CASES = (
    '{"id": "1", "term": "Anemia", "value": 7.9, "unit": "g/dL", "lln": 12}\n'
    '{"id": "2", "term": "Fatigue", "severity": 2}\n'
)


Beside = Callable[[str], Mapping[str, str]]
"""Text of files by name, which lie beside a file of this name."""


@dataclass(frozen=True)
class Importer:
    """A reader of files.

    Attributes
    ----------
    name, suffix : str
        Of its files.
    seeds : tuple of bytes
        Files that it reads.
    read : callable
        Reads a file; anything but an answer or a `Refusal` is a fault of the software.
    share : int
        How many of every hundred broken files it gets.
    """

    name: str
    suffix: str
    seeds: tuple[bytes, ...]
    read: Callable[[Path], object]
    share: int


def workbook() -> bytes:
    """Write the table as a workbook."""
    book = openpyxl.Workbook()
    rows = [line.split(",") for line in TABLE.replace('"', "").splitlines()]
    for row in rows:
        book.active.append(row)
    book.active["D2"], book.active["H2"] = 11.8, date(2026, 3, 2)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def patient() -> dict:
    """Give the shipped example with its first entries alone."""
    whole = json.loads(shelf.content("patients", "example-participant.json"))
    return {**whole, "entry": whole["entry"][:12]}


def ledger_of(folder: Path) -> Bench:
    """Make a ledger of a few happenings."""
    folder.mkdir()
    made = Bench(folder)
    SqliteLedger.create(made.path)
    opened = SqliteLedger.open(made.path, signing=made.key)
    for number in range(3):
        made.append(*batch(number, 2), ledger=opened)
    return made


def read_table(mapping: Path) -> Callable[[Path], object]:
    """Give the reader of tables by a mapping."""
    return lambda path: read_table_file(path, mapping, shipped(PROTOCOL).study)


def ask(path: Path) -> list[dict]:
    """Answer the cases of a file; a refused one is answered with its faults."""
    with path.open("rb") as stream:
        return list(ask_stream("grade", stream, library()))


def restore_into(folder: Path) -> Callable[[Path], object]:
    """Give the restorer of the ledger that a folder lost; what it restored is taken away again."""

    def restored(path: Path) -> object:
        try:
            return ledger_care.restore(folder, path)
        finally:
            (folder / ledgers.LEDGER).unlink(missing_ok=True)
            assert sorted(each.name for each in folder.iterdir()) == [ledgers.PUBLIC]

    return restored


def import_into(
    folder: Path,
    kind: str,
    mapping: str = "",
    beside: Beside = lambda name: {},
    participant: str = "",
    table: str = "",
) -> Callable[[Path], object]:
    """Give the rehearsal of an import into a trial with two participants.

    What `beside` gives lies beside the file, whose name it is told; `table`, when one of these is
    what is imported.
    """
    folder.mkdir()
    desk = Desk(folder)
    SqliteLedger.create(desk.path)
    gateway = desk.open()
    actor = CHIEF
    if kind == "central-readings":
        actor, read = FIRST, gateway.protocol
        read = replace(read, study=reviewed(read.study))
        gateway = Gateway(gateway.store, read, gateway.clock, gateway.source)
    for number in ("P-1", "P-2"):
        gateway.execute(Consent(number, DAY), CHIEF)
    if kind in ("stains", "sequencing"):
        file = folder / "materials.csv"
        file.write_text(MATERIALS, "utf-8")
        steps = plan(gateway, Given(file, "materials", None, "", ENTRY)).steps
        gateway.execute_whole(steps, CHIEF)
    declared = folder / "mapping.yaml" if mapping else None
    if declared:
        declared.write_text(mapping, "utf-8")
    head = gateway.store.head(gateway.trial)

    def imported(path: Path) -> object:
        others = beside(path.name)
        for name, text in others.items():
            (path.parent / name).write_text(text, "utf-8")
        try:
            file = path.parent / table if table else path
            planned = plan(gateway, Given(file, kind, declared, participant, ENTRY))
            if planned.steps:
                gateway.execute_whole(planned.steps, actor, is_rehearsal=True)
            return planned
        finally:
            for name in others:
                (path.parent / name).unlink()
            assert gateway.store.head(gateway.trial) == head

    return imported


def beside_facts(export: dict) -> tuple[bytes, bytes]:
    """Give a bundle and lines with facts, a visit, an event, a stain and a run of sequencing."""
    found = next(each["resource"] for each in export["entry"]
                 if each["resource"]["resourceType"] == "Patient")  # fmt: skip
    her = {"reference": f"Patient/{found['id']}"}
    more = [
        {**each, "subject": her}
        for each in (event(), encounter(), specimen(), percent(value="70"), variant(),
                     report("Observation/v1"))
    ]  # fmt: skip
    entries = [*export["entry"], *({"resource": each} for each in more)]
    bundle = json.dumps({**export, "entry": entries}, default=float)
    return bundle.encode(), "".join(
        json.dumps(each["resource"], default=float) + "\n" for each in entries
    ).encode()


def importers(folder: Path) -> tuple[Importer, ...]:
    """Give all of them; `folder` is for what they need."""
    study = shipped(PROTOCOL).study
    mapping = folder / "mapping.yaml"
    mapping.write_text(MAPPING, "utf-8")
    made = ledger_of(folder / "ledger")
    lines = "".join(f"{line}\n" for line in made.reader.export_lines("NCT00000001")).encode()
    protocol = (shelf.content("protocols", f"{PROTOCOL}.yaml"),)
    export = patient()
    ndjson = "".join(json.dumps(each["resource"]) + "\n" for each in export["entry"]).encode()
    records = tuple(
        text_of(each).encode() for each in (CTGOV, STUDY, bundle(STUDY), MATCHED, LINES)
    )

    (folder / "lost").mkdir()
    (folder / "lost" / ledgers.PUBLIC).write_text(made.key.verifying.text)
    restored = restore_into(folder / "lost")

    visits = import_into(folder / "visits", "visits", VISITS)
    events = import_into(folder / "events", "adverse-events", EVENTS)
    central = import_into(folder / "central", "central-readings", CENTRAL)
    facts = import_into(folder / "facts", "facts", MAPPING)
    materials = import_into(folder / "materials", "materials")
    stains = import_into(folder / "stains", "stains")
    runs = import_into(folder / "runs", "sequencing", beside=lambda name: {"calls.maf": CALLS})
    maf = import_into(folder / "maf", "sequencing", beside=runs_beside(RUNS), table="runs.csv")
    vcf = import_into(folder / "vcf", "sequencing", beside=runs_beside(OF_VCF), table="runs.csv")
    study_by = study_in(folder / "study")
    fhir = import_into(folder / "fhir", "fhir", participant="P-1")
    lines_too = import_into(folder / "fhir-lines", "fhir", participant="P-1")
    whole, in_lines = beside_facts(export)

    def proposed(path: Path) -> object:
        return propose_file(path, "facts", study)

    return (
        Importer("protocol", ".yaml", protocol, lambda path: load(str(path)), 1),
        Importer("draft", ".yaml", protocol, lambda path: open_trial(str(path)), 1),
        Importer("design", ".yaml", (textwrap.dedent(DESIGN).encode(),),
                 lambda path: design_of(str(path)), 6),
        Importer("mapping", ".yaml", (MAPPING.encode(),),
                 lambda path: read_mapping(read_text(path), study, path.name), 6),
        Importer("table", ".csv", (TABLE.encode(),), read_table(mapping), 8),
        Importer("import of visits", ".csv", (VISIT_ROWS.encode(),), visits, 3),
        Importer("import of events", ".csv", (EVENT_ROWS.encode(),), events, 3),
        Importer("import of facts", ".csv", (TABLE.encode(),), facts, 3),
        Importer("import of readings", ".csv", (CENTRAL_ROWS.encode(),), central, 3),
        Importer("import of material", ".csv", (MATERIALS.encode(),), materials, 3),
        Importer("import of stains", ".csv", (STAINS.encode(),), stains, 3),
        Importer("import of runs", ".csv", (RUNS.encode(),), runs, 3),
        Importer("import of MAF", ".maf", (MAF.encode(),), maf, 3),
        Importer("import of VCF", ".vcf", (VCF.encode(),), vcf, 3),
        *(
            Importer(f"study folder, {name}", ".tab", (text.encode(),), study_by(name), 1)
            for name, text in EVERY_FILE.items()
        ),
        Importer("import of FHIR", ".json", (whole,), fhir, 6),
        Importer("import of FHIR", ".ndjson", (in_lines,), lines_too, 4),
        Importer("proposal", ".csv", (TABLE.encode(),), proposed, 3),
        Importer("proposal", ".xlsx", (workbook(),), proposed, 2),
        Importer("workbook", ".xlsx", (workbook(),), read_table(mapping), 7),
        Importer("FHIR bundle", ".json", (json.dumps(export).encode(),),
                 lambda path: read_named(path, study, "P-1"), 8),
        Importer("FHIR lines", ".ndjson", (ndjson,),
                 lambda path: read_named(path, study, "P-1"), 7),
        Importer("registry record", ".json", records, read_draft, 8),
        Importer("registry page", ".txt", (INVENTED.encode(),), read_draft, 4),
        Importer("laboratory ranges", ".csv", (RANGES.encode(),),
                 lambda path: read_laboratory(path, study), 4),
        Importer("participants", ".csv", (PEOPLE.encode(),), lambda path: data_of(str(path)), 4),
        Importer("participants", ".json", (json.dumps([{"participant": "01-001", "cohort": 1,
                 "level": 1, "standing": "complete", "has_dlt": False}]).encode(),),
                 lambda path: data_of(str(path)), 4),
        Importer("scenarios", ".csv", (SCENARIOS.encode(),), scenarios_in, 2),
        Importer("cases", ".jsonl", (CASES.encode(),), ask, 4),
        Importer("ledger export", ".jsonl", (lines,), restored, 4),
        Importer("ledger copy", ".ledger", (made.path.read_bytes(),), restored, 1),
    )  # fmt: skip
