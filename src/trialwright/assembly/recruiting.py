"""Statuses of trial and sites: changed by recorded acts, asked for a day, put into the record."""

from datetime import date
from pathlib import Path

from trialwright import __version__
from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.collecting import collecting_later
from trialwright.assembly.gateway import Done, Gateway
from trialwright.assembly.protocols import load
from trialwright.conduct.acts import OpenTrial
from trialwright.conduct.deciding import decide
from trialwright.conduct.folding import fold
from trialwright.conduct.happenings import Happening
from trialwright.conduct.in_force import statuses_on
from trialwright.conduct.recruiting_acts import SiteMove, TrialMove
from trialwright.conduct.roles import Actor
from trialwright.conduct.state import TrialState
from trialwright.conduct.statuses import STATUS_AFTER, Statuses
from trialwright.ledger.envelope import Envelope
from trialwright.ledger.envelope import check as check_envelope
from trialwright.protocol.reading import ReadProtocol
from trialwright.protocol.study import Study
from trialwright.registry.record import Record
from trialwright.terms.errors import refuse, shorten


def change_status(
    folder: Path,
    protocol: str,
    act: OpenTrial | TrialMove | SiteMove,
    account: str,
    role: str,
    at: str = "",
    *,
    create: bool = False,
) -> tuple[str, ...]:
    """Record an act that opens, suspends, closes or reopens the trial or a site.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    act : OpenTrial or TrialMove or SiteMove
        What is asked.
    account, role : str
        Who asks; recorded as said, for nobody has signed in.
    at : str
        Site of the account; empty: the only site of the protocol.
    create : bool
        Make the ledger in the folder; nothing is made when the act is refused.

    Returns
    -------
    tuple of str
        What was recorded, and the receipt.

    Raises
    ------
    Refusal
        If the act is refused, or protocol or ledger cannot be used.
    """
    read = load(protocol)
    actor = Actor(account, role, at or only_site(read.study))
    if create:
        _require_acceptable(read, act, actor)
    store = ledgers.make(folder) if create else ledgers.open_to_write(folder)
    gateway = Gateway(store, read, entered_at, "cli")
    return _told(gateway.execute(act, actor), gateway.trial)


def statuses_told(folder: Path, protocol: str, as_of: date) -> tuple[str, ...]:
    """Say which statuses are in force on a day, and by which act.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    as_of : date
        The day.

    Returns
    -------
    tuple of str
        The trial's, then each site's.

    Raises
    ------
    Refusal
        As `statuses_of`.
    """
    study = load(protocol).study
    found = statuses_of(study, folder, as_of)
    return (
        f"{study.identifiers.nct}: {shorten(found.trial.because, MOST_SAID)}",
        *(f"site {site}: {shorten(now.because, MOST_SAID)}" for site, now in found.sites.items()),
    )


def record_with_ledger(record: Record, protocol: str, ledger: Path, as_of: date) -> Record:
    """Show in a public record the statuses that a ledger holds.

    Parameters
    ----------
    record : Record
        Of the protocol.
    protocol : str
        NCT number of a shipped protocol, or the file of a whole one.
    ledger : Path
        Folder of the ledger, or its file there.
    as_of : date
        The day whose statuses are shown.

    Returns
    -------
    Record
        With the status of the trial and of each of its sites on that day.

    Raises
    ------
    Refusal
        If the protocol has faults, and as `statuses_of`.
    """
    folder = ledger.parent if ledger.name == ledgers.LEDGER else ledger
    return with_statuses(record, statuses_of(load(protocol).study, folder, as_of))


def statuses_of(study: Study, folder: Path, as_of: date) -> Statuses:
    """Give the statuses in force on a day by a ledger that is as it was entered.

    Parameters
    ----------
    study : Study
        The protocol in force.
    folder : Path
        Of the ledger; its secret key may be elsewhere.
    as_of : date
        The day.

    Returns
    -------
    Statuses
        Of the trial and its sites.

    Raises
    ------
    Refusal
        If the ledger cannot be opened, does not verify, or holds nothing of this trial.
    """
    return statuses_on(intact_state(study, folder, as_of), as_of)


def state_on(
    protocol: str, folder: Path, as_of: date | None, known_at: int | None = None
) -> TrialState:
    """Give the state of a trial on a day, by a ledger that is as it was entered.

    Parameters
    ----------
    protocol : str
        NCT number of a shipped protocol, or a file.
    folder : Path
        Of the ledger; its secret key may be elsewhere.
    as_of : date or None
        The day; None: every day that was entered.
    known_at : int or None
        What was entered after this sequence number is left out; None: nothing is.

    Returns
    -------
    TrialState
        What happened up to that day.

    Raises
    ------
    Refusal
        If the ledger cannot be opened, does not verify, or holds nothing of this trial.
    """
    return intact_state(load(protocol).study, folder, as_of, known_at)


