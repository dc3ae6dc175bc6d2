"""Markers against outcomes: of a trial by its ledger, with the generator of the permutations."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import intact_state
from trialwright.biomarkers.marker_table import MarkerTable
from trialwright.biomarkers.records import BiomarkerRecord
from trialwright.biomarkers.tabulating import AskedMarker, exploratory, prespecified, tabulate
from trialwright.conduct.outcomes import outcomes
from trialwright.conduct.state import TrialState
from trialwright.endpoints.outcomes import Outcomes
from trialwright.predictors.markers import Responses
from trialwright.predictors.of_trial import covariates_of, roster_of, trial_questions
from trialwright.predictors.permutation import Progress
from trialwright.predictors.survey import FamilySurvey, Plan, survey
from trialwright.protocol.biomarker_settings import BiomarkerSettings
from trialwright.terms.errors import refuse
from trialwright.terms.markers import Family

PERMUTATIONS, SEED = 10_000, 1
"""Drawn unless something else is asked for; a p-value near 0.05 is then known to 0.002."""

SEQUENCED: Mapping[Family, str] = {"tissue DNA": "tissue", "cfDNA": "plasma"}
"""Family of a sequenced marker to the specimen of its assay."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often outcomes are permuted.

    Attributes
    ----------
    permutations : int
        1 or more.
    seed : int
        Of NumPy's generator PCG64; the same seed gives the same answer.
    progress : callable or None
        Told how many are done, of how many.
    """

    permutations: int = PERMUTATIONS
    seed: int = SEED
    progress: Progress | None = None

    @property
    def generator(self) -> np.random.Generator:
        """A new generator."""
        return np.random.default_rng(self.seed)


@dataclass(frozen=True, slots=True)
class MarkerSurvey:
    """Markers against outcomes.

    Attributes
    ----------
    table : MarkerTable
        Everybody of the roster by marker.
    records : mapping of str to BiomarkerRecord
        By participant.
    settings : BiomarkerSettings
        Panels and rules.
    families : tuple of FamilySurvey
        Every test.
    silent : int
        Genes looked at in which nobody has a variant; they have no column.
    """

    table: MarkerTable
    records: Mapping[str, BiomarkerRecord]
    settings: BiomarkerSettings
    families: tuple[FamilySurvey, ...]
    silent: int


def trial_survey(
    state: TrialState, cutoff: date, effort: Effort | None = None
) -> tuple[MarkerSurvey, Outcomes]:
    """Set the markers of a trial against its endpoints.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    cutoff : date
        Data cutoff.
    effort : Effort or None
        None: the permutations that are usual here.

    Returns
    -------
    tuple of (MarkerSurvey, Outcomes)
        The markers that the protocol names, and one exploratory marker for each other gene of its
        panels in which somebody has a variant; and what became of the participants.

    Raises
    ------
    Refusal
        If materials of a participant contradict each other.
    """
    given, found = effort or Effort(), outcomes(state, cutoff)
    settings = state.study.biomarkers
    records = {number: here.biomarkers for number, here in state.participants.items()}
    table, silent = trial_table(state, roster_of(found))
    plan = Plan(
        covariates_of(found), conventions=found.conventions, permutations=given.permutations
    )
    families = survey(trial_questions(found, table), plan, given.generator, given.progress)
    return MarkerSurvey(table, records, settings, families, silent), found


def response_survey(
    state: TrialState, found: Outcomes
) -> tuple[MarkerTable, tuple[FamilySurvey, ...]]:
    """Set the markers that the protocol names against response and clinical benefit alone.

    Parameters
    ----------
    state : TrialState
        Of the trial, folded up to the cutoff.
    found : Outcomes
        At the data cutoff.

    Returns
    -------
    tuple of (MarkerTable, tuple of FamilySurvey)
        Without permutations: exact tests, gated and corrected as in the whole survey.

    Raises
    ------
    Refusal
        If materials of a participant contradict each other.
    """
    settings = state.study.biomarkers
    table, _ = _table_of(state, roster_of(found), {})
    questions = [
        each for each in trial_questions(found, table) if isinstance(each.outcome, Responses)
    ]
    plan = Plan(covariates_of(found), conventions=found.conventions, permutations=0)
    families = survey(questions, plan, Effort().generator) if settings.markers else ()
    return table, families


def genes_of(state: TrialState, settings: BiomarkerSettings) -> Mapping[Family, tuple[str, ...]]:
    """Give the genes that the panels of a protocol look at.

    Parameters
    ----------
    state : TrialState
        Gives the assays.
    settings : BiomarkerSettings
        Gives the panels.

    Returns
    -------
    mapping of str to tuple of str
        By family, each gene once.
    """
    specimens = {each.id: each.specimen for each in state.study.assays}
    return {
        family: tuple(
            dict.fromkeys(
                gene
                for panel in settings.panels
                if specimens.get(panel.assay) == specimen
                for gene in panel.genes
            )
        )
        for family, specimen in SEQUENCED.items()
    }


def trial_table(state: TrialState, roster: Sequence[str]) -> tuple[MarkerTable, int]:
    """Make the marker table of a trial.

    Parameters
    ----------
    state : TrialState
        Gives records, panels and rules.
    roster : sequence of str
        Participants of the analysis set.

    Returns
    -------
    tuple of (MarkerTable, int)
        As `marker_table`.

    Raises
    ------
    Refusal
        If materials contradict each other.
    """
    return _table_of(state, roster, genes_of(state, state.study.biomarkers))


def _table_of(
    state: TrialState, roster: Sequence[str], genes: Mapping[Family, Sequence[str]]
) -> tuple[MarkerTable, int]:
    """Make the marker table of a trial with exploratory markers of some genes."""
    settings = state.study.biomarkers
    records = {number: state.participants[number].biomarkers for number in roster}
    began = {number: state.participants[number].first_dose_on for number in roster}
    return marker_table(
        roster,
        records,
        prespecified(settings),
        genes,
        settings,
        {number: day for number, day in began.items() if day is not None},
    )


def marker_table(
    roster: Sequence[str],
    records: Mapping[str, BiomarkerRecord],
    named: Sequence[AskedMarker],
    genes: Mapping[Family, Sequence[str]],
    settings: BiomarkerSettings,
    first_days: Mapping[str, date] | None = None,
) -> tuple[MarkerTable, int]:
    """Make the table of named and exploratory markers.

    Parameters
    ----------
    roster : sequence of str
        Participants of the analysis set.
    records : mapping of str to BiomarkerRecord
        By participant.
    named : sequence of AskedMarker
        Markers that the protocol names.
    genes : mapping of str to sequence of str
        Genes with an exploratory marker, by family.
    settings : BiomarkerSettings
        Panels and rules.
    first_days : mapping of str to date, or None
        Day 1 by participant, for markers with a landmark.

    Returns
    -------
    tuple of (MarkerTable, int)
        Without exploratory markers that nobody carries, and how many those are. Whether somebody
        carries a marker is asked without looking at any outcome.

    Raises
    ------
    Refusal
        If materials contradict each other.
    """
    broken = {
        call.gene
        for number in roster
        if number in records
        for run in records[number].runs
        for call in run.seen
        if call.effect == "rearrangement"
    }
    others = [one for family, listed in genes.items() for one in exploratory(listed, family)]
    others += [
        one
        for family, listed in genes.items()
        for one in exploratory([each for each in listed if each in broken], family, rearranged=True)
    ]
    whole = tabulate(roster, records, [*named, *others], settings, first_days)
    carried = [each.marker.id for each in others if whole.counts(each.marker.id).altered]
    kept = [*(each.marker.id for each in named), *carried]
    places = [place for place, each in enumerate(whole.markers) if each.id in kept]
    table = MarkerTable(
        whole.participants,
        tuple(whole.markers[place] for place in places),
        tuple(tuple(row[place] for place in places) for row in whole.cells),
    )
    return table, len(others) - len(carried)


def marker_lines(folder: Path, protocol: str, cutoff: date, participant: str = "") -> Iterator[str]:
    """Tell who was assayed for each marker, or what is known of one participant.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    cutoff : date
        Data cutoff.
    participant : str
        Study number; empty: everybody is counted.

    Yields
    ------
    str
        One line a marker.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, or the participant took no dose.
    """
    state = intact_state(load(protocol).study, folder, cutoff)
    roster = roster_of(outcomes(state, cutoff))
    table, _ = trial_table(state, roster)
    if participant and participant not in roster:
        raise refuse("--participant", f"{participant}, who took no dose by {cutoff.isoformat()}",
                     "a treated participant", "Correct the number or the cutoff")  # fmt: skip
    for place, each in enumerate(table.markers):
        label = f"; {each.label}" if each.label else ""
        if participant:
            cell = table.cells[roster.index(participant)][place]
            yield f"{each.id} ({each.family}): {cell.state}: {cell.because}{label}"
            continue
        counts = table.counts(each.id)
        others = ", ".join(
            f"{count} {state}"
            for state, count in counts.states.items()
            if count and not state.is_known
        )
        yield (
            f"{each.id} ({each.family}): {counts.altered} of {counts.known} altered; "
            f"{counts.participants} participants: {others or 'of all it is known'}{label}"
        )
