"""Numbers of public marker studies, computed again from a folder that holds their files.

Two studies: INSPIRE [1]_, circulating tumour DNA under pembrolizumab, 94 participants; and acute
promyelocytic leukaemia [2]_, mutations of 124 primary and 58 relapsed samples. What is held
against our numbers was computed by R 4.2.2 (survival 3.5.3, `fisher.test`, `p.adjust`) and SciPy
1.17.1 from the same files. R stops its search for an odds ratio early; SciPy's digits are held.

References
----------
.. [1] Bratman SV, et al. Nat Cancer 2020;1(9):873-881. doi:10.1038/s43018-020-0096-5
.. [2] Madan V, et al. Leukemia 2016;30(8):1672-1681. doi:10.1038/leu.2016.69
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from trialwright.assembly.files import read_text
from trialwright.predictors.exact import TwoByTwo, boschloo_p, conditional_odds, fisher_p
from trialwright.predictors.markers import Answer, Call, Cohort, Marker, Responses, Times
from trialwright.predictors.multiplicity import benjamini_hochberg
from trialwright.predictors.response_association import associate_response
from trialwright.predictors.time_association import associate_time
from trialwright.terms.dates import DAYS_A_MONTH
from trialwright.terms.errors import Fault, Refusal

PATIENTS = "inspire_patients.csv"
PRIMARY, RELAPSE = "APL_primary.maf.gz", "APL_relapse.maf.gz"

PATIENT_COLUMNS = (
    "id", "cohort", "pdl1", "tmb", "baseline_ctdna", "change_ctdna_group", "orr", "cbr",
    "os_status", "os_time", "pfs_status", "pfs_time",
)  # fmt: skip
MAF_COLUMNS = ("Hugo_Symbol", "Variant_Classification", "Tumor_Sample_Barcode")

WHOLE = 1e-6
"""Furthest that a time turned back into days may lie from a whole number."""

CHANGES_PROTEIN = frozenset(
    {
        "Frame_Shift_Del", "Frame_Shift_Ins", "In_Frame_Del", "In_Frame_Ins", "Missense_Mutation",
        "Nonsense_Mutation", "Nonstop_Mutation", "Splice_Site", "Translation_Start_Site",
    }
)  # fmt: skip
"""Classes counted by the comparison that is reproduced; internal tandem duplications are not."""

LEAST_MUTATED = 5
"""Samples of either cohort that must carry a gene for it to be compared; nine genes pass."""

HELD = {
    "ctDNA decrease, PFS": "hazard ratio 0.340 (0.193-0.599), n = 73, 62 events",
    "ctDNA decrease, OS": "hazard ratio 0.345 (0.174-0.684), n = 73, 46 events",
    "baseline ctDNA below the median, PFS": "hazard ratio 0.544 (0.339-0.874), n = 93, 81 events",
    "baseline ctDNA below the median, OS": "hazard ratio 0.506 (0.296-0.865), n = 93, 63 events",
    "ctDNA decrease, objective response": "14/33 against 1/40: Fisher p = 2.32e-05, Boschloo p = "
    "1.56e-05 with the response groups held",
    "ctDNA decrease, clinical benefit": "19/33 against 4/40: Fisher p = 2.71e-05, Boschloo p = "
    "1.15e-05 with the response groups held",
    "PML": "1/124 against 11/58: p = 1.529935e-05, of 9 genes 1.376942e-04, "
    "odds ratio 0.03538 (0.00080-0.25529)",
    "RARA": "0/124 against 7/58: p = 2.574810e-04, of 9 genes 1.158664e-03, "
    "odds ratio 0.00000 (0.00000-0.30061)",
    "RUNX1": "1/124 against 5/58: p = 1.310500e-02, of 9 genes 3.931499e-02, "
    "odds ratio 0.08739 (0.00181-0.80763)",
    "FLT3": "26/124 against 4/58: p = 1.812779e-02, of 9 genes 4.078752e-02, "
    "odds ratio 3.56096 (1.14901-14.77501)",
    "ARID1B": "5/124 against 8/58: p = 2.758396e-02, of 9 genes 4.965112e-02, "
    "odds ratio 0.26480 (0.06483-0.96988)",
}
"""What is held against our numbers, to the digits printed."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One number computed again.

    Attributes
    ----------
    study, what : str
        E.g. `INSPIRE` and `ctDNA decrease, PFS`.
    found, held : str
        Our number, and what is held against it, as printed.
    method : str
        Test, ties, adjustment.
    """

    study: str
    what: str
    found: str
    held: str
    method: str

    @property
    def agrees(self) -> bool:
        """Whether the printed digits are the same."""
        return self.found == self.held

    def __str__(self) -> str:
        """Say it on one line."""
        verdict = "agrees" if self.agrees else f"DIFFERS from {self.held}"
        return f"{self.study}: {self.what}: {self.found}; {self.method}: {verdict}"


def reproduced_markers(folder: Path) -> tuple[Reproduced, ...]:
    """Compute the numbers of both studies from their files.

    Parameters
    ----------
    folder : Path
        With `inspire_patients.csv`, `APL_primary.maf.gz` and `APL_relapse.maf.gz`.

    Returns
    -------
    tuple of Reproduced
        One for each number held.

    Raises
    ------
    Refusal
        If files are absent, cannot be read, or lack columns; all of them are named.
    """
    tables: dict[str, list[Mapping[str, str]]] = {}
    faults: list[Fault] = []
    for name, columns, separator in (
        (PATIENTS, PATIENT_COLUMNS, ","),
        (PRIMARY, MAF_COLUMNS, "\t"),
        (RELAPSE, MAF_COLUMNS, "\t"),
    ):
        try:
            tables[name] = _rows(folder / name, columns, separator)
        except Refusal as refused:
            faults += refused.faults
    if faults:
        raise Refusal(faults)
    return (*_inspire(tables[PATIENTS]), *_leukaemia(tables[PRIMARY], tables[RELAPSE]))


def _rows(path: Path, columns: Sequence[str], separator: str) -> list[Mapping[str, str]]:
    """Read a table whose lines end in any of the three ways; two of the files use a bare CR."""
    text = read_text(path).replace("\r\n", "\n").replace("\r", "\n")
    reader = csv.DictReader(text.splitlines(), delimiter=separator)
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise Refusal([Fault("", f"no column {', '.join(missing)}", ", ".join(columns),
                             "Give the file as its authors published it", path.name)])  # fmt: skip
    return list(reader)


def _inspire(rows: Sequence[Mapping[str, str]]) -> Iterator[Reproduced]:
    """Compute the six numbers of INSPIRE; without PD-L1 nobody can be adjusted for it."""
    baseline = sorted(float(row["baseline_ctdna"]) for row in rows)
    median = (baseline[(len(rows) - 1) // 2] + baseline[len(rows) // 2]) / 2
    known = [row for row in rows if row["pdl1"]]
    cohort = Cohort(
        "treated, PD-L1 known",
        tuple(row["id"] for row in known),
        tuple(row["cohort"] for row in known),
        {
            "PD-L1 at least 1 %": tuple(float(float(row["pdl1"]) >= 1) for row in known),
            "mutational burden": tuple(float(row["tmb"]) for row in known),
        },
    )
    low: tuple[Call, ...] = tuple(
        "altered" if float(row["baseline_ctdna"]) < median else "not altered" for row in known
    )
    decrease = Marker("ctDNA decrease", "cell-free DNA", tuple(_decrease(row) for row in known))
    for marker in (decrease, Marker("baseline ctDNA below the median", "cell-free DNA", low)):
        yield from (_hazard(marker, cohort, known, end) for end in ("pfs", "os"))
    for name, column, yes in (
        ("objective response", "orr", "CR/PR"),
        ("clinical benefit", "cbr", "CR/PR/SD>=C6"),
    ):
        yield _response(decrease, cohort, known, name, column, yes)


def _decrease(row: Mapping[str, str]) -> Call:
    """Say whether ctDNA fell by cycle 3; a sample that was not taken is not assayed."""
    said = row["change_ctdna_group"]
    if not said:
        return "not assayed"
    return "altered" if said == "Decrease from baseline" else "not altered"


def _hazard(
    marker: Marker, cohort: Cohort, rows: Sequence[Mapping[str, str]], end: str
) -> Reproduced:
    """Compute one adjusted hazard ratio; from day 1, as it was published, not from a landmark."""
    days = tuple(_days(row, f"{end}_time") for row in rows)
    had = tuple(float(row[f"{end}_status"]) == 1 for row in rows)
    adjusted_for = ("arm", *cohort.covariates)
    found = associate_time(marker, cohort, Times(end.upper(), days, had), adjusted_for=adjusted_for)
    term = found.cox.terms[0]
    said = (
        f"hazard ratio {term.hazard_ratio:.3f} ({term.lower:.3f}-{term.upper:.3f}), "
        f"n = {found.basis.participants}, {found.basis.events} events"
    )
    method = f"Cox, ties {found.ties}, adjusted for cohort, {', '.join(cohort.covariates)}"
    return _held("INSPIRE", f"{marker.name}, {end.upper()}", said, method)


def _days(row: Mapping[str, str], column: str) -> int:
    """Turn months back into the whole days they were made from."""
    days = float(row[column]) * DAYS_A_MONTH
    if abs(days - round(days)) > WHOLE:
        raise Refusal([Fault(f"{row['id']}.{column}", f"{days:.6f} days", "whole days",
                             "Give months of 30.4375 days, unrounded", PATIENTS)])  # fmt: skip
    return round(days)


def _response(
    marker: Marker,
    cohort: Cohort,
    rows: Sequence[Mapping[str, str]],
    name: str,
    column: str,
    yes: str,
) -> Reproduced:
    """Compute the exact p-values of one response."""
    answers: tuple[Answer, ...] = tuple("yes" if row[column] == yes else "no" for row in rows)
    basis = associate_response(marker, cohort, Responses(name, answers), test="Fisher").basis
    table = TwoByTwo(basis.altered_events, basis.altered, basis.events - basis.altered_events,
                     basis.participants - basis.altered)  # fmt: skip
    said = (
        f"{_counts(table)}: Fisher p = {fisher_p(table):.2e}, Boschloo p = "
        f"{boschloo_p(table, 'response groups'):.2e} with the response groups held"
    )
    method = f"with the marker groups held Boschloo p = {boschloo_p(table):.2e}"
    return _held("INSPIRE", f"{marker.name}, {name}", said, method)


def _leukaemia(
    primary: Sequence[Mapping[str, str]], relapse: Sequence[Mapping[str, str]]
) -> Iterator[Reproduced]:
    """Compare how often genes are mutated at diagnosis and at relapse."""
    sizes = [len({row["Tumor_Sample_Barcode"] for row in rows}) for rows in (primary, relapse)]
    carriers = [_carriers(rows) for rows in (primary, relapse)]
    genes = sorted(
        {gene for own in carriers for gene, count in own.items() if count >= LEAST_MUTATED}
    )
    tables = {
        gene: TwoByTwo(carriers[0].get(gene, 0), sizes[0], carriers[1].get(gene, 0), sizes[1])
        for gene in genes
    }
    p_values = [fisher_p(table) for table in tables.values()]
    adjusted = benjamini_hochberg(p_values)
    for (gene, table), p, of_all in zip(tables.items(), p_values, adjusted, strict=True):
        odds = conditional_odds(table, 0.95)
        if gene not in HELD or odds is None:
            continue
        said = (
            f"{_counts(table)}: p = {p:.6e}, of {len(genes)} genes {of_all:.6e}, "
            f"odds ratio {odds.odds_ratio:.5f} ({odds.lower:.5f}-{odds.upper:.5f})"
        )
        yield _held("leukaemia", gene, said, "Fisher, Benjamini-Hochberg")


def _carriers(rows: Sequence[Mapping[str, str]]) -> dict[str, int]:
    """Count the samples in which each gene has a mutation that changes its protein."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["Variant_Classification"] in CHANGES_PROTEIN:
            found[row["Hugo_Symbol"]].add(row["Tumor_Sample_Barcode"])
    return {gene: len(samples) for gene, samples in found.items()}


def _counts(table: TwoByTwo) -> str:
    """Say the two proportions."""
    return f"{table.altered_events}/{table.altered} against {table.other_events}/{table.others}"


def _held(study: str, what: str, found: str, method: str) -> Reproduced:
    """Put a number beside the one that is held against it."""
    return Reproduced(study, what, found, HELD[what], method)
