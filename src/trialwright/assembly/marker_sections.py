"""Tables and notes of biomarkers in a report, from a survey of markers against outcomes."""

from collections.abc import Iterator

from trialwright.assembly.marker_surveys import Effort, MarkerSurvey
from trialwright.biomarkers.marker_table import EXPLORATORY
from trialwright.biomarkers.molecular_response import first_treated
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.protocol.data import ILLUSTRATIVE
from trialwright.reports.biomarker_tables import (
    ASSAYED,
    FAMILIES,
    assayed_table,
    association_tables,
    family_listing,
    marker_listing,
    shrunk_table,
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
    cautions: dict[str, dict[str, None]] = {}
    for family in found.families:
        for each in family.tests:
            cautions.setdefault(each.association.basis.caution, {})[family.endpoint] = None
    for caution, endpoints in cautions.items():
        where = f" ({', '.join(endpoints)})" if len(cautions) > 1 else ""
        yield f"{caution[:1].upper()}{caution[1:]}{where}."
    yield (
        f"What the protocol does not name as a marker is {EXPLORATORY}. A participant who was not "
        "assayed, or of whom an assay failed, is never counted as not altered."
    )
    yield (
        "Markers whose smallest attainable p is too large are not tested, and not corrected for. "
        f"{effort.permutations} permutations, seed {effort.seed} (PCG64)."
    )
    unseen = [
        endpoint
        for endpoint in dict.fromkeys(each.endpoint for each in found.families)
        if not any(
            test.p is not None or test.adjusted is not None
            for each in found.families
            if each.endpoint == endpoint
            for test in each.tests
        )
    ]
    if unseen:
        yield (
            f"No forest plot of {', '.join(unseen)}: no marker could be tested, and no ratio "
            "estimated."
        )
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
    if found.settings.label:
        yield f"Panels, rules and markers: {ILLUSTRATIVE}."
