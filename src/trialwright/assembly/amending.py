"""Amendments in a ledger's folder: recorded, activated, consented to, and told."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from trialwright.assembly import ledgers
from trialwright.assembly.gateway import Done, Gateway
from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import MOST_SAID, at_the_ledger, state_on
from trialwright.conduct.amending import reconsents_due
from trialwright.conduct.amendment_acts import ActivateAmendment, AmendProtocol, RecordReconsent
from trialwright.conduct.happenings import Happening
from trialwright.conduct.state import TrialState
from trialwright.protocol.reading import ReadProtocol
from trialwright.protocol.study import Study
from trialwright.registry.amending.building import version_of_study
from trialwright.registry.amending.differences import differences
from trialwright.terms.errors import refuse, shorten


def amend_in(
    folder: Path, protocol: str, new: str, on: date, reason: str, account: str, role: str,
    at: str = "", consent_within: int | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Record an amendment, with what it changes.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file: the version with which the trial began, or any
        that the ledger holds.
    new : str
        File of the new version.
    on : date
        Day of the amendment.
    reason : str
        Why.
    account, role : str
        Who acts; recorded as said, for nobody has signed in.
    at : str
        Site of the account; empty: the only site of the protocol.
    consent_within : int or None, days
        Within how many days participants consent again; None: nobody needs to.

    Returns
    -------
    tuple of str
        What was recorded, what changes, and the receipt.

    Raises
    ------
    Refusal
        If the act is refused, or protocol or ledger cannot be used.
    """
    gateway, actor = at_the_ledger(folder, protocol, account, role, at)
    act = amendment_to(gateway, load(new), on, reason, consent_within)
    return _told(gateway.execute(act, actor))


def amendment_to(
    gateway: Gateway, new: ReadProtocol, on: date, reason: str, consent_within: int | None
) -> AmendProtocol:
    """Make the act that records a version, with what it changes from the one before.

    Parameters
    ----------
    gateway : Gateway
        Of the trial.
    new : ReadProtocol
        The new version.
    on : date
        Day of the amendment.
    reason : str
        Why.
    consent_within : int or None, days
        Within how many days participants consent again; None: nobody needs to.

    Returns
    -------
    AmendProtocol
        Undecided yet; the first amendment brings the text before it.
    """
    versions = gateway.state().amendments.versions
    old = versions[-1].study if versions else gateway.protocol.study
    first = "" if versions else gateway.protocol.text
    changes = changes_between(old, new.study)
    return AmendProtocol(new.text, on, reason, changes, consent_within, first)


def act_on_amendment(
    folder: Path, protocol: str, act: ActivateAmendment | RecordReconsent, account: str,
    role: str, at: str = "",
) -> tuple[str, ...]:  # fmt: skip
    """Activate a version, or record a consent to it.

    Parameters
    ----------
    folder, protocol, account, role, at
        As in `amend_in`.
    act : ActivateAmendment or RecordReconsent
        What is asked.

    Returns
    -------
    tuple of str
        What was recorded, and the receipt.

    Raises
    ------
    Refusal
        If the act is refused, or protocol or ledger cannot be used.
    """
    gateway, actor = at_the_ledger(folder, protocol, account, role, at)
    return _told(gateway.execute(act, actor))


def versions_told(folder: Path, protocol: str, as_of: date) -> tuple[str, ...]:
    """Say which versions there are, where each is in force, and who has yet to consent.

    Parameters
    ----------
    folder, protocol
        As in `amend_in`; the secret key may be elsewhere.
    as_of : date
        The day.

    Returns
    -------
    tuple of str
        Sentences.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken.
    """
    state = state_on(protocol, folder, as_of)
    return tuple(shorten(each, MOST_SAID) for each in _versions(state, as_of))


def text_of(folder: Path, protocol: str, version: int, as_of: date) -> str:
    """Give the text of a version, as the ledger holds it.

    Parameters
    ----------
    folder, protocol
        As in `amend_in`; the secret key may be elsewhere.
    version : int
        Its number; 0: the version with which the trial began.
    as_of : date
        Amendments up to this day count.

    Returns
    -------
    str
        Its digest is that of the happenings recorded under it.

    Raises
    ------
    Refusal
        If protocol or ledger cannot be taken, or there is no such version.
    """
    state = state_on(protocol, folder, as_of)
    versions = state.amendments.versions
    if not 0 <= version < len(versions):
        allowed = f"0-{len(versions) - 1}" if versions else "none; the protocol was never amended"
        raise refuse("version", str(version), allowed, "Correct the number")
    place, name = versions[version].sequence, "text" if version else "first"
    store = ledgers.look_at(folder)
    record = next(store.records(state.study.identifiers.nct, place - 1))
    return str(record.happening.payload[name])


def changes_between(old: Study, new: Study) -> tuple[str, ...]:
    """Say what changes from one version to another.

    Parameters
    ----------
    old, new : Study
        The two versions.

    Returns
    -------
    tuple of str
        Changes of structure first, then words; then what was not compared.
    """
    told = differences(
        version_of_study(old, f"version {old.version}"),
        version_of_study(new, f"version {new.version}"),
    )
    return (
        *(each.says for each in told.changes),
        *(each.says for each in told.wording),
        *told.not_compared,
    )


def _told(done: Done) -> tuple[str, ...]:
    """Say what was recorded, and give the receipt."""
    said = (sentence for each in done.happenings for sentence in _sentences(each))
    return (*(shorten(each, MOST_SAID) for each in said), done.receipt_said)


def _sentences(done: Happening) -> Iterator[str]:
    """Say what was recorded."""
    told, on = done.payload, done.on.isoformat()
    match done.act:
        case "protocol_amended":
            named = f"version {told['number']} ({told['label']})"
            yield f"{named} is on record from {on}: {done.reason}"
            yield from (f"  {each}" for each in told["changes"] or ())  # type: ignore[union-attr]
        case "amendment_activated":
            yield f"version {told['version']} is in force at {told['site']} from {on} on"
        case _:
            yield f"{done.subject} consented to version {told['version']} on {on}"


def _versions(state: TrialState, as_of: date) -> Iterator[str]:
    """Say the versions of a trial."""
    held = state.amendments
    if not held.versions:
        yield f"version {state.study.version}, never amended"
        return
    for each in held.versions:
        began = f"amended on {each.on.isoformat()}: {each.reason}" if each.on else "the first"
        yield f"version {each.number} ({each.study.version}), {began}"
        yield from (f"  {change}" for change in each.changes)
    for site, activations in sorted(held.activations.items()):
        for activation in activations:
            since = activation.on.isoformat()
            yield f"version {activation.version} is in force at {site} since {since}"
    for due in reconsents_due(state, as_of):
        yield (
            f"{due.participant} ({due.site}) has yet to consent to version {due.version}: "
            f"{due.standing}, last day {due.until.isoformat()}"
        )
