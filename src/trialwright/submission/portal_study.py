"""A trial as a study folder of cBioPortal: everybody stands in it, also without a variant.

References
----------
.. [1] cBioPortal, File Formats. https://docs.cbioportal.org/file-formats/
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from trialwright.biomarkers.calls import shows_rearrangements
from trialwright.biomarkers.records import BiomarkerRecord, SpecimenTree, tree_of
from trialwright.casebook.variants import SequencingRun
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.submission.portal_files import Folder
from trialwright.submission.portal_variants import (
    MAF_COLUMNS,
    SV_COLUMNS,
    copies_of,
    panels_shown,
    structural_of,
    variants_of,
)
from trialwright.terms.errors import Fault, Refusal, shorten

_ID = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_STUDY = re.compile(r"[a-z0-9_]{3,60}")
_ATTRIBUTE = re.compile(r"[A-Z][A-Z0-9_]{1,59}")
_BANNED = frozenset({"MUTATION_COUNT", "FRACTION_GENOME_ALTERED", "PATIENT_ID", "SAMPLE_ID"})
_GENOMES = MappingProxyType({"GRCh37": "hg19", "GRCh38": "hg38"})

_SAMPLE_ATTRIBUTES = (
    ("TIME_POINT", "Time point", "When the specimen was taken"),
    ("SPECIMEN_KIND", "Specimen", "What was sequenced"),
    ("SEQUENCING_OUTCOME", "Sequencing", "Whether the run passed"),
    ("PANEL", "Panel", "Which panel looked"),
    ("TUMOR_FRACTION", "Tumour fraction", "Of cell-free DNA, as the laboratory tells it"),
)
"""Columns of the file of samples, in that order."""


@dataclass(frozen=True, slots=True)
class PatientAttribute:
    """Something told of every participant.

    Attributes
    ----------
    id : str
        Name of the column, capitals and `_`, e.g. `PFS_STATUS`.
    name, says : str
        As shown, and in a sentence.
    datatype : {'STRING', 'NUMBER', 'BOOLEAN'}
        What its values are.
    values : mapping of str to str
        By study number; empty for those who are missing. A status that stands beside months of
        the same name (`PFS_STATUS`, `PFS_MONTHS`) is written as `0:...` or `1:...`.
    """

    id: str
    name: str
    says: str
    datatype: Literal["STRING", "NUMBER", "BOOLEAN"]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened to a participant.

    Attributes
    ----------
    participant : str
        Study number.
    start, stop : int or None, days
        Days after the first dose, which is day 0 here; negative before it. No stop: a point.
    kind : str
        E.g. `SPECIMEN`, `TREATMENT`, `STATUS`.
    details : mapping of str to str
        Further columns by name.
    """

    participant: str
    start: int
    stop: int | None
    kind: str
    details: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PortalStudy:
    """What a study folder is made of.

    Attributes
    ----------
    id : str
        Small letters, digits and `_`.
    name, says : str
        As the portal shows them.
    cancer : str
        Type of cancer by its OncoTree code in small letters, e.g. `brca`.
    participants : tuple of str
        Study numbers: everybody who stands in it.
    records : mapping of str to BiomarkerRecord
        By study number; who is missing has no sample.
    attributes : tuple of PatientAttribute
        What is told of participants.
    timeline : tuple of TimelineEvent
        What happened to them.
    """

    id: str
    name: str
    says: str
    cancer: str
    participants: tuple[str, ...]
    records: Mapping[str, BiomarkerRecord]
    attributes: tuple[PatientAttribute, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyFolder:
    """A study folder.

    Attributes
    ----------
    files : mapping of str to str
        Text by name, e.g. `data_mutations.txt` or `case_lists/cases_sequenced.txt`.
    left_out : mapping of str to int
        Calls that the format cannot hold, by reason.
    """

    files: Mapping[str, str]
    left_out: Mapping[str, int]


def study_folder(study: PortalStudy, settings: BiomarkerSettings) -> StudyFolder:
    """Write a trial as a study folder of cBioPortal [1]_.

    Parameters
    ----------
    study : PortalStudy
        Participants, records and what is told of them.
    settings : BiomarkerSettings
        Panels: the matrix of panels tells sequenced-and-silent from not sequenced.

    Returns
    -------
    StudyFolder
        Meta files, participants, samples, variants, copies, rearrangements, the matrix of gene
        panels, the panels themselves, case lists and the timeline. Each run of sequencing is a
        sample; one that failed stands there without a panel.

    Raises
    ------
    Refusal
        If a name has signs that the format does not allow, an attribute is one that the portal
        makes itself, a value has a tab or line end, or variants are of two genome builds.
    """
    trees = {name: tree_of(record) for name, record in study.records.items()}
    runs = [(name, run) for name in study.participants for run in _runs_of(study.records, name)]
    passed = [run for _, run in runs if run.outcome == "passed"]
    variants = variants_of(passed)
    counted = [run for run in passed if _counts(run, settings)]
    broken = [run for run in passed if _calls_rearrangements(run, settings)]
    faults = [*_faults(study, [run.id for _, run in runs])]
    if len(variants.builds) > 1:
        faults.append(
            Fault("variants", " and ".join(variants.builds), "one genome build in a folder",
                  "Write a folder for each of them"))  # fmt: skip
    if faults:
        raise Refusal(faults)
    folder = Folder(study.id)
    genome = _GENOMES.get(variants.builds[0] if variants.builds else "GRCh38", "hg38")
    folder.meta("study", {"type_of_cancer": study.cancer, "name": study.name,
                          "description": study.says, "reference_genome": genome,
                          "add_global_case_list": "true"})  # fmt: skip
    _clinical(folder, study, trees, runs)
    _sequencing(folder, (passed, counted, broken), settings)
    folder.table("mutations", (MAF_COLUMNS, *variants.rows))
    if counted:
        folder.table("cna", copies_of(counted, settings))
    if broken:
        folder.table("sv", (SV_COLUMNS, *structural_of(broken)))
    if study.timeline:
        _timeline(folder, study.timeline)
    return StudyFolder(MappingProxyType(folder.files), variants.left_out)


def _runs_of(records: Mapping[str, BiomarkerRecord], name: str) -> tuple[SequencingRun, ...]:
    """Give the runs of a participant."""
    return records[name].runs if name in records else ()


def _counts(run: SequencingRun, settings: BiomarkerSettings) -> bool:
    """Say whether a run counted copies on a panel that the protocol describes."""
    panel = settings.panel(run.panel)
    if panel is None:
        return False
    return panel.counts_copies if run.counts_copies is None else run.counts_copies


def _calls_rearrangements(run: SequencingRun, settings: BiomarkerSettings) -> bool:
    """Say whether a run looked for rearrangements, or found one without saying so."""
    panel = settings.panel(run.panel)
    looked = panel is not None and shows_rearrangements(run, panel)
    return looked or any(each.effect == "rearrangement" for each in run.seen)


def _clinical(
    folder: Folder,
    study: PortalStudy,
    trees: Mapping[str, SpecimenTree],
    runs: Sequence[tuple[str, SequencingRun]],
) -> None:
    """Write participants and samples."""
    for kind in ("patient", "sample"):
        datatype = f"{kind.upper()}_ATTRIBUTES"
        folder.meta(
            f"clinical_{kind}",
            {"genetic_alteration_type": "CLINICAL", "datatype": datatype,
             "data_filename": f"data_clinical_{kind}.txt"},
        )  # fmt: skip
    columns = [("PATIENT_ID", "Patient", "Study number", "STRING")]
    columns += [(each.id, each.name, each.says, each.datatype) for each in study.attributes]
    rows = [
        (name, *(each.values.get(name, "") for each in study.attributes))
        for name in study.participants
    ]
    folder.table("clinical_patient", (*_headings(columns), *rows))
    columns = [
        ("PATIENT_ID", "Patient", "Study number", "STRING"),
        ("SAMPLE_ID", "Sample", "Run of sequencing", "STRING"),
        *((*each, "STRING") for each in _SAMPLE_ATTRIBUTES),
    ]
    columns[-1] = (*columns[-1][:-1], "NUMBER")
    samples = [_sample(name, run, trees[name]) for name, run in runs]
    folder.table("clinical_sample", (*_headings(columns), *samples))


def _headings(columns: Sequence[tuple[str, str, str, str]]) -> Iterator[tuple[str, ...]]:
    """Give the four commented lines of a clinical file, and its heading."""
    names, shown, says, kinds = zip(*columns, strict=True)
    priorities = ("1",) * len(names)
    for first, *rest in (shown, says, kinds, priorities):
        yield f"#{first}", *rest
    yield names


def _sample(name: str, run: SequencingRun, tree: SpecimenTree) -> tuple[str, ...]:
    """Write one run as a sample."""
    held = tree.materials.get(run.material)
    fraction = "" if run.tumour_fraction is None else f"{run.tumour_fraction:f}"
    when = tree.time_point_of(run.material) or ""
    return name, run.id, when, held.kind if held else "", run.outcome, run.panel, fraction


def _sequencing(
    folder: Folder,
    looked: tuple[Sequence[SequencingRun], Sequence[SequencingRun], Sequence[SequencingRun]],
    settings: BiomarkerSettings,
) -> None:
    """Write meta files of variants, copies and rearrangements, panels with matrix, case lists."""
    passed, counted, broken = looked
    shown = {"show_profile_in_analysis_tab": "true"}
    folder.meta("mutations", {
        "genetic_alteration_type": "MUTATION_EXTENDED", "datatype": "MAF",
        "stable_id": "mutations", **shown, "profile_name": "Mutations",
        "profile_description": "Small variants of tissue and of cell-free DNA",
        "data_filename": "data_mutations.txt"})  # fmt: skip
    panels = panels_shown(passed, settings)
    folder.case_list("sequenced", "Samples with mutation data", list(panels))
    if counted:
        folder.meta("cna", {
            "genetic_alteration_type": "COPY_NUMBER_ALTERATION", "datatype": "DISCRETE",
            "stable_id": "cna", **shown, "profile_name": "Copy number",
            "profile_description": "Deep deletions to amplifications",
            "data_filename": "data_cna.txt"})  # fmt: skip
        folder.case_list("cna", "Samples with copy number", [run.id for run in counted])
    if broken:
        folder.meta("sv", {
            "genetic_alteration_type": "STRUCTURAL_VARIANT", "datatype": "SV",
            "stable_id": "structural_variants", **shown, "profile_name": "Structural variants",
            "profile_description": "Rearrangements, such as fusions",
            "data_filename": "data_sv.txt"})  # fmt: skip
        folder.case_list("sv", "Samples with structural variant data", [run.id for run in broken])
    folder.meta("gene_panel_matrix", {
        "genetic_alteration_type": "GENE_PANEL_MATRIX", "datatype": "GENE_PANEL_MATRIX",
        "data_filename": "data_gene_panel_matrix.txt"})  # fmt: skip
    profiles = {"cna": counted, "structural_variants": broken}
    held = {name: {run.id for run in runs} for name, runs in profiles.items() if runs}
    rows: list[tuple[str, ...]] = [("SAMPLE_ID", "mutations", *held)]
    for run in passed:
        named = panels[run.id].id if run.id in panels else "NA"
        rows.append((run.id, named, *(named if run.id in own else "NA" for own in held.values())))
    folder.table("gene_panel_matrix", rows)
    for panel in panels.values():
        genes = "\t".join(panel.genes)
        text = f"stable_id: {panel.id}\ndescription: {panel.says}\ngene_list: {genes}\n"
        folder.files[f"gene_panels/data_gene_panel_{panel.id}.txt"] = text


def _timeline(folder: Folder, events: Sequence[TimelineEvent]) -> None:
    """Write one timeline for each kind of event, in days."""
    for kind in dict.fromkeys(each.kind for each in events):
        these = [each for each in events if each.kind == kind]
        details = tuple(dict.fromkeys(name for each in these for name in each.details))
        name = f"timeline_{kind.lower()}"
        folder.meta(name, {"genetic_alteration_type": "CLINICAL", "datatype": "TIMELINE",
                           "data_filename": f"data_{name}.txt"})  # fmt: skip
        rows = [
            (
                each.participant,
                str(each.start),
                "" if each.stop is None else str(each.stop),
                kind,
                *(each.details.get(detail, "") for detail in details),
            )
            for each in these
        ]
        heading = ("PATIENT_ID", "START_DATE", "STOP_DATE", "EVENT_TYPE", *details)
        folder.table(name, (heading, *rows))


def _faults(study: PortalStudy, samples: Sequence[str]) -> Iterator[Fault]:
    """Find what the format does not allow."""
    if not _STUDY.fullmatch(study.id):
        yield Fault("id", shorten(study.id), "small letters, digits and _", "Choose another id")
    for where, ids in (("participants", study.participants), ("runs", samples)):
        for each in ids:
            if not _ID.fullmatch(each):
                yield Fault(where, shorten(each), "letters, digits, points, - and _",
                            "Use another id in the export")  # fmt: skip
            if ids.count(each) > 1:
                yield Fault(where, f"{shorten(each)} more than once", "each once", "Rename one")
    months = {each.id for each in study.attributes}
    for attribute in study.attributes:
        stem = attribute.id.removesuffix("_STATUS")
        is_status = stem != attribute.id and f"{stem}_MONTHS" in months
        yield from _attribute_faults(attribute, is_survival=is_status)
    strangers = {each.participant for each in study.timeline} - set(study.participants)
    for each in sorted(strangers):
        yield Fault("timeline", shorten(each), "participants of the folder", "Add the participant")
    for event in study.timeline:
        if event.stop is not None and event.stop < event.start:
            yield Fault("timeline", f"from day {event.start} to {event.stop}", "start, then stop",
                        "Correct the days")  # fmt: skip
    yield from _unwritable(study)


def _attribute_faults(attribute: PatientAttribute, *, is_survival: bool) -> Iterator[Fault]:
    """Find what is wrong with an attribute."""
    if not _ATTRIBUTE.fullmatch(attribute.id) or attribute.id in _BANNED:
        yield Fault("attributes", shorten(attribute.id), "capitals, digits and _, and none of "
                    + ", ".join(sorted(_BANNED)), "Choose another name")  # fmt: skip
    for value in attribute.values.values():
        if is_survival and value and not re.match("[01]:", value):
            yield Fault(attribute.id, shorten(value), "0:... or 1:...", "Write the status so")
            return


def _unwritable(study: PortalStudy) -> Iterator[Fault]:
    """Find texts that would break a line or a cell."""
    texts = [("name", study.name), ("says", study.says), ("cancer", study.cancer)]
    for each in study.attributes:
        texts += [(each.id, text) for text in (each.name, each.says, *each.values.values())]
    for event in study.timeline:
        texts += [("timeline", text) for text in (event.kind, *event.details.values())]
    for where, text in texts:
        if re.search("[\t\r\n]", text):
            yield Fault(where, "a tab or line end", "one line without tabs", "Take it out")
