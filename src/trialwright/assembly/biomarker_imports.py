"""Importing material, stains and runs of sequencing: each row an entry, or nothing of the file."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from trialwright.assembly.biomarker_records_in import said
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.files import read_text
from trialwright.assembly.gateway import Step
from trialwright.assembly.import_plans import Given, Import, Sees, require_seen, source_of
from trialwright.biomarkers.records import NO_BIOMARKERS, BiomarkerRecord
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.conduct.state import TrialState
from trialwright.intake.biomarker_tables import (
    Placed,
    read_materials,
    read_runs,
    read_stains,
    with_variants,
)
from trialwright.intake.maf import read_maf
from trialwright.terms.errors import Fault, Refusal

_READERS: Mapping[str, Callable[[str, str], tuple[Placed, ...]]] = MappingProxyType(
    {"materials": read_materials, "stains": read_stains, "sequencing": read_runs}
)

BIOMARKER_TABLES = tuple(_READERS)
"""Kinds of tables about biomarkers; their headings are fixed, so that they need no mapping."""


def plan_biomarkers(state: TrialState, given: Given, digest: str, sees: Sees | None) -> Import:
    """Read a table about biomarkers and say what it would record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    given : Given
        File and kind, one of `BIOMARKER_TABLES`. Files of variants stand beside a table of runs.
    digest : str
        SHA-256 of the file.
    sees : callable (ParticipantState) -> bool, or None
        Whom the importer may look at; None: everybody.

    Returns
    -------
    Import
        One act a run and a stain, and one for all material of a participant. What is recorded
        already adds nothing.

    Raises
    ------
    Refusal
        With every row that cannot be read, or is of somebody whom the importer may not look at;
        with the faults of the files of variants.
    """
    name = given.file.name
    placed = _READERS[given.kind](read_text(given.file), name)
    require_seen(state, ((each.line, each.participant) for each in placed), name, sees)
    files: dict[str, str] = {}
    if given.kind == "sequencing":
        placed, files = _with_calls(placed, given.file)
    placed = tuple(replace(each, what=_by_digest(each.what, name, digest)) for each in placed)
    new, duplicates = _new(placed, state)
    steps = tuple(_steps(new, given, digest, files))
    return Import(name, digest, "", len(placed), steps, len(new), tuple(duplicates), {})


def _with_calls(
    placed: tuple[Placed, ...], file: Path
) -> tuple[tuple[Placed, ...], dict[str, str]]:
    """Give runs their variants, and the digests of the files they come from."""
    calls: dict[str, Mapping[str, tuple[VariantCall, ...]]] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    for each in placed:
        name = each.variants
        if not name or name in digests:
            continue
        if Path(name).name != name:
            faults.append(Fault("variants", "a path", "the name of a file beside the table",
                                "Put the file beside it", file.name, each.line))  # fmt: skip
            continue
        try:
            text = read_text(file.parent / name)
            digests[name] = sha256(text.encode()).hexdigest()
            samples = tuple(dict.fromkeys(row.sample for row in placed if row.variants == name))
            with collecting_later():  # much is read that stays
                calls[name] = _calls(text, name, samples)
        except Refusal as refused:
            digests[name] = ""
            faults += refused.faults
    if faults:
        raise Refusal(faults)
    return with_variants(placed, calls, file.name), digests


def _calls(text: str, name: str, samples: tuple[str, ...]) -> Mapping[str, tuple[VariantCall, ...]]:
    """Read a file of variants by its ending: of a VCF the samples asked for, of a MAF all."""
    if not name.removesuffix(".gz").endswith(".vcf"):
        return read_maf(text, name).calls
    try:
        from trialwright.intake.vcf import read_vcf  # its library comes with the extra `reports`
    except ModuleNotFoundError:
        fault = Fault("", "a VCF", "a MAF, or an installation with the extra reports",
                      "Write a MAF, or run: pip install 'trialwright[reports]'", name)  # fmt: skip
        raise Refusal([fault]) from None
    return read_vcf(text, name, samples).calls


def _by_digest(what: Any, file: str, digest: str) -> Any:
    """Let the source name the file by its digest."""
    place = what.source.place.replace(file, digest, 1)
    return replace(what, source=replace(what.source, place=place))


def _new(placed: Iterable[Placed], state: TrialState) -> tuple[list[Placed], list[str]]:
    """Part rows into those that are new and those that add nothing."""
    new: list[Placed] = []
    duplicates: list[str] = []
    seen: dict[tuple[str, object], int] = {}
    for each in placed:
        here = state.participants.get(each.participant)
        held = _held(here.biomarkers if here else NO_BIOMARKERS, each.what)
        told = said(each.what)
        first = seen.setdefault((each.participant, told), each.line)
        if first != each.line:
            duplicates.append(f"line {each.line}: as line {first}")
        elif told in held:
            duplicates.append(f"line {each.line}: recorded before")
        else:
            new.append(each)
    return new, duplicates


def _held(record: BiomarkerRecord, like: object) -> list[object]:
    """Give what is recorded of a kind."""
    match like:
        case Material():
            held: Iterable[Any] = record.materials
        case Stain():
            held = record.stains
        case _:
            held = record.runs
    return [said(each) for each in held]


def _steps(
    placed: Iterable[Placed], given: Given, digest: str, files: Mapping[str, str]
) -> Iterable[Step]:
    """Give the acts: material of a participant together, for it is made of each other."""
    name = given.file.name
    together: dict[str, list[Placed]] = {}
    for each in placed:
        if isinstance(each.what, Material):
            together.setdefault(each.participant, []).append(each)
            continue
        source = source_of(digest, "", each.line)
        if each.variants:
            source |= {"variants": files[each.variants]}
        act: RecordSequencing | RecordStain
        if isinstance(each.what, SequencingRun):
            act = RecordSequencing(each.participant, given.on, each.what)
        else:
            act = RecordStain(each.participant, given.on, each.what)
        yield Step(act, source, name, each.line)
    for participant, rows in together.items():
        materials = tuple(cast(Material, each.what) for each in rows)
        act_of = RecordMaterials(participant, given.on, materials)
        yield Step(act_of, source_of(digest, "", rows[0].line), name, rows[0].line)
