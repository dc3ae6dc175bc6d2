"""Importing material, stains and runs of sequencing: each row an entry, or nothing of the file."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, cast

from trialwright.assembly.biomarker_records_in import said
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.files import read_text
from trialwright.assembly.gateway import Step
from trialwright.assembly.import_plans import (
    Given,
    Import,
    Sees,
    is_seen,
    planned_beside,
    source_of,
    unseen,
)
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
from trialwright.intake.partly_read import ANYBODY, PartlyReadError, may_lack
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
    PartlyPlannedError
        With every row that cannot be read, or is of somebody whom the importer may not look at, and
        the faults of the files of variants; with what the rest would record.
    Refusal
        With every fault of the headings.
    """
    name = given.file.name
    faults: list[Fault] = []
    whose: frozenset[str] = frozenset()
    try:
        placed = _READERS[given.kind](read_text(given.file), name)
    except PartlyReadError as partly:
        placed, whose = cast("tuple[Placed, ...]", partly.read), partly.whose
        faults += partly.faults
    elsewhere = [*unseen(state, ((each.line, each.participant) for each in placed), name, sees)]
    faults += elsewhere
    placed = tuple(each for each in placed if is_seen(state, each.participant, sees))
    files: dict[str, str] = {}
    if given.kind == "sequencing":
        try:
            placed, files = _with_calls(placed, given.file, is_whole=not faults)
        except PartlyReadError as partly:
            placed, files = cast("tuple[tuple[Placed, ...], dict[str, str]]", partly.read)
            faults += partly.faults
    placed = tuple(replace(each, what=_by_digest(each.what, name, digest)) for each in placed)
    new, duplicates = _new(placed, state)
    sure = [*_sure(new, state, whose | ({ANYBODY} if elsewhere else set()))]
    steps = tuple(_steps(sure, given, digest, files))
    planned = Import(name, digest, "", len(placed), steps, len(sure), tuple(duplicates), {})
    return planned_beside(faults, lambda: planned)


def _sure(placed: Iterable[Placed], state: TrialState, whose: Collection[str]) -> Iterator[Placed]:
    """Leave out material that is made of what may stand in a row that is missing."""
    rows = [*placed]
    known = {(name, each.id) for name, here in state.participants.items()
             for each in here.biomarkers.materials}  # fmt: skip
    known |= {(each.participant, each.what.id) for each in rows if isinstance(each.what, Material)}
    for each in rows:
        rests = each.what.made_of if isinstance(each.what, Material) else ""
        if not rests or not may_lack(whose, each.participant) or (each.participant, rests) in known:
            yield each


def _with_calls(
    placed: tuple[Placed, ...], file: Path, *, is_whole: bool
) -> tuple[tuple[Placed, ...], dict[str, str]]:
    """Give runs their variants, and the digests of the files they come from.

    Where a part cannot be had, its faults are raised with the runs all the same.
    """
    calls: dict[str, Mapping[str, tuple[VariantCall, ...]]] = {}
    digests: dict[str, str] = {}
    faults: list[Fault] = []
    for each in placed:
        name = each.variants
        if not name or name in digests:
            continue
        if Path(name).name != name:
            digests[name] = ""
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
    try:
        found = with_variants(placed, calls, file.name, is_whole=is_whole)
    except PartlyReadError as partly:
        found = cast("tuple[Placed, ...]", partly.read)
        faults += partly.faults
    if faults:
        raise PartlyReadError(faults, (found, digests))
    return found, digests


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
