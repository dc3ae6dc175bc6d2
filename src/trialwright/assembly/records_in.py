"""Records that people name, read into casebooks: the FHIR reader wired to a protocol."""

import io
from pathlib import Path
from typing import BinaryIO

from trialwright.assembly import shelf
from trialwright.assembly.files import open_bundle
from trialwright.intake.bundle import read_bundle
from trialwright.intake.ndjson import read_ndjson
from trialwright.intake.outcome import Intake
from trialwright.protocol.study import Study

_LINES = frozenset({".ndjson", ".jsonl"})
"""Endings of files that hold one resource on a line."""


def read_records(stream: BinaryIO, study: Study, participant: str) -> Intake:
    """Read a FHIR R4 bundle for a participant of a study.

    Parameters
    ----------
    stream : BinaryIO
        The bundle as JSON, at its beginning.
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.

    Returns
    -------
    Intake
        The casebook, what was left aside, and what a person must settle.

    Raises
    ------
    Refusal
        If the stream holds no bundle of one patient.
    """
    return read_bundle(stream, study.terms, participant, medicines=study.medicines)


def read_file(path: Path, study: Study, participant: str) -> Intake:
    """Read a bundle, or the lines of an export, that somebody named.

    Parameters
    ----------
    path : Path
        A bundle as JSON, or resources one on a line (`.ndjson`, `.jsonl`); either may be compressed
        by gzip (`.gz`).
    study : Study
        Whose vocabulary decides which facts are read.
    participant : str
        Study number.

    Returns
    -------
    Intake
        As `read_records`.

    Raises
    ------
    Refusal
        If the file cannot be opened, or holds no records of one patient.
    """
    with open_bundle(path) as stream:
        if _LINES.intersection(path.suffixes):
            return read_ndjson(stream, study.terms, participant, medicines=study.medicines)
        return read_records(stream, study, participant)


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
