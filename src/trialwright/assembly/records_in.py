"""Records that people name, read into casebooks: the FHIR reader wired to a protocol."""

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from trialwright.assembly import shelf
from trialwright.assembly.files import open_bundle
from trialwright.intake.bundle import read_bundle
from trialwright.intake.export import Part, read_export
from trialwright.intake.ndjson import read_ndjson
from trialwright.intake.outcome import Intake
from trialwright.intake.own_records import Listener
from trialwright.protocol.study import Study
from trialwright.terms.errors import Fault, refuse

_LINES = frozenset({".ndjson", ".jsonl"})
"""Endings of files that hold one resource on a line."""

_BESIDE = frozenset({"manifest.json"})
"""Files of an export that hold no records."""


def read_records(stream: BinaryIO, study: Study, participant: str, patient: str = "") -> Intake:
    """Read a FHIR R4 bundle for a participant of a study.

    Parameters
    ----------
    stream : BinaryIO
        The bundle as JSON, at its beginning.
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.
    patient : str
        `Patient/<id>` or id of the one meant; needed when the bundle has several.

    Returns
    -------
    Intake
        The casebook, what was left aside, and what a person must settle.

    Raises
    ------
    Refusal
        If the stream holds no bundle of one patient.
    """
    return read_bundle(stream, study.terms, participant, patient, study.medicines)


def read_named(
    path: Path,
    study: Study,
    participant: str,
    patient: str = "",
    beside: Sequence[Listener] = (),
) -> Intake:
    """Read a bundle, the lines of an export, or a whole export that somebody named.

    Parameters
    ----------
    path : Path
        A bundle as JSON, or resources one on a line (`.ndjson`, `.jsonl`); either may be compressed
        by gzip (`.gz`). A folder is a bulk export: files of such lines, of many patients.
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.
    patient : str
        `Patient/<id>` or id of the one meant; needed for a folder, and when a file has several.
    beside : sequence of Listener
        Each is given every resource of a file as it passes, so that it is read once; of a folder
        none is.

    Returns
    -------
    Intake
        As `read_records`.

    Raises
    ------
    Refusal
        If a file cannot be opened, holds no records of one patient, or does not have the one
        meant.
    """
    if path.is_dir():
        return _read_folder(path, study, participant, patient)
    with open_bundle(path) as stream:
        read = read_ndjson if holds_lines(path) else read_bundle
        return read(stream, study.terms, participant, patient, study.medicines, beside)


def _read_folder(folder: Path, study: Study, participant: str, patient: str) -> Intake:
    """Read one participant's records from the files of an export."""
    if not patient:
        do = "Name the one meant by the id of its Patient resource"
        raise refuse("patient", "not named", "the id of a Patient in the export", do)
    try:
        found = sorted(each for each in folder.iterdir() if not each.name.startswith("."))
    except OSError as failed:
        raise refuse("", str(failed.strerror), "a readable folder", "Correct the path") from None
    files = [each for each in found if each.is_file() and holds_lines(each)]
    if not files:
        do = "Give the folder that holds the files of the export"
        raise refuse("records", "a folder without .ndjson files", "files of lines", do)
    others = [each for each in found if each not in files and each.name not in _BESIDE]
    doubt = None
    if others:
        do = "Move it elsewhere; unpack it beside the others if it holds records"
        doubt = Fault("", "is not read", ".ndjson and .jsonl files", do, others[0].name)
    parts = [Part(each.name, partial(open_bundle, each)) for each in files]
    return read_export(parts, study.terms, participant, patient, study.medicines, doubt)


def holds_lines(path: Path) -> bool:
    """Say whether a file holds one resource on a line, by its ending.

    Parameters
    ----------
    path : Path
        It may be compressed.

    Returns
    -------
    bool
        False for a bundle.
    """
    plain = path.with_suffix("") if path.suffix == ".gz" else path
    return plain.suffix.lower() in _LINES


def read_example(study: Study, participant: str) -> Intake:
    """Read the example that ships with the package.

    Parameters
    ----------
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.

    Returns
    -------
    Intake
        Of one invented participant.
    """
    bundle = shelf.content("patients", "example-participant.json")
    return read_records(io.BytesIO(bundle), study, participant)
