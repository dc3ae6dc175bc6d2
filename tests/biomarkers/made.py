"""Materials, runs, stains and rules as a few words each."""

from decimal import Decimal

from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Ish, Span, Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.protocol.biomarker_settings import (
    Alteration,
    AlterationForm,
    BiomarkerSettings,
    Marker,
    Panel,
    Residues,
    StatusRule,
)
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source

SOURCE = Source("example", "test")

LARGE = Panel(
    id="large",
    assay="tissue-ngs",
    says="Large",
    genes=("PIK3CA", "AKT1", "PTEN", "ESR1", "TET2"),
    counts_copies=True,
)
SMALL = Panel(id="small", assay="tissue-ngs", says="Small", genes=("PIK3CA", "PTEN"))
LIQUID = Panel(
    id="liquid",
    assay="plasma-ngs",
    says="Liquid",
    genes=("PIK3CA", "AKT1", "PTEN", "ESR1", "TET2"),
    counts_copies=True,
    limit=Decimal("0.005"),
)


def alteration(name: str, *forms: AlterationForm, silent_in_plasma: bool = False) -> Alteration:
    """Make a named rule."""
    return Alteration(
        id=name, says=name, reference="test", forms=forms, silent_in_plasma=silent_in_plasma
    )


PIK3CA = alteration("pik3ca", AlterationForm(genes=("PIK3CA",)))
E17K = alteration("akt1-e17k", AlterationForm(genes=("AKT1",), changes=("E17K",)))
ESR1 = alteration(
    "esr1-lbd",
    AlterationForm(genes=("ESR1",), residues=(Residues(first=311, last=547),)),
)
PTEN = alteration(
    "pten-lof",
    AlterationForm(genes=("PTEN",), effects=("nonsense", "frameshift", "splice")),
    AlterationForm(genes=("PTEN",), effects=("deep deletion",)),
    silent_in_plasma=True,
)
TET2 = alteration("tet2", AlterationForm(genes=("TET2",)))


def status_rule(name: str, analyte: str, measure: str, cut: str = "", **more: str) -> StatusRule:
    """Make a named rule for a stain."""
    number = Decimal(cut) if cut else None
    return StatusRule(
        id=name, says=name, reference="test", analyte=analyte, measure=measure, cut=number, **more
    )


ER_ONE_PERCENT = status_rule("er-1-percent", "ER", "percent stained", "1")
PTEN_TEN = status_rule(
    "pten-10", "PTEN", "percent stained", "10", from_cut="retained", below_cut="lost"
)
PTEN_HALF = status_rule(
    "pten-half", "PTEN", "percent unstained", "50", from_cut="lost", below_cut="retained"
)

SETTINGS = BiomarkerSettings(
    version="test",
    panels=(LARGE, SMALL, LIQUID),
    alterations=(PIK3CA, E17K, ESR1, PTEN, TET2),
    statuses=(ER_ONE_PERCENT, PTEN_TEN, PTEN_HALF),
    markers=(
        Marker(id="pik3ca-tissue", says="PIK3CA", family="tissue DNA", rule="pik3ca"),
        Marker(id="akt1-tissue", says="AKT1", family="tissue DNA", rule="akt1-e17k"),
        Marker(id="pten-plasma", says="PTEN", family="cfDNA", rule="pten-lof"),
        Marker(id="pten-ihc", says="PTEN", family="IHC", rule="pten-10", altered=("lost",)),
    ),
    haematopoiesis_genes=("TET2",),
)


def material(name: str, kind: str = "DNA", when: str | None = "archival", **more) -> Material:
    """Make a piece of material, adequate unless said."""
    made_of, quality = more.get("made_of", ""), more.get("quality", "adequate")
    on = PartialDate.parse(more["on"]) if "on" in more else None
    return Material(name, kind, made_of, when, on, quality, SOURCE)


def variant(name: str, effect: str = "missense", **more) -> VariantCall:
    """Make a call of e.g. `AKT1 E17K`, with reads as `alt/depth`."""
    gene, _, change = name.partition(" ")
    alt, _, depth = more.get("reads", "").partition("/")
    counts = (int(alt), int(depth) - int(alt)) if alt else (None, None)
    origin = more.get("origin", "not recorded")
    return VariantCall(gene, change, effect, origin, *counts, more.get("place", ""), SOURCE)


def run(material_id: str, panel: str, *calls: VariantCall, **more) -> SequencingRun:
    """Make a run that passed unless said."""
    return SequencingRun(
        more.get("id", f"run-{material_id}"),
        material_id,
        panel,
        more.get("outcome", "passed"),
        None,
        Decimal(more["limit"]) if "limit" in more else None,
        Decimal(more["tumour_fraction"]) if "tumour_fraction" in more else None,
        more.get("white_cells"),
        calls,
        SOURCE,
    )


def stain(analyte: str, percent: str = "", **more) -> Stain:
    """Make a stain; percent as `70` or `30-60`, parts as `weak/moderate/strong`."""
    low, _, high = percent.partition("-")
    span = Span(Decimal(low), Decimal(high or low)) if low else None
    parts = [Decimal(each) for each in more.get("parts", "").split("/") if each] or [None] * 3
    score = more.get("score")
    ish = more.get("ish")
    return Stain(
        more.get("material", "slide"),
        analyte,
        more.get("outcome", "read"),
        None,
        SOURCE,
        percent=span,
        weak=parts[0],
        moderate=parts[1],
        strong=parts[2],
        intensity=more.get("intensity"),
        score=Span(Decimal(score[0]), Decimal(score[1])) if score else None,
        ish=Ish(*(None if each is None else Decimal(each) for each in ish)) if ish else None,
    )


def record(name: str, *parts: object) -> BiomarkerRecord:
    """Put materials, runs and stains of a participant together."""
    return BiomarkerRecord(
        name,
        tuple(each for each in parts if isinstance(each, Material)),
        tuple(each for each in parts if isinstance(each, SequencingRun)),
        tuple(each for each in parts if isinstance(each, Stain)),
    )
