"""Variants from an annotated VCF: each allele of each sample has a fate.

The annotation is that of SnpEff (`ANN`) or Ensembl VEP (`CSQ`): no change of a protein is computed
here. Read by vcfpy, which comes with the extra `hospital`.
"""

import io
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

import vcfpy

from trialwright.casebook.variants import VariantCall
from trialwright.intake.maf import SAME_AGAIN, VariantsRead
from trialwright.intake.protein_changes import short_change
from trialwright.intake.tab_tables import refuse_all
from trialwright.intake.vcf_words import effect_of, trimmed
from trialwright.terms.errors import Fault, Refusal, refuse, shorten
from trialwright.terms.sources import Source

NOT_PASSED, NO_GENOTYPE, NOT_SEEN, SYMBOLIC = (
    "its filter is not PASS",
    "its genotype was not called in the sample",
    "no read or genotype with it in the sample",
    "an allele that is no sequence of bases",
)
"""Why an allele of a sample gives no call."""

MOST_ALLELES = 1000
"""Most alleles of a record beside that of the reference."""

_ANN = ("Allele", "Annotation", "Gene_Name", "HGVS.p")
_CSQ = ("Allele", "Consequence", "SYMBOL", "HGVSp")
_ANN_FIELDS = (
    "Allele", "Annotation", "Annotation_Impact", "Gene_Name", "Gene_ID", "Feature_Type",
    "Feature_ID", "Transcript_BioType", "Rank", "HGVS.c", "HGVS.p",
)  # fmt: skip
"""Fields of SnpEff's annotation, whose order is fixed (format of annotations 1.0)."""

_PREFERRED = ("PICK", "CANONICAL")
"""Fields of VEP that say which transcript is preferred."""

_BROKEN = (
    vcfpy.VCFPyException, ValueError, KeyError, IndexError, TypeError, AttributeError,
    SyntaxError, RecursionError, MemoryError,  # texts of the heading are read as Python's are
)  # fmt: skip
"""What the library raises of a broken file."""

_BASES, _DEPTH = re.compile("[ACGTN]+"), re.compile("[0-9]{1,9}")
_MOST_READS = 10**9

_BUILDS = (("GRCh37", ("grch37", "hg19", "b37")), ("GRCh38", ("grch38", "hg38")))


@dataclass(frozen=True, slots=True)
class _Annotation:
    """What the annotation says of one allele in one transcript."""

    allele: str
    consequence: str
    gene: str
    change: str
    is_preferred: bool


def read_vcf(text: str, file: str, samples: Sequence[str]) -> VariantsRead:
    """Read the variants of some samples of a VCF.

    Parameters
    ----------
    text : str
        Whole; any line ends.
    file : str
        Its name, for faults and sources.
    samples : sequence of str
        Which of its samples are read, e.g. the tumour and not the normal beside it.

    Returns
    -------
    VariantsRead
        By sample. `rows` counts alleles in samples; each gives a call or is left aside by a reason.
        Positions and alleles are written as in a MAF, so that both compare.

    Raises
    ------
    Refusal
        If it is no VCF, holds no such sample, or is not annotated; with every record in which an
        allele has no annotation, or numbers of reads that are none.
    """
    lines = re.sub("\r\n|\r", "\n", text.removeprefix("\ufeff"))
    _bounded(lines, file)
    header, records = _parsed(lines, file)
    return _File(header, file, samples).read(records)


def _bounded(text: str, file: str) -> None:
    """Refuse records of more alleles than are read, before they are taken apart."""
    faults = []
    for number, line in enumerate(io.StringIO(text), 1):
        alleles = line.split("\t", 5)[4:5]
        found = alleles[0].count(",") + 1 if alleles and not line.startswith("#") else 0
        if found > MOST_ALLELES:
            faults.append(Fault("ALT", f"{found} alleles", f"up to {MOST_ALLELES} alleles",
                                "Correct the record", "", number))  # fmt: skip
    refuse_all(faults, file)


