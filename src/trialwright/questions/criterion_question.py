"""`criterion`: one criterion judged for one participant."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from trialwright.eligibility.screening import verdict
from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import Anchor
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.participant_case import casebook_given
from trialwright.questions.reading import Case
from trialwright.terms.errors import refuse
from trialwright.terms.verdicts import Answer as Verdict
from trialwright.terms.verdicts import Evidence


class CriterionCase(Case):
    """Which criterion is asked, and of whom.

    Attributes
    ----------
    protocol : str
        Name of a shipped protocol.
    criterion : str
        Its id, e.g. `I04`.
    arm : str
        Arm asked about; the first to which the criterion applies when empty.
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        Named days that are known; screening and registration are `as_of` unless given.
    given : mapping of str to value
        Facts by name, as in a protocol's examples, dated `as_of`.
    bundle : mapping
        Instead of `given`: a FHIR R4 bundle.
    patient : str
        The patient of the bundle who is meant, `Patient/<id>`; empty where it holds one.
    """

    verbatim: ClassVar[tuple[str, ...]] = ("bundle",)

    protocol: str = "nct03959891"
    criterion: str
    arm: str = ""
    as_of: date
    anchors: dict[Anchor, date] = Field(default_factory=dict)
    given: dict[str, str | int | Decimal | None] | None = None
    bundle: dict[str, Any] | None = None
    patient: str = ""

    @model_validator(mode="after")
    def _one_source(self) -> "CriterionCase":
        """Refuse no facts, and facts from two places."""
        if (self.given is None) == (self.bundle is None):
            raise ValueError("give the facts as `given` or as `bundle`, and not as both")
        if self.patient and self.bundle is None:
            raise ValueError("`patient` names one of a `bundle`; without one, leave it out")
        return self


class CriterionAnswer(Answer):
    """The verdict on a criterion.

    Attributes
    ----------
    criterion, arm : str
        What was asked, and for which arm.
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
    says, rule : str
        The criterion, and its rule in words.
    """

    criterion: str
    arm: str
    answer: Verdict
    verdict: Literal["met", "not met", "present", "absent", "unknown", "not applicable"]
    because: str
    evidence: tuple[Evidence, ...]
    missing: tuple[str, ...]
    awaits_approval: bool
    says: str
    rule: str


def answer(case: CriterionCase, library: Library) -> dict[str, Any]:
    """Judge the criterion.

    Parameters
    ----------
    case : CriterionCase
        Criterion, day and facts.
    library : Library
        Gives the protocol, and reads a bundle.

    Returns
    -------
    dict of str to object
        `answer` (met when the criterion lets the participant in), `verdict` in the words of its
        list, the reason, the evidence, what is missing, and the rule in words.

    Raises
    ------
    Refusal
        If there is no such criterion or arm, or a fact cannot be read.
    """
    study = library.study(case.protocol)
    criterion = study.criterion(case.criterion)
    if criterion is None:
        known = ", ".join(each.id for each in study.criteria)
        raise refuse("criterion", case.criterion, known, "Name a criterion of the protocol")
    arm = case.arm or (criterion.arms or (study.arms[0].id,))[0]
    study.required_arm(arm)
    if case.bundle is not None:
        casebook = library.read_bundle(case.bundle, study, case.patient)
    else:
        casebook = casebook_given(case.given or {}, study, (criterion,), case.as_of)
    days: dict[Anchor, date] = {"screening": case.as_of, "registration": case.as_of}
    judged = verdict(criterion, study, casebook, arm, case.as_of, {**days, **case.anchors})
    return CriterionAnswer.model_validate(
        {
            "criterion": criterion.id,
            "arm": arm,
            "answer": judged.finding.answer,
            "verdict": judged.word,
            "because": judged.finding.because,
            "evidence": judged.finding.evidence,
            "missing": judged.finding.missing,
            "awaits_approval": judged.awaits_approval,
            "says": criterion.says,
            "rule": say(criterion.rule, study.terms) if criterion.rule else "a permission",
        }
    ).told()
