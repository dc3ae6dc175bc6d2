"""Every act about biomarkers, done once: archival tissue, its sequencing and a stain of P-2."""

from datetime import date
from decimal import Decimal

from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Span, Stain
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.conduct.biomarker_acts import RecordMaterials, RecordSequencing, RecordStain
from trialwright.terms.dates import PartialDate
from trialwright.terms.sources import Source

CHART = Source("person", "pathology report")
TAKEN, READ, ENTRY = date(2026, 1, 20), date(2026, 2, 20), date(2026, 6, 1)


def materials(number: str, prefix: str = "") -> RecordMaterials:
    """Give an archival block and DNA made of it, and blood of C1D1 down to cell-free DNA."""
    label = prefix or number
    rows = (
        (f"{label}-B", "block", "", "archival", TAKEN),
        (f"{label}-D", "DNA", f"{label}-B", None, READ),
        (f"{label}-T", "tube", "", "C1D1", date(2026, 2, 9)),
        (f"{label}-C", "cfDNA", f"{label}-T", None, READ),
    )
    return RecordMaterials(
        number,
        ENTRY,
        tuple(
            Material(name, kind, of, when, PartialDate.of(on), "adequate", CHART)
            for name, kind, of, when, on in rows
        ),
    )


def sequencing(number: str, run: str = "R-1", **more) -> RecordSequencing:
    """Give a run on the DNA that called AKT1 E17K in 20 of 100 reads."""
    call = VariantCall(
        "AKT1", "E17K", "missense", "somatic", 20, 80, "GRCh38 14:104780214 C>T", CHART
    )
    return RecordSequencing(
        number,
        more.get("on", ENTRY),
        SequencingRun(
            run,
            more.get("material", f"{number}-D"),
            more.get("panel", "tissue-panel"),
            "passed",
            PartialDate.of(more.get("read", READ)),
            Decimal("0.02"),
            None,
            None,
            (call,),
            CHART,
        ),
    )


def stain(number: str, percent: str = "5", **more) -> RecordStain:
    """Give a PTEN stain of the block in which 5 % of the cells are stained."""
    span = Span.exactly(Decimal(percent))
    block = more.get("material", f"{number}-B")
    day = PartialDate.of(more.get("read", READ))
    return RecordStain(number, ENTRY, Stain(block, "PTEN", "read", day, CHART, percent=span))


def tell(trial, number: str = "P-2") -> None:
    """Do every act about biomarkers once."""
    trial.do(materials(number))
    trial.do(sequencing(number))
    trial.do(stain(number))