def intact_state(
    study: Study, folder: Path, as_of: date | None, known_at: int | None = None
) -> TrialState:
    """Give the state of a trial on a day, where its protocol was read already.

    Parameters
    ----------
    study : Study
        The protocol with which the trial began.
    folder, as_of, known_at : Path, date or None, int or None
        As in `state_on`.

    Returns
    -------
    TrialState
        What happened up to that day.

    Raises
    ------
    Refusal
        As `state_on`.
    """
    ledgers.require_ledger(folder)
    store, trial = ledgers.look_at(folder), study.identifiers.nct
    if trial not in store.trials():
        raise refuse(str(folder), f"a ledger without {trial}", f"the ledger of {trial}",
                     "Correct the path or the protocol, or open the trial first")  # fmt: skip
    if not store.verify(trial).is_intact:
        raise refuse(str(folder), "a ledger that is not what was entered", "an intact ledger",
                     f"Ask what was changed: trialwright ledger verify {folder}")  # fmt: skip
    with collecting_later():
        return fold(study, store.records(trial), as_of, known_at)


def with_statuses(record: Record, statuses: Statuses) -> Record:
    """Put the statuses in force into a public record.

    Parameters
    ----------
    record : Record
        As the protocol states it.
    statuses : Statuses
        What is in force.

    Returns
    -------
    Record
        A site of which nothing is known keeps its status. A registry's own word for another status
        than the one in force is left out.
    """
    sites = tuple(
        site.model_copy(update={"status": statuses.sites[site.id].status})
        if site.id in statuses.sites
        else site
        for site in record.sites
    )
    changed: dict[str, object] = {"status": statuses.trial.status, "sites": sites}
    if statuses.trial.status != record.status:
        changed["publication"] = record.publication.model_copy(update={"status_word": ""})
    return record.model_copy(update=changed)


MOST_SAID = 400
"""Longest sentence shown, characters; the ledger keeps a longer one whole."""


def only_site(study: Study) -> str:
    """Give the one site there is, as the site of the account.

    Parameters
    ----------
    study : Study
        The protocol.

    Returns
    -------
    str
        Its id.

    Raises
    ------
    Refusal
        If the protocol names none, or several.
    """
    if len(study.sites) == 1:
        return study.sites[0].id
    names = ", ".join(site.id for site in study.sites) or "the site's short name"
    raise refuse("at", "no site of the account", names, "Say at which site the account acts: --at")


def at_the_ledger(
    folder: Path, protocol: str, account: str, role: str, at: str
) -> tuple[Gateway, Actor]:
    """Open the gateway of a ledger's folder, and say who acts.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    account, role : str
        Who acts; recorded as said, for nobody has signed in.
    at : str
        Site of the account; empty: the only site of the protocol.

    Returns
    -------
    tuple of (Gateway, Actor)
        To act with.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be used, or the site cannot be told.
    """
    read = load(protocol)
    actor = Actor(account, role, at or only_site(read.study))
    return Gateway(ledgers.open_to_write(folder), read, entered_at, "cli"), actor


def _require_acceptable(
    read: ReadProtocol, act: OpenTrial | TrialMove | SiteMove, actor: Actor
) -> None:
    """Decide the first act of a ledger before the ledger is made, so that a refusal leaves none."""
    (happening,) = decide(TrialState(read.study), act, actor)
    check_envelope(
        Envelope(
            format=1,
            trial=read.study.identifiers.nct,
            sequence=1,
            entered_at=entered_at(),
            happened_on=act.on.isoformat(),
            actor=actor.account,
            role=actor.role,
            site=actor.site,
            act=happening.act,
            subject=happening.subject,
            schema=happening.schema,
            protocol=read.digest,
            software=f"trialwright {__version__}",
        )
    )


def _told(done: Done, trial: str) -> tuple[str, ...]:
    """Say what was recorded, and give the receipt."""
    (happening,) = done.happenings
    return (
        shorten(_sentence(happening, trial), MOST_SAID),
        done.receipt_said,
    )


def _sentence(done: Happening, trial: str) -> str:
    """Say who has which status from when on, and why."""
    who = trial if done.subject == trial else f"site {done.subject} of {trial}"
    status, was = STATUS_AFTER[done.act], done.payload.get("was")
    why = f": {done.reason}" if done.reason else ""
    also = ""
    if done.act == "trial_closed":
        also = " (every site is closed with it)"
    elif done.act == "trial_reopened" and was == "closed":
        also = " (each site stays closed until it is reopened)"
    return f"{who} is {status} from {done.on.isoformat()} on{also}{why}"
