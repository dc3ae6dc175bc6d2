"""Imports: a file and a confirmed mapping, all of it in one transaction or nothing."""

from dataclasses import replace
from pathlib import Path

from trialwright.assembly import ledgers
from trialwright.assembly.clock import entered_at
from trialwright.assembly.files import digest_of, read_text, write_new
from trialwright.assembly.gateway import Done, Gateway
from trialwright.assembly.import_plans import DOOR, Given, Import
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
        With every fault of every row by line and column; nothing is recorded then. A file that was
        imported before is refused.
    """
    read = load(protocol)
    store = ledgers.open_to_write(folder)
    gateway = Gateway(store, read, entered_at, DOOR)
    who = actor if actor.site else replace(actor, site=only_site(read.study))
    planned = plan(gateway, given)
    done = carry_out(gateway, folder, planned, given, who, is_confirmed=is_confirmed)
    if not planned.steps:
        return (*planned.told, "nothing to record")
    if not is_confirmed:
        return (*planned.told, "rehearsed, and nothing is recorded; --confirm records it")
    return (*planned.told, f"recorded as {len(done)} entries", done[-1].receipt_said)


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
