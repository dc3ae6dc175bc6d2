"""Two specimens of the same participants: tissue beside plasma, and what became of variants."""

from collections.abc import Iterator, Mapping, Sequence

from trialwright.biomarkers.changes import ChangeState, Reading, VariantChange, changes_of
from trialwright.biomarkers.marker_table import MarkerTable
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.predictors.agreement import agreement, paired_change
from trialwright.predictors.from_table import markers_of
from trialwright.predictors.markers import Call, Cohort, Marker
from trialwright.predictors.reads import FractionChange, Reads, fraction_change
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.reports.results import Result, told

AGREEMENT = "Plasma beside tissue, of those assayed in both"
CHANGES = "Variants in plasma from C1D1 to progression"
PAIRED = "Genes gained and lost in plasma up to progression: exploratory, not corrected"


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


def progression_changes(
    roster: Sequence[str], records: Mapping[str, BiomarkerRecord], settings: BiomarkerSettings
) -> tuple[VariantChange, ...]:
    """Compare the variants of cell-free DNA at C1D1 and at progression.

    Parameters
    ----------
    roster : sequence of str
        Study numbers of the analysis set.
    records : mapping of str to BiomarkerRecord
        By study number.
    settings : BiomarkerSettings
        Panels and limits.

    Returns
    -------
    tuple of VariantChange
        Nothing of somebody without a specimen of progression.
    """
    found: list[VariantChange] = []
    for number in roster:
        record = records.get(number)
        if record and any(each.time_point == "progression" for each in record.materials):
            found += changes_of(record, settings, "cfDNA", "C1D1", "progression")
    return tuple(found)


def change_listing(changes: Sequence[VariantChange]) -> Iterator[Result]:
    """List what became of each variant of cell-free DNA up to progression.

    Parameters
    ----------
    changes : sequence of VariantChange
        As `progression_changes` gives them.

    Yields
    ------
    Result
        Lost, emergent or undetermined, or, of one detected twice, up, down or persistent; with both
        readings and, from the reads of both, Newcombe's limits of the change.
    """
    for each in changes:
        row = f"{each.participant} / {each.variant}"
        found = _by_reads(each)
        state = found.state if found and each.state is ChangeState.PERSISTENT else each.state
        yield told(CHANGES, row, "state", str(state))
        yield told(CHANGES, row, "C1D1", reading_said(each.before))
        yield told(CHANGES, row, "progression", reading_said(each.after))
        yield told(CHANGES, row, "change of the fraction", _difference(found))


def gained_and_lost(changes: Sequence[VariantChange]) -> Iterator[Result]:
    """Test gene by gene whether alterations emerge more often than they are lost.

    Parameters
    ----------
    changes : sequence of VariantChange
        As `progression_changes` gives them.

    Yields
    ------
    Result
        One row a gene in which somebody with a specimen of progression carries a variant at either
        time: who gained, lost and kept it, who is left out because one time could not have shown
        it, and the exact test of McNemar with its smallest attainable p-value.
    """
    found: dict[str, dict[str, list[VariantChange]]] = {}
    for each in changes:
        found.setdefault(each.gene, {}).setdefault(each.participant, []).append(each)
    for gene, people in sorted(found.items()):
        before = tuple(_call([each.before for each in own]) for own in people.values())
        after = tuple(_call([each.after for each in own]) for own in people.values())
        cohort = Cohort("safety", tuple(people), ("all",) * len(people))
        test = paired_change(Marker(gene, "C1D1", before), Marker(gene, "progression", after),
                             cohort)  # fmt: skip
        yield told(PAIRED, gene, "with a variant at either time", f"{len(people)}")
        for name, count in (
            ("emergent", test.emergent),
            ("lost", test.lost),
            ("persistent", test.persistent),
            ("left out", len(test.excluded)),
        ):
            yield Result(PAIRED, gene, name, "n", count, len(people), "", f"{count}")
        for name, value in (("exact McNemar p", test.p), ("smallest attainable p", test.floor)):
            yield Result(PAIRED, gene, name, "p", value, len(people), "exact McNemar, two-sided",
                         f"{value:.3g}")  # fmt: skip


def _call(readings: Sequence[Reading]) -> Call:
    """Say whether a gene was altered at one time: by any of its variants."""
    seen = [each.is_detected for each in readings]
    if any(seen):
        return "altered"
    return "not assayed" if None in seen else "not altered"


def _by_reads(change: VariantChange) -> FractionChange | None:
    """Say how a fraction changed; None where reads of a time are not told."""
    reads = [
        Reads(each.alt_reads, each.alt_reads + each.ref_reads, float(each.limit or 0))
        for each in (change.before, change.after)
        if each.alt_reads is not None and each.ref_reads is not None
    ]
    return fraction_change(reads[0], reads[1]) if len(reads) == len(("before", "after")) else None


def _difference(found: FractionChange | None) -> str:
    """Write a change with its limits."""
    if found is None:
        return "reads not told of both times"
    low, high = found.difference_lower, found.difference_upper
    if found.difference is None or low is None or high is None:
        return "nothing was read"
    return f"{found.difference:+.2%} ({low:+.2%} to {high:+.2%})"


def reading_said(each: Reading) -> str:
    """Write one reading.

    Parameters
    ----------
    each : Reading
        Of one time.

    Returns
    -------
    str
        Its fraction, where there is one, and why.
    """
    fraction = "" if each.fraction is None else f"{each.fraction:.2%}, "
    return f"{fraction}{each.because}"
