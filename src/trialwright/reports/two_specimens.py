"""Two specimens of the same participants: tissue beside plasma, and what became of variants."""

from collections.abc import Iterator, Mapping, Sequence

from trialwright.biomarkers.changes import Reading, changes_of
from trialwright.biomarkers.marker_table import MarkerTable
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.predictors.agreement import agreement
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Cohort
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.reports.results import Result, told

AGREEMENT = "Plasma beside tissue, of those assayed in both"
CHANGES = "Variants in plasma from C1D1 to progression"


def agreement_table(table: MarkerTable) -> Iterator[Result]:
    """Compare each marker that is read from tissue and from plasma by one rule.

    Parameters
    ----------
    table : MarkerTable
        Of the roster.

    Yields
    ------
    Result
        One row a rule: the four counts, who is left out, agreement with exact limits, and kappa.
    """
    roster = table.participants
    cohort = Cohort("safety", roster, ("all",) * len(roster))
    markers = markers_of(table, roster)
    named = list(zip(table.markers, markers, strict=True))
    tissue = {
        column.rule: marker
        for column, marker in named
        if column.family == "tissue DNA" and column.is_prespecified
    }
    for column, plasma in named:
        if column.family != "cfDNA" or column.rule not in tissue:
            continue
        found = agreement(tissue[column.rule], plasma, cohort)
        counted = found.both + found.reference_only + found.compared_only + found.neither
        for name, count in (
            ("both", found.both),
            ("tissue alone", found.reference_only),
            ("plasma alone", found.compared_only),
            ("neither", found.neither),
        ):
            yield Result(AGREEMENT, column.rule, name, "n", count, counted, "", f"{count}")
        yield told(AGREEMENT, column.rule, "left out", f"{len(found.excluded)}")
        for each in (found.positive, found.negative, found.overall):
            shown = str(each).removeprefix(each.name).strip()
            yield Result(AGREEMENT, column.rule, each.name, "proportion", each.estimate, each.of,
                         "Clopper-Pearson limits", shown)  # fmt: skip
        kappa = "not estimable" if found.kappa is None else f"{found.kappa:.2f}"
        yield Result(AGREEMENT, column.rule, "kappa", "kappa", found.kappa, counted,
                     found.because, kappa)  # fmt: skip


def change_listing(
    roster: Sequence[str], records: Mapping[str, BiomarkerRecord], settings: BiomarkerSettings
) -> Iterator[Result]:
    """List what became of each variant of cell-free DNA up to progression.

    Parameters
    ----------
    roster : sequence of str
        Study numbers of the analysis set.
    records : mapping of str to BiomarkerRecord
        By study number.
    settings : BiomarkerSettings
        Panels and limits.

    Yields
    ------
    Result
        Persistent, lost, emergent or undetermined, with both readings; nothing of somebody without
        a specimen of progression.
    """
    for number in roster:
        record = records.get(number)
        if record is None or all(each.time_point != "progression" for each in record.materials):
            continue
        for each in changes_of(record, settings, "cfDNA", "C1D1", "progression"):
            row = f"{number} / {each.variant}"
            yield told(CHANGES, row, "state", str(each.state))
            yield told(CHANGES, row, "C1D1", _reading(each.before))
            yield told(CHANGES, row, "progression", _reading(each.after))


def _reading(each: Reading) -> str:
    """Say one reading."""
    fraction = "" if each.fraction is None else f"{each.fraction:.2%}, "
    return f"{fraction}{each.because}"
