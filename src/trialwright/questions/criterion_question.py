"""`criterion`: one criterion judged for one participant."""

from datetime import date
from typing import Any

from pydantic import Field, model_validator

from trialwright.conduct.records import write
from trialwright.eligibility.examples import casebook_from
from trialwright.eligibility.screening import verdict
from trialwright.eligibility.trees import say
from trialwright.protocol.criteria import Anchor, AttestedRule, leaves
from trialwright.questions.library import Library
from trialwright.questions.reading import Case
from trialwright.terms.errors import refuse


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
        Instead of `given`: a FHIR R4 bundle of one patient.
    """

    protocol: str = "nct03959891"
    criterion: str
    arm: str = ""
    as_of: date
    anchors: dict[Anchor, date] = Field(default_factory=dict)
    given: dict[str, str | int | None] | None = None
    bundle: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _one_source(self) -> "CriterionCase":
        """Refuse no facts, and facts from two places."""
        if (self.given is None) == (self.bundle is None):
            raise ValueError("give the facts as `given` or as `bundle`, and not as both")
        return self


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
        casebook = library.read_bundle(case.bundle, study)
    else:
        roles = {
            leaf.question: leaf.by
            for leaf in leaves(criterion.rule)
            if isinstance(leaf, AttestedRule)
        }
        casebook = casebook_from(case.given or {}, study.terms, roles, case.as_of, "CASE")
    days: dict[Anchor, date] = {"screening": case.as_of, "registration": case.as_of}
    judged = verdict(criterion, study, casebook, arm, case.as_of, {**days, **case.anchors})
    return {
        "criterion": criterion.id,
        "arm": arm,
        "answer": str(judged.finding.answer),
        "verdict": judged.word,
        "because": judged.finding.because,
        "evidence": [write(fact) for fact in judged.finding.evidence],
        "missing": list(judged.finding.missing),
        "awaits_approval": judged.awaits_approval,
        "says": criterion.says,
        "rule": say(criterion.rule, study.terms) if criterion.rule else "a permission",
    }