def _parsed(text: str, file: str) -> tuple[Any, list[Any]]:
    """Let vcfpy take a text apart; whatever it raises of a broken one is a fault of the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields without a heading, which are read as text
        try:
            reader = vcfpy.Reader.from_stream(io.TextIOWrapper(io.BytesIO(text.encode())))
            return reader.header, list(reader)
        except _BROKEN as wrong:
            fault = Fault("", f"no VCF ({type(wrong).__name__})", "a VCF 4", "Write it again", file)
            raise Refusal([fault]) from None


class _File:
    """Reads one file."""

    def __init__(self, header: Any, file: str, samples: Sequence[str]) -> None:
        self._held, self._file, self._samples = header.samples.names, file, tuple(samples)
        self._build = _build_of(header)
        self._names, fields = _fields_of(header, file)
        self._wanted = [(at, name) for at, name in enumerate(fields)
                        if name in (*self._names, *_PREFERRED)]  # fmt: skip
        self._ignored: Counter[str] = Counter()
        self._faults: list[Fault] = []

    def read(self, records: Sequence[Any]) -> VariantsRead:
        """Read all records."""
        refuse_all(
            [
                Fault("sample", shorten(each), ", ".join(self._held), "Name a sample of the file")
                for each in self._samples
                if each not in self._held
            ],
            self._file,
        )
        calls: dict[str, dict[tuple[str, str], VariantCall]] = {name: {} for name in self._samples}
        rows = 0
        for number, record in enumerate(records, 1):
            for name, call in self._alleles(record, number):
                rows += 1
                if isinstance(call, str):
                    self._ignored[call] += 1
                else:
                    self._add(calls[name], call, f"{record.CHROM}:{record.POS}")
        refuse_all(self._faults, self._file)
        found = MappingProxyType({name: tuple(each.values()) for name, each in calls.items()})
        used = sum(len(each) for each in found.values())
        return VariantsRead(found, rows, used, MappingProxyType(dict(self._ignored)))

    def _add(self, held: dict[tuple[str, str], VariantCall], call: VariantCall, where: str) -> None:
        """Add a call; one that stands twice is counted, and refused where it differs."""
        earlier = held.setdefault(call.key, call)
        if earlier is call:
            return
        if replace(call, source=earlier.source) == earlier:
            self._ignored[SAME_AGAIN] += 1
        else:
            self._faults.append(Fault(where, "the variant of an earlier record with other values",
                                      "each variant once", "Correct one of them"))  # fmt: skip

    def _alleles(self, record: Any, number: int) -> Iterator[tuple[str, VariantCall | str]]:
        """Give each allele of each sample: a call, or why there is none."""
        told = {each.sample: each.data for each in record.calls}
        for place, alternative in enumerate(record.ALT, 1):
            for name in self._samples:
                try:
                    yield name, self._call(record, place, alternative, told[name], number)
                except Refusal as refused:
                    where = f"{record.CHROM}:{record.POS}"
                    self._faults += [replace(each, where=where) for each in refused.faults]

    def _call(
        self, record: Any, place: int, alternative: Any, told: Mapping[str, Any], number: int
    ) -> VariantCall | str:
        """Give the call of one allele in one sample, or why there is none."""
        bases = getattr(alternative, "value", None) or ""
        if not _BASES.fullmatch(bases):
            return SYMBOLIC
        if record.FILTER and record.FILTER != ["PASS"]:
            return NOT_PASSED
        reads = _reads(told.get("AD"), place)
        why = _why_not(reads[0], told.get("GT"), place)
        if why:
            return why
        noted = self._annotation(record, bases)
        position, before, after = trimmed(record.POS, record.REF, bases)
        chromosome = record.CHROM.removeprefix("chr")
        return VariantCall(
            noted.gene,
            short_change(noted.change),
            effect_of(noted.consequence),
            "somatic" if record.INFO.get("SOMATIC") else "not recorded",
            reads[0],
            reads[1],
            f"{self._build} {chromosome}:{position} {before}>{after}".strip(),
            Source("vcf", f"{self._file}:record {number}"),
        )

    def _annotation(self, record: Any, bases: str) -> _Annotation:
        """Give the annotation of an allele: of the transcript that is preferred, else the first."""
        names, wanted = self._names, self._wanted
        listed = record.INFO.get("ANN" if names is _ANN else "CSQ") or []
        found = []
        for each in listed:
            parts = str(each).split("|")
            cells = {name: parts[at] for at, name in wanted if at < len(parts)}
            allele, consequence, gene, change = (cells.get(name, "") for name in names)
            chosen = cells.get("PICK") == "1" or cells.get("CANONICAL") == "YES"
            found.append(_Annotation(allele, consequence, gene, change, chosen))
        short = bases[1:] or "-"  # VEP leaves out the first base of what is not as long
        mine = [each for each in found if each.allele in (bases, short) and each.gene]
        if not mine and len(record.ALT) == 1:
            mine = [each for each in found if each.gene]
        if not mine:
            raise refuse("", "an allele without annotation", "a gene for each allele",
                         "Annotate the file with VEP or SnpEff")  # fmt: skip
        return next((each for each in mine if each.is_preferred), mine[0])


def _why_not(with_it: int | None, genotype: object, place: int) -> str:
    """Say why a sample does not carry an allele: by its reads, and without them by its genotype.

    A stray read in a sample whose genotype is that of the reference is no variant of it.
    """
    called = set(re.split("[/|]", str(genotype or ""))) - {"", ".", "None"}
    if with_it == 0 or called == {"0"}:
        return NOT_SEEN
    if with_it or str(place) in called:
        return ""
    if called:
        return NOT_SEEN
    if genotype is not None:
        return NO_GENOTYPE
    raise refuse("", "neither genotype nor reads of the allele", "GT, or AD",
                 "Write the file with one of them")  # fmt: skip


def _reads(depths: object, place: int) -> tuple[int | None, int | None]:
    """Give reads with the allele and without it, other alleles among these; None: not told."""
    if not isinstance(depths, list) or len(depths) <= place:
        return None, None
    found: list[int | None] = []
    for each in depths:
        if type(each) is int and 0 <= each < _MOST_READS:
            found.append(each)
            continue
        if each is not None and not _DEPTH.fullmatch(str(each)):
            raise refuse("", f"AD {shorten(each)}", "whole numbers of reads", "Correct the record")
        found.append(None if each is None else int(str(each)))
    others = [each for at, each in enumerate(found) if at != place]
    known = [each for each in others if each is not None]
    return found[place], sum(known) if len(known) == len(others) else None


def _build_of(header: Any) -> str:
    """Give the genome build that the header names; empty when it names none, or two."""
    said = " ".join(str(getattr(line, "value", "")) for line in header.lines).casefold()
    found = [build for build, words in _BUILDS if any(word in said for word in words)]
    return found[0] if len(found) == 1 else ""


def _fields_of(header: Any, file: str) -> tuple[tuple[str, ...], Sequence[str]]:
    """Give which annotation the file has, and the names of its fields in order."""
    if "CSQ" in header.info_ids():
        described = str(header.get_info_field_info("CSQ").description)
        fields = described.rpartition("Format:")[2].strip().strip('"').split("|")
        if set(_CSQ) <= set(fields):
            return _CSQ, fields
    if "ANN" in header.info_ids():
        return _ANN, _ANN_FIELDS
    fault = Fault("INFO", "no annotation", "ANN of SnpEff, or CSQ of VEP with "
                  + ", ".join(_CSQ), "Annotate the file", file)  # fmt: skip
    raise Refusal([fault])
