"""What an import would record: a file and a confirmed mapping to acts, with counts.

Every row has one fate and is counted: it is recorded, it adds nothing, or it is left aside by a
named reason; where one is refused, nothing is recorded and all are named.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

from trialwright.assembly.biomarker_imports import BIOMARKER_TABLES, plan_biomarkers
from trialwright.assembly.biomarker_records_in import BesidePlanned, biomarker_reader, plan_records
from trialwright.assembly.central_imports import plan_readings
from trialwright.assembly.clinical_records_in import plan_clinical
from trialwright.assembly.files import digest_of, read_text, require_size
from trialwright.assembly.gateway import Gateway, Step
from trialwright.assembly.import_plans import (
    Given,
    Import,
    Sees,
    is_seen,
    plain,
    planned_beside,
    require_seen,
    source_of,
    unseen,
)
from trialwright.assembly.records_in import read_named
from trialwright.assembly.requests import imported_before
from trialwright.assembly.tables_in import read_table_file, table_kind, table_lines
from trialwright.casebook.adverse_events import AdverseEvent
from trialwright.casebook.course import Visit
from trialwright.casebook.facts import Observation
from trialwright.casebook.participant import Casebook
from trialwright.casebook.treatments import Specimen
from trialwright.conduct.acts import RecordAdverseEvent, RecordFacts
from trialwright.conduct.clinical_acts import RecordVisit
from trialwright.conduct.happenings import Recorded
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.intake.clinical_records import KINDS as CLINICAL
from trialwright.intake.clinical_records import ClinicalReader
from trialwright.intake.entry_tables import Row, read_entries, read_entry_mapping
from trialwright.intake.partly_read import ANYBODY, PartlyReadError
from trialwright.intake.table_files import TableIntake
from trialwright.terms.errors import Fault, Refusal, refuse
from trialwright.terms.sources import Source

MOST_BYTES = 50_000_000
"""Largest table imported, bytes, also unpacked; asked before it is read."""

MOST_RECORDS_BYTES = 500_000_000
"""Largest file of FHIR records imported, bytes, also unpacked: they are streamed."""

FACTS = ("observations", "conditions", "treatments", "specimens")


def plan(gateway: Gateway, given: Given, sees: Sees | None = None) -> Import:
    """Read a file and say what it would record; nothing is decided yet.

    Parameters
    ----------
    gateway : Gateway
        Of the trial.
    given : Given
        File, kind and mapping.
    sees : callable (ParticipantState) -> bool, or None
        Whom the importer may look at; None: everybody. Of others nothing is told, not even that
        they take part.

    Returns
    -------
    Import
        Acts and counts.

    Raises
    ------
    PartlyPlannedError
        If a part of the file cannot be read, contradicts another one, or is of a participant whom
        the importer may not look at; with what the rest would record.
    Refusal
        If the file is too large, was imported before, or cannot be read in another way.
    """
    require_size(given.file, MOST_RECORDS_BYTES if given.kind == "fhir" else MOST_BYTES)
    digest = digest_of(given.file)
    records = tuple(gateway.store.records(gateway.trial))
    _require_new(records, digest, given.file.name)
    if given.kind in BIOMARKER_TABLES:
        return plan_biomarkers(gateway.state(), given, digest, sees)
    if given.kind == "fhir":
        return _bundle(gateway, given, digest, sees)
    if given.mapping is None:
        raise refuse("--mapping", "nothing", "a mapping of the columns", "Give the mapping")
    text = read_text(given.mapping)
    mapped = sha256(text.encode()).hexdigest()
    if given.kind == "facts":
        return _facts(gateway, given, digest, mapped, sees)
    return _entries(gateway, given, digest, mapped, text, sees)


def _require_new(records: Sequence[Recorded], digest: str, file: str) -> None:
    """Refuse a file that was imported before; the gateway asks again under the trial's lock."""
    came = [
        each.sequence
        for each in records
        if isinstance(each.source, Mapping) and each.source.get("file") == digest
    ]
    if came:
        raise Refusal([imported_before(came[0], came[-1], file)])


