"""A study folder as cBioPortal keeps it: samples, panels, variants and copies to records.

The list of samples comes first: a sample in which nothing was found stands in no file of variants.
Whether it was looked at stands in the case lists where there are any, and which panel looked at it
in the matrix of gene panels; with neither, its silence says nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.casebook.materials import Material, MaterialKind
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.intake.case_lists import read_case_list
from trialwright.intake.copy_numbers import CopiesRead, read_copies
from trialwright.intake.maf import VariantsRead, read_maf
from trialwright.intake.structural_variants import read_structural
from trialwright.intake.tab_tables import TabRow, by_name, each_row, read_tab
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.markers import TimePoint
from trialwright.terms.sources import Source

_Meant = TypeVar("_Meant")
_Read = TypeVar("_Read", VariantsRead, CopiesRead)

SAMPLES = "data_clinical_sample.txt"
"""The list of samples; the only file that must be there."""

MATRIX = "data_gene_panel_matrix.txt"
"""Which panel looked at which sample."""

VARIANTS = ("data_mutations.txt", "data_mutations_extended.txt")
"""Names under which the variants stand; one of them."""

COPIES = "data_cna.txt"
"""Discrete copies of genes."""

STRUCTURAL = "data_sv.txt"
"""Structural variants."""

SEQUENCED, COUNTED, REARRANGED = (
    f"case_lists/cases_{each}.txt" for each in ("sequenced", "cna", "sv")
)
"""Case lists: which samples were looked at for variants, for copies and for rearrangements."""

EVERY_GENE = "every-gene"
"""Panel of a sample that was sequenced and has no panel: the portal takes it for a whole exome."""

_MATCHED = MappingProxyType({"matched": True, "unmatched": False})
"""Whether a normal sample was sequenced beside it."""


@dataclass(frozen=True, slots=True)
class StudyLayout:
    """What the columns of the list of samples mean.

    Attributes
    ----------
    time_column : str
        Column that tells when a sample was taken; empty: none does.
    time_points : mapping of str to TimePoint
        Its values; a value that is missing here is refused.
    kind_column : str
        Column that tells what a sample is; empty: DNA of tissue, all of them.
    kinds : mapping of str to MaterialKind
        Its values; a value that is missing here is refused.
    """

    time_column: str = ""
    time_points: Mapping[str, TimePoint] = field(default_factory=dict)
    kind_column: str = ""
    kinds: Mapping[str, MaterialKind] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StudyRead:
    """What a study folder gave.

    Attributes
    ----------
    records : mapping of str to BiomarkerRecord
        By participant; each sample is a material with one run on it.
    attributes : mapping of str to mapping of str to str
        Of each sample, every column of the list of samples as written.
    rows : mapping of str to int
        Rows read, by file.
    ignored : mapping of str to int
        Rows of variants left aside, by reason.
    without_panel : tuple of str
        Samples of which no panel is told, or which are in no list of sequenced samples although
        there is one: nothing is known to be absent in them.
    """

    records: Mapping[str, BiomarkerRecord]
    attributes: Mapping[str, Mapping[str, str]]
    rows: Mapping[str, int]
    ignored: Mapping[str, int]
    without_panel: tuple[str, ...]


def read_study(texts: Mapping[str, str], layout: StudyLayout | None = None) -> StudyRead:
    """Read a study folder.

    Parameters
    ----------
    texts : mapping of str to str
        Text of each file by its name, e.g. `data_mutations.txt`; files of other names are left.
    layout : StudyLayout or None
        What the columns of the list of samples mean; None: nothing beyond the names.

    Returns
    -------
    StudyRead
        Everybody of the list of samples has a record.

    Raises
    ------
    Refusal
        With the faults of every file: no list of samples, a sample twice, rows that cannot be read,
        and samples that the list does not hold.
    """
    if SAMPLES not in texts:
        raise Refusal([Fault("", "no list of samples", SAMPLES, "Add the file", SAMPLES)])
    gathered = _Folder(texts, layout or StudyLayout())
    return gathered.read()


class _Folder:
    """Reads one folder, gathering the faults of all its files."""

    def __init__(self, texts: Mapping[str, str], layout: StudyLayout) -> None:
        self._texts, self._layout = texts, layout
        self._faults: list[Fault] = []
        self._rows: dict[str, int] = {}

    def read(self) -> StudyRead:
        """Read all files."""
        materials = self._samples()
        panels = self._panels()
        no_variants = VariantsRead({}, 0, 0, MappingProxyType({}))
        variants = self._calls(self._variants_file, read_maf, no_variants)
        copies = self._calls(COPIES, read_copies, CopiesRead({}, {}, 0))
        structural = self._calls(STRUCTURAL, read_structural, no_variants)
        lists = {name: self._list(name) for name in (SEQUENCED, COUNTED, REARRANGED)}
        for file, samples in (
            (MATRIX, panels),
            (self._variants_file, variants.calls),
            (COPIES, copies.calls),
            (STRUCTURAL, structural.calls),
            *((name, listed or ()) for name, listed in lists.items()),
        ):
            self._known(file, materials, tuple(samples))
        self._listed(self._variants_file, SEQUENCED, lists[SEQUENCED], tuple(variants.calls))
        self._listed(STRUCTURAL, REARRANGED, lists[REARRANGED], tuple(structural.calls))
        panels = _by_lists(panels, lists, tuple(materials))
        if self._faults:
            raise Refusal(self._faults)
        held: dict[str, list[tuple[Material, SequencingRun]]] = {}
        for sample, (row, participant, material) in materials.items():
            run = self._run(
                row,
                sample,
                panels.get(sample, _NO_PANEL),
                (
                    *variants.calls.get(sample, ()),
                    *copies.calls.get(sample, ()),
                    *structural.calls.get(sample, ()),
                ),
                copies,
            )
            held.setdefault(participant, []).append((material, run))
        records = {
            participant: BiomarkerRecord(
                participant, tuple(one for one, _ in both), tuple(run for _, run in both)
            )
            for participant, both in held.items()
        }
        without = (each for each in materials if not panels.get(each, _NO_PANEL).mutations)
        return StudyRead(
            MappingProxyType(records),
            MappingProxyType({name: row.cells for name, (row, *_) in materials.items()}),
            MappingProxyType(self._rows),
            MappingProxyType(dict(Counter(variants.ignored) + Counter(structural.ignored))),
            tuple(without),
        )

    def _samples(self) -> Mapping[str, tuple[TabRow, str, Material]]:
        """Read the list of samples."""
        required = ["PATIENT_ID", "SAMPLE_ID"]
        required += [each for each in (self._layout.time_column, self._layout.kind_column) if each]
        try:
            table = read_tab(self._texts[SAMPLES], SAMPLES, required)
            self._rows[SAMPLES] = len(table.rows)
            by_name(table, "SAMPLE_ID")
            read = each_row(table, self._material)
        except Refusal as refused:
            self._faults += refused.faults
            return {}
        return {material.id: (row, who, material) for row, (who, material) in read}

    def _material(self, row: TabRow) -> tuple[str, Material]:
        """Read one sample."""
        participant = row.text("PATIENT_ID")
        if not participant:
            raise refuse("PATIENT_ID", "nothing", "a participant", "Complete the row")
        layout = self._layout
        time = _meant(row, layout.time_column, layout.time_points)
        kind = _meant(row, layout.kind_column, layout.kinds)
        source = Source("cbioportal", f"{SAMPLES}:{row.line}")
        sample = row.text("SAMPLE_ID")
        return participant, Material(sample, kind or "DNA", "", time, None, "not assessed", source)

    def _panels(self) -> Mapping[str, "_Panels"]:
        """Read which panel looked for variants, which for copies and which for rearrangements."""
        if MATRIX not in self._texts:
            return {}
        try:
            table = read_tab(self._texts[MATRIX], MATRIX, ("SAMPLE_ID", "mutations"))
            self._rows[MATRIX] = len(table.rows)
            rows = by_name(table, "SAMPLE_ID")
        except Refusal as refused:
            self._faults += refused.faults
            return {}
        return {
            name: _Panels(*map(row.text, ("mutations", "cna", "structural_variants")))
            for name, row in rows.items()
        }

    @property
    def _variants_file(self) -> str:
        """Name of the file of variants; the first there may be when there is none."""
        return next((name for name in VARIANTS if name in self._texts), VARIANTS[0])

    def _calls(self, file: str, read: Callable[[str, str], _Read], nothing: _Read) -> _Read:
        """Read a file of calls; nothing where there is none, or it has faults."""
        if file not in self._texts:
            return nothing
        try:
            found = read(self._texts[file], file)
        except Refusal as refused:
            self._faults += refused.faults
            return nothing
        self._rows[file] = found.rows
        return found

    def _list(self, name: str) -> tuple[str, ...] | None:
        """Read a case list; None where there is none."""
        if name not in self._texts:
            return None
        try:
            return read_case_list(self._texts[name], name)
        except Refusal as refused:
            self._faults += refused.faults
            return None

    def _listed(
        self, file: str, name: str, listed: tuple[str, ...] | None, samples: Sequence[str]
    ) -> None:
        """Note samples with findings that their case list does not hold."""
        known = frozenset(listed or ())
        strangers = [] if listed is None else [each for each in samples if each not in known]
        if strangers:
            found = f"findings of {len(strangers)} samples that {name} does not hold, e.g. "
            found += shorten(strangers[0])
            do = "Add them to the case list, or remove the rows"
            self._faults.append(Fault("", found, "samples of the case list", do, file))

    def _known(self, file: str, materials: Mapping[str, object], samples: Sequence[str]) -> None:
        """Note the samples of a file that the list of samples does not hold."""
        if not materials:
            return  # the list itself could not be read
        strangers = [each for each in samples if each not in materials]
        if strangers:
            found = f"{len(strangers)} samples that {SAMPLES} does not hold, e.g. "
            found += shorten(strangers[0])
            do = "Add them to the list, or remove them"
            self._faults.append(Fault("SAMPLE_ID", found, "samples of the list", do, file))

    def _run(
        self,
        row: TabRow,
        sample: str,
        panels: "_Panels",
        calls: tuple[VariantCall, ...],
        copies: CopiesRead,
    ) -> SequencingRun:
        """Make the run on a sample; copies count where panel and column are told."""
        matched = _MATCHED.get(row.text("SOMATIC_STATUS").casefold())
        source = Source("cbioportal", f"{SAMPLES}:{row.line}")
        return SequencingRun(
            sample,
            sample,
            panels.mutations,
            "passed",
            None,
            None,
            None,
            matched,
            calls,
            source,
            counts_copies=bool(panels.copies) and sample in copies.calls,
            uncounted=copies.uncounted.get(sample, ()),
            calls_rearrangements=bool(panels.rearrangements),
        )


@dataclass(frozen=True, slots=True)
class _Panels:
    """Which panel looked at a sample for variants, copies and rearrangements; empty: none."""

    mutations: str = ""
    copies: str = ""
    rearrangements: str = ""


_NO_PANEL = _Panels()


def _by_lists(
    panels: Mapping[str, _Panels],
    lists: Mapping[str, tuple[str, ...] | None],
    samples: Sequence[str],
) -> Mapping[str, _Panels]:
    """Let case lists say who was looked at: who is in none was not, whatever the matrix says."""
    found = {}
    looked = {name: None if one is None else frozenset(one) for name, one in lists.items()}
    for sample in samples:
        told = panels.get(sample, _NO_PANEL)
        found[sample] = _Panels(
            _looked(sample, looked[SEQUENCED], told.mutations),
            _looked(sample, looked[COUNTED], told.copies),
            _looked(sample, looked[REARRANGED], told.rearrangements),
        )
    return found


def _looked(sample: str, listed: frozenset[str] | None, panel: str) -> str:
    """Give the panel of a sample that was looked at; empty for one that was not."""
    if listed is None:
        return panel
    return (panel or EVERY_GENE) if sample in listed else ""


def _meant(row: TabRow, column: str, meanings: Mapping[str, _Meant]) -> _Meant | None:
    """Give what the value of a column means; None where no column is named."""
    if not column:
        return None
    value = row.text(column)
    if value not in meanings:
        raise refuse(column, shorten(value) or "nothing", ", ".join(meanings), "Say what it means")
    return meanings[value]
