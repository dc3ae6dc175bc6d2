"""Which version of the protocol decides an act."""

from trialwright.conduct.acts import Act
from trialwright.conduct.amendment_records import ProtocolVersion
from trialwright.conduct.clinical_acts import Correct
from trialwright.conduct.delegating import site_of
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState


def version_for(state: TrialState, act: Act, actor: Actor) -> ProtocolVersion | None:
    """Give the version by which an act is decided.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked.
    actor : Actor
        Who asks.

    Returns
    -------
    ProtocolVersion or None
        The one in force on the day of the act at the site where it takes place; of a correction,
        the one by which the record was made. None while the protocol was never amended.
    """
    if not state.amendments.versions:
        return None
    if isinstance(act, Correct):
        here = state.participants.get(act.participant)
        records = here.records if here else ()
        made = next((each for each in records if each.sequence == act.sequence), None)
        if made is not None:
            return state.amendments.under(made.protocol)
    return state.amendments.at(site_of(state, act, actor), act.on)
