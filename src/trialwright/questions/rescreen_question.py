"""`rescreen`: one participant judged by two versions of a protocol."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from trialwright.casebook.participant import Casebook
from trialwright.eligibility.overall import Overall
from trialwright.eligibility.rescreening import InScreening, VerdictChange, rescreen
from trialwright.protocol.study import Study
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.participant_case import ParticipantCase, casebook_given
from trialwright.terms.errors import Fault, Refusal


class RescreenCase(ParticipantCase):
    """Who is judged again, and by which versions.

    Attributes
    ----------
    as_of : date
        Facts of later days do not count.
    anchors : mapping of Anchor to date
        Named days that are known; screening and registration are `as_of` unless given.
    given : mapping of str to value
        Facts by name, as in a protocol's examples, dated `as_of` unless they say otherwise; each
        version reads those that it knows, and one that neither knows is refused.
    bundle : mapping
        Instead of `given`: a FHIR R4 bundle.
    patient : str
        The patient of the bundle who is meant, `Patient/<id>`; empty where it holds one.
    laboratory : tuple of RangeGiven
        The institution's table of reference ranges, for results that carry none.
    old, new : str
        Names of the versions.
    renamed : mapping of str to str
        Id in the new version by id in the old one, for criteria that moved in their list; an empty
        id for one that was dropped.
    """

    old: str
    new: str
    renamed: dict[str, str] = Field(default_factory=dict)


class ArmChangeTold(BaseModel):
    """What an arm comes to by each version.

    Attributes
    ----------
    arm : str
        Its letter.
    before, after : Overall or None
        By the old and by the new version; null for an arm that the version does not have.
    flip : {'gains', 'loses', ''}
        Whether the participant becomes eligible, at once or once approved, or stops being so.
    because : str
        The sentence, with the criteria that decide it.
    """

    model_config = ConfigDict(frozen=True)

    arm: str
    before: Overall | None
    after: Overall | None
    flip: Literal["gains", "loses", ""]
    because: str


class RescreenAnswer(Answer):
    """What becomes of the participant.

    Attributes
    ----------
    flips : bool
        Whether the participant gains or loses an arm.
    because : str
        One sentence: what each arm was and is, and which criteria changed.
    arms : tuple of ArmChangeTold
        Every arm of either version.
    changes : tuple of VerdictChange
        Criteria whose verdict differs, with the words and reasons of both versions.
    """

    flips: bool
    because: str
    arms: tuple[ArmChangeTold, ...]
    changes: tuple[VerdictChange, ...]


def answer(case: RescreenCase, library: Library) -> dict[str, Any]:
    """Judge the participant by both versions.

    Parameters
    ----------
    case : RescreenCase
        Facts, days and versions.
    library : Library
        Gives the protocols, and reads a bundle.

    Returns
    -------
    dict of str to object
        Whether anything flips, and every criterion whose verdict differs.

    Raises
    ------
    Refusal
        If a fact cannot be read, or neither version knows it.
    """
    old, new = library.study(case.old), library.study(case.new)
    if case.given is not None:
        before, after = _both(case.given, old, new, case)
    else:
        before, after = case.casebook(old, library), case.casebook(new, library)
    person = InScreening(before, after, case.days)
    [found] = rescreen([person], old, new, case.as_of, case.renamed, case.ranges)
    return RescreenAnswer(
        flips=found.flips,
        because=found.because,
        arms=tuple(
            ArmChangeTold(
                arm=each.arm,
                before=each.before,
                after=each.after,
                flip=each.flip,
                because=each.because,
            )
            for each in found.arms
        ),
        changes=found.changes,
    ).told()


def _both(
    given: Mapping[str, str | int | Decimal | None], old: Study, new: Study, case: RescreenCase
) -> tuple[Casebook, Casebook]:
    """Read facts by name in both vocabularies; what neither knows goes to the new one."""
    of_old = {name: value for name, value in given.items() if _knows(old, name)}
    of_new = {
        name: value for name, value in given.items() if name not in of_old or _knows(new, name)
    }
    read: list[Casebook] = []
    faults: list[Fault] = []
    for study, facts in ((old, of_old), (new, of_new)):
        try:
            read.append(casebook_given(facts, study, study.criteria, case.as_of))
        except Refusal as refused:
            faults += refused.faults
    if faults:
        raise Refusal(dict.fromkeys(faults))
    return read[0], read[1]


def _knows(study: Study, name: str) -> bool:
    """Say whether a version knows a fact by this name."""
    return name in ("age", "sex") or name in study.terms or name in study.medicines
