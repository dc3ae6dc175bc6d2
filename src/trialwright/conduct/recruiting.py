"""Opening, suspending, closing and reopening the trial and its sites, and what that holds up.

Not yet active, then active; suspended and active again; closed until it is reopened.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialwright.conduct.acts import Act, Consent, OpenTrial, Register
from trialwright.conduct.happenings import Happening
from trialwright.conduct.in_force import own_status_on, statuses_on, trial_on
from trialwright.conduct.recruiting_acts import (
    CloseSite,
    CloseTrial,
    OpenSite,
    ReopenSite,
    ReopenTrial,
    SiteMove,
    SuspendSite,
    SuspendTrial,
    TrialMove,
)
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.conduct.statuses import ENDED, InForce, StatusChange, Statuses, latest
from trialwright.terms.errors import Fault, Refusal, refuse, shorten


@dataclass(frozen=True, slots=True)
class Move:
    """One way from a status to another.

    Attributes
    ----------
    happening : str
        What is recorded.
    starts : tuple of str
        Statuses from which it leads.
    to : str
        The status it leads to.
    """

    happening: str
    starts: tuple[str, ...]
    to: str


TRIAL_MOVES: Mapping[type, Move] = MappingProxyType(
    {
        SuspendTrial: Move("trial_suspended", ("active",), "suspended"),
        CloseTrial: Move("trial_closed", ("active", "suspended"), "closed"),
        ReopenTrial: Move("trial_reopened", ("suspended", *ENDED), "active"),
    }
)
"""Act to what it does to a trial; an open one is first opened by `OpenTrial`."""

SITE_MOVES: Mapping[type, Move] = MappingProxyType(
    {
        OpenSite: Move("site_opened", ("not yet active",), "active"),
        SuspendSite: Move("site_suspended", ("active",), "suspended"),
        CloseSite: Move("site_closed", ("not yet active", "active", "suspended"), "closed"),
        ReopenSite: Move("site_reopened", ("suspended", "closed"), "active"),
    }
)
"""Act to what it does to a site."""


def open_trial(state: TrialState, act: OpenTrial) -> tuple[Happening, ...]:
    """Open the trial, once.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : OpenTrial
        Day of the act.

    Returns
    -------
    tuple of Happening
        `trial_opened`.

    Raises
    ------
    Refusal
        If it was opened before, or the protocol states that it is suspended or has ended.
    """
    study, last = state.study, latest(state.trial_changes)
    if state.opened_on is not None:
        is_open = last is None or last.status == "active"
        found = f"open since {state.opened_on.isoformat()}" if is_open else str(last)
        do = "Nothing is to do" if is_open else "Reopen the trial, with the reason"
        raise refuse("trial", found, "a trial not yet open", do)
    if study.status in TRIAL_MOVES[ReopenTrial].starts:
        raise refuse("trial", trial_on(state, act.on).because, "active or not yet active",
                     "Reopen the trial, with the reason, or correct the protocol")  # fmt: skip
    payload = {"nct": study.identifiers.nct, "protocol_version": study.version}
    return (Happening("trial_opened", study.identifiers.nct, act.on, payload, act.reason.strip()),)


def change_trial(state: TrialState, act: TrialMove) -> tuple[Happening, ...]:
    """Suspend, close or reopen the trial.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : SuspendTrial or CloseTrial or ReopenTrial
        Day and reason.

    Returns
    -------
    tuple of Happening
        `trial_suspended`, `trial_closed` or `trial_reopened`.

    Raises
    ------
    Refusal
        If the trial stands otherwise, no reason is given, or a later change was recorded before.
    """
    move, now = TRIAL_MOVES[type(act)], trial_on(state, act.on)
    before = [("the trial", latest(state.trial_changes))]
    if isinstance(act, CloseTrial):  # the sites close with it
        before += [
            (f"site {each}", latest(state.site_changes[each])) for each in state.site_changes
        ]
    faults = [*_day_faults(act, before), *_reason_faults(act)]
    if not faults:
        faults = [*_move_faults("trial", now, move)]
    if faults:
        raise Refusal(faults)
    return (_moved(move, state.study.identifiers.nct, act, now),)


def change_site(state: TrialState, act: SiteMove) -> tuple[Happening, ...]:
    """Open, suspend, close or reopen a site.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : OpenSite or SuspendSite or CloseSite or ReopenSite
        Site, day and reason.

    Returns
    -------
    tuple of Happening
        `site_opened`, `site_suspended`, `site_closed` or `site_reopened`.

    Raises
    ------
    Refusal
        If the protocol has no such site, the site or the trial stands otherwise, no reason is
        given where one is needed, or a later change was recorded before.
    """
    site = next((each for each in state.study.sites if each.id == act.site), None)
    if site is None:
        raise _no_such_site(act.site, [each.id for each in state.study.sites])
    move, now = SITE_MOVES[type(act)], own_status_on(state, site, act.on)
    before = [
        ("the trial", state.trial_changes[0] if state.trial_changes else None),
        (f"site {act.site}", latest(state.site_changes.get(act.site, ()))),
    ]
    faults = [*_day_faults(act, before), *_reason_faults(act)]
    if not faults:
        trial = trial_on(state, act.on)
        if move.to == "active" and trial.status == "closed":
            faults.append(Fault("trial", trial.because, "a trial that is not closed",
                                "Reopen the trial first, with the reason"))  # fmt: skip
        faults += _move_faults(f"site {act.site}", now, move)
    if faults:
        raise Refusal(faults)
    return (_moved(move, act.site, act, now),)


def require_recruiting(state: TrialState, act: Act, actor: Actor) -> None:
    """Refuse to let somebody new in while the trial or the site takes nobody.

    Parameters
    ----------
    state : TrialState
        Where the trial stands.
    act : Act
        What is asked; only consent and registration are held up.
    actor : Actor
        Who asks, at which site.

    Raises
    ------
    Refusal
        Naming the act, day and reason for each status in the way. A protocol that names sites
        takes participants at those alone.
    """
    if not isinstance(act, Consent | Register):
        return
    if state.opened_on is not None and act.on < state.opened_on:
        return  # refused for its day, in the words of the act itself
    here, statuses = state.participants.get(act.participant), statuses_on(state, act.on)
    at = dict.fromkeys((actor.site, here.site) if here and isinstance(act, Register)
                       else (actor.site,))  # fmt: skip
    faults = [*_held_up(statuses, tuple(at))]
    if faults:
        raise Refusal(faults)


def _held_up(statuses: Statuses, sites: tuple[str, ...]) -> Iterator[Fault]:
    """Name each status that lets nobody new in; the trial's is told once."""
    going_on = "participants already registered go on"
    trial = statuses.trial
    if trial.status != "active":
        yield Fault("trial", trial.because, "an active trial on the day of the act",
                    f"Wait until the trial is reopened; {going_on}")  # fmt: skip
    for site in sites:
        now = statuses.sites.get(site)
        if now is None and statuses.sites:
            yield from _no_such_site(site, list(statuses.sites)).faults
        elif now is not None and now.status != "active" and now is not trial:
            opened = "opened" if now.status == "not yet active" else "reopened"
            yield Fault(f"site {site}", now.because, "an active site on the day of the act",
                        f"Wait until the site is {opened}; {going_on}")  # fmt: skip


