"""From records to the marker table: everybody of the analysis set has a row, whatever is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from trialwright.biomarkers.calls import Call, CallState, call_of
from trialwright.biomarkers.marker_table import (
    EXPLORATORY,
    Cell,
    CellState,
    MarkerColumn,
    MarkerTable,
)
from trialwright.biomarkers.records import BiomarkerRecord, SpecimenTree, tree_of, unplaced
from trialwright.biomarkers.statuses import StatusFinding, status_of
from trialwright.casebook.materials import Material
from trialwright.casebook.stains import Stain
from trialwright.protocol.biomarker_settings import (
    Alteration,
    AlterationForm,
    BiomarkerSettings,
    Marker,
    StatusRule,
)
from trialwright.terms.errors import Fault, Refusal
from trialwright.terms.markers import Family, TimePoint
from trialwright.terms.verdicts import Answer

_CELL_OF: Mapping[CallState, CellState] = {
    CallState.DETECTED: CellState.ALTERED,
    CallState.NOT_DETECTED: CellState.NOT_ALTERED,
    CallState.GERMLINE: CellState.GERMLINE,
    CallState.SUSPECTED_HAEMATOPOIESIS: CellState.SUSPECTED_HAEMATOPOIESIS,
    CallState.BELOW_LIMIT: CellState.UNDETERMINED,
    CallState.NOT_INFORMATIVE: CellState.UNDETERMINED,
    CallState.NOT_COVERED: CellState.NOT_COVERED,
    CallState.FAILED: CellState.FAILED,
}
"""What a run says of an alteration, as a cell."""

_FOREMOST = (
    CellState.ALTERED,
    CellState.GERMLINE,
    CellState.SUSPECTED_HAEMATOPOIESIS,
    CellState.NOT_ALTERED,
    CellState.UNDETERMINED,
    CellState.NOT_COVERED,
    CellState.FAILED,
)
"""Which of several runs a cell rests on: the first of these states that one of them has."""


@dataclass(frozen=True, slots=True)
class AskedMarker:
    """A marker with the rule by which it is read.

    Attributes
    ----------
    marker : Marker
        Name, family and time points.
    rule : Alteration or StatusRule
        The rule it names.
    is_prespecified : bool
        Whether the protocol named it before anybody looked.
    label : str
        Words that stand where its definition is illustrative; empty otherwise.
    """

    marker: Marker
    rule: Alteration | StatusRule
    is_prespecified: bool
    label: str = ""

    @property
    def column(self) -> MarkerColumn:
        """The marker as the table holds it."""
        words = (EXPLORATORY if not self.is_prespecified else "", self.label)
        label = "; ".join(each for each in words if each)
        of = self.marker
        return MarkerColumn(
            of.id, of.says, of.family, self.is_prespecified, of.rule, label, of.landmark_day
        )


def prespecified(settings: BiomarkerSettings) -> tuple[AskedMarker, ...]:
    """Give the markers that the protocol names.

    Parameters
    ----------
    settings : BiomarkerSettings
        The protocol's.

    Returns
    -------
    tuple of AskedMarker
        In the order of the protocol.
    """
    rules: dict[str, Alteration | StatusRule] = {}
    rules |= {each.id: each for each in settings.alterations}
    rules |= {each.id: each for each in settings.statuses}
    return tuple(
        AskedMarker(each, rules[each.rule], is_prespecified=True, label=_label(settings, each))
        for each in settings.markers
    )


def _label(settings: BiomarkerSettings, marker: Marker) -> str:
    """Give the words for a marker whose definition is illustrative, alone or with all others."""
    return marker.label or settings.label


def exploratory(
    genes: Sequence[str],
    family: Family,
    time_points: tuple[TimePoint, ...] = ("archival", "C1D1"),
    *,
    rearranged: bool = False,
) -> tuple[AskedMarker, ...]:
    """Make one marker a gene: any variant that changes its protein, or any rearrangement of it.

    Parameters
    ----------
    genes : sequence of str
        Symbols, each once.
    family : {'tissue DNA', 'cfDNA'}
        What is sequenced.
    time_points : tuple of str
        When its specimen was taken; any of them.
    rearranged : bool
        Whether rearrangements are looked at, such as fusions: fewer panels show them.

    Returns
    -------
    tuple of AskedMarker
        None of them is prespecified. The absence of PTEN is never told from plasma.

    Raises
    ------
    Refusal
        If the family is IHC: a stain has no gene.
    """
    if family == "IHC":
        fault = Fault("family", family, "tissue DNA or cfDNA", "Name the status rule instead")
        raise Refusal([fault])
    prefix = family.replace(" ", "-").lower()
    found = []
    for gene in genes:
        rule = Alteration(
            id=f"{prefix}-{gene.lower()}-{'rearranged' if rearranged else 'any'}",
            says=f"Any {'rearrangement' if rearranged else 'variant that changes the protein'} "
            f"of {gene}",
            reference="One marker a gene, chosen by nobody beforehand",
            forms=(
                AlterationForm(genes=(gene,), effects=("rearrangement",) if rearranged else ()),
            ),
            silent_in_plasma=gene == "PTEN",
        )
        marker = Marker(
            id=rule.id, says=rule.says, family=family, rule=rule.id, time_points=time_points
        )
        found.append(AskedMarker(marker, rule, is_prespecified=False))
    return tuple(found)


def tabulate(
    participants: Sequence[str],
    records: Mapping[str, BiomarkerRecord],
    markers: Sequence[AskedMarker],
    settings: BiomarkerSettings,
    first_days: Mapping[str, date] | None = None,
) -> MarkerTable:
    """Put the participants of an analysis set and the markers into one table.

    Parameters
    ----------
    participants : sequence of str
        Of the analysis set: the roster comes first, and nobody is left out.
    records : mapping of str to BiomarkerRecord
        By study number; who has none is not assayed.
    markers : sequence of AskedMarker
        Prespecified ones, then exploratory ones.
    settings : BiomarkerSettings
        Panels and named rules.
    first_days : mapping of str to date, or None
        Day 1 of treatment by study number. A marker with a landmark takes no specimen of which it
        is not known that it was taken by then.

    Returns
    -------
    MarkerTable
        With a state and a reason in each cell.

    Raises
    ------
    Refusal
        If materials contradict each other, or a result names a material that is not recorded.
    """
    rows: list[tuple[Cell, ...]] = []
    faults: list[Fault] = []
    for participant in participants:
        record = records.get(participant, BiomarkerRecord(participant))
        try:
            tree = tree_of(record)
            faults += unplaced(record, tree)
        except Refusal as refused:
            faults += refused.faults
            continue
        day_1 = (first_days or {}).get(participant)
        rows.append(tuple(_cell_in_time(record, tree, each, settings, day_1) for each in markers))
    if faults:
        raise Refusal(faults)
    return MarkerTable(tuple(participants), tuple(each.column for each in markers), tuple(rows))


def _cell_in_time(
    record: BiomarkerRecord,
    tree: SpecimenTree,
    asked: AskedMarker,
    settings: BiomarkerSettings,
    day_1: date | None,
) -> Cell:
    """Say what is known of one marker from specimens taken by its landmark, where it has one."""
    if asked.marker.landmark_day is None:
        return _cell(record, tree, asked, settings)
    measured = {each.material for each in record.runs} | {each.material for each in record.stains}
    late = {
        each: why
        for each in sorted(measured)
        if tree.time_point_of(each) in asked.marker.time_points
        and (why := _not_by_landmark(tree, each, asked.marker.landmark_day, day_1))
    }
    in_time = replace(
        record,
        runs=tuple(each for each in record.runs if each.material not in late),
        stains=tuple(each for each in record.stains if each.material not in late),
    )
    cell = _cell(in_time, tree, asked, settings)
    if not late or cell.state is not CellState.NOT_ASSAYED:
        return cell
    lacking = ", ".join(dict.fromkeys(words for words, _ in late.values()))
    because = "; ".join(why for _, why in late.values())
    return Cell(CellState.NOT_ASSAYED, because, next(iter(late)), lacking)


def _not_by_landmark(
    tree: SpecimenTree, material: str, landmark: int, day_1: date | None
) -> tuple[str, str] | None:
    """Say what a specimen lacks to count at a landmark, and why; None when it was taken by then."""
    name = f"landmark, day {landmark}"
    taken = tree.line_of(material)[-1].on
    if day_1 is None or taken is None:
        what = "day 1 of treatment" if day_1 is None else "its day"
        lacking = "day 1 not recorded" if day_1 is None else "day of the specimen not recorded"
        return lacking, f"{material}: {what} is not recorded, to hold against the {name}"
    last = day_1 + timedelta(days=landmark - 1)
    match taken.on_or_before(last):
        case Answer.MET:
            return None
        case Answer.NOT_MET:
            how = "after"
        case _:
            how = "perhaps after"
    why = f"{material}: taken {taken}, {how} the {name} ({last.isoformat()})"
    return f"specimen taken {how} the landmark", why


def _cell(
    record: BiomarkerRecord, tree: SpecimenTree, asked: AskedMarker, settings: BiomarkerSettings
) -> Cell:
    """Say what is known of one marker in one participant."""
    if isinstance(asked.rule, StatusRule):
        return _stain_cell(record, tree, asked.marker, asked.rule)
    is_plasma = asked.marker.family == "cfDNA"
    calls = [
        _unless_inadequate(call_of(run, asked.rule, settings, is_plasma=is_plasma), tree)
        for run in record.runs
        if tree.is_tissue(run.material) is not is_plasma
        and tree.time_point_of(run.material) in asked.marker.time_points
    ]
    if not calls:
        return _nothing(record, tree, asked.marker)
    found = [(_CELL_OF[each.state], each) for each in calls]
    state, call = min(found, key=lambda each: _FOREMOST.index(each[0]))
    return Cell(state, f"{call.state}: {call.because}", call.material)


def _unless_inadequate(call: Call, tree: SpecimenTree) -> Call:
    """Let the silence of an inadequate specimen count as failed; what was found was found."""
    bad = tree.inadequate(call.material)
    if bad is None or call.state is not CallState.NOT_DETECTED:
        return call
    why = f"{bad.kind} {bad.id} is inadequate; {call.because}"
    return Call(CallState.FAILED, why, call.run, call.material)


def _nothing(record: BiomarkerRecord, tree: SpecimenTree, marker: Marker) -> Cell:
    """Say why there is no result: no specimen, or one of which none is recorded."""
    wants_tissue = marker.family != "cfDNA"
    held = [
        each
        for each in record.materials
        if each.is_tissue is wants_tissue and tree.time_point_of(each.id) in marker.time_points
    ]
    when = " or ".join(marker.time_points)
    if not held:
        what = "tissue" if wants_tissue else "blood"
        return Cell(CellState.NOT_ASSAYED, f"no {what} of {when} is recorded")
    return Cell(CellState.NOT_ASSAYED, f"{_named(held[-1])}: no result is recorded", held[-1].id)


def _named(material: Material) -> str:
    """Name a material."""
    return f"{material.kind} {material.id}"


def _stain_cell(
    record: BiomarkerRecord, tree: SpecimenTree, marker: Marker, rule: StatusRule
) -> Cell:
    """Say what the stains of a participant amount to; two that disagree leave it open."""
    stains = [
        each
        for each in record.stains
        if each.analyte == rule.analyte
        and tree.time_point_of(each.material) in marker.time_points
        and each.outcome != "not done"
    ]
    if not stains:
        return _nothing(record, tree, marker)
    known = [(each, status_of(each, rule)) for each in stains if each.outcome == "read"]
    if not known:
        return Cell(CellState.FAILED, f"{rule.analyte}: the stain failed", stains[-1].material)
    cells = [_told(stain, finding, marker) for stain, finding in known]
    decided = [each for each in cells if each.state.is_known]
    if len({each.state for each in decided}) > 1:
        why = "; ".join(each.because for each in decided)
        return Cell(CellState.UNDETERMINED, f"stains disagree: {why}", decided[-1].specimen)
    return (decided or cells)[-1]


def _told(stain: Stain, finding: StatusFinding, marker: Marker) -> Cell:
    """Turn the status of one stain into a cell."""
    if finding.status in ("unknown", "equivocal"):
        state = CellState.UNDETERMINED
    else:
        is_altered = finding.status in marker.altered
        state = CellState.ALTERED if is_altered else CellState.NOT_ALTERED
    return Cell(state, f"{finding.status}: {finding.because}", stain.material)
