"""Tables and notes of biomarkers in a report, from a survey of markers against outcomes."""

from collections.abc import Iterator, Sequence
from datetime import date

from trialwright.assembly.marker_surveys import Effort, MarkerSurvey
from trialwright.biomarkers.marker_table import EXPLORATORY, MarkerTable
from trialwright.biomarkers.molecular_response import first_treated
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.predictors.survey import FamilySurvey, Tested
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.reports.biomarker_tables import (
    ASSAYED,
    FAMILIES,
    assayed_table,
    association_tables,
    family_listing,
    marker_listing,
    response_table,
    shrunk_table,
    small,
    state_listing,
)
from trialwright.reports.hotspots import HOTSPOTS, hotspot_table
from trialwright.reports.molecular_tables import molecular_tables
from trialwright.reports.results import Result
from trialwright.reports.two_specimens import (
    agreement_table,
    change_listing,
    gained_and_lost,
    progression_changes,
)

_NEVER_UNALTERED = (
    "A participant who was not assayed, or of whom an assay failed, is never counted as not "
    "altered."
)

EMPTY = (ASSAYED, HOTSPOTS, FAMILIES)
"""Tables that are said to be empty when they are."""


def marker_results(found: MarkerSurvey) -> list[Result]:
    """Give every table of biomarkers.

    Parameters
    ----------
    found : MarkerSurvey
        As `trial_survey` gives it.

    Returns
    -------
    list of Result
        Who was assayed first, then associations, variants, and how everything was tested.
    """
    roster, records, settings = found.table.participants, found.records, found.settings
    changes = progression_changes(roster, records, settings)
    treated = [first_treated(records.get(each, BiomarkerRecord(each)), settings) for each in roster]
    return [
        *assayed_table(found.table),
        *association_tables(found.families),
        *shrunk_table(found.families),
        *hotspot_table(roster, records, settings),
        *agreement_table(found.table),
        *molecular_tables(treated),
        *change_listing(changes),
        *gained_and_lost(changes),
        *marker_listing(found.table),
        *family_listing(found.families),
        *state_listing(found.table),
    ]


def marker_notes(found: MarkerSurvey, effort: Effort) -> Iterator[str]:
    """Say what a reader of biomarkers must know first.

    Parameters
    ----------
    found : MarkerSurvey
        As `trial_survey` gives it.
    effort : Effort
        Permutations and seed.

    Yields
    ------
    str
        One note each.
    """
    yield from _cautions(found.families)
    yield f"What the protocol does not name as a marker is {EXPLORATORY}. {_NEVER_UNALTERED}"
    yield (
        "Markers whose smallest attainable p is too large are not tested, and not corrected for. "
        f"{effort.permutations} permutations, seed {effort.seed} (PCG64)."
    )
    yield from untested_notes(found.families)
    drawn = {each.endpoint: False for each in found.families}
    for family in found.families:
        drawn[family.endpoint] |= any(
            each.adjusted is not None or each.p is not None for each in family.tests
        )
    undrawn = ", ".join(endpoint for endpoint, is_drawn in drawn.items() if not is_drawn)
    if undrawn:
        yield f"No forest plot of {undrawn}: nothing can be tested or estimated."
    priors = {
        test.shrunk.measure: test.shrunk.prior
        for family in found.families
        for test in family.tests
        if test.shrunk
    }
    for measure, prior in priors.items():
        yield f"Prior of {measure}s, for pre-specified markers: {prior}."
    if found.silent:
        yield f"{found.silent} gene markers that nobody carries are not listed."
    yield from _illustrative(found.settings)


def response_results(table: MarkerTable, families: Sequence[FamilySurvey]) -> list[Result]:
    """Give the tables of biomarkers in a report of efficacy.

    Parameters
    ----------
    table : MarkerTable
        Of the markers that the protocol names.
    families : sequence of FamilySurvey
        As `response_survey` gives them.

    Returns
    -------
    list of Result
        Who was assayed, and those markers against response; nothing without such a marker.
    """
    if not table.markers:
        return []
    return [*assayed_table(table), *response_table(families)]


def response_notes(
    settings: BiomarkerSettings, families: Sequence[FamilySurvey], cutoff: date
) -> Iterator[str]:
    """Say what a reader of efficacy must know of its tables of biomarkers.

    Parameters
    ----------
    settings : BiomarkerSettings
        Of the protocol.
    families : sequence of FamilySurvey
        As `response_survey` gives them.
    cutoff : date
        Data cutoff.

    Yields
    ------
    str
        One note each; none where the protocol names no marker.
    """
    if not settings.markers:
        return
    yield (
        "Biomarkers: the markers that the protocol names, against response and clinical benefit. "
        f"{_NEVER_UNALTERED} Exploratory markers, time to event, estimates and pictures stand in "
        f"the report of biomarkers up to {cutoff}."
    )
    yield from _cautions(families)
    yield from untested_notes(families)
    yield from _illustrative(settings)


def untested_notes(families: Sequence[FamilySurvey]) -> Iterator[str]:
    """Say of each endpoint against which no marker can be tested why that is so.

    Parameters
    ----------
    families : sequence of FamilySurvey
        Every test.

    Yields
    ------
    str
        First that none can be tested at all, where it is so; then one note an endpoint.
    """
    tests: dict[str, list[Tested]] = {}
    for family in families:
        tests.setdefault(family.endpoint, []).extend(family.tests)
    silent = {
        endpoint: own
        for endpoint, own in tests.items()
        if own and all(each.p is None for each in own)
    }
    if silent and len(silent) == len(tests):
        yield "No marker can be tested at this data cutoff, for these reasons:"
    for endpoint, own in silent.items():
        bases = [each.association.basis for each in own]
        most = max(bases, key=lambda basis: basis.participants)
        had = "had the event" if "survival" in endpoint else "attained it"
        said = f"No marker can be tested against {endpoint}: of {most.participants} "
        said += f"participants counted at most, {most.events or 'none'} {had}"
        if most.events in (0, most.participants):
            said += ", and where all are alike no marker tells them apart"
        else:
            floor = min(each.floor for each in own)
            said += f"; however the outcomes had fallen, no p below {small(floor)} was in reach"
        yield f"{said}."


def _cautions(families: Sequence[FamilySurvey]) -> Iterator[str]:
    """Say whether prognostic and predictive are told apart, by endpoint where that differs."""
    cautions: dict[str, dict[str, None]] = {}
    for family in families:
        for each in family.tests:
            cautions.setdefault(each.association.basis.caution, {})[family.endpoint] = None
    for caution, endpoints in cautions.items():
        where = f" ({', '.join(endpoints)})" if len(cautions) > 1 else ""
        yield f"{caution[:1].upper()}{caution[1:]}{where}."


def _illustrative(settings: BiomarkerSettings) -> Iterator[str]:
    """Say whose panels and rules these are not."""
    if settings.label:
        yield f"Panels, rules and markers: {ILLUSTRATIVE}."