def _entries(
    gateway: Gateway, given: Given, digest: str, mapped: str, text: str, sees: Sees | None
) -> Import:
    """Plan the import of visits, adverse events or central readings."""
    mapping = read_entry_mapping(text, "mapping")
    if mapping.kind != given.kind:
        raise refuse("kind", mapping.kind, given.kind, "Give the mapping of that kind of table")
    kind = table_kind(given.file)
    faults: list[Fault] = []
    whose: frozenset[str] = frozenset()
    try:
        with table_lines(given.file, mapping) as lines:
            rows = read_entries(
                lines, mapping, given.file.name, lambda line: Source(kind, f"{digest}:{line}")
            )
    except PartlyReadError as partly:
        rows = cast("tuple[Row, ...]", partly.read)
        faults += partly.faults
        whose = partly.whose
    state = gateway.state()
    elsewhere = [*unseen(state, ((row.line, row.participant) for row in rows), given.file.name,
                         sees)]  # fmt: skip
    rows = tuple(row for row in rows if is_seen(state, row.participant, sees))
    if mapping.kind == "central-readings":
        lacking = whose | ({ANYBODY} if elsewhere else set())
        make = partial(plan_readings, state, given, digest, mapped, mapping, rows, lacking)
    else:
        make = partial(_of_rows, state, given, digest, mapped, rows)
    return planned_beside([*faults, *elsewhere], make)


def _of_rows(
    state: TrialState, given: Given, digest: str, mapped: str, rows: Sequence[Row]
) -> Import:
    """Plan an act for each row that is new."""
    steps: list[Step] = []
    duplicates: list[str] = []
    seen: dict[object, int] = {}
    for row in rows:
        what = (row.participant, plain(row.entry))
        if what in seen:
            duplicates.append(f"line {row.line}: as line {seen[what]}")
        elif _is_recorded(state, row):
            duplicates.append(f"line {row.line}: recorded before")
        else:
            source = source_of(digest, mapped, row.line)
            steps.append(Step(_act(row, given.on), source, given.file.name, row.line))
        seen.setdefault(what, row.line)
    return Import(given.file.name, digest, mapped, len(rows), tuple(steps), len(steps),
                  tuple(duplicates), {})  # fmt: skip


def _act(row: Row, on: date) -> RecordVisit | RecordAdverseEvent:
    """Give the act of a row."""
    if isinstance(row.entry, Visit):
        return RecordVisit(row.participant, on, row.entry)
    return RecordAdverseEvent(row.participant, on, cast(AdverseEvent, row.entry))


def _is_recorded(state: TrialState, row: Row) -> bool:
    """Say whether an entry stands on record already, whatever its source."""
    here = state.participants.get(row.participant)
    if here is None:
        return False
    held: Iterator[Any] = iter(here.adverse_events)
    if isinstance(row.entry, Visit):
        held = (each.visit for each in here.course.visits)
    return any(plain(each) == plain(row.entry) for each in held)


def _facts(gateway: Gateway, given: Given, digest: str, mapped: str, sees: Sees | None) -> Import:
    """Plan the import of a table of facts, such as laboratory results."""
    faults: list[Fault] = []
    try:
        intake = read_table_file(given.file, cast(Path, given.mapping), gateway.protocol.study)
    except PartlyReadError as partly:
        intake = cast(TableIntake, partly.read)
        faults += partly.faults
    state, books = gateway.state(), intake.casebooks.values()
    faults += unseen(state, ((0, each.participant) for each in books), given.file.name, sees)
    casebooks = [_placed(each, given.file.name, digest)
                 for each in books if is_seen(state, each.participant, sees)]  # fmt: skip
    faults += (each for book in casebooks for each in _to_come(book, given, digest))
    return planned_beside(faults, partial(_books, gateway, given, digest, mapped, casebooks,
                                          intake.entries, intake.ignored))  # fmt: skip


