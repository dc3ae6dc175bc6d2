"""Which statuses are in force on a day: what acts changed, and else what the protocol states."""

from datetime import date

from trialwright.conduct.state import TrialState
from trialwright.conduct.statuses import InForce, Statuses, latest
from trialwright.protocol.study import Site


def statuses_on(state: TrialState, as_of: date) -> Statuses:
    """Give the statuses in force on a day.

    Parameters
    ----------
    state : TrialState
        Where the trial stands; changes of later days are passed over.
    as_of : date
        The day; what changed on that day counts.

    Returns
    -------
    Statuses
        As the protocol states them, unless an act says otherwise. No site is in force as active
        while an act holds the trial suspended or closed.
    """
    trial = trial_on(state, as_of)
    sites = state.study.sites
    return Statuses(
        as_of,
        trial,
        {each.id: _held_by(trial, own_status_on(state, each, as_of)) for each in sites},
    )


def trial_on(state: TrialState, as_of: date) -> InForce:
    """Give the status of the trial on a day.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    as_of : date
        The day.

    Returns
    -------
    InForce
        With the act or the version of the protocol that says so.
    """
    change = latest(state.trial_changes, as_of)
    if change is not None:
        return InForce(change.status, str(change), change)
    return _as_written(state, state.study.status)


def own_status_on(state: TrialState, site: Site, as_of: date) -> InForce:
    """Give the status of a site on a day, whatever the trial's is.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    site : Site
        A site of the protocol.
    as_of : date
        The day.

    Returns
    -------
    InForce
        With the act or the version of the protocol that says so.
    """
    change = latest(state.site_changes.get(site.id, ()), as_of)
    if change is not None:
        return InForce(change.status, str(change), change)
    return _as_written(state, site.status)


def _as_written(state: TrialState, status: str) -> InForce:
    """Give a status that no act has changed."""
    return InForce(status, f"{status}, as version {state.study.version} of the protocol states")


def _held_by(trial: InForce, own: InForce) -> InForce:
    """Give a site's status under the trial's: an act that suspends the trial holds every site.

    One that closes it is among the site's own acts already.
    """
    is_held = trial.change is not None and trial.status == "suspended" and own.status == "active"
    return trial if is_held else own
