"""`next-dose`: what a dose-escalation design says to the data so far."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from trialwright.escalation.catalogue import CATALOGUE, design_from
from trialwright.escalation.decision import Act, Decision, Design, LevelCount, decide
from trialwright.escalation.follow_up import decide_followed
from trialwright.escalation.outcomes import read_outcomes
from trialwright.escalation.participants import Standing, Treated
from trialwright.protocol.escalation_design import EscalationDesign, ThreePlusThreeDesign
from trialwright.questions.answering import Answer
from trialwright.questions.library import Library
from trialwright.questions.reading import Case, Gathering
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


class Seen(Case):
    """What was seen at one dose level.

    Attributes
    ----------
    evaluable, dlts, pending : int
        DLT-evaluable participants, those of them with a DLT, and those still in the window.
    """

    evaluable: int
    dlts: int
    pending: int = 0


class Participant(Case):
    """One participant who was treated in the escalation.

    Attributes
    ----------
    participant : str
        Study number.
    cohort : int
        Which cohort, counted from 1 in the order of treatment.
    level : int
        Dose level assigned, 1 = lowest.
    standing : {'evaluable', 'pending', 'replaced', 'not evaluable'}
        How the participant counts.
    has_dlt : bool
        Whether a DLT was seen; needed of whoever is evaluable.
    dlt_day : int
        Day of the DLT, day 1 = first dose.
    given : int
        Dose level given, when it is not the one assigned.
    followed : int
        Days of the DLT window completed.
    deviation : str
        Why another dose was given than assigned.
    """

    participant: str
    cohort: int
    level: int
    standing: Standing
    has_dlt: bool | None = None
    dlt_day: int | None = None
    given: int | None = None
    followed: int | None = None
    deviation: str = ""


class NextDoseCase(Case):
    """Which design is asked, and what it has seen.

    Attributes
    ----------
    protocol, arm : str
        Design and ladder of an arm of a shipped protocol; or give the design and levels.
    design, variant : str
        Name of the design, and of its variant where there are several; a bare 3+3 is refused.
    levels : int
        Number of dose levels.
    starting_level : int
        Dose level of the first cohort.
    escalation : EscalationDesign
        Instead of design, variant and starting level: the design as the protocol file writes it.
    seen : tuple of Seen
        Lowest dose level first.
    at : int
        Dose level of the last cohort.
    last : Seen
        What was seen in the last cohort alone, for a design that looks at it.
    outcomes : str
        Instead of `seen` and `at`: e.g. `1NNN 2NTT` (N no DLT, T DLT, P pending, E not evaluable).
    participants : tuple of Participant
        Instead of either: everybody treated, one by one, with follow-up for a design that weighs
        it.
    window_days : int
        Length of the DLT window by which participants are checked; a design that weighs follow-up,
        and an arm of a protocol, have their own.
    """

    protocol: str = ""
    arm: str = ""
    design: str = ""
    variant: str = ""
    levels: Annotated[int, Field(ge=1, le=50)] | None = None
    starting_level: Annotated[int, Field(ge=1)] = 1
    escalation: EscalationDesign | None = None
    seen: tuple[Seen, ...] | None = None
    at: int | None = None
    last: Seen | None = None
    outcomes: str | None = None
    participants: tuple[Participant, ...] | None = None
    window_days: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _data_once(self) -> "NextDoseCase":
        """Refuse data given twice, half or not at all, and a design given twice or not at all."""
        given = [each for each in (self.outcomes, self.seen, self.participants) if each is not None]
        if len(given) != 1 or (self.seen is None) != (self.at is None):
            raise ValueError("give `outcomes`, `seen` with `at`, or `participants`")
        by_protocol = bool(self.protocol and self.arm)
        by_name = bool(self.design and self.variant and self.levels)
        by_design = bool(self.escalation and self.levels)
        if by_protocol + by_name + by_design != 1:
            raise ValueError(
                "give `protocol` and `arm`, `design`, `variant` and `levels`, or `escalation` and "
                "`levels`"
            )
        return self


class NextDoseAnswer(Answer):
    """What the design says.

    Attributes
    ----------
    design : str
        Its name with the variant.
    act : {'escalate', 'stay', 'expand', 'de-escalate', 'wait', 'stop'}
        What to do next.
    level : int or None
        Dose level of the next participants; null when the escalation stops.
    cohort_size : int
        Participants who may be enrolled there next.
    mtd : int or None
        Estimate of the MTD, only when it stops.
    rule : str
        Short name of the rule that decided.
    because : str
        The sentence for the dose meeting.
    label : str
        `illustrative, ...` when the registry page states no such design; else empty.
    """

    design: str
    act: Act
    level: int | None
    cohort_size: int
    mtd: int | None
    rule: str
    because: str
    label: str


def answer(case: NextDoseCase, library: Library) -> dict[str, Any]:
    """Ask the design.

    Parameters
    ----------
    case : NextDoseCase
        Design and data.
    library : Library
        Gives the protocol, when one is named.

    Returns
    -------
    dict of str to object
        Act, next level, places, MTD estimate when it stops, and the reason.

    Raises
    ------
    Refusal
        If the design cannot have led to these data.
    """
    data, levels, label = _design(case, library)
    design = design_from(data, levels)
    decision = _decision(case, design, library)
    return NextDoseAnswer(
        design=design.name,
        act=decision.act,
        level=decision.level,
        cohort_size=decision.cohort_size,
        mtd=decision.mtd,
        rule=decision.rule,
        because=decision.because,
        label=label,
    ).told()


def _decision(case: NextDoseCase, design: Design, library: Library) -> Decision:
    """Ask the design in the form in which the data are given."""
    if case.participants is not None:
        people = _people(case.participants)
        window = case.window_days
        if case.protocol:
            window = library.study(case.protocol).required_arm(case.arm).dlt_window.days
        return decide_followed(design, people, window)
    if case.outcomes is not None:
        outcomes = read_outcomes(case.outcomes, design.levels)
        at = outcomes.last_level or design.starting_level
        return decide(design, outcomes.seen, at, outcomes.last_cohort)
    last = _counted((case.last,), "last")[0] if case.last else None
    return decide(design, _counted(case.seen or ()), case.at or 0, last)


def _people(participants: tuple[Participant, ...]) -> list[Treated]:
    """Read the participants; of somebody evaluable, nothing said about a DLT is not "no"."""
    faults = [
        Fault(
            f"participants.{place}.has_dlt",
            f"nothing of {shorten(each.participant, 20)}, who is evaluable",
            "true or false",
            "Say whether a DLT was seen",
        )
        for place, each in enumerate(participants)
        if each.standing == "evaluable" and each.has_dlt is None
    ]
    if faults:
        raise Refusal(faults)
    return [
        Treated(**{**each.model_dump(exclude={"id"}), "has_dlt": bool(each.has_dlt)})
        for each in participants
    ]


def _counted(seen: tuple[Seen, ...], where: str = "") -> tuple[LevelCount, ...]:
    """Read the counts, naming the dose level of every fault."""
    gathered, counts = Gathering(), []
    for place, each in enumerate(seen):
        with gathered.at(where or f"seen.{place}"):
            counts.append(LevelCount(each.evaluable, each.dlts, each.pending))
    gathered.end()
    return tuple(counts)


def _design(case: NextDoseCase, library: Library) -> tuple[EscalationDesign, int, str]:
    """Give the design that is asked, its number of levels, and the label of an illustrative one."""
    if case.protocol:
        arm = library.study(case.protocol).required_arm(case.arm)
        return arm.escalation, len(arm.ladder.doses), arm.escalation.label
    if case.escalation:
        return case.escalation, case.levels or 0, case.escalation.label
    named = [name for name, row in CATALOGUE.items() if row.variants]
    if case.design not in named:
        do = "Name one of them, or write the design as `escalation`"
        raise refuse("design", case.design, ", ".join(named), do)
    variants = CATALOGUE[case.design].variants
    if case.variant not in variants:
        raise refuse("variant", case.variant, ", ".join(variants), "Name the variant")
    data = ThreePlusThreeDesign.model_validate(
        {"name": case.design, "variant": case.variant, "starting_level": case.starting_level}
    )
    return data, case.levels or 0, ""
