"""Biomarkers of one participant from FHIR records: specimens, reports, variants and stains.

A report of sequencing is a run, also when it found nothing. What a run did not find counts as
absent only where its panel is told and every result of it was read.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import cast

from trialwright.casebook.materials import MADE_OF, Material
from trialwright.casebook.stains import Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.intake.codings import codes_of
from trialwright.intake.fhir_dates import civil
from trialwright.intake.genomic_observations import (
    VARIANT,
    GenomicsRead,
    read_genomics,
    speaks_of_markers,
)
from trialwright.intake.own_records import (
    MOST_NAMES,
    Record,
    TooMuch,
    Waiting,
    note_somebody,
    why_aside,
)
from trialwright.intake.partly_read import PartlyReadError
from trialwright.intake.people import People
from trialwright.intake.sequencing_reports import OF_SEQUENCING, Report, read_report, results_of
from trialwright.intake.specimen_records import (
    LABEL,
    SpecimenRecord,
    names_of,
    read_specimen,
)
from trialwright.intake.stain_observations import joined
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.sources import Source

_KINDS = ("Specimen", "Observation", "DiagnosticReport")
"""Kinds of resource that may matter."""

ABSENT = "absent: what a run covered is told by its panel"
NO_MATERIAL, MISTAKEN, NOT_REPORTED, UNUSED = (
    "a specimen that is not recorded, of a kind that tells no material: record the material first",
    "of a specimen that was entered in error",
    "of a report that is not final",
    "no result rests on it",
)
"""Why a resource is left aside."""


@dataclass(frozen=True, slots=True)
class BiomarkersRead:
    """What the records gave; each resource has one fate: `resources == used + sum(ignored)`.

    Attributes
    ----------
    materials : tuple of Material
        Those that are not recorded yet, without a time point, which FHIR does not tell.
    runs : tuple of SequencingRun
        One for each report and material, and one for the variants of a material and day that stand
        in no report.
    stains : tuple of Stain
        ER, PR and HER2.
    resources, used : int
        Specimens, reports of sequencing, variants and stains; those that gave something.
    ignored : mapping of str to int
        Those left aside, by kind and reason.
    silent : tuple of str
        Runs of whose results some are not read, so that their panel is not told.
    """

    materials: tuple[Material, ...]
    runs: tuple[SequencingRun, ...]
    stains: tuple[Stain, ...]
    resources: int
    used: int
    ignored: Mapping[str, int]
    silent: tuple[str, ...]


def read_biomarkers(
    records: Iterable[Record], recorded: Mapping[str, Material], panels: Collection[str]
) -> BiomarkersRead:
    """Read the biomarkers of the one patient of a record.

    Parameters
    ----------
    records : iterable of Record
        Every resource.
    recorded : mapping of str to Material
        The participant's material that is recorded already, by label.
    panels : collection of str
        Panels that the protocol describes. A report tells one by a code, or by its words alone.

    Returns
    -------
    BiomarkersRead
        Of that patient alone; what is of others, or of nobody known, is counted and left aside.

    Raises
    ------
    PartlyReadError
        With every fault of a resource that would count, and what the others give.
    Refusal
        If there is not exactly one patient.
    """
    reader = BiomarkerReader(recorded, panels)
    for each in records:
        reader.take(each)
    return reader.finish()


class BiomarkerReader:
    """Gathers what is of one patient as resources pass, then puts it together.

    Parameters
    ----------
    recorded : mapping of str to Material
        As of `read_biomarkers`.
    panels : collection of str
        As of `read_biomarkers`.
    """

    def __init__(self, recorded: Mapping[str, Material], panels: Collection[str]) -> None:
        self._recorded, self._panels = recorded, {each.casefold(): each for each in panels}
        self._people = People()
        self._ignored: Counter[str] = Counter()
        self._faults: list[Fault] = []
        self._specimens: dict[str, SpecimenRecord] = {}
        self._used: dict[str, Material] = {}  # not recorded yet, by the place of its specimen
        self._counted: set[str] = set()  # places of what gave something
        self._present: set[str] = set()  # names of all observations
        self._resources = 0
        self._kept = {kind: Waiting() for kind in _KINDS}

    def finish(self) -> BiomarkersRead:
        """Read what was noted, now that every patient is known.

        Returns
        -------
        BiomarkersRead
            As of `read_biomarkers`.

        Raises
        ------
        Refusal
            As of `read_biomarkers`.
        """
        kept, chosen = self._kept, self._people.choose("")
        for each in self._of("Specimen", kept["Specimen"], chosen):
            self._specimen(each)
        observations = [*self._of("Observation", kept["Observation"], chosen)]
        sequencing = _of_sequencing(kept["DiagnosticReport"], observations)
        reports = self._reports(self._of("DiagnosticReport", sequencing, chosen))
        runs, stains = self._told(observations, reports)
        self._count_specimens()
        silent = tuple(run.id for run, report in runs if report and not report.is_whole)
        read = BiomarkersRead(
            tuple(self._used.values()),
            tuple(run for run, _ in runs),
            stains,
            self._resources,
            len(self._counted),
            MappingProxyType(dict(sorted(self._ignored.items()))),
            silent,
        )
        if self._faults:
            raise PartlyReadError(self._faults, read)
        return read

    def take(self, record: Record) -> None:
        """Note a resource that may matter; what has another form is asked about elsewhere.

        Parameters
        ----------
        record : Record
            Any resource.

        Raises
        ------
        Refusal
            When more is to be kept than any record of one participant holds.
        """
        resource = record.resource
        try:
            kind = resource.text("resourceType")
            resource.text("id")  # a resource whose id is no text is asked about elsewhere
            if note_somebody(record, kind, self._people):
                return
            if kind in _KINDS and (kind != "Observation" or speaks_of_markers(resource)):
                self._kept[kind].keep(record)
            if kind == "Observation":
                self._present |= names_of(resource, record.full_url)
                if len(self._present) > MOST_NAMES:
                    raise TooMuch.at(resource, f"{MOST_NAMES} names of results")
        except TooMuch:
            raise
        except Refusal:
            return

    def _of(self, kind: str, records: Iterable[Record], chosen: int) -> Iterator[Record]:
        """Give the records of the participant, each once."""
        seen: dict[str, Record] = {}
        for each in records:
            self._resources += 1
            try:
                aside = why_aside(each, self._people, chosen, seen)
            except Refusal as refused:
                self._faults += refused.faults
                continue
            if aside:
                self._ignored[f"{kind}: {aside}"] += 1
                continue
            self._faults += each.faults
            yield each

    def _specimen(self, record: Record) -> None:
        """Read a specimen."""
        try:
            found = read_specimen(record.resource, record.full_url)
        except Refusal as refused:
            self._faults += refused.faults
            return
        for name in found.names:
            self._specimens[name] = found

    def _count_specimens(self) -> None:
        """Give the specimens their fate."""
        for each in {each.where: each for each in self._specimens.values()}.values():
            if each.where not in self._counted:
                self._ignored[f"Specimen: {UNUSED}"] += 1

    def _reports(self, records: Iterable[Record]) -> list[Report]:
        """Read the reports of sequencing."""
        found = []
        for each in records:
            try:
                found.append(read_report(each.resource))
            except Refusal as refused:
                self._faults += refused.faults
                continue
            if not found[-1].is_final:
                self._ignored["DiagnosticReport: its status is not final"] += 1
        return found

    def _told(
        self, observations: Iterable[Record], reports: list[Report]
    ) -> tuple[list[tuple[SequencingRun, Report | None]], tuple[Stain, ...]]:
        """Read variants and stains, and put the variants into runs."""
        records = {each.resource.where: each for each in observations}
        of_report = {name: each for each in reports for name in each.results}
        owner = {
            where: next((of_report[n] for n in names_of(r.resource, r.full_url) if n in of_report),
                        None)
            for where, r in records.items()
        }  # fmt: skip
        for each in reports:
            each.is_whole = bool(each.results) and self._present.issuperset(each.results)
        counting = [
            r.resource for where, r in records.items()
            if (report := owner[where]) is None or report.is_final
        ]  # fmt: skip
        self._ignored[f"Observation: {NOT_REPORTED}"] += len(records) - len(counting)
        is_whole = True
        try:
            read = read_genomics(counting)
        except PartlyReadError as partly:
            read, is_whole = cast(GenomicsRead, partly.read), False
            self._faults += partly.faults
        stains = tuple(self._placed_stains(read.stains))
        try:
            stains = joined(stains)
        except PartlyReadError as partly:
            stains = cast("tuple[Stain, ...]", partly.read)
            self._faults += partly.faults
        for where, reason in read.aside.items():
            self._aside(reason, owner[where])
        self._ignored[f"Observation: {ABSENT}"] += len(read.absent)
        loose: dict[str, list[VariantCall]] = {}
        for reference, call in read.calls:
            report = owner[call.source.place]
            material = self._material(reference)
            if isinstance(material, str):
                self._aside(material, report)
                continue
            self._counted.add(call.source.place)
            calls = loose if report is None else report.calls
            calls.setdefault(material.id, []).append(call)
        self._ignored = +self._ignored
        runs: list[tuple[SequencingRun, Report | None]] = [
            (run, each) for each in reports if each.is_final for run in self._runs(each)
        ]
        if is_whole:  # the name of a run of its own is that of its last day
            runs += [(_loose_run(*each, records), None) for each in loose.items()]
        return runs, stains

    def _aside(self, reason: str, report: Report | None) -> None:
        """Leave a result aside; the run of its report then tells nothing by silence."""
        self._ignored[f"Observation: {reason}"] += 1
        if report is not None:
            report.is_whole = False

    def _placed_stains(self, stains: Iterable[Stain]) -> Iterator[Stain]:
        """Give stains their material."""
        for each in stains:
            material = self._material(each.material)
            if isinstance(material, str):
                self._aside(material, None)
            else:
                self._counted.add(each.source.place)
                yield replace(each, material=material.id)

    def _material(self, reference: str) -> Material | str:
        """Give the material that a reference or label names, or why there is none."""
        found = self._specimens.get(reference.lower())
        if found is None:
            return self._recorded.get(reference.rpartition("/")[2], NO_MATERIAL)
        if found.is_mistaken:
            return MISTAKEN
        self._counted.add(found.where)
        held = self._held(found) or self._used.get(found.where)
        if held is not None:
            return held
        label = next((each for each in found.labels if LABEL.fullmatch(each)), "")
        if found.kind is None or not label:
            self._counted.discard(found.where)
            return NO_MATERIAL
        above = (self._held(self._specimens[each]) for each in found.parents
                 if each in self._specimens)  # fmt: skip
        made_of = next((each.id for each in above
                        if each and each.kind in MADE_OF.get(found.kind, ())), "")  # fmt: skip
        source = Source("fhir", found.where)
        made = Material(label, found.kind, made_of, None, found.on, found.quality, source)
        return self._used.setdefault(found.where, made)

    def _held(self, found: SpecimenRecord) -> Material | None:
        """Give the recorded material that a specimen is."""
        return next((self._recorded[each] for each in found.labels if each in self._recorded), None)

    def _runs(self, report: Report) -> Iterator[SequencingRun]:
        """Give the runs of a report: one for each material, and of none found those it is about."""
        materials = [*report.calls]
        for reference in () if materials else report.specimens:
            found = self._material(reference)
            if isinstance(found, Material):
                materials.append(found.id)
        label = next((each for each in report.labels if LABEL.fullmatch(each)), "")
        if not materials or not label:
            reason = "no label of its own" if materials else "without a specimen that is material"
            self._ignored[f"DiagnosticReport: {reason}"] += 1
            return
        self._counted.add(report.where)
        told = next((self._panels[each] for each in report.words if each in self._panels), "")
        for each in materials:
            name = label if len(materials) == 1 else f"{label}/{each}"
            panel = told if report.is_whole else ""
            calls = tuple(report.calls.get(each, ()))
            yield SequencingRun(name, each, panel, "passed", report.on, None, None, None, calls,
                                Source("fhir", report.where))  # fmt: skip


def _of_sequencing(reports: Iterable[Record], observations: Iterable[Record]) -> Iterator[Record]:
    """Give the reports of sequencing among all: by their code, or by a variant among results."""
    variants = {
        name
        for each in observations
        if VARIANT in codes_of(each.resource.inner("code"))
        for name in names_of(each.resource, each.full_url)
    }
    for each in reports:
        try:
            code, results = codes_of(each.resource.inner("code")), results_of(each.resource)
        except Refusal:  # of another kind, in a form of its own
            continue
        if not OF_SEQUENCING.isdisjoint(code) or not variants.isdisjoint(results):
            yield each


def _loose_run(
    material: str, calls: list[VariantCall], records: Mapping[str, Record]
) -> SequencingRun:
    """Make a run of the variants of a material that stand in no report."""
    days = (civil(records[each.source.place].resource, "effectiveDateTime") for each in calls)
    on = max((day for day in days if day), key=lambda day: day.latest, default=None)
    name = f"{material}/{on or 'undated'}"
    return SequencingRun(name, material, "", "passed", on, None, None, None, tuple(calls),
                         calls[0].source)  # fmt: skip
