"""Imports: a file and a confirmed mapping, all of it in one transaction or nothing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.files import digest_of, read_text, write_new
from trialwright.assembly.gateway import Done, Gateway
from trialwright.assembly.import_plans import DOOR, Given, Import, PartlyPlannedError, Sees
from trialwright.assembly.planned_imports import plan
from trialwright.assembly.protocols import load
from trialwright.assembly.recruiting import only_site
from trialwright.conduct.roles import Actor
from trialwright.terms.errors import Fault, Refusal

MAPPINGS = "mappings"
"""Folder beside the ledger in which confirmed mappings are kept by their digest."""


def import_file(
    folder: Path, protocol: str, given: Given, actor: Actor, *, is_confirmed: bool
) -> tuple[str, ...]:
    """Import a file, or rehearse it.

    Parameters
    ----------
    folder : Path
        Of the ledger.
    protocol : str
        NCT number of a shipped protocol, or a file.
    given : Given
        File, kind and mapping.
    actor : Actor
        Who imports; an empty site is the only one of the protocol.
    is_confirmed : bool
        Whether it is recorded; otherwise everything is decided and taken back.

    Returns
    -------
    tuple of str
        Lines: what was read, what becomes of it, and the receipt.

    Raises
    ------
    Refusal
        With every fault of every row by line and column; nothing is recorded then. Of rows that
        could be read beside others that could not, what would be refused is told, too. A file that
        was imported before is refused.
    """
    read = load(protocol)
    store = ledgers.open_to_write(folder)
    gateway = Gateway(store, read, entered_at, DOOR)
    who = actor if actor.site else replace(actor, site=only_site(read.study))
    planned = taken_up(gateway, given, who)
    done = carry_out(gateway, folder, planned, given, who, is_confirmed=is_confirmed)
    if not planned.steps:
        return (*planned.told, "nothing to record")
    if not is_confirmed:
        return (*planned.told, "rehearsed, and nothing is recorded; --confirm records it")
    return (*planned.told, f"recorded as {len(done)} entries", done[-1].receipt_said)


class UntakenError(Refusal):
    """Some of a file keeps all of it out; the rest was rehearsed, and nothing is recorded.

    Attributes
    ----------
    faults : tuple of Fault
        Those of what keeps it out, a line on the rest, and what would be refused of that.
    note : Fault
        That line.
    planned : Import
        What was rehearsed.
    """

    def __init__(self, faults: Sequence[Fault], beside: Sequence[Fault], planned: Import) -> None:
        out, rest = _keeping_out(faults)
        more = f"{len(beside)} faults" if len(beside) > 1 else "1 fault" if beside else "no fault"
        follows = " follows" if len(beside) == 1 else " follow" if beside else ""
        self.note = Fault(
            "", f"{out} all out; of {rest}, {more}{follows}",
            "a file of which every part can be recorded",
            "Correct those first: they may bring more", planned.file,
        )  # fmt: skip
        super().__init__((*faults, self.note, *beside))
        self.planned = planned


def _keeping_out(faults: Sequence[Fault]) -> tuple[str, str]:
    """Say how much keeps a file out, and what is left: rows of a table, or parts of a record."""
    lines = {each.line for each in faults}
    if all(lines):
        out = "1 row keeps" if len(lines) == 1 else f"{len(lines)} rows keep"
        return out, "the rows that could be read"
    out = "1 fault keeps" if len(faults) == 1 else f"{len(faults)} faults keep"
    return out, "what could be read"


def taken_up(gateway: Gateway, given: Given, who: Actor, sees: Sees | None = None) -> Import:
    """Say what a file would record; where parts keep it out, rehearse the rest to tell all faults.

    Parameters
    ----------
    gateway : Gateway
        Of the trial.
    given : Given
        File, kind and mapping.
    who : Actor
        Who imports.
    sees : callable (ParticipantState) -> bool, or None
        As `plan` takes it.

    Returns
    -------
    Import
        Acts and counts.

    Raises
    ------
    UntakenError
        If a part of it cannot be read, contradicts another one, or is of nobody whom the importer
        may look at. What may rest on such a part is not asked, so that what is told is certain.
    Refusal
        If the file cannot be taken up in another way.
    """
    try:
        return plan(gateway, given, sees)
    except PartlyPlannedError as partly:
        kept_out, planned = partly.faults, partly.planned
    if not planned.steps:
        raise Refusal(kept_out)
    beside: tuple[Fault, ...] = ()
    try:
        gateway.execute_whole(planned.steps, who, is_rehearsal=True)
    except Refusal as refused:
        beside = refused.faults
    raise UntakenError(kept_out, beside, planned)


def carry_out(
    gateway: Gateway, folder: Path, planned: Import, given: Given, who: Actor, *, is_confirmed: bool
) -> tuple[Done, ...]:
    """Record what a file would record, or rehearse it; the mapping that was confirmed is kept.

    Parameters
    ----------
    gateway : Gateway
        Of the trial.
    folder : Path
        Of the ledger.
    planned : Import
        What the file would record.
    given : Given
        The file it was read from.
    who : Actor
        Who imports.
    is_confirmed : bool
        Whether it is recorded; otherwise everything is decided and taken back.

    Returns
    -------
    tuple of Done
        One for each act; empty where there is nothing to record.

    Raises
    ------
    Refusal
        With the faults of every act that is refused; if the file changed since it was planned.
    """
    if digest_of(given.file) != planned.digest:
        raise Refusal([Fault("", "changed while it was read", "a file that stands still",
                             "Import it again", given.file.name)])  # fmt: skip
    if not planned.steps:
        return ()
    done = gateway.execute_whole(planned.steps, who, is_rehearsal=not is_confirmed)
    if is_confirmed and given.mapping is not None:
        _keep(folder / MAPPINGS, planned.mapping, read_text(given.mapping))
    return done


def _keep(folder: Path, digest: str, text: str) -> None:
    """Keep a confirmed mapping under its digest."""
    folder.mkdir(exist_ok=True)
    kept = folder / f"{digest}.yaml"
    if not kept.exists():
        write_new(kept, text)
