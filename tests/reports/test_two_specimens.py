"""Plasma beside tissue, and variants up to progression: counted by hand."""

from dataclasses import replace
from decimal import Decimal

from trialwright.biomarkers.marker_table import Cell, CellState, MarkerColumn, MarkerTable
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.casebook.materials import Material
from trialwright.casebook.variants import SequencingRun, VariantCall
from trialwright.protocol.biomarker_settings import BiomarkerSettings, Panel
from trialwright.reports.two_specimens import (
    agreement_table,
    change_listing,
    gained_and_lost,
    progression_changes,
)
from trialwright.terms.sources import Source

YES, NO, NONE = CellState.ALTERED, CellState.NOT_ALTERED, CellState.UNDETERMINED
CHART = Source("person", "chart")


def test_agreement_counts_those_known_in_both():
    """1 in both, 1 in tissue alone, 2 in neither; one undetermined in plasma is left out.

    Of 1 of 2 the exact limits are 1.3 % and 98.7 %: 1 - 0.975**0.5, and its complement. Kappa:
    agreement 3/4, by chance 1/2 x 1/4 + 1/2 x 3/4 = 1/2, so 0.5.
    """
    columns = tuple(
        MarkerColumn(f"pik3ca-{end}", "PIK3CA", family, True, "pik3ca-hotspot")  # noqa: FBT003
        for end, family in (("tissue", "tissue DNA"), ("plasma", "cfDNA"))
    )
    pairs = ((YES, YES), (YES, NO), (NO, NO), (NO, NO), (NO, NONE))
    cells = tuple(tuple(Cell(state, "why") for state in pair) for pair in pairs)
    table = MarkerTable(tuple(f"P-{place}" for place in range(5)), columns, cells)

    shown = {each.group: each.shown for each in agreement_table(table)}

    assert [shown[each] for each in ("both", "tissue alone", "plasma alone", "neither")] == [
        "1", "1", "0", "2",
    ]  # fmt: skip
    assert shown["left out"] == "1"
    assert shown["positive percent agreement"] == "1/2 = 50.0 % (1.3 % to 98.7 %)"
    assert shown["kappa"] == "0.50"


def sequenced(name, when, *calls):
    """Give cell-free DNA of a time point, and a run on it."""
    material = Material(name, "cfDNA", "", when, None, "adequate", CHART)
    found = tuple(
        VariantCall(gene, change, "missense", "somatic", alt, 1000 - alt, "", CHART)
        for gene, change, alt in calls
    )
    run = SequencingRun(f"{name}-R", name, "plasma", "passed", None, Decimal("0.005"), None, None,
                        found, CHART)  # fmt: skip
    return material, run


def test_variants_are_listed_only_of_whoever_has_a_specimen_of_progression():
    """One falls, one emerges; of P-2 nothing was taken at progression."""
    panel = Panel(id="plasma", assay="plasma-ngs", says="panel", genes=("PIK3CA", "ESR1"))
    first = sequenced("C1", "C1D1", ("PIK3CA", "H1047R", 80))
    second = sequenced("C3", "progression", ("PIK3CA", "H1047R", 45), ("ESR1", "D538G", 18))
    records = {
        "P-1": BiomarkerRecord("P-1", (first[0], second[0]), (first[1], second[1])),
        "P-2": BiomarkerRecord("P-2", (first[0],), (first[1],)),
    }

    settings = BiomarkerSettings(panels=(panel,))
    listed = list(change_listing(progression_changes(("P-1", "P-2"), records, settings)))

    assert {each.row: each.shown for each in listed if each.group == "state"} == {
        "P-1 / PIK3CA H1047R": "down",  # its limits lie below 0
        "P-1 / ESR1 D538G": "emergent",
    }
    assert any(each.shown == "1.80%, run C3-R" for each in listed)
    changed = {each.row: each.shown for each in listed if each.group == "change of the fraction"}
    assert changed["P-1 / ESR1 D538G"] == "reads not told of both times"
    assert changed["P-1 / PIK3CA H1047R"].startswith("-3.50% (")


def test_gains_and_losses_are_tested_gene_by_gene():
    """Six gain ESR1, one keeps it, one could not have shown it: two-sided 2 x 0.5**6 = 0.03125."""
    panel = Panel(id="plasma", assay="plasma-ngs", says="panel", genes=("PIK3CA", "ESR1"))
    narrow = Panel(id="narrow", assay="plasma-ngs", says="panel", genes=("PIK3CA",))
    found = (("ESR1", "D538G", 30),)
    records = {}
    for place in range(1, 9):
        number = f"P-{place}"
        before = sequenced(f"{number}-C1", "C1D1", *(found if place == 7 else ()))
        after = sequenced(f"{number}-C3", "progression", *found)
        runs = (before[1] if place < 8 else replace(before[1], panel="narrow"), after[1])
        records[number] = BiomarkerRecord(number, (before[0], after[0]), runs)

    settings = BiomarkerSettings(panels=(panel, narrow))
    changes = progression_changes(tuple(records), records, settings)
    shown = {each.group: each.shown for each in gained_and_lost(changes)}

    assert shown == {
        "with a variant at either time": "8",
        "emergent": "6", "lost": "0", "persistent": "1", "left out": "1",
        "exact McNemar p": "0.0312", "smallest attainable p": "0.0312",
    }  # fmt: skip
