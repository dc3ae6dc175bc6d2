"""Who failed which criterion of eligibility, as the domain IE of SDTM."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from trialwright.assembly.criteria_out import Remark, Written, require_new
from trialwright.assembly.files import write_new
from trialwright.assembly.recruiting import intact_state
from trialwright.conduct.screening import judge
from trialwright.conduct.state import ParticipantState, TrialState
from trialwright.eligibility.overall import Screening
from trialwright.protocol.study import Study
from trialwright.submission.inclusion_exclusion import (
    InclusionExclusion,
    failed_rows,
    inclusion_exclusion,
    inclusion_exclusion_csv,
)
from trialwright.terms.verdicts import Answer


def export_failed_criteria(
    study: Study, ledger: Path, on: date, path: Path
) -> tuple[int, int, tuple[Remark, ...]]:
    """Write the criteria that participants of a ledger fail to a new file.

    Parameters
    ----------
    study : Study
        The protocol with which the trial began.
    ledger : Path
        Folder of its ledger, which is read alone.
    on : date
        Data up to this day.
    path : Path
        A path at which there is nothing yet.

    Returns
    -------
    int, int, tuple of Remark
        How many rows there are, of how many participants on record, and what the form could not
        say of them.

    Raises
    ------
    Refusal
        If there is something at the path, or its folder is not there; if the ledger cannot be
        taken.
    """
    require_new(path)
    state = intact_state(study, ledger, on)
    rows, unsaid = _rows(state, on)
    write_new(path, inclusion_exclusion_csv(rows))
    return len(rows), len(state.participants), tuple(unsaid)


def failed_criteria(state: TrialState, on: date) -> Written:
    """Write the criteria that participants fail whose eligibility is decided.

    It is decided by registration or by the end of screening. Criteria are judged for that day, by
    the protocol in force at the site, from what is on record now: a value corrected later counts
    as corrected.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    on : date
        Data up to this day.

    Returns
    -------
    Written
        Rows by study number, and of whom the domain says less than the record.
    """
    rows, unsaid = _rows(state, on)
    return Written(inclusion_exclusion_csv(rows), tuple(unsaid))


def _rows(state: TrialState, on: date) -> tuple[list[InclusionExclusion], list[Remark]]:
    """Give the rows of participants, and what they do not say."""
    rows: list[InclusionExclusion] = []
    unsaid: list[Remark] = []
    for here in state.participants.values():
        decided = _decided(state, here, on)
        if decided is None:
            unsaid.append(Remark(here.number, "eligibility is not decided yet, so there is no row"))
        else:
            rows += decided.failed
            unsaid += _unsaid(here, decided)
    return rows, unsaid


@dataclass(frozen=True, slots=True)
class _Decided:
    """What somebody fails, and how it was judged.

    Attributes
    ----------
    failed : tuple of InclusionExclusion
        The rows.
    judged : Screening or None
        None of somebody never screened for an arm.
    strange : tuple of str
        Criteria named as failed that the protocol of that day does not have.
    """

    failed: tuple[InclusionExclusion, ...]
    judged: Screening | None
    strange: tuple[str, ...] = ()


def _decided(state: TrialState, here: ParticipantState, on: date) -> _Decided | None:
    """Give what somebody fails; None while nothing is decided."""
    ended = here.course.screen_failure
    if here.registered_on is not None and here.registered_on <= on:
        day, first = here.registered_on, here.first_dose_planned_on
        judged = judge(state, here.number, here.arm, day, first)
        return _Decided(inclusion_exclusion(state.as_at(here.site, day).study, judged), judged)
    if ended is None or ended.on > on:
        return None
    study = state.as_at(here.site, ended.on).study
    known = tuple(each for each in ended.criteria if study.criterion(each) is not None)
    strange = tuple(each for each in ended.criteria if each not in known)
    if not here.screened_for:
        return _Decided(failed_rows(study, here.number, ended.on, known), None, strange)
    judged = judge(state, here.number, here.screened_for[-1], ended.on, None)
    return _Decided(inclusion_exclusion(study, judged, known), judged, strange)


def _unsaid(here: ParticipantState, decided: _Decided) -> Iterator[Remark]:
    """Tell what rows of IE do not say of somebody."""
    named, judged = {each.IETESTCD for each in decided.failed}, decided.judged
    for each in decided.strange:
        yield Remark(here.number, f"{each}: no criterion of the protocol of that day, so no row")
    if judged is None:
        yield Remark(here.number, "never screened for an arm: only what ended screening has a row")
        return
    unknown = [
        each.criterion
        for each in judged.verdicts
        if each.finding.answer is Answer.UNKNOWN and each.criterion not in named
    ]
    if unknown:
        yield Remark(here.number, f"{', '.join(unknown)}: unknown, which has no row")
    by_person = sorted(named - {each.criterion for each in judged.failing})
    if by_person:
        why = "failed by what ended screening; the facts on record do not say so"
        yield Remark(here.number, f"{', '.join(by_person)}: {why}")
    excepted = sorted(named & {*here.excepted})
    if excepted:
        why = "an exception or deviation is on record, of which a row says nothing"
        yield Remark(here.number, f"{', '.join(excepted)}: {why}")
