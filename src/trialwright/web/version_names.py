"""Names of protocol versions for people: as the protocol calls them, never a number beside it."""

from collections.abc import Collection
from datetime import date

from trialwright.conduct.amending import DueReconsent, reconsents_due
from trialwright.conduct.amendment_records import ProtocolVersion
from trialwright.conduct.state import TrialState


def name_of(version: ProtocolVersion) -> str:
    """Name a version.

    Parameters
    ----------
    version : ProtocolVersion
        On record.

    Returns
    -------
    str
        What the protocol calls it, and which amendment it is: `2 (amendment 1)`.
    """
    which = f"amendment {version.number}" if version.number else "before any amendment"
    return f"{version.study.version} ({which})"


def names_of(state: TrialState) -> dict[int, str]:
    """Name every version on record.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.

    Returns
    -------
    dict of int to str
        By the number under which acts name it; empty while the protocol was never amended.
    """
    return {each.number: name_of(each) for each in state.amendments.versions}


def reconsents_named(
    state: TrialState, on: date, numbers: Collection[str]
) -> list[tuple[DueReconsent, str]]:
    """Give who is to consent again, each with the name of the version.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    on : date
        The day.
    numbers : collection of str
        Study numbers of the participants whom the account may see.

    Returns
    -------
    list of (DueReconsent, str)
        Of these participants alone.
    """
    names = names_of(state)
    due = reconsents_due(state, on)
    return [(each, names[each.version]) for each in due if each.participant in numbers]
