"""Pictures of biomarkers: from a survey of markers and outcomes to what figures draw."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from trialwright.assembly.marker_surveys import MarkerSurvey
from trialwright.assembly.plates import Plate
from trialwright.biomarkers.calls import limit_of
from trialwright.biomarkers.records import BiomarkerRecord, tree_of
from trialwright.casebook.variants import SequencingRun
from trialwright.conduct.state import TrialState
from trialwright.endpoints.follow_up import study_day
from trialwright.endpoints.outcomes import Outcomes
from trialwright.figures.allele_fractions import Fractions, Point, allele_fractions
from trialwright.figures.forest import Estimate, forest, is_drawn
from trialwright.figures.oncoprint import Column, by_alteration, oncoprint
from trialwright.figures.volcano import volcano, why_no_volcano
from trialwright.predictors.response_association import ResponseAssociation
from trialwright.predictors.survey import FamilySurvey, Tested
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.reports.members import group_name
from trialwright.terms.dates import PartialDate

Pictures = Iterator[Plate]

MOST_PEOPLE, MOST_TESTS = 9, 24
"""Participants and tests of one picture, so that it can be read on a page."""

_Part = TypeVar("_Part")


def marker_pictures(state: TrialState, found: MarkerSurvey, outcome: Outcomes) -> Pictures:
    """Give oncoprint, allele fractions, and every test of each endpoint.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    found : MarkerSurvey
        Markers against outcomes.
    outcome : Outcomes
        At the data cutoff.

    Yields
    ------
    Plate
        Nothing without participants.
    """
    roster = found.table.participants
    if not roster or not found.table.markers:
        return
    groups = {
        number: group_name(state, outcome.people[number].arm, outcome.people[number].dose_level)
        for number in roster
    }
    title = "Markers and best response"
    columns = [
        Column(
            number,
            groups[number],
            outcome.people[number].best.response,
            tuple(cell.state for cell in row),
            tuple(cell.because for cell in row),
        )
        for number, row in zip(roster, found.table.cells, strict=True)
    ]
    markers = [
        (each.id if each.is_prespecified else f"{each.id} *", each.family)
        for each in found.table.markers
    ]
    yield Plate(title, oncoprint, (by_alteration(columns), markers, title))
    people = [*_fractions(state, found, groups)]
    for title, some in _parts("Allele fractions in cell-free DNA over time", people, MOST_PEOPLE):
        yield Plate(title, allele_fractions, (some, title))
    yield from association_pictures(found.families)


def association_pictures(families: Sequence[FamilySurvey]) -> Pictures:
    """Give every test of each endpoint, and a volcano where there are enough of them.

    Parameters
    ----------
    families : sequence of FamilySurvey
        As `survey` gives them.

    Yields
    ------
    Plate
        None of an endpoint of which nothing could be estimated or tested.
    """
    for endpoint in dict.fromkeys(each.endpoint for each in families):
        own = [each for each in families if each.endpoint == endpoint]
        drawn = [(f"{each.family}, {each.label}", [*map(_estimate, each.tests)]) for each in own]
        ratio = _ratio_said(own[0])
        basis = own[0].tests[0].association.basis
        estimates = [each for _, tests in drawn for each in tests]
        if not any(is_drawn(each) for each in estimates):
            continue
        missing = why_no_volcano(estimates)
        note = f"{own[0].analysis_set} set; {basis.caution}"
        note += f"\n{missing}" if missing else ""
        rows = [(family, each) for family, tests in drawn for each in tests]
        for title, some in _parts(f"Every marker and {endpoint}", rows, MOST_TESTS):
            grouped = [
                (family, [each for name, each in some if name == family])
                for family in dict.fromkeys(name for name, _ in some)
            ]
            yield Plate(title, forest, (grouped, title, ratio, own[0].gate.level, note))
        if not missing:
            title = f"Volcano: markers and {endpoint}"
            yield Plate(title, volcano, (estimates, title, ratio, own[0].gate.level))


def _parts(
    title: str, everything: Sequence[_Part], most: int
) -> Iterator[tuple[str, Sequence[_Part]]]:
    """Part what is too much for one picture; the title says which part it is."""
    count = -(-len(everything) // most)
    for place in range(count):
        said = title if count == 1 else f"{title}, {place + 1} of {count}"
        yield said, everything[place * most : (place + 1) * most]


def _ratio_said(family: FamilySurvey) -> str:
    """Name the ratio that is drawn."""
    if isinstance(family.tests[0].association, ResponseAssociation):
        return "odds ratio (Firth), profile limits; above 1: altered more often yes"
    return "hazard ratio (Firth), profile limits; above 1: altered sooner"


def _estimate(each: Tested) -> Estimate:
    """Give what is drawn of one test."""
    basis = each.association.basis
    others = basis.participants - basis.altered
    counts = f"{basis.altered_events}/{basis.altered} against "
    counts += f"{basis.events - basis.altered_events}/{others}"
    return Estimate(basis.marker, counts, each.adjusted, each.floor, each.p, each.family_wise)


def _fractions(
    state: TrialState, found: MarkerSurvey, groups: Mapping[str, str]
) -> Iterator[Fractions]:
    """Give the variants of cell-free DNA of everybody with two specimens or more."""
    for number in found.table.participants:
        first = state.participants[number].first_dose_on
        record = found.records.get(number)
        if record is None or first is None:
            continue
        runs = sorted(
            ((study_day(first, on.earliest), run) for run, on in _plasma(record)),
            key=lambda each: each[0],
        )
        if len({day for day, _ in runs}) < len(("before", "after")):
            continue
        names = dict.fromkeys(
            call.name for _, run in runs for call in run.seen if call.origin != "germline"
        )
        variants = tuple((name, tuple(_points(name, runs, found.settings))) for name in names)
        limits = tuple((day, _limit(run, found.settings)) for day, run in runs)
        if variants:
            yield Fractions(number, groups[number], variants, limits)


def _plasma(record: BiomarkerRecord) -> Iterator[tuple[SequencingRun, PartialDate]]:
    """Give the runs of cell-free DNA that passed, with the day of their blood."""
    tree = tree_of(record)
    for run in record.runs:
        line = tree.line_of(run.material)
        taken = line[-1].on if line else None
        if run.outcome == "passed" and taken and tree.is_tissue(run.material) is False:
            yield run, taken


def _points(
    name: str, runs: Sequence[tuple[int, SequencingRun]], settings: BiomarkerSettings
) -> Iterator[Point]:
    """Give one variant at every specimen whose panel covers it."""
    for day, run in runs:
        limit = _limit(run, settings)
        call = next((each for each in run.seen if each.name == name), None)
        if call is not None and call.fraction is not None:
            fraction = float(call.fraction)
            is_low = limit is not None and fraction < limit
            yield Point(day, fraction, "below limit" if is_low else "detected")
        elif call is None and _covers(run, name, settings):
            yield Point(day, None, "not detected")


def _covers(run: SequencingRun, name: str, settings: BiomarkerSettings) -> bool:
    """Say whether a run looked at the gene of a variant."""
    panel = settings.panel(run.panel)
    return panel is not None and name.partition(" ")[0] in panel.genes


def _limit(run: SequencingRun, settings: BiomarkerSettings) -> float | None:
    """Give the limit of detection of a run."""
    limit = limit_of(run, settings.panel(run.panel))
    return None if limit is None else float(limit)