def _bundle(gateway: Gateway, given: Given, digest: str, sees: Sees | None) -> Import:
    """Plan the import of one participant's FHIR records; open questions refuse it."""
    if not given.participant:
        raise refuse("--participant", "nothing", "a study number", "Say whose records they are")
    require_seen(gateway.state(), [(0, given.participant)], given.file.name, sees)
    state, study = gateway.state(), gateway.protocol.study
    markers, clinical = biomarker_reader(state, given.participant), ClinicalReader()
    intake = read_named(given.file, study, given.participant, beside=(markers, clinical))
    asked = [replace(each.fault, file=given.file.name) for each in intake.questions]
    beside: list[BesidePlanned] = []
    for plan_beside in (
        partial(plan_records, state, given, digest, markers),
        partial(plan_clinical, state, given, digest, clinical),
    ):
        try:
            beside.append(plan_beside())
        except PartlyReadError as partly:
            beside.append(cast(BesidePlanned, partly.read))
            asked += [each for each in partly.faults if each not in asked]
        except Refusal as refused:
            asked += [each for each in refused.faults if each not in asked]
    asked += _to_come(intake.casebook, given, digest)
    planned = _books(gateway, given, digest, "", [intake.casebook], 0, {})
    held = sum(len(getattr(intake.casebook, kind)) for kind in FACTS)
    ignored = {why: count for why, count in intake.ignored.items()
               if why.partition(":")[0] not in CLINICAL}  # fmt: skip
    aside = sum(ignored.values())
    entries = intake.entries - sum(intake.ignored.values()) + aside
    notes = (
        f"{entries} resources = {intake.used} used + {aside} left aside, {held} facts",
        *(f"left aside: {count} x {why}" for why, count in sorted(ignored.items())),
        *(note for each in beside for note in each.notes),
    )
    rows = sum(each.rows for each in beside)
    known = tuple(what for each in beside for what in each.duplicates)
    whole = replace(
        planned,
        rows=held + rows,
        steps=(*planned.steps, *(step for each in beside for step in each.steps)),
        recorded=planned.recorded + rows - len(known),
        duplicates=(*planned.duplicates, *known),
        notes=notes,
        has_proposed=any(each.has_proposed for each in beside),
    )
    return planned_beside(asked, lambda: whole)


def _to_come(book: Casebook, given: Given, digest: str) -> Iterator[Fault]:
    """Name results and specimens of a day after that of the entry."""
    facts: tuple[Observation | Specimen, ...] = (*book.observations, *book.specimens)
    for fact in facts:
        if fact.on and fact.on.earliest > given.on:
            place = fact.source.place.removeprefix(f"{digest}:").partition(":")[0]
            yield Fault("" if place.isdecimal() else place,
                        f"a day {fact.on}, after the entry on {given.on.isoformat()}", "a past day",
                        "Correct the day", given.file.name,
                        int(place) if place.isdecimal() else 0)  # fmt: skip


def _placed(casebook: Casebook, file: str, digest: str) -> Casebook:
    """Let the source of each fact name the file by its digest."""
    moved: dict[str, Any] = {
        kind: tuple(
            replace(each, source=replace(
                each.source, place=each.source.place.replace(file, digest, 1)))
            for each in getattr(casebook, kind)
        )
        for kind in FACTS
    }  # fmt: skip
    return replace(casebook, **moved)


def _books(
    gateway: Gateway,
    given: Given,
    digest: str,
    mapped: str,
    casebooks: Sequence[Casebook],
    entries: int,
    ignored: Mapping[str, int],
) -> Import:
    """Plan an act for each participant with facts that are new."""
    state = gateway.state()
    steps: list[Step] = []
    duplicates: list[str] = []
    counted: Counter[str] = Counter(ignored)
    for book in casebooks:
        new, known = _new(book, state.participants.get(book.participant))
        duplicates += known
        if any(new.values()):
            source = source_of(digest, mapped, 0)
            act = RecordFacts(book.participant, given.on, book.born, book.sex, **new)
            steps.append(Step(act, source, given.file.name, 0))
    held = sum(len(getattr(each, kind)) for each in casebooks for kind in FACTS)
    return Import(given.file.name, digest, mapped, entries, tuple(steps), held - len(duplicates),
                  tuple(duplicates), dict(counted))  # fmt: skip


def _new(
    book: Casebook, here: ParticipantState | None
) -> tuple[dict[str, tuple[Any, ...]], list[str]]:
    """Part the facts of a casebook into those that are new and those that add nothing."""
    new: dict[str, tuple[Any, ...]] = {}
    known: list[str] = []
    for kind in FACTS:
        held = {plain(each) for each in getattr(here.casebook, kind)} if here else set[Any]()
        kept = []
        for fact in getattr(book, kind):
            said = plain(fact)
            if said in held:
                known.append(f"{fact.source.place.rpartition(':')[2]}: recorded before")
            else:
                kept.append(fact)
                held.add(said)
        new[kind] = tuple(kept)
    return new, known
