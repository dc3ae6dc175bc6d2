"""Specimens and results of the invented participants of the demo: every state of a marker once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from trialwright.casebook.materials import Material, MaterialKind
from trialwright.casebook.stains import Span, Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.conduct.biomarker_acts import (
    BiomarkerAct,
    RecordMaterials,
    RecordSequencing,
    RecordStain,
)
from trialwright.terms.dates import PartialDate
from trialwright.terms.markers import Effect, TimePoint
from trialwright.terms.sources import Source

INVENTED = Source("person", "invented for the demo")
"""Where every specimen and result of the demo comes from."""

_RESULT_AFTER, _STAIN_AFTER = 21, 10
"""Days from blood or first dose to the result of sequencing, and to that of a stain."""

_ARCHIVED = -200
"""Day on which archival tissue was taken, from the first dose."""

_PLASMA: tuple[tuple[str, TimePoint, int], ...] = (
    ("1", "C1D1", 0),
    ("2", "on treatment", 56),
    ("3", "progression", 110),
)
"""Blood: end of its label, time point, and days from the first dose."""


@dataclass(frozen=True, slots=True)
class Reads:
    """A variant with its reads.

    Attributes
    ----------
    gene, change, effect : str
        As a laboratory reports them.
    alt, ref : int
        Reads with and without it.
    """

    gene: str
    change: str
    effect: Effect
    alt: int
    ref: int


@dataclass(frozen=True, slots=True)
class Specimens:
    """What was taken of one invented participant, and what came of it.

    Attributes
    ----------
    tissue : tuple of Reads or None
        Found in tissue; empty: nothing; None: sequencing failed.
    has_result : bool
        Whether tissue was sequenced at all.
    plasma : tuple of (tuple of Reads or None)
        The same of each blood sample, from the first.
    pten : str
        Percentage of cells that stain for PTEN, e.g. `80` or `5-15`; `failed`; empty: not stained.
    """

    tissue: tuple[Reads, ...] | None = ()
    has_result: bool = True
    plasma: tuple[tuple[Reads, ...] | None, ...] = ()
    pten: str = ""


def _h1047r(alt: int, ref: int) -> Reads:
    """Give PIK3CA H1047R."""
    return Reads("PIK3CA", "H1047R", "missense", alt, ref)


def _d538g(alt: int, ref: int) -> Reads:
    """Give ESR1 D538G."""
    return Reads("ESR1", "D538G", "missense", alt, ref)


_E17K = Reads("AKT1", "E17K", "missense", 41, 159)
_Y537S = Reads("ESR1", "Y537S", "missense", 30, 170)

SPECIMENS = {
    "MGH-001": Specimens(
        (_h1047r(180, 320),),
        plasma=((_h1047r(160, 1840),), (_h1047r(24, 1976),), (_h1047r(90, 1910), _d538g(36, 1964))),
        pten="80",
    ),
    "MGH-002": Specimens((), plasma=((_h1047r(6, 1994),), ()), pten="65"),
    "MGH-003": Specimens(None, plasma=((_E17K,), (Reads("AKT1", "E17K", "missense", 8, 1992),))),
    "MGH-004": Specimens((Reads("PTEN", "N323Kfs*2", "frameshift", 88, 212),), pten="3"),
    "MGH-005": Specimens((), has_result=False),
    "MGH-006": Specimens(
        (Reads("PIK3CA", "E545K", "missense", 120, 380),), plasma=((),), pten="5-15"
    ),
    "MGH-007": Specimens((_E17K, Reads("TP53", "R273H", "missense", 60, 140))),
    "MGH-008": Specimens((_Y537S,), plasma=((_Y537S,),), pten="failed"),
    "MGH-009": Specimens(
        (), plasma=((Reads("DNMT3A", "R882H", "missense", 22, 1978),),), pten="90"
    ),
    "MGH-010": Specimens((Reads("RB1", "R445*", "nonsense", 70, 130),)),
}
"""By study number; of the others nothing is recorded."""


def biomarker_acts(number: str, first_dose: date) -> Iterator[BiomarkerAct]:
    """Give every act about the specimens of an invented participant.

    Parameters
    ----------
    number : str
        Study number.
    first_dose : date
        Day 1.

    Yields
    ------
    RecordMaterials or RecordSequencing or RecordStain
        Each dated to the day of its entry; nothing for somebody without specimens.
    """
    held = SPECIMENS.get(number)
    if held is None:
        return
    yield from _tissue(number, held, first_dose)
    for (end, when, days), found in zip(_PLASMA, held.plasma, strict=False):
        drawn = first_dose + timedelta(days=days)
        told = drawn + timedelta(days=_RESULT_AFTER)
        tube, cfdna = f"{number}-T{end}", f"{number}-C{end}"
        yield RecordMaterials(
            number,
            drawn,
            (
                _material(tube, "tube", "", when, drawn),
                _material(cfdna, "cfDNA", tube, None, drawn),
            ),
        )
        yield RecordSequencing(number, told, _run(cfdna, "plasma-panel", found, told))


def _tissue(number: str, held: Specimens, first_dose: date) -> Iterator[BiomarkerAct]:
    """Give the archival block, its DNA, and what they showed."""
    block, dna = f"{number}-B", f"{number}-D"
    taken = first_dose + timedelta(days=_ARCHIVED)
    told = first_dose + timedelta(days=_RESULT_AFTER)
    yield RecordMaterials(
        number,
        first_dose,
        (
            _material(block, "block", "", "archival", taken),
            _material(dna, "DNA", block, None, first_dose),
        ),
    )
    if held.has_result:
        yield RecordSequencing(number, told, _run(dna, "tissue-panel", held.tissue, told))
    if held.pten:
        read = first_dose + timedelta(days=_STAIN_AFTER)
        yield RecordStain(number, read, _stain(block, held.pten, read))


def _material(name: str, kind: MaterialKind, of: str, when: TimePoint | None, on: date) -> Material:
    """Give a piece of material."""
    return Material(name, kind, of, when, PartialDate.of(on), "adequate", INVENTED)


def _run(material: str, panel: str, found: tuple[Reads, ...] | None, on: date) -> SequencingRun:
    """Give a run that called what was found, or that failed."""
    calls = tuple(
        VariantCall(each.gene, each.change, each.effect, "somatic" if panel == "tissue-panel"
                    else "not recorded", each.alt, each.ref, "", INVENTED)
        for each in found or ()
    )  # fmt: skip
    return SequencingRun(f"{material}-R", material, panel, "failed" if found is None else "passed",
                         PartialDate.of(on), None, None, None, calls, INVENTED)  # fmt: skip


def _stain(block: str, pten: str, on: date) -> Stain:
    """Give a PTEN stain."""
    day = PartialDate.of(on)
    if pten == "failed":
        return Stain(block, "PTEN", "failed", day, INVENTED)
    low, _, high = pten.partition("-")
    span = Span(Decimal(low), Decimal(high or low))
    return Stain(block, "PTEN", "read", day, INVENTED, percent=span, written=pten)
