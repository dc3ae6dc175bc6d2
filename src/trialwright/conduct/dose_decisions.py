"""Dose decisions: the advice of the design, what people decide, and who has signed it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from trialwright.conduct.acts import DecideDose
from trialwright.conduct.cohort_control import control
from trialwright.conduct.dlt_statuses import free_places
from trialwright.conduct.dose_decision_acts import ChooseRp2d, Override
from trialwright.conduct.dose_meeting import (
    LaidOut,
    backfill_of,
    design_at,
    lay_out,
    prepare,
)
from trialwright.conduct.happenings import Happening
from trialwright.conduct.shown import content_digest
from trialwright.conduct.signing_acts import Target
from trialwright.conduct.state import TrialState
from trialwright.escalation.decision import LevelCount
from trialwright.terms.canonical import Json
from trialwright.terms.errors import Fault, Refusal, refuse, shorten

if TYPE_CHECKING:
    from trialwright.escalation.advice import Advice

FORM = 2
"""Form of the payload: since 2 with advice, override, minutes, attendance and inputs."""

AGREES = ("approved", "responsible")
"""Meanings of a signature by which somebody agrees with a decision."""


def decide_dose(state: TrialState, act: DecideDose) -> tuple[Happening, ...]:
    """Take the dose decision of an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : DecideDose
        Arm, day and data cutoff; minutes, who attended, and what people decide otherwise.

    Returns
    -------
    tuple of Happening
        `dose_decided`, with the advice, the inputs frozen at the cutoff and the design's reason. It
        may be to stay, when the cohort has no free place and the design asks for more all the same.

    Raises
    ------
    Refusal
        If places of the open cohort are free or participants are in the window (the advice is
        then none to follow; people may still decide otherwise), if what people decide is not
        admissible or has no reason, if a later decision was taken before, if people hold the
        cohort, if somebody attended who is not in the delegation log, and as `prepare`. Where the
        design refuses the data, people may decide all the same, without its advice.
    """
    faults = [*_day_faults(state, act), *_attendance_faults(state, act)]
    if faults:
        raise Refusal(faults)
    laying = prepare if act.override is None else lay_out
    meeting = laying(state, act.arm, act.cutoff)
    advice = advice_of(state, meeting)
    if act.override is None:
        _require_complete(state, act, meeting, advice)
    else:
        _require_admissible(state, act.arm, advice, act.override)
    payload = {
        **decided(meeting, advice, act.override),
        "minutes": act.minutes.strip(),
        "attended": list(act.attended),
    }
    reason = act.override.reason.strip() if act.override else ""
    return (Happening("dose_decided", f"arm-{act.arm}", act.on, payload, reason, FORM),)


def decided(meeting: LaidOut, advice: "Advice", override: Override | None) -> dict[str, Json]:
    """Write what a dose meeting had before it and what came of it.

    Parameters
    ----------
    meeting : LaidOut
        Who counts, and the tally.
    advice : Advice
        What the design says to them, with what it rests on.
    override : Override or None
        What people decide otherwise.

    Returns
    -------
    dict of str to Json
        Equal for equal arguments; the reason of an override stands beside it.
    """
    last = meeting.data.last
    return {
        "arm": meeting.arm,
        "cutoff": meeting.cutoff.isoformat(),
        **_outcome(meeting, advice, override),
        "counts": [_count(each) for each in meeting.counts],
        **_beside(meeting),
        "participants": [
            {
                "participant": each.participant,
                "dose_level": each.dose_level,
                "state": each.evaluable.state,
                "because": each.evaluable.because,
                **({"followed": each.followed} if each.evaluable.state == "pending" else {}),
                **({"is_backfilled": True} if each.is_backfilled else {}),
            }
            for each in meeting.statuses
        ],
        "advice": {
            "act": advice.act,
            "level": advice.level,
            "highest_admissible": advice.highest_admissible,
            "cohort_size": advice.cohort_size,
            "mtd": advice.mtd,
            "rule": advice.rule,
            "because": advice.because,
        },
        "is_overridden": override is not None,
        "inputs": {
            "at": meeting.data.at,
            "last": _count(last) if last else None,
            "design": advice.design,
            "design_digest": advice.design_digest,
            "data_digest": advice.data_digest,
        },
    }


def advice_of(state: TrialState, meeting: LaidOut) -> "Advice":
    """Give what the design advises at a dose meeting, with what it rests on.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    meeting : LaidOut
        As laid out.

    Returns
    -------
    Advice
        The decision of the meeting, or that there is no advice, with digests of design and data.
    """
    from trialwright.escalation.advice import advised, unadvised  # NumPy, which most do without

    around, data = backfill_of(state.study.required_arm(meeting.arm)), meeting.data
    if around is not None and meeting.beside is not None:
        from trialwright.escalation.backfilling import together

        data = together(meeting.beside)
    design = design_at(state, meeting.arm, meeting.cutoff) if around is None else around.design
    if meeting.decision is None:
        return unadvised(design, data, Refusal(meeting.refused), around)
    return advised(design, data, meeting.decision, around)


def missing_signatures(state: TrialState, arm: str, on: date) -> tuple[str, ...]:
    """Give the roles that have yet to sign the last dose decision of an arm.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    on : date
        Signatures up to this day count.

    Returns
    -------
    tuple of str
        In the order of the protocol; empty before the first decision.
    """
    decision = state.oversight.last_decision(arm)
    if decision is None:
        return ()
    target = Target("dose-decision", f"arm-{arm}", sequence=decision.sequence)
    stands = content_digest(state, target)
    given = {
        each.role
        for each in state.oversight.signatures
        if each.target == target
        and each.digest == stands
        and each.meaning in AGREES
        and date.fromisoformat(each.at[:10]) <= on
    }
    return tuple(role for role in state.study.dose_decisions.signed_by if role not in given)


def require_decision_signed(state: TrialState, arm: str, on: date) -> None:
    """Refuse a place in a cohort whose dose decision waits for signatures.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    arm : str
        Arm id.
    on : date
        Signatures up to this day count.

    Raises
    ------
    Refusal
        If the protocol opens a cohort once its decision is signed, naming the roles that have not.
    """
    if not state.study.dose_decisions.opens_when_signed:
        return
    missing, decision = missing_signatures(state, arm, on), state.oversight.last_decision(arm)
    if missing and decision is not None:
        raise refuse(f"arm {arm}", f"the dose decision of happening {decision.sequence}, not "
                     f"signed by {', '.join(missing)} by {on.isoformat()}",
                     "a decision that each role of the protocol has signed",
                     "Let them sign it as approved or responsible")  # fmt: skip


def choose_rp2d(state: TrialState, act: ChooseRp2d) -> tuple[Happening, ...]:
    """Record the RP2D that people chose.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : ChooseRp2d
        Arm, dose level, day and reason.

    Returns
    -------
    tuple of Happening
        `rp2d_chosen`, beside the design's estimate of the MTD.

    Raises
    ------
    Refusal
        If the escalation goes on, nobody took a dose at that level by that day, it is above the
        MTD, no reason is given, or a later decision was recorded before.
    """
    state.study.required_arm(act.arm)
    cohort, decision = state.cohorts.get(act.arm), state.oversight.last_decision(act.arm)
    faults = []
    if cohort is None or cohort.level is not None or decision is None:
        found = cohort.because if cohort else "the trial is not open"
        faults.append(Fault(f"arm {act.arm}", found, "an escalation that has ended",
                            "Hold the last dose meeting first"))  # fmt: skip
    elif act.on < decision.on:
        faults.append(Fault("on", act.on.isoformat(), f"{decision.on.isoformat()} or later",
                            "Correct the day"))  # fmt: skip
    mtd = decision.payload["mtd"] if decision else None
    treated = sorted(
        {
            each.dose_level or 0
            for each in state.of_arm(act.arm)
            if any(dose.was_taken and dose.on <= act.on for dose in each.doses)
        }
    )
    allowed = [str(each) for each in treated if not isinstance(mtd, int) or each <= mtd]
    if str(act.level) not in allowed:
        faults.append(Fault("level", f"dose level {shorten(act.level)}",
                            ", ".join(allowed) or "none; nobody was treated",
                            "Choose a level that was treated, not above the MTD"))  # fmt: skip
    if not act.reason.strip():
        faults.append(Fault("reason", "no reason", "a reason", "Say why this level"))
    if faults:
        raise Refusal(faults)
    payload: dict[str, Json] = {"arm": act.arm, "level": act.level, "mtd": mtd}
    return (Happening("rp2d_chosen", f"arm-{act.arm}", act.on, payload, act.reason.strip()),)


def _outcome(
    meeting: LaidOut, advice: "Advice", override: Override | None
) -> Mapping[str, Json]:  # fmt: skip
    """Write what was decided: by the design, or by people."""
    if override is None:
        return {
            "act": advice.act,
            "level": advice.level,
            "cohort_size": advice.cohort_size,
            "mtd": advice.mtd,
            "rule": advice.rule,
            "because": advice.because,
        }
    level, at = override.level, meeting.data.at
    if level is None:
        act, done = "stop", "the escalation ends"
    else:
        act = "escalate" if level > at else "de-escalate" if level < at else "stay"
        done = f"dose level {level} for {override.cohort_size}"
    advised = "advised was to stop"
    if meeting.decision is None:
        advised = advice.act
    elif advice.level is not None:
        advised = f"advised was {advice.act} at dose level {advice.level}"
    return {
        "act": act,
        "level": level,
        "cohort_size": override.cohort_size,
        "mtd": None,
        "rule": "people",
        "because": f"{done}, decided by people; {advised}: {advice.because}",
    }


def _count(count: LevelCount) -> dict[str, Json]:
    """Write a tally."""
    return {"evaluable": count.evaluable, "dlts": count.dlts, "pending": count.pending}


def _beside(meeting: LaidOut) -> dict[str, Json]:
    """Write what was seen of those backfilled, in an arm with backfill."""
    if meeting.beside is None:
        return {}
    counts, responses = meeting.beside.more, meeting.beside.responses
    return {"backfilled": [_count(each) for each in counts], "responses": list(responses)}


def _require_complete(
    state: TrialState, act: DecideDose, meeting: LaidOut, advice: "Advice"
) -> None:
    """Refuse to follow the advice while there is nothing to decide."""
    is_open = advice.act == "stay" and (
        free_places(state.cohorts.get(act.arm), meeting.statuses) > 0
    )
    if advice.act == "wait" or is_open:
        raise refuse(f"arm {act.arm}", advice.because, "a cohort that is complete",
                     "Complete the cohort, or wait for the DLT windows")  # fmt: skip


def _require_admissible(state: TrialState, arm: str, advice: "Advice", override: Override) -> None:
    """Refuse what people may not decide, or decide without a reason."""
    faults, level, size = [], override.level, override.cohort_size
    levels = len(state.study.required_arm(arm).ladder.doses)
    if level is None and size != 0:
        faults.append(
            Fault("cohort_size", shorten(size), "0 when the escalation ends", "Correct it")
        )
    if level is not None and not 1 <= size <= state.study.sample_size.participants:
        most = state.study.sample_size.participants
        faults.append(Fault("cohort_size", shorten(size), f"1-{most}", "Correct it"))
    is_freed = state.study.dose_decisions.above_admissible and level is not None
    if is_freed and 1 <= (level or 0) <= levels and level != advice.level:
        if not override.reason.strip():
            faults.append(Fault("reason", "nothing", "a reason in words", "Say why"))
    else:
        try:
            advice.overridden(level, override.reason, "principal-investigator")
        except Refusal as refused:
            faults += refused.faults
    if faults:
        raise Refusal(faults)


def _day_faults(state: TrialState, act: DecideDose) -> Iterator[Fault]:
    """Refuse a cutoff after the meeting, a meeting before the last one, and one during a hold."""
    if act.cutoff > act.on:
        yield Fault("cutoff", act.cutoff.isoformat(), f"{act.on.isoformat()} or earlier",
                    "Cut off the data by the day of the meeting")  # fmt: skip
    cohort = state.cohorts.get(act.arm)
    if cohort and cohort.opened_on and act.on < cohort.opened_on:
        found = f"{act.on.isoformat()}, before the decision of {cohort.opened_on.isoformat()}"
        yield Fault("on", found, "the day of the last decision or later", "Correct the day")
    if cohort and (now := control(state, act.arm, act.on)).word == "on hold":
        yield Fault(f"cohort of arm {act.arm}", f"on hold: {now.because}",
                    "a cohort that is not on hold",
                    "Resume the cohort first, with the reason")  # fmt: skip


def _attendance_faults(state: TrialState, act: DecideDose) -> Iterator[Fault]:
    """Refuse somebody whom the delegation log does not know; nothing typed is shown."""
    known = {each.account for each in state.oversight.delegations}
    for place, account in enumerate(act.attended):
        if account not in known:
            yield Fault(f"attended.{place}", "an account of which no person is known",
                        "accounts of the delegation log",
                        "Name who attended without an account in the minutes")  # fmt: skip
