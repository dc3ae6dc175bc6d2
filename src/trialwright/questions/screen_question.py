"""`screen`: every criterion judged for one participant and every arm, with what lies ahead."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from trialwright.eligibility.outlook import Outlook, outlook
from trialwright.eligibility.overall import CriterionVerdict, Overall, ScreeningOfArms
from trialwright.eligibility.screening import screen_arms
from trialwright.eligibility.todo import Needed
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.participant_case import ParticipantCase
from trialwright.terms.verdicts import Answer as Verdict
from trialwright.terms.verdicts import Evidence

Word = Literal["met", "not met", "present", "absent", "unknown", "not applicable"]
"""A verdict in the words of its criterion's list."""


class ScreenCase(ParticipantCase):
    """Who is asked about, as of which day.

    Attributes
    ----------
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        Named days that are known; screening and registration are `as_of` unless given.
    given : mapping of str to value
        Facts by name, as in a protocol's examples, dated `as_of` unless they say otherwise.
    bundle : mapping
        Instead of `given`: a FHIR R4 bundle.
    patient : str
        The patient of the bundle who is meant, `Patient/<id>`; empty where it holds one.
    laboratory : tuple of RangeGiven
        The institution's table of reference ranges, for results that carry none.
    protocol : str
        Name of a shipped protocol.
    """

    protocol: str = "nct03959891"


class ArmTold(BaseModel):
    """What an arm comes to.

    Attributes
    ----------
    arm : str
        Its letter.
    overall : Overall
        eligible, eligible once approved, not eligible, or cannot tell yet.
    because : str
        The criteria that decide it.
    first_eligible_on, expires_on : date or None
        From which day of registration on the participant is eligible, and from which no longer,
        if nothing else is recorded; null when no day of the next 400 is such a day.
    no_longer_out_on : date or None
        Of a participant who is not eligible: first day of registration on which no criterion fails,
        though some may be open; null when no day of the next 400 is such a day.
    ahead : str
        The sentence that names the criteria that change.
    """

    model_config = ConfigDict(frozen=True)

    arm: str
    overall: Overall
    because: str
    first_eligible_on: date | None
    expires_on: date | None
    no_longer_out_on: date | None
    ahead: str


class CriterionTold(BaseModel):
    """The verdict on a criterion, for the arms for which it is the same.

    Attributes
    ----------
    criterion : str
        Its id.
    arms : tuple of str
        The arms.
    says : str
        What it asks.
    answer : {'met', 'not met', 'unknown', 'not applicable'}
        Met when the criterion lets the participant in.
    verdict : str
        The same in the words of its list: an exclusion is present or absent.
    because : str
        The reason, with values, units and bounds.
    evidence : tuple of Evidence
        The facts it rests on.
    missing : tuple of str
        Facts that would decide an unknown answer.
    awaits_approval : bool
        Whether only an approval that the protocol allows is missing.
    duties : tuple of str
        What follows from it while on study.
    """

    model_config = ConfigDict(frozen=True)

    criterion: str
    arms: tuple[str, ...]
    says: str
    answer: Verdict
    verdict: Word
    because: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    awaits_approval: bool
    duties: tuple[str, ...]


class ScreenAnswer(Answer):
    """The screening of a participant.

    Attributes
    ----------
    because : str
        One sentence that names every arm.
    arms : tuple of ArmTold
        In the order of the protocol.
    deciding : tuple of Needed
        What would decide the arms that are not closed, cheapest first.
    criteria : tuple of CriterionTold
        In the order of the protocol.
    """

    because: str
    arms: tuple[ArmTold, ...]
    deciding: tuple[Needed, ...]
    criteria: tuple[CriterionTold, ...]


def answer(case: ScreenCase, library: Library) -> dict[str, Any]:
    """Screen the participant for every arm.

    Parameters
    ----------
    case : ScreenCase
        Facts and days.
    library : Library
        Gives the protocol, and reads a bundle.

    Returns
    -------
    dict of str to object
        One sentence, each arm with what lies ahead, what is missing, and each criterion.

    Raises
    ------
    Refusal
        If a fact cannot be read.
    """
    study = library.study(case.protocol)
    casebook = case.casebook(study, library)
    judged = screen_arms(study, casebook, case.as_of, case.days, case.ranges)
    ahead = outlook(study, casebook, case.as_of, case.days, case.ranges)
    return screening(judged, ahead).told()


def screening(judged: ScreeningOfArms, ahead: Sequence[Outlook]) -> ScreenAnswer:
    """Put the screening of a participant and what lies ahead together.

    Parameters
    ----------
    judged : ScreeningOfArms
        Every criterion for every arm.
    ahead : sequence of Outlook
        In the order of the arms.

    Returns
    -------
    ScreenAnswer
        As the question is answered.
    """
    arms = tuple(
        ArmTold(
            arm=now.arm,
            overall=now.overall,
            because=now.because,
            first_eligible_on=later.first_eligible_on,
            expires_on=later.expires_on,
            no_longer_out_on=later.no_longer_out_on,
            ahead=later.because,
        )
        for now, later in zip(judged.screenings, ahead, strict=True)
    )
    return ScreenAnswer(
        because=judged.because,
        arms=arms,
        deciding=judged.deciding,
        criteria=tuple(_criteria(judged)),
    )


def _criteria(judged: ScreeningOfArms) -> Iterator[CriterionTold]:
    """Tell each criterion, arms that are alike together."""
    for row in zip(*(each.verdicts for each in judged.screenings), strict=True):
        alike: dict[str, list[tuple[str, CriterionVerdict]]] = {}
        for screening, verdict in zip(judged.screenings, row, strict=True):
            alike.setdefault(verdict.word, []).append((screening.arm, verdict))
        for those in alike.values():
            yield _told(tuple(arm for arm, _ in those), those[0][1])


def _told(arms: tuple[str, ...], verdict: CriterionVerdict) -> CriterionTold:
    """Tell one verdict."""
    found = verdict.finding
    return CriterionTold.model_validate(
        {
            "criterion": verdict.criterion,
            "arms": arms,
            "says": verdict.says,
            "answer": found.answer,
            "verdict": verdict.word,
            "because": found.because,
            "evidence": found.evidence,
            "missing": found.missing,
            "awaits_approval": verdict.awaits_approval,
            "duties": verdict.duties,
        }
    )