def _moved(move: Move, subject: str, act: TrialMove | SiteMove, now: InForce) -> Happening:
    """Give what is recorded: the status before, and the reason where it can be redacted."""
    return Happening(move.happening, subject, act.on, {"was": now.status}, act.reason.strip())


def _move_faults(what: str, now: InForce, move: Move) -> Iterator[Fault]:
    """Refuse a move that does not lead from where the trial or site stands."""
    if now.status in move.starts:
        return
    kind = what.partition(" ")[0]
    if now.status == move.to:
        do = "Nothing is to do"
    elif now.status == "not yet active":
        do = f"Open the {kind} first"
    elif move.to == "active":
        do = f"Reopen the {kind}, with the reason"
    else:
        do = f"Reopen the {kind} first, with the reason"
    yield Fault(what, now.because, f"{_either(move.starts)}, to become {move.to}", do)


def _either(words: tuple[str, ...]) -> str:
    """Join words that stand for one another."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _day_faults(
    act: TrialMove | SiteMove, before: list[tuple[str, StatusChange | None]]
) -> Iterator[Fault]:
    """Refuse a day before that of a change already recorded: statuses follow one another."""
    for what, last in before:
        if last is not None and act.on < last.on:
            yield Fault(
                "on",
                f"{act.on.isoformat()}, before {what} became {last.status} on "
                f"{last.on.isoformat()} (happening {last.sequence})",
                f"{last.on.isoformat()} or later",
                "Correct the day",
            )


def _reason_faults(act: TrialMove | SiteMove) -> Iterator[Fault]:
    """Refuse to suspend, close or reopen without the reason."""
    if not isinstance(act, OpenSite) and not act.reason.strip():
        yield Fault("reason", "no reason", "a reason", "Say why, without naming a participant")


def _no_such_site(site: str, names: list[str]) -> Refusal:
    """Say which sites there are."""
    allowed = ", ".join(names) or "none; the protocol names no site"
    return refuse("site", shorten(site), allowed, "Name a site of the protocol")
