"""Exceptions and deviations on record: they open the way in, and no verdict changes."""

import re

from trialwright.conduct.acts import RecordException
from trialwright.conduct.happenings import Happening
from trialwright.conduct.screening import known
from trialwright.conduct.state import TrialState
from trialwright.terms.errors import Fault, Refusal

_SAID = re.compile(r"\S")


def record_exception(state: TrialState, act: RecordException) -> tuple[Happening, ...]:
    """Record that an exception was granted, or a deviation found, for one criterion.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : RecordException
        Participant, criterion, who granted it, and why.

    Returns
    -------
    tuple of Happening
        `exception_recorded`; the criterion's verdict stays what it is.

    Raises
    ------
    Refusal
        If the participant has not consented, the protocol has no such criterion, nobody is named
        who granted it, no reason is given, or an exception would come after the registration.
    """
    here = known(state, act.participant, act.on)
    faults = []
    if state.study.criterion(act.criterion) is None:
        listed = ", ".join(each.id for each in state.study.criteria)
        faults.append(Fault("criterion", act.criterion, listed, "Name a criterion"))
    for field, words in (("granted_by", act.granted_by), ("reason", act.reason)):
        if not _SAID.search(words):
            faults.append(Fault(field, "nothing", "words", "Say it: an inspector will ask"))
    if act.sort == "exception" and here.registered_on and act.on > here.registered_on:
        faults.append(
            Fault(
                "sort",
                f"an exception after registration on {here.registered_on.isoformat()}",
                "an exception beforehand, a deviation afterwards",
                "Record a deviation",
            )
        )
    if faults:
        raise Refusal(faults)
    payload = {"criterion": act.criterion, "sort": act.sort, "granted_by": act.granted_by}
    return (Happening("exception_recorded", act.participant, act.on, {**payload}, act.reason),)
